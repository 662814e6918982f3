import { createHash } from 'node:crypto'
import { quote, type Database } from './database.ts'

/** How many rows a table has and what they say, whatever file or order they lie in. */
export interface Content {
  readonly rows: number
  readonly hash: string
  /** Column → its value → hash of the rows that hold it. */
  readonly parts: Readonly<Record<string, Readonly<Record<string, string>>>>
}
interface Sums {
  readonly n: number
  readonly a: string
  readonly b: string
}

/**
 * SHA-256 over the columns, the number of rows and two sums of row hashes. The grain is unique, so the multiset of rows is the table in grain
 * order; the sums do without the sort, and those of the parts add up to those of the whole. DuckDB's `hash` may change with its version,
 * which is why the version is part of every fingerprint.
 */
export const contentOf = async (
  database: Database,
  table: { readonly schema: string; readonly name: string },
  byColumns: readonly string[] = [],
): Promise<Content> => {
  const name = `${quote(table.schema)}.${quote(table.name)}`
  const columns = await database.describe(`select * from ${name}`)
  const digest = ({ n, a, b }: Sums): string =>
    createHash('sha256')
      .update(JSON.stringify([columns, n, a, b]))
      .digest('hex')
  const sumsBy = (part: string): Promise<readonly (Sums & { readonly part: string })[]> =>
    database.rows(
      `select ${part}::varchar as part, count(*)::integer as n, coalesce(sum(h::hugeint), 0)::varchar as a,
              coalesce(sum(hash(h, 1)::hugeint), 0)::varchar as b
       from (select t.*, hash(t) as h from ${name} as t) group by part order by part`,
    )
  const parts: Record<string, Readonly<Record<string, string>>> = {}
  let sums: readonly Sums[] | undefined
  for (const column of byColumns) {
    const rows = await sumsBy(quote(column))
    parts[column] = Object.fromEntries(rows.map((row) => [row.part, digest(row).slice(0, 32)]))
    sums ??= rows
  }
  const whole = total(sums ?? (await sumsBy(`''`)))
  return { rows: whole.n, hash: digest(whole), parts }
}

const total = (sums: readonly Sums[]): Sums => ({
  n: sums.reduce((all, { n }) => all + n, 0),
  a: String(sums.reduce((all, { a }) => all + BigInt(a), 0n)),
  b: String(sums.reduce((all, { b }) => all + BigInt(b), 0n)),
})

/** The hash of many: order of the parts does not matter. */
export const combined = (parts: Readonly<Record<string, string>>): string => {
  const hash = createHash('sha256')
  for (const key of Object.keys(parts).sort()) hash.update(`${key}=${parts[key] ?? ''}\n`)
  return hash.digest('hex')
}
