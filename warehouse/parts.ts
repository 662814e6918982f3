import { createHash } from 'node:crypto'
import type { Columns } from '../transforms/contract/column.ts'
import { isView, parentsOf, promisesOf, type Step } from './catalog.ts'
import { literal, quote } from './database.ts'
import { ContractError } from './errors.ts'

/**
 * A table that declares a `partition` is made part by part: a part comes from the rows of its parents with the same value of that column, and
 * from lookups whole. So a build makes anew only the parts whose parents' parts changed. A form's table is made file by file.
 */
export const partitionOf = ({ kind, table }: Step): string | undefined =>
  kind === 'source' ? '_file' : promisesOf(table)?.partition

/**
 * Parameters and dimensions say what things are called and in which order: read whole even by tables made in parts. Of a view it is not known
 * which of its parts changed.
 */
export const isReadWhole = (step: Step): boolean =>
  step.kind === 'parameter' || step.table.name.startsWith('dim_') || isView(step)

/** Parents of which a part reads only its own rows. */
export const partedParents = (step: Step, steps: ReadonlyMap<string, Step>): readonly Step[] => {
  const column = partitionOf(step)
  return column === undefined ? [] : partedBy(column, parentsOf(step), steps)
}
/** Those of the tables that fall into parts by the column. */
export const partedBy = (
  column: string,
  tables: readonly string[],
  steps: ReadonlyMap<string, Step>,
): readonly Step[] =>
  tables.flatMap((id) => {
    const step = steps.get(id)
    return step !== undefined && !isReadWhole(step) && column in step.table.columns ? [step] : []
  })

/** A query that looks at its tables part by part, though it makes none. */
export interface PartedQuery {
  readonly name: string
  readonly partition: string
  readonly parents: readonly string[]
}
/** Table → columns by which its content must be known part by part: its own partition, and those of what reads it. */
export const partedColumns = (
  steps: readonly Step[],
  queries: readonly PartedQuery[],
): ReadonlyMap<string, readonly string[]> => {
  const byId = new Map(steps.map((step) => [step.table.id, step]))
  const columns = new Map<string, Set<string>>()
  const note = (id: string, column: string): void => {
    columns.set(id, (columns.get(id) ?? new Set()).add(column))
  }
  for (const step of steps) {
    const partition = partitionOf(step)
    if (partition === undefined) continue
    note(step.table.id, partition)
    for (const parent of partedParents(step, byId)) note(parent.table.id, partition)
  }
  for (const { name, partition, parents } of queries) {
    const parted = partedBy(partition, parents, byId)
    if (parted.length === 0)
      throw new ContractError({
        code: 'partition-unknown',
        message: `${name} has its partition by ${partition}, by which none of its tables falls into parts`,
        hint: `name a column of ${parents.join(', ')}; dimensions, parameters and views are read whole`,
      })
    for (const parent of parted) note(parent.table.id, partition)
  }
  return new Map([...columns].map(([id, found]) => [id, [...found].sort()]))
}

/** Some parts of a table: values of its partition, and the parents of which each part reads only its own rows. */
export interface Parts {
  readonly column: string
  readonly values: readonly string[]
  readonly parents: readonly Step[]
}

/** The query over those parts of its parents. */
export const restricted = (sql: string, { parents, column, values }: Parts): string =>
  parents.reduce((text, { table }) => {
    const name = `${quote(table.schema)}.${quote(table.name)}`
    return text.replaceAll(name, `(select * from ${name} where ${isAmong(table, column, values)})`)
  }, sql)

/** The part of rows without a value. */
const NO_VALUE = '\0'
/** The part in which a row with this value lies, the value being as DuckDB writes it. */
export const partOf = (value: string | null): string => value ?? NO_VALUE

/** A condition on a table's rows. */
export const isAmong = (
  table: { readonly columns: Columns },
  column: string,
  values: readonly string[],
): string => {
  const type = table.columns[column]?.type ?? 'VARCHAR'
  const given = values
    .filter((value) => value !== NO_VALUE)
    .map((value) => (type === 'VARCHAR' ? literal(value) : `${literal(value)}::${type}`))
  const among = given.length === 0 ? 'false' : `${quote(column)} in (${given.join(', ')})`
  return values.includes(NO_VALUE) ? `(${among} or ${quote(column)} is null)` : among
}

/** What each part of a table is made from: value of the partition → hash over the parents' parts. */
export const madeFrom = (
  parents: readonly Readonly<Record<string, string>>[],
): Readonly<Record<string, string>> => {
  const values = [...new Set(parents.flatMap((parent) => Object.keys(parent)))].sort()
  return Object.fromEntries(
    values.map((value) => [
      value,
      createHash('sha256')
        .update(JSON.stringify(parents.map((parent) => parent[value] ?? null)))
        .digest('hex')
        .slice(0, 32),
    ]),
  )
}

/** Values whose part was made from something else, appeared or went. */
export const changedParts = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((value) => before[value] !== after[value])
    .sort()
