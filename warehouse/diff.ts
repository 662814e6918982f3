import type { Source } from '../transforms/contract/source.ts'
import { Database, literal, quote } from './database.ts'
import { listGenerations, numbersMart, readManifest, warehouseFile } from './generation.ts'
import { publishedBefore, wasPublished, takenBack } from './history.ts'
import type { Home } from './home.ts'
import { fileNames, readLedger } from './ledger.ts'
import { rowChanges } from './row-change.ts'

export interface Standing {
  readonly value: number | null
  /** Null where nobody delivered it. */
  readonly n: number | null
  readonly lo: number | null
  readonly hi: number | null
  readonly zone: string
  /** As pages show them: «52,4 %», «жёлтая». */
  readonly value_text: string
  readonly zone_label: string
}
/** Keys and their Russian names. */
export interface Change {
  readonly indicator: string
  readonly indicator_title: string
  readonly level: string
  readonly unit_key: string
  readonly unit_name: string
  readonly procedure: string
  readonly procedure_name: string
  readonly subject: string
  readonly subject_name: string
  readonly grade: string
  readonly grade_name: string
  readonly school_year: number
  readonly kind: 'added' | 'removed' | 'changed'
  readonly before: Standing | null
  readonly after: Standing | null
  /** First 16 digits of the SHA-256 of files that came or went and speak of this unit, subject and year. */
  readonly files: readonly string[]
}
export interface FileChange {
  /** First 16 digits of the SHA-256. */
  readonly file: string
  readonly path: string
  readonly source: string
  /** What the office calls the form. */
  readonly source_title: string
  readonly kind: 'added' | 'removed'
  /** Rows that the other generation has in no file. */
  readonly rows: number
  /** Rows that came from another file, or went to one, as they are. */
  readonly moved: number
}
export interface Difference {
  readonly from: string
  readonly to: string
  /** Numbers that differ: counted all, listed up to the limit. */
  readonly total: number
  readonly changes: readonly Change[]
  readonly files: readonly FileChange[]
  /** Tables whose content differs. */
  readonly tables: readonly string[]
}

const mart = numbersMart
const grain = ['indicator', 'level', 'unit_key', 'procedure', 'subject', 'grade', 'school_year']
const shown = ['value', 'n', 'lo', 'hi', 'zone'] as const

/**
 * Which published numbers differ between two generations, and which files came and went between them. Of `sources` it is taken which column is
 * the day on which a file was drawn up: it makes no row another one.
 */
export const difference = async (
  home: Home,
  from: string,
  to: string,
  { limit, sources = [] }: { readonly limit: number; readonly sources?: readonly Source[] },
): Promise<Difference> => {
  const [older, newer] = await Promise.all([readManifest(home, from), readManifest(home, to)])
  const tables = [...new Set([...Object.keys(older.tables), ...Object.keys(newer.tables)])]
    .filter((table) => older.tables[table]?.hash !== newer.tables[table]?.hash)
    .sort()
  const nothing = { from, to, total: 0, changes: [], files: [], tables }
  if (tables.length === 0) return nothing
  const database = await Database.open(':memory:')
  try {
    for (const [alias, generation] of [
      ['a', from],
      ['b', to],
    ] as const)
      await database.run(
        `attach ${literal(warehouseFile(home, generation))} as ${alias} (read_only)`,
      )
    const files = await fileChanges(
      home,
      database,
      tables.filter((table) => table.startsWith('sources.')),
      sources,
      older.tables,
      newer.tables,
    )
    const both = mart in older.tables && mart in newer.tables
    if (!both || !tables.includes(mart)) return { ...nothing, files }
    await database.run(`create temp table change as ${changes}`)
    const [count] = await database.rows<{ n: number }>(
      'select count(*)::integer as n from temp.main.change',
    )
    await noteTouched(database, files, newer.tables, older.tables)
    const rows = await database.rows<ChangeRow>(listed(limit))
    return { ...nothing, total: count?.n ?? 0, changes: rows.map(changeOf), files }
  } finally {
    database.close()
  }
}

/**
 * Two generations given; one and what was published before it; else what was built after the published one and nobody has seen yet, and
 * the published one; else the published one and what was published before it, or what a rollback took back for it. Where nothing was before
 * it, the first is undefined; where nothing is built, both.
 */
export const generationsToCompare = async (
  home: Home,
  given: readonly string[],
  current: string | undefined,
): Promise<readonly [from: string | undefined, to: string | undefined]> => {
  const [first, second] = given
  if (first !== undefined && second !== undefined) return [first, second]
  const kept = await listGenerations(home)
  const latest = kept.at(-1)
  if (first === undefined && current !== undefined && latest !== undefined && latest > current)
    if (!(await wasPublished(home, latest))) return [current, latest]
  const to = first ?? current ?? latest
  if (to === undefined) return [undefined, undefined]
  const isSeen = await wasPublished(home, to)
  const before = isSeen
    ? await publishedBefore(home, to, kept)
    : kept.filter((id) => id < to).at(-1)
  if (before !== undefined) return [before, to]
  const instead = to === current ? await takenBack(home) : undefined
  return [instead !== undefined && kept.includes(instead) ? instead : undefined, to]
}

interface ChangeRow extends Omit<Change, 'before' | 'after' | 'files'> {
  readonly before: Standing
  readonly after: Standing
  readonly files: readonly string[] | null
}
const changeOf = (row: ChangeRow): Change => ({
  ...row,
  before: row.kind === 'added' ? null : row.before,
  after: row.kind === 'removed' ? null : row.after,
  files: row.files ?? [],
})

const names = ['unit_name', 'indicator_title', 'procedure_name', 'subject_name', 'grade_name']
const side = (alias: string): string =>
  `struct_pack(${[...shown, 'value_text', 'zone_label'].map((name) => `${name} := ${alias}.${name}`).join(', ')})`
const isMeasured = (name: string): boolean => ['value', 'lo', 'hi'].includes(name)
/** What sums in another order make of a number is no change of it. */
const tolerance = 1e-9
const farApart = (name: string): string =>
  `((a.${name} is null) <> (b.${name} is null) or abs(a.${name} - b.${name}) > ${String(tolerance)} * greatest(1, abs(a.${name})))`
export const changes = `
  select ${grain.map((name) => `coalesce(a.${name}, b.${name}) as ${name}`).join(', ')},
         ${names.map((name) => `coalesce(b.${name}, a.${name}) as ${name}`).join(', ')},
         case when a.indicator is null then 'added' when b.indicator is null then 'removed' else 'changed' end as kind,
         ${side('a')} as before, ${side('b')} as after,
         abs(coalesce(b.value, 0) - coalesce(a.value, 0)) as size
  from a.${mart} as a
  full join b.${mart} as b on ${grain.map((name) => `a.${name} = b.${name}`).join(' and ')}
  where ${shown.map((name) => (isMeasured(name) ? farApart(name) : `a.${name} is distinct from b.${name}`)).join(' or ')}`

const listed = (limit: number): string => `
  with top as (
    select * from temp.main.change
    order by case level when 'municipality' then 0 when 'school' then 1 else 2 end, size desc, ${grain.join(', ')}
    limit ${String(limit)}
  )
  select ${[...grain, ...names].join(', ')}, kind, before, after,
         (select list(distinct t.file order by t.file) from temp.main.touched as t
          where (top.level <> 'school' or t.school_key is null or t.school_key = top.unit_key)
            and (t.school_year is null or t.school_year = top.school_year)
            and (t.procedure is null or top.procedure = 'all' or t.procedure = top.procedure)
            and (t.subject is null or top.subject = 'all' or t.subject = top.subject)) as files
  from top
  order by case level when 'municipality' then 0 when 'school' then 1 else 2 end, size desc, ${grain.join(', ')}`

type States = Readonly<Record<string, unknown>>
const fileChanges = async (
  home: Home,
  database: Database,
  sources: readonly string[],
  forms: readonly Source[],
  older: States,
  newer: States,
): Promise<readonly FileChange[]> => {
  const found: Omit<FileChange, 'path' | 'source_title'>[] = []
  for (const source of sources) {
    const name = source.replace(/^sources\./, '')
    const without = forms.flatMap(({ id, form }) => (id === source ? (form.deliveredOn ?? []) : []))
    for (const change of await rowChanges(
      database,
      { id: source, without },
      source in older,
      source in newer,
    ))
      found.push({ ...change, source: name })
  }
  const paths = await pathsOf(home)
  const titles = new Map<string, string>()
  for (const [alias, states] of [
    ['a', older],
    ['b', newer],
  ] as const)
    if ('ledger.sheet' in states)
      for (const { source, title } of await database.rows<{ source: string; title: string }>(
        `select source, min(source_title) as title from ${alias}.ledger.sheet group by source`,
      ))
        titles.set(source, title)
  return found.map((change) => ({
    ...change,
    path: paths.get(change.file) ?? '',
    source_title: titles.get(change.source) || change.source,
  }))
}

/** Facts that rows of changed files made or had made: whom and what a file speaks of. */
const noteTouched = async (
  database: Database,
  files: readonly FileChange[],
  newer: States,
  older: States,
): Promise<void> => {
  await database.run(
    'create temp table touched (file varchar, school_key varchar, school_year integer, procedure varchar, subject varchar)',
  )
  const changed = [...new Set(files.map(({ file }) => literal(file)))].join(', ')
  if (changed === '') return
  for (const [alias, states] of [
    ['a', older],
    ['b', newer],
  ] as const)
    for (const table of Object.keys(states).filter((id) => id.startsWith('core.fct_'))) {
      const [schema = '', name = ''] = table.split('.')
      const columns = new Set(
        (await database.describe(`select * from ${alias}.${quote(schema)}.${quote(name)}`)).map(
          (column) => column.name,
        ),
      )
      if (!columns.has('_file')) continue
      const or = (column: string): string => (columns.has(column) ? column : 'null')
      await database.run(
        `insert into temp.main.touched
         select distinct _file, ${or('school_key')}, ${or('school_year')}, ${or('procedure')}, ${or('subject')}
         from ${alias}.${quote(schema)}.${quote(name)} where _file in (${changed})`,
      )
    }
}

/** First 16 digits of a file's SHA-256 → the path by which it is named. */
export const pathsOf = (home: Home): Promise<ReadonlyMap<string, string>> =>
  readLedger(home, 'paths', async (ledger) => {
    const rows = await ledger.rows<{ file: string; path: string }>(
      `select left(sha256, 16) as file, path from (${fileNames})`,
    )
    return new Map(rows.map(({ file, path }) => [file, path]))
  })
