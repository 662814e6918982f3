import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Source } from '../transforms/contract/source.ts'
import { readArchived } from './archive.ts'
import type { Facts } from './facts.ts'
import type { Home } from './home.ts'
import { parseBytes, type ParsedFile, type ParsedPart } from './outcome.ts'
import type { Context } from './segment.ts'
import { pseudonymsOf, type Secret } from './secret.ts'

/** Raised whenever reading or parsing gives something else for the same file. */
const readerVersion = 7

/** What was parsed of a file: a reference and counts, never rows. */
export interface ParseOutcome {
  readonly sha256: string
  /** Which forms, settings and facts it was parsed with. */
  readonly key: string
  /** The report, relative to home. */
  readonly report: string
  readonly read: number
  readonly loaded: number
  readonly quarantined: number
}
/** The report as it is stored beside the Parquet files. */
export interface StoredOutcome extends Omit<ParsedFile, 'parts'> {
  readonly sha256: string
  readonly key: string
  readonly secret: string
  readonly parts: readonly (Omit<ParsedPart, 'bytes'> & {
    /** Relative to home. */
    readonly parquet: string
    readonly size: number
  })[]
}
export interface ParseOptions {
  readonly path: string
  readonly facts: Facts
  readonly dropPersonal: readonly string[]
  readonly secret: Secret
}

/** Key of a parse: equal keys give equal results for the same file. */
export const parseKey = (
  sources: readonly Source[],
  context: Context,
  secret: Pick<Secret, 'fingerprint'>,
): string => {
  const forms = sources
    .map((source) => [source.name, partKey(source, context, secret)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return digest(JSON.stringify(forms))
}
const partKey = (source: Source, context: Context, secret: Pick<Secret, 'fingerprint'>): string => {
  const { form } = source
  const facts = Object.entries(context.facts)
    .filter(([name]) => name in form.fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const hashes = (form.personal ?? []).some(({ action }) => action === 'hash')
  const drops = context.dropPersonal.has(source.name) || context.dropPersonal.has(source.id)
  const { declaration, keys } = declared(source)
  const said = JSON.stringify([
    facts,
    form.path?.exec(context.path)?.groups ?? {},
    drops,
    hashes ? secret.fingerprint : '',
  ])
  const known = keys.get(said)
  if (known !== undefined) return known
  const key = digest(`[${String(readerVersion)},${declaration},${said.slice(1)}`)
  if (keys.size > 1000) keys.clear()
  keys.set(said, key)
  return key
}
interface Declared {
  /** What can be seen of the form's declaration; a change of its functions alone is told by its version. JSON of JSON. */
  readonly declaration: string
  /** By what was said of a file: most files of an office say the same. */
  readonly keys: Map<string, string>
}
const declarations = new WeakMap<Source, Declared>()
const declared = (source: Source): Declared => {
  const known = declarations.get(source)
  if (known !== undefined) return known
  const text = JSON.stringify(source.form, (_, value: unknown) =>
    value instanceof RegExp ? String(value) : value,
  )
  const made = { declaration: JSON.stringify(text), keys: new Map<string, string>() }
  declarations.set(source, made)
  return made
}
const digest = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 16)

/**
 * Parses one file of the archive into immutable Parquet files and a report; what was parsed with the same key before is left as it is.
 * @throws FileUnreadable only when the archive itself is damaged; a file that cannot be read is an outcome.
 */
export const parseFile = async (
  home: Home,
  sources: readonly Source[],
  sha256: string,
  { path, facts, dropPersonal, secret }: ParseOptions,
): Promise<ParseOutcome> => {
  const context: Context = { facts, path, dropPersonal: new Set(dropPersonal) }
  const key = parseKey(sources, context, secret)
  const report = `parsed/${sha256}.${key}.json`
  const known = parsedBefore(home, report)
  if (known !== undefined) return outcomeOf(known, report)

  const bytes = readArchived(home, sha256)
  const parsed = await parseBytes(bytes, sha256, sources, context, pseudonymsOf(secret))
  const byName = new Map(sources.map((source) => [source.name, source]))
  const parts = parsed.parts.map(({ bytes: content, ...part }) => {
    const source = byName.get(part.source)
    const version = `v${String(source?.form.version ?? 0)}`
    const own = source === undefined ? key : partKey(source, context, secret)
    const file = `parsed/${sha256}.${part.source}.${version}.${own}.parquet`
    put(join(home.path, file), content)
    return { ...part, parquet: file, size: content.length }
  })
  const stored: StoredOutcome = { ...parsed, sha256, key, secret: secret.fingerprint, parts }
  put(join(home.path, report), JSON.stringify(stored))
  return outcomeOf(stored, report)
}

export const readOutcome = (home: Home, report: string): StoredOutcome =>
  JSON.parse(readFileSync(join(home.path, report), 'utf8')) as StoredOutcome

/** The report of an earlier parse, when it and its files are whole: a power cut may have left less. */
const parsedBefore = (home: Home, report: string): StoredOutcome | undefined => {
  try {
    const stored = readOutcome(home, report)
    const isWhole = stored.parts.every(
      ({ parquet, size }) => statSync(join(home.path, parquet)).size === size,
    )
    return isWhole ? stored : undefined
  } catch {
    return undefined
  }
}

const outcomeOf = ({ sha256, key, sheets }: StoredOutcome, report: string): ParseOutcome => ({
  sha256,
  key,
  report,
  read: sum(sheets.map(({ read }) => read)),
  loaded: sum(sheets.map(({ loaded }) => loaded)),
  quarantined: sum(sheets.map(({ quarantined }) => quarantined)),
})
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

const put = (path: string, content: string | Uint8Array): void => {
  const draft = join(dirname(path), `.${randomUUID()}`)
  writeFileSync(draft, content)
  renameSync(draft, path)
}
