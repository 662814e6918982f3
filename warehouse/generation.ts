import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Content } from './content.ts'
import type { Home } from './home.ts'
import { HomeInvalid, UsageError } from './errors.ts'

export interface TableState extends Content {
  /** What it was made from; equal fingerprints give equal content. */
  readonly fingerprint: string
  /** Hash of what the table is declared to be, to mean and to select: equal ones need no new columns and comments. */
  readonly declared: string
  /** Of a table made in parts: what is the same for all, and what each was made from. */
  readonly made?: { readonly base: string; readonly from: Readonly<Record<string, string>> }
}
export interface CheckResult {
  readonly check: string
  readonly title: string
  readonly severity: 'error' | 'warning'
  readonly found: number
  readonly what: string
  readonly when: string
  readonly remedy: string
}
/** What a generation holds; written last, so a folder without it is a build that did not finish. */
export interface Manifest {
  readonly generation: string
  readonly project: string
  readonly contentHash: string
  readonly tables: Readonly<Record<string, TableState>>
  readonly checks: readonly CheckResult[]
  /** Hash of what is promised, checked and disclosed: tables may stand while these change. */
  readonly rules: string
  /** True where the warehouse is laid out for few rows. */
  readonly isSmall?: boolean
  /** ISO date and time; for people, part of no hash. */
  readonly builtAt: string
}

/** The mart whose rows are the numbers that readers see. */
export const numbersMart = 'marts.mart_indicator_value'
/** True where that mart is declared and has no row: pages would have no year to speak of. */
export const hasNoNumbers = ({ tables }: Pick<Manifest, 'tables'>): boolean =>
  tables[numbersMart]?.rows === 0

const folderOf = (home: Home): string => join(home.path, 'generations')
const currentOf = (home: Home): string => join(home.path, 'current')

export const warehouseFile = (home: Home, generation: string): string =>
  join(folderOf(home), generation, 'warehouse.duckdb')
const editionsOf = (home: Home, generation: string): string =>
  join(folderOf(home), generation, 'editions')
export const editionFile = (home: Home, generation: string, edition: string): string =>
  join(editionsOf(home, generation), `${edition}.duckdb`)

/** Finished generations, oldest first. */
export const listGenerations = async (home: Home): Promise<readonly string[]> => {
  if (!existsSync(folderOf(home))) return []
  const names = (await readdir(folderOf(home))).filter((name) => /^g\d{5}$/.test(name)).sort()
  return names.filter((name) => existsSync(join(folderOf(home), name, 'manifest.json')))
}
export const readManifest = async (home: Home, generation: string): Promise<Manifest> => {
  const file = join(folderOf(home), generation, 'manifest.json')
  if (!existsSync(file)) throw await generationMissing(home, generation)
  return (await readWhole(file)) as Manifest
}
/** A file that is written once and whole. */
const readWhole = async (file: string): Promise<unknown> => {
  const text = await readFile(file, 'utf8')
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new HomeInvalid({
      code: 'home-damaged',
      message: `файл «${file}» испорчен: это не JSON`,
      hint: 'восстановите хранилище из резервной копии',
      file,
      cause: error,
    })
  }
}
export const generationMissing = async (home: Home, generation: string): Promise<UsageError> => {
  const present = await listGenerations(home)
  return new UsageError({
    code: 'generation-missing',
    message: `поколения «${generation}» нет`,
    hint:
      present.length === 0
        ? 'ещё ничего не построено: mera refresh ПАПКА'
        : `есть ${present.join(', ')}`,
  })
}
/** The file of an edition that the generation has. @throws UsageError naming those that it has */
export const requireEdition = async (
  home: Home,
  generation: string,
  edition: string,
): Promise<string> => {
  const names = await readdir(editionsOf(home, generation)).catch(() => [])
  const present = names
    .filter((name) => name.endsWith('.duckdb'))
    .map((name) => basename(name, '.duckdb'))
  if (present.includes(edition)) return editionFile(home, generation, edition)
  throw new UsageError({
    code: 'edition-missing',
    message: `в поколении ${generation} нет издания «${edition}»`,
    hint: present.length === 0 ? 'издания делает mera build' : `есть ${present.sort().join(', ')}`,
  })
}
export const latestManifest = async (home: Home): Promise<Manifest | undefined> => {
  const last = (await listGenerations(home)).at(-1)
  return last === undefined ? undefined : readManifest(home, last)
}

/** A folder for a build; what an interrupted build or removal left is cleared away. */
export const beginGeneration = async (home: Home): Promise<{ id: string; folder: string }> => {
  await mkdir(folderOf(home), { recursive: true })
  const whole = new Set(await listGenerations(home))
  for (const name of await readdir(folderOf(home)))
    if (!whole.has(name)) await rm(join(folderOf(home), name), { recursive: true })
  const last = (await listGenerations(home)).at(-1) ?? 'g00000'
  const id = `g${String(Number(last.slice(1)) + 1).padStart(5, '0')}`
  const folder = join(folderOf(home), `${id}.tmp`)
  await mkdir(join(folder, 'editions'), { recursive: true })
  return { id, folder }
}
export const finishGeneration = async (
  home: Home,
  folder: string,
  manifest: Manifest,
): Promise<void> => {
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest, null, 1))
  await rename(folder, join(folderOf(home), manifest.generation))
}
export const removeGeneration = async (home: Home, generation: string): Promise<void> => {
  const folder = join(folderOf(home), generation)
  if (!existsSync(folder)) return
  await rename(folder, `${folder}.tmp`)
  await rm(`${folder}.tmp`, { recursive: true, force: true })
}

/** The published generation, or undefined before the first publication. */
export const currentGeneration = async (home: Home): Promise<string | undefined> => {
  if (!existsSync(currentOf(home))) return undefined
  return (await readFile(currentOf(home), 'utf8')).trim()
}
/** Readers see the old generation or the new one, never neither: a small file is replaced by rename. */
export const setCurrent = async (home: Home, generation: string): Promise<void> => {
  const next = `${currentOf(home)}.next`
  await writeFile(next, `${generation}\n`)
  await rename(next, currentOf(home))
}

/** Generations that are never removed: a report was issued from them. */
export const pinned = async (home: Home): Promise<readonly string[]> => {
  const file = join(home.path, 'pinned.json')
  return existsSync(file) ? ((await readWhole(file)) as string[]) : []
}
export const setPinned = async (home: Home, generations: readonly string[]): Promise<void> => {
  const file = join(home.path, 'pinned.json')
  await writeFile(`${file}.next`, JSON.stringify([...new Set(generations)].sort()))
  await rename(`${file}.next`, file)
}
