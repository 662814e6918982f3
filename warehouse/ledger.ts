import { Database, type Row } from './database.ts'
import { MeraError } from './errors.ts'
import type { Home } from './home.ts'
import { isInHand, withLock, type Hold, type LockOptions } from './lock.ts'
import { grouped } from '../transforms/contract/computation.ts'
import { forgetSnapshot, snapshotOf } from './snapshot.ts'
import { tmpdir } from 'node:os'

/** The ledger's tables: column → DuckDB type. It is the only place with clocks; nothing that is published is computed from them. */
export const ledgerTables = {
  receipt: {
    receipt: 'INTEGER',
    sha256: 'VARCHAR',
    path: 'VARCHAR',
    bytes: 'BIGINT',
    facts: 'VARCHAR',
    received_at: 'VARCHAR',
    receiver: 'VARCHAR',
  },
  file: {
    sha256: 'VARCHAR',
    path: 'VARCHAR',
    status: 'VARCHAR',
    parse_key: 'VARCHAR',
    outcome: 'VARCHAR',
    read: 'INTEGER',
    loaded: 'INTEGER',
    quarantined: 'INTEGER',
  },
  sheet: {
    sha256: 'VARCHAR',
    sheet: 'VARCHAR',
    source: 'VARCHAR',
    year: 'INTEGER',
    read: 'INTEGER',
    loaded: 'INTEGER',
    quarantined: 'INTEGER',
    ignored: 'INTEGER',
    refused: 'VARCHAR',
    told: 'VARCHAR',
    years: 'VARCHAR',
  },
  delivery: {
    sha256: 'VARCHAR',
    source: 'VARCHAR',
    delivery: 'VARCHAR',
    year: 'INTEGER',
    parquet: 'VARCHAR',
    rows: 'INTEGER',
    content: 'VARCHAR',
    delivered_on: 'VARCHAR',
    said_on: 'VARCHAR',
    supersedes: 'VARCHAR',
    sheets: 'VARCHAR',
  },
  quarantine: {
    sha256: 'VARCHAR',
    source: 'VARCHAR',
    sheet: 'VARCHAR',
    row: 'INTEGER',
    column: 'VARCHAR',
    cell: 'VARCHAR',
    code: 'VARCHAR',
    message: 'VARCHAR',
    value: 'VARCHAR',
    shape: 'VARCHAR',
  },
  problem: {
    sha256: 'VARCHAR',
    sheet: 'VARCHAR',
    cell: 'VARCHAR',
    code: 'VARCHAR',
    message: 'VARCHAR',
    severity: 'VARCHAR',
  },
  withdrawal: {
    sha256: 'VARCHAR',
    reason: 'VARCHAR',
    withdrawn_at: 'VARCHAR',
    restored_at: 'VARCHAR',
  },
  secret: { fingerprint: 'VARCHAR' },
  run: {
    run: 'VARCHAR',
    command: 'VARCHAR',
    engine: 'VARCHAR',
    started_at: 'VARCHAR',
    finished_at: 'VARCHAR',
    status: 'VARCHAR',
    read: 'INTEGER',
    loaded: 'INTEGER',
    quarantined: 'INTEGER',
    message: 'VARCHAR',
    replaced: 'INTEGER',
  },
  build: {
    generation: 'VARCHAR',
    run: 'VARCHAR',
    content_hash: 'VARCHAR',
    tables: 'INTEGER',
    unchanged: 'INTEGER',
    started_at: 'VARCHAR',
    ms: 'INTEGER',
  },
  table_build: {
    generation: 'VARCHAR',
    table_id: 'VARCHAR',
    fingerprint: 'VARCHAR',
    hash: 'VARCHAR',
    rows: 'BIGINT',
    ms: 'INTEGER',
  },
  check_result: {
    generation: 'VARCHAR',
    check_id: 'VARCHAR',
    severity: 'VARCHAR',
    found: 'INTEGER',
    message: 'VARCHAR',
  },
  publication: {
    generation: 'VARCHAR',
    run: 'VARCHAR',
    action: 'VARCHAR',
    published_at: 'VARCHAR',
    approved_by: 'VARCHAR',
    content_hash: 'VARCHAR',
  },
} as const
export type LedgerTableName = keyof typeof ledgerTables
type Typed<T> = T extends 'VARCHAR' ? string | null : number | null
export type LedgerRow<N extends LedgerTableName> = {
  readonly [C in keyof (typeof ledgerTables)[N]]: Typed<(typeof ledgerTables)[N][C]>
}

/** Condition on the files whose hashes its only parameter lists, as JSON. */
export const amongFiles = `sha256 in (select unnest(from_json(?, '["VARCHAR"]')))`

/** Files that are taken out, which stand for nothing: `withdraw`. */
export const withdrawn =
  'select sha256, reason, withdrawn_at from withdrawal where restored_at is null'
/** What a table tells of the other files. */
export const notWithdrawn = (table: LedgerTableName): string =>
  `(from ${table} anti join (${withdrawn}) using (sha256))`

/** School years of the rows of a `sheet`: a list. */
export const yearsOfSheet = `coalesce(from_json(years, '["INTEGER"]'), [year])`
/**
 * `name` and `path` of each file: of the names under which it came the first by alphabet, and of the paths that end so the first. Nothing told of
 * a file depends on which of its copies came first.
 */
export const fileNames = `select sha256, first.name, first.path from (
  select sha256, min({'name': regexp_replace(path, '^.*[\\\\/]', ''), 'path': path}) as first from receipt group by sha256)`

/** The ledger while it is open; see `withLedger`. */
export class Ledger {
  readonly database: Database
  readonly #asDeclared: ReadonlySet<string>
  #beside: Promise<Ledger> | undefined
  constructor(database: Database, asDeclared: ReadonlySet<string>) {
    this.database = database
    this.#asDeclared = asDeclared
  }
  /** The same ledger on a connection of its own, for questions beside each other; not for writing. */
  beside(): Promise<Pick<Ledger, 'rows'>> {
    this.#beside ??= this.database
      .beside(1)
      .then(([database = this.database]) => new Ledger(database, this.#asDeclared))
    return this.#beside
  }
  async insert<N extends LedgerTableName>(table: N, rows: readonly LedgerRow<N>[]): Promise<void> {
    if (rows.length === 0) return
    const columns = Object.entries(ledgerTables[table]).map(([name, type]) => ({ name, type }))
    if (this.#asDeclared.has(table))
      await this.database.fill({ schema: 'main', name: table }, columns, rows)
    else await this.database.append(table, columns, rows)
  }
  /** All that `work` writes, or nothing: the ledger stays open after it. */
  async inTransaction<T>(work: () => Promise<T>): Promise<T> {
    await this.database.run('begin')
    try {
      const value = await work()
      await this.database.run('commit')
      return value
    } catch (error) {
      await this.database.run('rollback')
      throw error
    }
  }
  rows<R extends object = Row>(
    sql: string,
    values: readonly (string | number | null)[] = [],
  ): Promise<readonly R[]> {
    return this.database.rows<R>(sql, values)
  }
  /** Forgets what was recorded of files, before it is recorded anew. */
  async forget(files: readonly string[]): Promise<void> {
    if (files.length === 0) return
    for (const table of ['file', 'sheet', 'delivery', 'quarantine', 'problem'] as const)
      await this.database.run(`delete from ${table} where ${amongFiles}`, [JSON.stringify(files)])
  }
}

/** Open ledgers, by who holds their home. */
const opened = new WeakMap<Hold, Promise<Ledger>>()

/**
 * Does `work` with the ledger, one owner at a time, under the lock of the home. It stays open until that lock is given back, so whoever asks
 * often wraps it all in one `withLock` or `withLedger`.
 */
export const withLedger = <T>(
  home: Home,
  purpose: string,
  work: (ledger: Ledger) => Promise<T>,
  options: LockOptions = {},
): Promise<T> => withLock(home, purpose, async (hold) => work(await ledgerOf(home, hold)), options)

/**
 * Asks the ledger beside any other process that works on the home: waits for none and holds none up. Work of this process is waited for: reading a
 * file that DuckDB has open in it would give its lock away. It answers with what was committed at one moment during
 * the call; inside `withLock` and `withLedger`, with what they wrote. It needs no right to write to the home.
 */
export const readLedger = async <T>(
  home: Home,
  purpose: string,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> => {
  const copy = isInHand(home) ? undefined : await snapshotOf(home, home.ledger)
  if (copy === undefined) return withOriginal(home, purpose, work)
  try {
    // One whose writer was stopped in the middle of a block cannot be opened.
    const ledger = await open(copy).catch(() => undefined)
    if (ledger === undefined) return await withOriginal(home, purpose, work)
    try {
      return await work(ledger)
    } finally {
      await ledger.database.detach()
    }
  } finally {
    await forgetSnapshot(copy)
  }
}

/** For a ledger that cannot be copied: whoever may not write to the home is told of the copy, for which no such right was needed. */
const withOriginal: typeof readLedger = (home, purpose, work) =>
  withLedger(home, purpose, work).catch((error: unknown) => {
    throw error instanceof MeraError && error.code === 'home-read-only'
      ? new MeraError({
          code: 'ledger-unreadable',
          message: `журнал хранилища «${home.path}» сейчас не прочитать: в него пишут, запись в него оборвалась или копии журнала не хватило места`,
          hint: `повторите команду через минуту; если не поможет, освободите место в папке «${tmpdir()}» или выполните mera status от имени того, кто ведёт хранилище`,
          file: home.ledger,
          cause: error,
        })
      : error
  })

const ledgerOf = (home: Home, hold: Hold): Promise<Ledger> => {
  const known = opened.get(hold)
  if (known !== undefined) return known
  const opening = open(home.ledger)
  opened.set(hold, opening)
  opening.catch(() => opened.delete(hold))
  hold.atEnd.push(() =>
    opening.then(
      ({ database }) => database.detach(),
      () => undefined,
    ),
  )
  return opening
}

const open = async (file: string): Promise<Ledger> => {
  const database = await Database.attach(file)
  try {
    return new Ledger(database, await prepare(database))
  } catch (error) {
    await database.detach()
    throw error
  }
}

/** Makes the tables and columns that are missing: a ledger outlives versions. Returns the tables whose columns are the declared ones in order. */
const prepare = async (database: Database): Promise<ReadonlySet<string>> => {
  const rows = await database.rows<Record<'table_name' | 'column_name' | 'data_type', string>>(
    `select table_name, column_name, data_type from duckdb_columns()
     where database_name = current_database() and schema_name = 'main' order by table_name, column_index`,
  )
  const present = grouped(rows, ({ table_name }) => table_name)
  const asDeclared = new Set<string>()
  const statements = Object.entries(ledgerTables).flatMap(([table, columns]) => {
    const own = present.get(table)
    const names = own?.map(({ column_name }) => column_name)
    const declared = Object.entries(columns).map(([name, type]) => ({
      name,
      type: `"${name}" ${type}`,
    }))
    const found = own?.map(({ column_name, data_type }) => `${column_name} ${data_type}`)
    const wanted = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
    if (found === undefined || found.join() === wanted.join()) asDeclared.add(table)
    return names === undefined
      ? [`create table ${table} (${declared.map(({ type }) => type).join(', ')})`]
      : declared
          .filter(({ name }) => !names.includes(name))
          .map(({ type }) => `alter table ${table} add column ${type}`)
  })
  if (statements.length > 0) await database.run(statements.join(';\n'))
  return asDeclared
}
