import { createHash } from 'node:crypto'
import type { Columns } from '../transforms/contract/column.ts'
import { foldedRows, parentsOf, promisesOf, type Step } from './catalog.ts'
import { literal, quote } from './database.ts'
import { ContractError } from './errors.ts'

/** Columns by whose values a table falls into parts, and how they are named together. */
export type Partition = readonly string[]
export const nameOfPartition = (partition: Partition): string => partition.join(',')
/** A part: the values of its partition, as DuckDB writes them, as a JSON list. */
export const partOf = (values: readonly (string | null)[]): string => JSON.stringify(values)
export const valuesOf = (part: string): readonly (string | null)[] =>
  JSON.parse(part) as (string | null)[]

/**
 * A table that declares a `partition` is made part by part: a part comes from the rows of its parents with the same values of those columns, and
 * from lookups whole. So a build makes anew only the parts whose parents' parts changed. A form's table is made file by file.
 */
export const partitionOf = ({ kind, table }: Step): Partition | undefined =>
  kind === 'source' ? ['_file'] : promisesOf(table)?.partition

/**
 * Parameters and dimensions say what things are called and in which order: read whole even by tables made in parts. Of a view it is not known
 * which of its parts changed.
 */
export const isReadWhole = (step: Step): boolean =>
  step.kind === 'parameter' || step.table.name.startsWith('dim_') || foldedRows(step) !== undefined

/** Parents of which a part reads only its own rows. */
export const partedParents = (step: Step, steps: ReadonlyMap<string, Step>): readonly Step[] => {
  const partition = partitionOf(step)
  return partition === undefined ? [] : partedBy(partition, parentsOf(step), steps)
}
/** Those of the tables that fall into parts by the columns. */
export const partedBy = (
  partition: Partition,
  tables: readonly string[],
  steps: ReadonlyMap<string, Step>,
): readonly Step[] =>
  tables.flatMap((id) => {
    const step = steps.get(id)
    return step !== undefined &&
      !isReadWhole(step) &&
      partition.every((column) => column in step.table.columns)
      ? [step]
      : []
  })

/** A query that looks at its tables part by part, though it makes none. */
export interface PartedQuery {
  readonly name: string
  readonly partition: Partition
  readonly parents: readonly string[]
}
/** Table → partitions by which its content must be known: its own, and those of what reads it. */
export const partitionsOf = (
  steps: readonly Step[],
  queries: readonly PartedQuery[],
): ReadonlyMap<string, readonly Partition[]> => {
  const byId = new Map(steps.map((step) => [step.table.id, step]))
  const found = new Map<string, Map<string, Partition>>()
  const note = (id: string, partition: Partition): void => {
    const known = found.get(id) ?? new Map<string, Partition>()
    found.set(id, known.set(nameOfPartition(partition), partition))
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
        message: `${name} has its partition by ${partition.join(', ')}, by which none of its tables falls into parts`,
        hint: `name columns of ${parents.join(', ')}; dimensions, parameters and views are read whole`,
      })
    for (const parent of parted) note(parent.table.id, partition)
  }
  return new Map(
    [...found].map(([id, known]) => [
      id,
      [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, partition]) => partition),
    ]),
  )
}

/** Some parts of a table, and the parents of which each part reads only its own rows. */
export interface Parts {
  readonly partition: Partition
  readonly parts: readonly string[]
  readonly parents: readonly Step[]
}

/** The query over those parts of its parents. */
export const restricted = (sql: string, { parents, partition, parts }: Parts): string =>
  parents.reduce((text, { table }) => {
    const name = `${quote(table.schema)}.${quote(table.name)}`
    return text.replaceAll(
      name,
      `(select * from ${name} where ${isAmong(table, partition, parts)})`,
    )
  }, sql)

/**
 * A condition on a table's rows. DuckDB skips groups of rows by conditions on single columns only, so those come first, and whole parts are
 * compared where they are not every combination of the values.
 */
export const isAmong = (
  table: { readonly columns: Columns },
  partition: Partition,
  parts: readonly string[],
): string => {
  const columns = partition.map(quote)
  const typed = (value: string, i: number): string => {
    const type = table.columns[partition[i] ?? '']?.type ?? 'VARCHAR'
    return type === 'VARCHAR' ? literal(value) : `${literal(value)}::${type}`
  }
  const isAny = (column: string, values: readonly string[]): string =>
    values.length === 1 ? `${column} = ${values[0] ?? ''}` : `${column} in (${values.join(', ')})`
  const whole: (readonly string[])[] = []
  const conditions: string[] = []
  for (const values of parts.map(valuesOf))
    if (values.includes(null))
      conditions.push(
        columns
          .map((column, i) => {
            const value = values[i] ?? null
            return value === null ? `${column} is null` : isAny(column, [typed(value, i)])
          })
          .join(' and '),
      )
    else whole.push(values.map((value, i) => typed(value ?? '', i)))
  if (whole.length > 0) {
    const apart = columns.map((_, i) => [...new Set(whole.map((values) => values[i] ?? ''))])
    const isEach = apart.reduce((count, values) => count * values.length, 1) === whole.length
    conditions.unshift(
      [
        ...columns.map((column, i) => isAny(column, apart[i] ?? [])),
        ...(isEach
          ? []
          : [
              `(${columns.join(', ')}) in (${whole.map((values) => `(${values.join(', ')})`).join(', ')})`,
            ]),
      ].join(' and '),
    )
  }
  const [only, ...others] = conditions
  return only === undefined
    ? 'false'
    : others.length === 0
      ? only
      : `(${conditions.map((each) => `(${each})`).join(' or ')})`
}

/** What each part of a table is made from: part → hash over the parents' parts. */
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
