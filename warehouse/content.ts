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
 * SHA-256 over the columns, the number of rows and two 64-bit sums of row hashes. The grain is unique, so the multiset of rows is the table
 * in grain order; the sums do without the sort, and sums of parts can be had beside that of the whole. DuckDB's `hash` may change with its
 * version, which is why the version is part of every fingerprint.
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
  const sums = `count(*)::integer as n, coalesce(sum(h::hugeint), 0)::varchar as a, coalesce(sum(hash(h, 1)::hugeint), 0)::varchar as b`
  const hashed = `(select t.*, hash(t) as h from ${name} as t)`
  const [whole = { n: 0, a: '0', b: '0' }] = await database.rows<Sums>(
    `select ${sums} from ${hashed}`,
  )
  const parts: Record<string, Readonly<Record<string, string>>> = {}
  for (const column of byColumns) {
    const rows = await database.rows<Sums & { part: string }>(
      `select ${quote(column)}::varchar as part, ${sums} from ${hashed} group by part order by part`,
    )
    parts[column] = Object.fromEntries(rows.map((row) => [row.part, digest(row).slice(0, 32)]))
  }
  return { rows: whole.n, hash: digest(whole), parts }
}

/** The hash of many: order of the parts does not matter. */
export const combined = (parts: Readonly<Record<string, string>>): string => {
  const hash = createHash('sha256')
  for (const key of Object.keys(parts).sort()) hash.update(`${key}=${parts[key] ?? ''}\n`)
  return hash.digest('hex')
}
