import type { Columns } from '../transforms/contract/column.ts'
import type { Disclosure, Edition, Mask } from '../transforms/contract/edition.ts'
import type { Project } from '../transforms/contract/project.ts'
import { literal, quote, type Database, type Draft, type Row } from './database.ts'
import { severityTitle } from './describe.ts'
import type { CheckResult, Manifest } from './generation.ts'
import type { Home } from './home.ts'

/**
 * An edition while its generation is built: a file of its own with the marts that its audience may see, as it may see them. It is made from
 * nothing: in a copy of the one before, blocks out of use would keep what is hidden now. Until its generation is published, only who can read the
 * warehouse can read it. Rows lie as in the warehouse, after a correction in another order than after a full build: who shows them orders them.
 */
export class EditionDraft {
  readonly edition: Edition
  readonly #database: string

  private constructor(edition: Edition) {
    this.edition = edition
    this.#database = quote(`edition_${edition.name}`)
  }

  /** Begins the file beside the warehouse that is built. */
  static async begin(
    database: Database,
    edition: Edition,
    file: string,
    packing: Draft,
  ): Promise<EditionDraft> {
    const draft = new EditionDraft(edition)
    await database.attachDraft(`edition_${edition.name}`, file, packing)
    await database.run(`create schema ${draft.#database}.marts`)
    return draft
  }

  async addMart(database: Database, disclosure: Disclosure): Promise<void> {
    const { schema, name } = disclosure.mart
    await database.run(
      `create table ${this.#database}.${quote(schema)}.${quote(name)} as
       select ${disclosedColumns(disclosure)} from ${quote(schema)}.${quote(name)}
       ${disclosure.keep === undefined ? '' : `where ${disclosure.keep}`}`,
    )
  }

  /** Says which issue it is, whose, and what the checks found. */
  async sign(database: Database, issuer: Issuer, manifest: Manifest): Promise<void> {
    const issue = issueOf(issuer, manifest, this.edition)
    await database.run(
      `create table ${this.#database}.marts.mart_publication as
       select ${issueColumns.map((name) => `${literal(issue[name])} as ${name}`).join(', ')}, * from marts.mart_publication`,
    )
    const checks = `${this.#database}.marts.mart_check`
    const columns = checkColumns.map((name) => ({ name, type: checkType(name) }))
    await database.run(
      `create table ${checks} (${columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')})`,
    )
    await database.append(checks, columns, manifest.checks.map(checkRow))
  }

  /** Writes the file; nothing may be added any more. */
  async write(database: Database): Promise<void> {
    await database.run(`checkpoint ${this.#database}`)
  }
}

/** Whose editions they are. */
interface Issuer {
  readonly home: Home
  readonly project: Project
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
 * Tables of an edition's schema `marts` with the DuckDB types of their columns, as `EditionDraft` makes them; `publication` are the columns
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

const issueOf = (
  { home, project }: Issuer,
  { generation, contentHash, builtAt }: Manifest,
  edition: Edition,
): Record<(typeof issueColumns)[number], string> => ({
  generation,
  content_hash: contentHash,
  published_on: builtAt.slice(0, 10),
  published_label: new Intl.DateTimeFormat('ru', {
    dateStyle: 'long',
    timeZone: home.timeZone,
  }).format(new Date(builtAt)),
  office: officeOf(home, project),
  project_title: project.title,
  edition: edition.name,
  edition_title: edition.title,
  method_note: edition.note,
})

/** Whose issue it is: a home that nobody named is headed by its project. */
export const officeOf = (
  { office }: Pick<Home, 'office'>,
  project: Pick<Project, 'office' | 'title'>,
): string => (office === '' ? (project.office ?? project.title) : office)

const checkRow = ({ check, title, severity, found, what, when, remedy }: CheckResult): Row => ({
  check,
  title,
  severity,
  severity_label: severityTitle(severity),
  found,
  meaning: what,
  when,
  remedy,
})
