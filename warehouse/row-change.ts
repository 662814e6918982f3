import { literal, quote, type Database } from './database.ts'

/** What became of a file’s rows between two generations. */
export interface RowChange {
  /** First 16 digits of the SHA-256. */
  readonly file: string
  readonly kind: 'added' | 'removed'
  /** Rows that the other generation has in none of the files whose number of rows changed, each as often as it stands. */
  readonly rows: number
  /** Rows that came from another file, or went to one, as they are. */
  readonly moved: number
}
interface Table {
  /** `sources.vpr_individual`. */
  readonly id: string
  /** Columns that do not make a row another one, as the day on which a report was drawn up. */
  readonly without: readonly string[]
}

const places = new Set(['_file', '_sheet', '_row', '_delivery'])

/**
 * Files of a source table of which the databases `a` and `b`, where it is, hold different numbers of rows. Rows are compared by what their
 * cells say: one changed mark is one row, in whichever file the others lie now.
 */
export const rowChanges = async (
  database: Database,
  { id, without }: Table,
  inBefore: boolean,
  inAfter: boolean,
): Promise<readonly RowChange[]> => {
  const sides = [
    ['a', inBefore],
    ['b', inAfter],
  ] as const
  const present = sides.flatMap(([alias, isThere]) => (isThere ? [alias] : []))
  const counts = (alias: string, isThere: boolean): string =>
    isThere
      ? `select _file, count(*)::integer as rows from ${alias}.${id} group by _file`
      : `select '' as _file, 0 as rows where false`
  const files = await database.rows<{ file: string; before: number; after: number }>(
    `select coalesce(a._file, b._file) as file, coalesce(a.rows, 0) as before, coalesce(b.rows, 0) as after
     from (${counts('a', inBefore)}) as a full join (${counts('b', inAfter)}) as b using (_file)
     where a.rows is distinct from b.rows order by file`,
  )
  if (files.length === 0) return []
  const described = await Promise.all(
    present.map((alias) => database.describe(`select * from ${alias}.${id}`)),
  )
  const [columns = [], ...others] = described.map((all) => all.map(({ name }) => name))
  const compared = columns
    .filter((name) => !places.has(name) && !without.includes(name))
    .filter((name) => others.every((all) => all.includes(name)))
  const content = compared.length === 0 ? '0' : `hash(${compared.map(quote).join(', ')})`
  const among = files.map(({ file }) => literal(file)).join(', ')
  const rows = present.map(
    (alias) =>
      `select _file, ${content} as content, ${alias === 'b' ? '1' : '-1'} as one from ${alias}.${id} where _file in (${among})`,
  )
  const counted = await database.rows<{ file: string; rows: number; moved: number }>(`
    with side as (
      select _file, content, sum(one)::bigint as net from (${rows.join(' union all ')}) group by all having net <> 0
    ),
    paired as (
      select *, least(coalesce(sum(net) filter (net > 0) over same, 0), coalesce(-sum(net) filter (net < 0) over same, 0)) as pairs,
             sum(abs(net)) over (partition by content, net > 0 order by _file rows unbounded preceding) - abs(net) as earlier
      from side
      window same as (partition by content)
    ),
    moved as (
      select _file, abs(net) as rows, greatest(0, least(abs(net), pairs - earlier)) as moved from paired
    )
    select _file as file, sum(rows - moved)::integer as rows, sum(moved)::integer as moved from moved group by _file`)
  const byFile = new Map(counted.map((row) => [row.file, row]))
  return files.map(({ file, before, after }) => ({
    file,
    kind: after > before ? 'added' : 'removed',
    rows: byFile.get(file)?.rows ?? 0,
    moved: byFile.get(file)?.moved ?? 0,
  }))
}
