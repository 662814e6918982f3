import { AsyncLocalStorage } from 'node:async_hooks'
import { Database, type Row, type Value } from './database.ts'
import type { Home } from './home.ts'
import { withLock } from './lock.ts'
import { grouped } from '../transforms/contract/computation.ts'
import type { Source } from '../transforms/contract/source.ts'
import { standingOf, type Candidate } from './standing.ts'
import { join } from 'node:path'

/** The ledger's tables: column → DuckDB type. It is the only place with clocks; nothing that is published is computed from them. */
export const ledgerTables = {
  receipt: {
    receipt: 'INTEGER',
    sha256: 'VARCHAR',
    path: 'VARCHAR',
    bytes: 'BIGINT',
    facts: 'VARCHAR',
    received_at: 'VARCHAR',
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

/** The ledger while it is open; see `withLedger`. */
export class Ledger {
  readonly database: Database
  isOpen = true
  constructor(database: Database) {
    this.database = database
  }
  async insert<N extends LedgerTableName>(table: N, rows: readonly LedgerRow<N>[]): Promise<void> {
    const columns = Object.entries(ledgerTables[table]).map(([name, type]) => ({ name, type }))
    await this.database.append(table, columns, rows)
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
      await this.database.run(
        `delete from ${table} where sha256 in (select unnest(from_json(?, '["VARCHAR"]')))`,
        [JSON.stringify(files)],
      )
  }
}

const opened = new AsyncLocalStorage<ReadonlyMap<string, Ledger>>()

/**
 * Opens the ledger for `work` and closes it; one owner at a time, under the lock of the home. Inside `work` it is open already, so whoever
 * does much wraps it all in one.
 */
export const withLedger = <T>(
  home: Home,
  purpose: string,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> => {
  const mine = opened.getStore()
  const open = mine?.get(home.path)
  if (open?.isOpen === true) return work(open)
  return withLock(
    home,
    purpose,
    async () => {
      const database = await Database.open(home.ledger, { threads: 1 })
      const ledger = new Ledger(database)
      try {
        await prepare(database)
        return await opened.run(new Map([...(mine ?? []), [home.path, ledger]]), () => work(ledger))
      } finally {
        ledger.isOpen = false
        database.close()
      }
    },
    { wait: 30_000 },
  )
}

/** Makes the tables and columns that are missing: a ledger outlives versions. */
const prepare = async (database: Database): Promise<void> => {
  const rows = await database.rows<{ table_name: string; column_name: string }>(
    "select table_name, column_name from duckdb_columns() where schema_name = 'main' and not internal",
  )
  const present = new Set(rows.map((row) => `${row.table_name}.${row.column_name}`))
  const tables = new Set(rows.map((row) => row.table_name))
  const statements = Object.entries(ledgerTables).flatMap(([table, columns]) => {
    const declared = Object.entries(columns).map(([name, type]) => ({
      name,
      type: `"${name}" ${type}`,
    }))
    return tables.has(table)
      ? declared
          .filter(({ name }) => !present.has(`${table}.${name}`))
          .map(({ type }) => `alter table ${table} add column ${type}`)
      : [`create table ${table} (${declared.map(({ type }) => type).join(', ')})`]
  })
  if (statements.length > 0) await database.run(statements.join(';\n'))
}

export interface StandingPart {
  readonly sha256: string
  /** Absolute path. */
  readonly parquet: string
  /** With which form, facts and settings it was read: the same file read otherwise has another. */
  readonly reading: string
  /** Values of `_delivery` for which this file stands, sorted. */
  readonly deliveries: readonly string[]
}
/** Which files stand for the deliveries of each form, by its id; sorted by SHA-256, so that nothing depends on the order of arrival. */
export const standing = (
  home: Home,
  sources: readonly Source[],
): Promise<ReadonlyMap<string, readonly StandingPart[]>> =>
  withLedger(home, 'standing', async (ledger) => {
    const byForm = grouped(await candidatesOf(ledger), ({ source }) => source)
    return new Map(sources.map(({ id, name }) => [id, standingParts(home, byForm.get(name) ?? [])]))
  })

const standingParts = (
  home: Home,
  candidates: readonly LedgerCandidate[],
): readonly StandingPart[] => {
  const parquet = new Map(candidates.map((candidate) => [candidate.sha256, candidate.parquet]))
  const parts = new Map<string, string[]>()
  for (const [delivery, { sha256, rows }] of standingOf(candidates)) {
    if (rows === 0) continue
    const list = parts.get(sha256)
    if (list) list.push(delivery)
    else parts.set(sha256, [delivery])
  }
  return [...parts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([sha256, deliveries]) => ({
      sha256,
      parquet: join(home.path, parquet.get(sha256) ?? ''),
      reading: (parquet.get(sha256) ?? '').replace(/^.*\//, ''),
      deliveries: deliveries.sort(),
    }))
}

export interface LedgerCandidate extends Candidate {
  readonly source: string
  readonly parquet: string
}
/** Every claim to a delivery. */
export const candidatesOf = async (ledger: Ledger): Promise<readonly LedgerCandidate[]> => {
  const receipts = new Map(
    (
      await ledger.rows<{ sha256: string; receipt: number; paths: string }>(
        `select sha256, min(receipt) as receipt, string_agg(path, chr(10) order by receipt) as paths from receipt group by sha256`,
      )
    ).map(({ sha256, receipt, paths }) => [
      sha256,
      {
        receipt,
        names: paths.split('\n').map((path) => path.replace(/^.*[\\/]/, '')),
      },
    ]),
  )
  const rows = await ledger.rows<Record<string, Value>>(
    `select source, sha256, delivery, parquet, rows, content, delivered_on, said_on, supersedes
    from delivery semi join receipt using (sha256)
    order by source, delivery, sha256`,
  )
  const text = (value: Value | undefined): string | null =>
    typeof value === 'string' ? value : null
  return rows.map((row) => ({
    source: text(row['source']) ?? '',
    sha256: text(row['sha256']) ?? '',
    delivery: text(row['delivery']) ?? '',
    parquet: text(row['parquet']) ?? '',
    rows: Number(row['rows']),
    content: text(row['content']) ?? '',
    deliveredOn: text(row['delivered_on']),
    saidOn: text(row['said_on']),
    supersedes: text(row['supersedes']),
    ...(receipts.get(text(row['sha256']) ?? '') ?? { receipt: 0, names: [] }),
  }))
}
