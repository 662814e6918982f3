import { rename, rm } from 'node:fs/promises'
import type { Disclosure, Edition } from '../transforms/contract/edition.ts'
import type { Catalog } from './catalog.ts'
import { promisesOf } from './catalog.ts'
import { Database, literal, quote } from './database.ts'
import { editionFile, warehouseFile, type Manifest } from './generation.ts'
import type { Home } from './home.ts'

/** Writes every edition of a generation: a file of its own with the marts that its audience may see, as it may see them. */
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
  const database = await Database.open(':memory:')
  try {
    await database.run(`attach ${literal(warehouse)} as warehouse (read_only)`)
    // Browsers read it with DuckDB-WASM, which knows the oldest storage format.
    await database.run(`attach ${literal(part)} as edition (storage_version 'v1.0.0')`)
    await database.run('create schema edition.marts')
    for (const disclosure of edition.tables) {
      const { schema, name } = disclosure.mart
      const grain = promisesOf(disclosure.mart)?.grain ?? []
      await database.run(
        `create table edition.${quote(schema)}.${quote(name)} as
         select ${disclosedColumns(disclosure)} from warehouse.${quote(schema)}.${quote(name)}
         ${disclosure.keep === undefined ? '' : `where ${disclosure.keep}`}
         order by ${grain.map(quote).join(', ')}`,
      )
    }
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
      const shown = mask.columns[name] ?? null
      const value =
        shown === null ? 'null' : typeof shown === 'number' ? String(shown) : literal(shown)
      return `case when ${mask.when} then ${value} else ${quote(name)} end::${type} as ${quote(name)}`
    })
    .join(', ')
}

const writePublication = async (
  database: Database,
  { home, catalog, manifest }: Context,
  edition: Edition,
): Promise<void> => {
  const day = new Intl.DateTimeFormat('ru', { dateStyle: 'long', timeZone: home.timeZone })
  await database.run(
    `create table edition.marts.mart_publication as
     select ${literal(manifest.generation)} as generation, ${literal(manifest.contentHash)} as content_hash,
            ${literal(manifest.builtAt.slice(0, 10))} as published_on, ${literal(day.format(new Date(manifest.builtAt)))} as published_label,
            ${literal(home.office)} as office, ${literal(catalog.project.title)} as project_title,
            ${literal(edition.name)} as edition, ${literal(edition.title)} as edition_title, ${literal(edition.note)} as method_note, *
     from warehouse.marts.mart_publication`,
  )
}

const writeChecks = async (database: Database, { manifest }: Context): Promise<void> => {
  await database.run(
    `create table edition.marts.mart_check ("check" varchar, title varchar, severity varchar, severity_label varchar,
       found integer, meaning varchar, "when" varchar, remedy varchar)`,
  )
  await database.append(
    'edition.marts.mart_check',
    ['check', 'title', 'severity', 'severity_label', 'found', 'meaning', 'when', 'remedy'].map(
      (name) => ({ name, type: name === 'found' ? 'INTEGER' : 'VARCHAR' }),
    ),
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
