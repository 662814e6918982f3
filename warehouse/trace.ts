import type { Columns } from '../transforms/contract/column.ts'
import { promisesOf, type Catalog, type Step } from './catalog.ts'
import { cellsOf, type TracedRow, type TracedCell } from './cells.ts'
import { quote, type Database, type Row } from './database.ts'
import { stepOf } from './describe.ts'
import { pathsOf } from './diff.ts'
import { StateError, UsageError } from './errors.ts'
import { readManifest } from './generation.ts'
import type { Home } from './home.ts'
import { openForReading, publishedGeneration } from './query.ts'
import { nameOf, Walk, type TracedTable } from './walk.ts'

export type { How, TracedTable } from './walk.ts'

export interface TracedFile {
  /** First 16 digits of the SHA-256. */
  readonly file: string
  readonly path: string
  /** Of a sheet that is only counted as a whole, no rows. */
  readonly sheets: readonly TracedSheet[]
}
export interface TracedSheet {
  readonly sheet: string
  readonly rows: number
  /** Those of them that the row itself is about; the others it was compared with. */
  readonly own: number
}
export interface Trace {
  readonly generation: string
  readonly table: string
  readonly row: Row
  /** Rows of the table that were asked for. */
  readonly rows: number
  readonly tables: readonly TracedTable[]
  readonly files: readonly TracedFile[]
  /** Rows of files behind it, all input of a computation included: counted all, cells given for the first `limit`, own rows before others. */
  readonly sourceRows: number
  /** Those of them that the row itself is about. */
  readonly ownRows: number
  readonly cells: readonly TracedCell[]
}
export interface TraceOptions {
  /** Rows of files whose cells are listed. */
  readonly limit: number
  readonly generation?: string | undefined
}

/** Files, sheets and cells behind rows of any table. @throws UsageError where no row or column is meant. */
export const trace = async (
  home: Home,
  catalog: Catalog,
  name: string,
  where: Readonly<Record<string, string>>,
  { limit, generation }: TraceOptions,
): Promise<Trace> => {
  const step = stepOf(catalog, name)
  const id = generation ?? (await publishedGeneration(home))
  const { tables } = await readManifest(home, id)
  if (!(step.table.id in tables)) throw olderThan(id)
  const built = { ...catalog, steps: catalog.steps.filter(({ table }) => table.id in tables) }
  const database = await openForReading(home, { generation: id })
  try {
    const first = await asked(database, step, where)
    const own = await new Walk(database, built, 'own').from(step, first)
    const walk = own.isCompared ? await new Walk(database, built, 'input').from(step, first) : own
    await database.run(
      `create temp table origin as
       select file, sheet, row, bool_or(is_own) as own
       from (select *, true as is_own from ${own.origin} union all select *, false from ${walk.origin}) group by all`,
    )
    const rows = await database.rows<TracedRow>(
      `select * from origin where row > 0 order by own desc, file, sheet, row limit ${String(limit)}`,
    )
    const counts = await database.rows<{ file: string } & TracedSheet>(
      `select file, sheet, count(*) filter (where row > 0)::integer as rows, count(*) filter (where row > 0 and own)::integer as own
       from origin group by file, sheet order by bool_or(own) desc, file, sheet`,
    )
    const paths = await pathsOf(home)
    const files = new Map<string, TracedSheet[]>()
    for (const { file, ...sheet } of counts) files.set(file, [...(files.get(file) ?? []), sheet])
    return {
      generation: id,
      table: step.table.id,
      row: first.row,
      rows: first.count,
      tables: walk.tables,
      files: [...files].map(([file, sheets]) => ({ file, path: paths.get(file) ?? '', sheets })),
      sourceRows: counts.reduce((sum, each) => sum + each.rows, 0),
      ownRows: counts.reduce((sum, each) => sum + each.own, 0),
      cells: await cellsOf(home, catalog, rows, paths),
    }
  } catch (error) {
    throw error instanceof Error && /^(?:Catalog|Binder) Error/.test(error.message)
      ? olderThan(id, error)
      : error
  } finally {
    database.close()
  }
}

const olderThan = (generation: string, cause?: unknown): StateError =>
  new StateError({
    code: 'generation-older',
    message: `поколение ${generation} построено до того, как таблицы изменились: проследить строку нельзя`,
    hint: 'постройте и опубликуйте новое: mera refresh',
    cause,
  })

const asked = async (
  database: Database,
  step: Step,
  said: Readonly<Record<string, string>>,
): Promise<{ relation: string; count: number; row: Row }> => {
  const { table } = step
  const where = await schoolNamed(database, table.columns, said)
  const unknown = Object.keys(where).filter((column) => !(column in table.columns))
  if (unknown.length > 0)
    throw new UsageError({
      code: 'column-missing',
      message: `в таблице ${table.id} нет ${unknown.length > 1 ? 'столбцов' : 'столбца'} ${unknown.join(', ')}`,
      hint: `строку называют ${(promisesOf(step.table)?.grain ?? Object.keys(table.columns)).join(', ')}; все столбцы: mera describe ${table.id}`,
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
    throw new UsageError({
      code: 'row-missing',
      message: `в таблице ${table.id} нет строки, где ${columns.map((column) => `${column} = ${where[column] ?? ''}`).join(', ')}`,
      hint: `посмотрите, какие есть: mera sql "select * from ${table.id} limit 20"`,
    })
  return { relation: 'temp.main.asked', count: count?.n ?? 0, row }
}

/** A school may be named by its code or key where a table has a key of another name: marts of several levels say unit_key. */
const schoolNamed = async (
  database: Database,
  columns: Columns,
  said: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> => {
  const { school_code: code = '', school_key: key } = said
  const own = 'school_key' in columns ? 'school_key' : 'unit_key'
  const foreign = ['school_code', 'school_key'].filter((name) => name in said && !(name in columns))
  if (foreign.length === 0 || !(own in columns)) return said
  return {
    ...Object.fromEntries(Object.entries(said).filter(([name]) => !foreign.includes(name))),
    ...('level' in columns && !('level' in said) ? { level: 'school' } : {}),
    [own]: key ?? (await keyOf(database, code)),
  }
}

const keyOf = async (database: Database, code: string): Promise<string> => {
  const [row] = await database.rows<{ school_key: string }>(
    'select school_key from core.dim_school where school_code = ? order by school_key limit 1',
    [code],
  )
  if (row !== undefined) return row.school_key
  throw new UsageError({
    code: 'row-missing',
    message: `школы с кодом ${code} нет`,
    hint: 'какие есть: mera sql "select school_code, short_name from core.dim_school"',
  })
}
