import type { Entity, Staging } from '../../transforms/contract/entity.ts'
import type { Columns } from '../../transforms/contract/column.ts'
import type { Fields, RepeatedCell, Source } from '../../transforms/contract/source.ts'
import { compileQuery } from '../../warehouse/compile.ts'
import { Database, quote, type Row, type Value } from '../../warehouse/database.ts'

/** A row of a source: only what matters is named; the rest is empty. */
export type SourceRow<F extends Fields> = { readonly [K in keyof F]?: string } & {
  readonly _row?: number
  readonly _repeated?: readonly (Partial<RepeatedCell> & { readonly header: string })[]
}

type Repeated = NonNullable<SourceRow<Fields>['_repeated']>
const listOf = (
  cells: Repeated | undefined,
  part: (cell: Repeated[number]) => unknown,
): string | null => (cells === undefined ? null : JSON.stringify(cells.map(part)))

/** An in-memory database with one source's table, holding `rows`. */
const withSource = async <F extends Fields>(
  source: Source<F>,
  rows: readonly SourceRow<F>[],
): Promise<Database> => {
  const database = await Database.open(':memory:')
  const columns = Object.entries(source.columns).map(([name, { type }]) => ({ name, type }))
  await database.run('create schema sources')
  await database.run(
    `create table sources.${quote(source.name)} (${columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')})`,
  )
  await database.append(
    `sources.${quote(source.name)}`,
    columns,
    rows.map(({ _row, _repeated, ...fields }, i): Row => ({
      ...(fields as Record<string, Value>),
      _file: '0123456789abcdef',
      _sheet: 'Лист1',
      _row: _row ?? i + 1,
      _delivery: 'd',
      _headers: listOf(_repeated, ({ header, above = null }) => ({ header, above })),
      _cells: listOf(_repeated, ({ value = null }) => value),
    })),
  )
  return database
}

/** Names and types that a staging query yields over an empty source. */
export const bindStaging = async <F extends Fields>(
  staging: Staging,
  source: Source<F>,
): Promise<Readonly<Record<string, string>>> => {
  const database = await withSource(source, [])
  const columns = await database.describe(compileQuery(staging.select()).sql)
  database.close()
  return Object.fromEntries(columns.map(({ name, type }) => [name, type]))
}

export const contractOf = (entity: Entity): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(entity.columns).map(([name, { type }]) => [name, type]))

/** What a staging query makes of source rows, in the order of their rows (and of `by` within a row). */
export const stage = async <F extends Fields, C extends Columns>(
  staging: Staging<C>,
  source: Source<F>,
  rows: readonly SourceRow<F>[],
  by: readonly string[] = [],
): Promise<readonly Row[]> => {
  const database = await withSource(source, rows)
  const staged = await database.rows(
    `select * from (${compileQuery(staging.select()).sql}) order by ${[...by, '_row'].map(quote).join(', ')}`,
  )
  database.close()
  return staged
}
