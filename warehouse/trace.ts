import type { Catalog, Step } from './catalog.ts'
import { cellsOf, type TracedRow, type TracedCell } from './cells.ts'
import { quote, type Database, type Row } from './database.ts'
import { stepOf } from './describe.ts'
import { pathsOf } from './diff.ts'
import { MeraError } from './errors.ts'
import type { Home } from './home.ts'
import { openForReading, publishedGeneration } from './query.ts'
import { nameOf, Walk, type TracedTable } from './walk.ts'

export type { How, TracedTable } from './walk.ts'

export interface TracedFile {
  /** First 16 digits of the SHA-256. */
  readonly file: string
  readonly path: string
  readonly sheets: readonly { readonly sheet: string; readonly rows: number }[]
}
export interface Trace {
  readonly generation: string
  readonly table: string
  readonly row: Row
  /** Rows of the table that were asked for. */
  readonly rows: number
  readonly tables: readonly TracedTable[]
  readonly files: readonly TracedFile[]
  /** Rows of files behind it: counted all, cells given for the first `limit`. */
  readonly sourceRows: number
  readonly cells: readonly TracedCell[]
}
export interface TraceOptions {
  /** Rows of files whose cells are listed. */
  readonly limit: number
  readonly generation?: string | undefined
}

/** Files, sheets and cells behind rows of any table. @throws MeraError where no row is meant. */
export const trace = async (
  home: Home,
  catalog: Catalog,
  name: string,
  where: Readonly<Record<string, string>>,
  { limit, generation }: TraceOptions,
): Promise<Trace> => {
  const step = stepOf(catalog, name)
  const id = generation ?? (await publishedGeneration(home))
  const database = await openForReading(home, { generation: id })
  try {
    const first = await asked(database, step, where)
    const exact = await new Walk(database, catalog, false).from(step, first.relation)
    const walk =
      exact.origins > 0 || !exact.tables.some(({ how }) => how === 'computation')
        ? exact
        : await new Walk(database, catalog, true).from(step, first.relation)
    const rows = await database.rows<TracedRow>(
      `select file, sheet, row from ${walk.origin} order by file, sheet, row limit ${String(limit)}`,
    )
    const counts = await database.rows<{ file: string; sheet: string; rows: number }>(
      `select file, sheet, count(*)::integer as rows from ${walk.origin} group by all order by all`,
    )
    const paths = await pathsOf(home)
    const files = new Map<string, { sheet: string; rows: number }[]>()
    for (const { file, ...sheet } of counts) files.set(file, [...(files.get(file) ?? []), sheet])
    return {
      generation: id,
      table: step.table.id,
      row: first.row,
      rows: first.count,
      tables: walk.tables,
      files: [...files].map(([file, sheets]) => ({ file, path: paths.get(file) ?? '', sheets })),
      sourceRows: counts.reduce((sum, each) => sum + each.rows, 0),
      cells: await cellsOf(home, catalog, rows, paths),
    }
  } finally {
    database.close()
  }
}

const asked = async (
  database: Database,
  { table }: Step,
  where: Readonly<Record<string, string>>,
): Promise<{ relation: string; count: number; row: Row }> => {
  const unknown = Object.keys(where).filter((column) => !(column in table.columns))
  if (unknown.length > 0)
    throw new MeraError({
      code: 'column-missing',
      message: `в таблице ${table.id} нет столбцов ${unknown.join(', ')}`,
      hint: `столбцы: ${Object.keys(table.columns).join(', ')}`,
    })
  const columns = Object.keys(where)
  const condition = columns.map((column) => `${quote(column)}::varchar = ?`).join(' and ')
  await database.run(
    `create temp table asked as select * from ${nameOf(table)}${condition === '' ? '' : ` where ${condition}`}`,
    columns.map((column) => where[column] ?? ''),
  )
  const [count] = await database.rows<{ n: number }>('select count(*)::integer as n from asked')
  const [row] = await database.rows('select * from asked order by all limit 1')
  if (row === undefined)
    throw new MeraError({
      code: 'row-missing',
      message: `в таблице ${table.id} нет строки, где ${columns.map((column) => `${column} = ${where[column] ?? ''}`).join(', ')}`,
      hint: `посмотрите, какие есть: mera sql "select * from ${table.id} limit 20"`,
    })
  return { relation: 'temp.main.asked', count: count?.n ?? 0, row }
}
