import { createHash } from 'node:crypto'
import { version } from '@duckdb/node-api'
import type { Columns } from '../transforms/contract/column.ts'
import type { LedgerTable } from '../transforms/contract/ledger.ts'
import type {
  ParameterRow,
  ParameterRows,
  ParameterTable,
} from '../transforms/contract/parameter.ts'
import { grouped } from '../transforms/contract/computation.ts'
import type { Source } from '../transforms/contract/source.ts'
import type { Catalog } from './catalog.ts'
import { partsOfForms, settled, type StandingPart } from './claims.ts'
import { literal, quote, type Database, type Row } from './database.ts'
import type { Home } from './home.ts'
import { fileNames, notWithdrawn, withLedger, yearsOfSheet, type Ledger } from './ledger.ts'
import { overridesOf } from './overrides.ts'
import { partOf } from './parts.ts'
import { receiptsOf } from './record.ts'
import { counted, isReceived, replacedForms, type Replaced } from './replaced.ts'
import { readSettings } from './settings.ts'
import { together } from './together.ts'
import { holdsOn, isOver, standingByYear } from './validity.ts'

/** Everything that a build depends on besides the declarations: files that stand, settings, what the ledger tells, the engine. */
export class Inputs {
  /** DuckDB's version: its hashes and rounding may change with it. */
  readonly engine: string
  /** Rows of files, those of replaced ones too. */
  readonly rows: number
  /** The office's parameter rows. */
  readonly overrides: readonly ParameterRows[]
  readonly #parts: ReadonlyMap<string, readonly StandingPart[]>
  readonly #ledger: ReadonlyMap<string, readonly Row[]>
  readonly #scopes: ReadonlySet<string>
  /** Last day of the last school year that arrived, ISO. */
  readonly #asOf: string

  private constructor(
    engine: string,
    overrides: readonly ParameterRows[],
    parts: ReadonlyMap<string, readonly StandingPart[]>,
    ledger: ReadonlyMap<string, readonly Row[]>,
    scopes: ReadonlySet<string>,
    asOf: string,
    rows: number,
  ) {
    this.engine = engine
    this.overrides = overrides
    this.#parts = parts
    this.#ledger = ledger
    this.#scopes = scopes
    this.#asOf = asOf
    this.rows = rows
  }

  static async read(home: Home, catalog: Catalog): Promise<Inputs> {
    const settings = await readSettings(home)
    const titles = new Map(catalog.sources.map((source) => [source.name, source.form.title]))
    const ledger = await withLedger(home, 'inputs', async (book) => {
      const beside = await book.beside()
      const [stands, answers] = await together(settled(book), answersOf(beside))
      const forms = await replacedForms(home, book, stands)
      return { parts: partsOfForms(home, catalog.sources, stands.shares), forms, ...answers }
    })
    const { parts } = ledger
    const keyOf = (row: Row): string => `${text(row['source'])} ${text(row['_file'])}`
    const replaced = new Map(
      [...ledger.forms].map(([key, form]) => {
        const [source = '', sha256 = ''] = key.split(' ')
        return [`${source} ${fileOf(sha256)}`, form]
      }),
    )
    /** Of files that stand, in whole or in part; of forms that are not declared any more nothing does. */
    const current = (rows: readonly Row[]): readonly Row[] =>
      rows.filter(
        (row) =>
          replaced.get(keyOf(row)) !== 'whole' &&
          (row['source'] === '' || titles.has(text(row['source']))),
      )
    const titled = (rows: readonly Row[]): readonly Row[] =>
      rows.map((row) => ({
        ...row,
        source_title: (typeof row['source'] === 'string' && titles.get(row['source'])) || '',
      }))
    const expected = settings.expectedDeliveries.map(({ source, year, required }) => ({
      source,
      source_title: titles.get(source) ?? source,
      school_year: year,
      is_required: required,
    }))
    return new Inputs(
      version(),
      overridesOf(settings, catalog),
      parts,
      new Map<string, readonly Row[]>([
        [
          'ledger.sheet',
          titled(current(ledger.sheet).map((row) => standingRow(row, replaced.get(keyOf(row))))),
        ],
        ['ledger.quarantine', titled(current(ledger.quarantine))],
        ['ledger.expected_delivery', expected],
      ]),
      new Set([
        'all',
        catalog.project.name,
        ...[...ledger.receipts.values()].flatMap(({ facts }) => facts['scope'] ?? []),
      ]),
      `${String(ledger.sheets[0]?.year ?? 9999)}-08-31`,
      ledger.sheets[0]?.loaded ?? 0,
    )
  }

  partsOf(source: Source): readonly StandingPart[] {
    return this.#parts.get(source.id) ?? []
  }

  /** What tells whether a file's rows in a source's table would be the same: a hash of what it stands for; not where it lies. By `_file`. */
  identityOf(source: Source): Readonly<Record<string, string>> {
    const parts = grouped(this.partsOf(source), ({ sha256 }) => partOf([fileOf(sha256)]))
    return Object.fromEntries(
      [...parts].map(([part, files]) => {
        const stands = files.map(({ sha256, reading, deliveries }) => [sha256, reading, deliveries])
        const hash = createHash('sha256').update(JSON.stringify([source.form.version, stands]))
        return [part, hash.digest('hex').slice(0, 32)]
      }),
    )
  }

  ledgerRows(table: LedgerTable): readonly Row[] {
    return this.#ledger.get(table.id) ?? []
  }

  /**
   * Rows in force for everybody, for this project, or for a scope that came with the files; of rows of one grain the narrower scope stands,
   * then the later first day. Of a yearly table that is one for each school year; of others the one at the end of the last school year that
   * arrived, for all years that are shown.
   */
  activeRows(
    table: ParameterTable,
    rows: readonly ParameterRow<Columns>[],
  ): readonly ParameterRow<Columns>[] {
    const isYearly = table.definition.isYearly === true
    const inForce = rows.filter(
      (row) => this.#scopes.has(row.scope) && (isYearly || holdsOn(row, this.#asOf)),
    )
    const byGrain = grouped(inForce, (row) =>
      JSON.stringify(table.definition.grain.map((name) => row[name])),
    )
    return [...byGrain.values()].flatMap((own) =>
      isYearly
        ? standingByYear(own)
        : [own.reduce((best, row) => (isOver(row, best) ? row : best))],
    )
  }

  /** Appends the rows that stand; of the given files only, where they are given. */
  async fillSource(
    database: Database,
    source: Source,
    name: string,
    wanted?: ReadonlySet<string>,
  ): Promise<void> {
    const parts = this.partsOf(source).filter(
      ({ sha256 }) => wanted?.has(partOf([fileOf(sha256)])) ?? true,
    )
    if (parts.length === 0) return
    const columns = Object.keys(source.columns).map(quote).join(', ')
    await database.run('create or replace temp table standing (file varchar, delivery varchar)')
    await database.append(
      'temp.main.standing',
      [
        { name: 'file', type: 'VARCHAR' },
        { name: 'delivery', type: 'VARCHAR' },
      ],
      parts.flatMap(({ sha256, deliveries }) =>
        deliveries.map((delivery) => ({ file: fileOf(sha256), delivery })),
      ),
    )
    await database.run(
      `insert into ${name} (${columns})
       select ${columns} from read_parquet([${parts.map(({ parquet }) => literal(parquet)).join(', ')}], union_by_name = true) as row
       semi join temp.main.standing as s on s.file = row._file and s.delivery = row._delivery`,
    )
    await database.run('drop table temp.main.standing')
  }
}

/** A file as rows name it in `_file`. */
const fileOf = (sha256: string): string => sha256.slice(0, 16)
const text = (value: Row[string] | undefined): string => (typeof value === 'string' ? value : '')

/** A row of `ledger.sheet` with what of it stands. */
const standingRow = (row: Row, replaced: Replaced | undefined): Row => {
  const sheet = counted(
    {
      sheet: text(row['sheet']),
      source: text(row['source']) || null,
      refused: text(row['refused']) || null,
      read: Number(row['rows_read']),
      loaded: Number(row['rows_loaded']),
      quarantined: Number(row['rows_quarantined']),
    },
    replaced,
  )
  return {
    ...row,
    rows_loaded: sheet.loaded,
    rows_replaced: sheet.replaced,
    is_received: isReceived(sheet, replaced),
  }
}

/** What the ledger says of files that are not withdrawn, besides which of them stand. */
const answersOf = async (book: Pick<Ledger, 'rows'>) => ({
  sheet: await book.rows(
    `select left(s.sha256, 16) as _file, f.name as file_name, s.sheet, coalesce(s.source, '') as source, s.year as school_year,
            sum(s.read)::integer as rows_read, sum(s.loaded)::integer as rows_loaded, sum(s.quarantined)::integer as rows_quarantined,
            sum(s.ignored)::integer as rows_ignored, min(s.refused) as refused
     from ${notWithdrawn('sheet')} as s join (${fileNames}) as f using (sha256)
     group by all order by all`,
  ),
  quarantine: await book.rows(
    `select distinct left(q.sha256, 16) as _file, f.name as file_name, coalesce(q.source, '') as source, coalesce(q.sheet, '') as sheet,
            coalesce(q.row, 0) as row_number, coalesce(q."column", '') as column_name, coalesce(q.cell, '') as cell,
            q.code, min(q.message) as message, min(coalesce(q.value, q.shape)) as shown
     from ${notWithdrawn('quarantine')} as q join (${fileNames}) as f using (sha256)
     group by all order by all`,
  ),
  sheets: await book.rows<{ year: number | null; loaded: number | null }>(
    `select max(list_max(${yearsOfSheet})) filter (where loaded > 0) as year, sum(loaded)::integer as loaded from ${notWithdrawn('sheet')}`,
  ),
  receipts: await receiptsOf(book, notWithdrawn('receipt')),
})
