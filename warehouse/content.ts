import { createHash } from 'node:crypto'
import { quote, type Database } from './database.ts'

/** How many rows a table has and what they say, whatever file or order they lie in. */
export interface Content {
  readonly rows: number
  readonly hash: string
}

/**
 * SHA-256 over the columns, the number of rows and two independent 64-bit sums of row hashes. The grain is unique, so the multiset of
 * rows is the table in grain order; the sums do without the sort. DuckDB's `hash` may change with its version, which is why the
 * version is part of every fingerprint.
 */
export const contentOf = async (
  database: Database,
  table: { readonly schema: string; readonly name: string },
): Promise<Content> => {
  const name = `${quote(table.schema)}.${quote(table.name)}`
  const columns = await database.describe(`select * from ${name}`)
  const [row] = await database.rows<{ n: number; a: string; b: string }>(
    `select count(*)::integer as n, coalesce(sum(hash(t)::hugeint), 0)::varchar as a,
            coalesce(sum(hash(t, 1)::hugeint), 0)::varchar as b from ${name} as t`,
  )
  const hash = createHash('sha256')
    .update(JSON.stringify([columns, row?.n, row?.a, row?.b]))
    .digest('hex')
  return { rows: row?.n ?? 0, hash }
}

/** The hash of many: order of the parts does not matter. */
export const combined = (parts: Readonly<Record<string, string>>): string => {
  const hash = createHash('sha256')
  for (const key of Object.keys(parts).sort()) hash.update(`${key}=${parts[key] ?? ''}\n`)
  return hash.digest('hex')
}
