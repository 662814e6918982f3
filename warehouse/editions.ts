import { rename, rm } from 'node:fs/promises'
import type { Columns } from '../transforms/contract/column.ts'
import type { Disclosure, Edition, Mask } from '../transforms/contract/edition.ts'
import type { Project } from '../transforms/contract/project.ts'
import type { Catalog } from './catalog.ts'
import { promisesOf } from './catalog.ts'
import { Database, literal, quote } from './database.ts'
import { editionFile, warehouseFile, type Manifest } from './generation.ts'
import type { Home } from './home.ts'
import { inLanes } from './lanes.ts'

/**
 * Writes every edition of a generation: a file of its own with the marts that its audience may see, as it may see them. Each is made from
 * nothing: in a copy of the one before, blocks out of use would keep what is hidden now.
 */
export const writeEditions = async (
  home: Home,
  catalog: Catalog,
  manifest: Manifest,
): Promise<readonly string[]> => {
  const files: string[] = []
  for (const edition of catalog.editions) {
    const file = editionFile(home, manifest.generation, edition.name)
    await writeEdition(
      { home, catalog, manifest },
      warehouseFile(home, manifest.generation),
      edition,
      file,
    )
    files.push(file)
  }
  return files
}

interface Context {
  readonly home: Home
  readonly catalog: Catalog
  readonly manifest: Manifest
}

const writeEdition = async (
  context: Context,
  warehouse: string,
  edition: Edition,
  file: string,
): Promise<void> => {
  const part = `${file}.part`
  await rm(part, { force: true })
  const database = await Database.open(':memory:', { threads: 1 })
  try {
    await database.run(`attach ${literal(warehouse)} as warehouse (read_only)`)
    // Browsers read it with DuckDB-WASM, which knows the oldest storage format.
    await database.attachDraft('edition', part, 'v1.0.0')
    // FSST is never the smallest for labels and codes, and finding that out is a quarter of the work.
    await database.run("set disabled_compression_methods = 'fsst'; create schema edition.marts")
    const lanes = [database, ...(await database.beside(1))]
    await inLanes(edition.tables, lanes, async (disclosure, lane) => {
      const { schema, name } = disclosure.mart
      const grain = promisesOf(disclosure.mart)?.grain ?? []
      await lane.run(
        `create table edition.${quote(schema)}.${quote(name)} as
         select ${disclosedColumns(disclosure)} from warehouse.${quote(schema)}.${quote(name)}
         ${disclosure.keep === undefined ? '' : `where ${disclosure.keep}`}
         order by ${grain.map(quote).join(', ')}`,
      )
    })
    await writePublication(database, context, edition)
    await writeChecks(database, context)
    await database.run('checkpoint edition')
    await database.run('detach edition')
  } finally {
    database.close()
  }
  await rename(part, file)
}

/** Columns as the audience gets them; what is masked becomes null or the text given. */
export const disclosedColumns = ({ mart, mask, without }: Disclosure): string => {
  const hidden = new Set<string>(without ?? [])
  return Object.entries(mart.columns)
    .filter(([name]) => !hidden.has(name))
    .map(([name, { type }]) => {
      if (mask === undefined || !(name in mask.columns)) return quote(name)
      return `case when ${mask.when} then ${shownAs(mask.columns[name])} else ${quote(name)} end::${type} as ${quote(name)}`
    })
    .join(', ')
}

const shownAs = (shown: Mask['columns'][string]): string =>
  shown === null || shown === undefined
    ? 'null'
    : typeof shown === 'number'
      ? String(shown)
      : typeof shown === 'string'
        ? literal(shown)
        : quote(shown.column)

/** What an edition adds to marts.mart_publication: which issue it is, of whom, for whom. */
const issueColumns = [
  'generation',
  'content_hash',
  'published_on',
  'published_label',
  'office',
  'project_title',
  'edition',
  'edition_title',
  'method_note',
] as const

/** What marts.mart_check holds: the findings of the generation's checks. */
const checkColumns = [
  'check',
  'title',
  'severity',
  'severity_label',
  'found',
  'meaning',
  'when',
  'remedy',
] as const
const checkType = (name: string): string => (name === 'found' ? 'INTEGER' : 'VARCHAR')

/**
 * Tables of an edition's schema `marts` with the DuckDB types of their columns, as `writeEditions` makes them; `publication` are the columns
 * of the mart that says what the numbers cover.
 */
export const editionColumns = (
  edition: Pick<Edition, 'tables'>,
  publication: Columns,
): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  mart_publication: {
    ...Object.fromEntries(issueColumns.map((name) => [name, 'VARCHAR'])),
    ...typesOf(publication),
  },
  ...Object.fromEntries(
    edition.tables.map(({ mart, without }) => [mart.name, typesOf(mart.columns, without)]),
  ),
  mart_check: Object.fromEntries(checkColumns.map((name) => [name, checkType(name)])),
})

const typesOf = (columns: Columns, without: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(
    Object.entries(columns)
      .filter(([name]) => !without.includes(name))
      .map(([name, { type }]) => [name, type]),
  )

const writePublication = async (
  database: Database,
  { home, catalog, manifest }: Context,
  edition: Edition,
): Promise<void> => {
  const day = new Intl.DateTimeFormat('ru', { dateStyle: 'long', timeZone: home.timeZone })
  const issue: Record<(typeof issueColumns)[number], string> = {
    generation: manifest.generation,
    content_hash: manifest.contentHash,
    published_on: manifest.builtAt.slice(0, 10),
    published_label: day.format(new Date(manifest.builtAt)),
    office: officeOf(home, catalog.project),
    project_title: catalog.project.title,
    edition: edition.name,
    edition_title: edition.title,
    method_note: edition.note,
  }
  await database.run(
    `create table edition.marts.mart_publication as
     select ${issueColumns.map((name) => `${literal(issue[name])} as ${name}`).join(', ')}, *
     from warehouse.marts.mart_publication`,
  )
}

/** Whose issue it is: a home that nobody named is headed by its project. */
export const officeOf = (
  { office }: Pick<Home, 'office'>,
  project: Pick<Project, 'office' | 'title'>,
): string => (office === '' ? (project.office ?? project.title) : office)

const writeChecks = async (database: Database, { manifest }: Context): Promise<void> => {
  await database.run(
    `create table edition.marts.mart_check (${checkColumns.map((name) => `${quote(name)} ${checkType(name)}`).join(', ')})`,
  )
  await database.append(
    'edition.marts.mart_check',
    checkColumns.map((name) => ({ name, type: checkType(name) })),
    manifest.checks.map(({ check, title, severity, found, what, when, remedy }) => ({
      check,
      title,
      severity,
      severity_label: severity === 'error' ? 'ошибка' : 'предупреждение',
      found,
      meaning: what,
      when,
      remedy,
    })),
  )
}
