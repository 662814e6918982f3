import { createHash } from 'node:crypto'
import type { Columns } from '../transforms/contract/column.ts'
import { grouped } from '../transforms/contract/computation.ts'
import { quote, type Database } from './database.ts'
import type { Folded } from './fold.ts'
import { isAmong, nameOfPartition, partOf, valuesOf, type Partition } from './parts.ts'

/** Raised when what is kept of a table's content changes: generations of before are made anew. */
export const CONTENT_FORMAT = 4

/** Number of rows and two sums of row hashes, whole numbers as text; of a view, whose rows are only counted, zeros. */
type Sums = readonly [rows: number, first: string, second: string]

/** How many rows a table has and what they say, whatever file or order they lie in. */
export interface Content {
  readonly rows: number
  readonly hash: string
  /** Name of a partition → its part → hash of the rows in it; of a view nothing. */
  readonly parts: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Values of all columns of those partitions, as a part is written → the sums of the rows that hold them. */
  readonly sums: Readonly<Record<string, Sums>>
}
interface Described {
  readonly schema: string
  readonly name: string
  readonly columns: Columns
}
/** What was known of a table before some of its parts were made anew. */
interface Known {
  readonly partition: Partition
  readonly parts: readonly string[]
  readonly sums: Content['sums']
}

/**
 * SHA-256 over the columns, the number of rows and two sums of row hashes. The grain is unique, so the multiset of rows is the table in grain
 * order; the sums do without the sort, and those of the parts add up to those of the whole: only parts made anew are read again. DuckDB's
 * `hash` may change with its version, which is why the version is part of every fingerprint.
 */
export const contentOf = async (
  database: Database,
  table: Described,
  partitions: readonly Partition[] = [],
  known?: Known,
): Promise<Content> => {
  const columns = Object.entries(table.columns).map(([name, { type }]) => ({ name, type }))
  const digest = ([n, a, b]: Sums): string =>
    createHash('sha256')
      .update(JSON.stringify([columns, n, a, b]))
      .digest('hex')
  const byColumns = columnsOf(partitions)
  const rows = await database.rows<{ key: string; n: number; a: string; b: string }>(
    `select ${keyOf(byColumns)} as key, count(*)::integer as n,
            coalesce(sum(h::hugeint), 0)::varchar as a, coalesce(sum(hash(h, 1)::hugeint), 0)::varchar as b
     from (select t.*, hash(t) as h from ${quote(table.schema)}.${quote(table.name)} as t ${amongOf(table, known)})
     group by ${byColumns.map(quote).join(', ') || '()'} order by key`,
  )
  const kept = known === undefined ? [] : keptOf(known, byColumns)
  const sums: Record<string, Sums> = Object.fromEntries([
    ...kept,
    ...rows.map(({ key, n, a, b }): [string, Sums] => [key, [n, a, b]]),
  ])
  const whole = total(Object.values(sums))
  const entries = Object.entries(sums).map(([key, own]) => ({ values: valuesOf(key), own }))
  const parts = Object.fromEntries(
    partitions.map((partition) => {
      const places = placesOf(partition, byColumns)
      const byPart = grouped(entries, ({ values }) => partAt(values, places))
      return [
        nameOfPartition(partition),
        Object.fromEntries(
          [...byPart]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([part, list]) => [part, digest(total(list.map(({ own }) => own))).slice(0, 32)]),
        ),
      ]
    }),
  )
  return { rows: whole[0], hash: digest(whole), parts, sums }
}

/**
 * A table kept as a query holds nothing of its own: what it says is told by what it is made from. Its rows are counted in the lists that it unfolds,
 * of known parts only those made anew.
 */
export const contentOfView = async (
  database: Database,
  table: Pick<Described, 'columns'> & Pick<Folded, 'sql' | 'present'>,
  madeFrom: string,
  partitions: readonly Partition[],
  known?: Known,
): Promise<Content> => {
  const byColumns = columnsOf(partitions)
  const rows = await database.rows<{ key: string; n: number }>(
    `select ${keyOf(byColumns)} as key, coalesce(sum(list_count(${quote(table.present)})), 0)::integer as n
     from (${table.sql}) ${amongOf(table, known)}
     group by ${byColumns.map(quote).join(', ') || '()'} order by key`,
  )
  const kept = known === undefined ? [] : keptOf(known, byColumns)
  const sums: Record<string, Sums> = Object.fromEntries([
    ...kept,
    ...rows.map(({ key, n }): [string, Sums] => [key, [n, '0', '0']]),
  ])
  return { rows: total(Object.values(sums))[0], hash: madeFrom, parts: {}, sums }
}

const keyOf = (columns: readonly string[]): string =>
  `to_json([${columns.map((column) => `${quote(column)}::varchar`).join(', ')}]::varchar[])::varchar`
const amongOf = (table: Pick<Described, 'columns'>, known: Known | undefined): string =>
  known === undefined ? '' : `where ${isAmong(table, known.partition, known.parts)}`

const columnsOf = (partitions: readonly Partition[]): readonly string[] =>
  [...new Set(partitions.flat())].sort()
const placesOf = (partition: Partition, byColumns: readonly string[]): readonly number[] =>
  partition.map((column) => byColumns.indexOf(column))
const partAt = (values: readonly (string | null)[], places: readonly number[]): string =>
  partOf(places.map((place) => values[place] ?? null))

const keptOf = (
  { partition, parts, sums }: Known,
  byColumns: readonly string[],
): readonly [string, Sums][] => {
  const places = placesOf(partition, byColumns)
  const remade = new Set(parts)
  return Object.entries(sums).filter(([key]) => !remade.has(partAt(valuesOf(key), places)))
}

const total = (sums: readonly Sums[]): Sums => [
  sums.reduce((all, [n]) => all + n, 0),
  String(sums.reduce((all, [, a]) => all + BigInt(a), 0n)),
  String(sums.reduce((all, [, , b]) => all + BigInt(b), 0n)),
]

/** The hash of many: order of the parts does not matter. */
export const combined = (parts: Readonly<Record<string, string>>): string => {
  const hash = createHash('sha256')
  for (const key of Object.keys(parts).sort()) hash.update(`${key}=${parts[key] ?? ''}\n`)
  return hash.digest('hex')
}
