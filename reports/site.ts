import { createHash } from 'node:crypto'
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { UsageError } from '../warehouse/errors.ts'
import { templateFolder } from './folders.ts'
import { withRenderLock } from './lock.ts'
import { renderPages } from './render.ts'
import type { Publication } from './render.ts'
import { makeShell, siteFingerprint, shellReady } from './shell.ts'
import { SiteError } from './tool.ts'
import type { Progress } from './tool.ts'

export { installSite, shellReady, siteInstalled } from './shell.ts'
export { SiteError } from './tool.ts'
export { serveSite } from './serve.ts'

export interface SiteOptions {
  /** Path of the edition's DuckDB file (storage version v1.4.0, schema `marts`). */
  readonly edition: string
  /** Folder of the site, new, empty or a former site; replaced as a whole when every page is rendered. */
  readonly out: string
  readonly onProgress?: Progress
}

/** The name of the attached database in the browser's DuckDB, and of the folder its file lies in. */
const source = 'edition'

/** The site's path of the edition's file, under a folder named by its content so that no browser keeps an old one. */
const editionPath = (hash: string): string => `data/${source}/${source}/${hash}/${source}.duckdb`

const dataManifest = (path: string): string =>
  JSON.stringify({ renderedFiles: { [source]: [path] } })

/** Schools above this number have their pages read from the edition in the browser instead of rendered. */
const renderedSchools = 300

/** Builds the shell when it is not ready, alone: a rendering in another process is waited for. See `makeShell`. */
export const buildShell = (onProgress?: Progress): Promise<{ built: boolean; ms: number }> =>
  withRenderLock(() => makeShell(onProgress))

/** What a site says of itself, in its file `data/site.json`. */
export interface SiteStamp {
  /** Generation that its pages show. */
  readonly generation: string
  readonly pages: number
  /** SHA-256 of the edition's file, and of all else that the pages are made of. */
  readonly edition: string
  readonly shell: string
}

/** The stamp of the site in a folder; undefined where no site lies there. */
export const siteStamp = (out: string): SiteStamp | undefined => {
  try {
    return JSON.parse(readFileSync(join(out, 'data/site.json'), 'utf8')) as SiteStamp
  } catch {
    return undefined
  }
}

const readEdition = async (
  edition: string,
): Promise<{ publication: Publication; schools: readonly string[] }> => {
  const instance = await DuckDBInstance.create(edition, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    const reader = await connection.runAndReadAll('select * from marts.mart_publication limit 1')
    const row = reader.getRowObjectsJson()[0]
    if (row === undefined)
      throw new SiteError(
        'site-render',
        'В издании нет сведений о выпуске (marts.mart_publication пуста)',
        'Опубликуйте выпуск: mera publish',
      )
    const named = await connection.runAndReadAll(
      'select school_key from marts.mart_school_profile order by all',
    )
    return {
      publication: row as unknown as Publication,
      schools: named.getRows().map(([key]) => String(key)),
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Lays `from` over `to`: hard links where the disk allows (the shell's WASM alone is 75 MB), copies elsewhere. */
const overlay = (from: string, to: string, skip: (path: string) => boolean = () => false): void => {
  if (!existsSync(from)) return
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const path = relative(from, file)
    if (skip(path.replaceAll('\\', '/'))) continue
    const target = join(to, path)
    mkdirSync(dirname(target), { recursive: true })
    rmSync(target, { force: true })
    try {
      linkSync(file, target)
    } catch {
      copyFileSync(file, target)
    }
  }
}

const versionsOf = (out: string): string => `.${basename(out)}.`

/**
 * Puts a finished site in the place of the former. `out` is a link that one renaming turns to the new folder beside it, so that there is no
 * moment without a site; where the system gives no links, or a folder stands in their place, two renamings do it.
 */
const replaceSite = (next: string, out: string): void => {
  const link = `${next}.link`
  const previous = `${next}.previous`
  let first = next
  try {
    symlinkSync(process.platform === 'win32' ? next : basename(next), link, 'junction')
    first = link
    renameSync(link, out)
  } catch {
    if (existsSync(out)) renameSync(out, previous)
    renameSync(first, out)
  }
  for (const name of readdirSync(dirname(out)))
    if (name.startsWith(versionsOf(out)) && (first === next || name !== basename(next)))
      rmSync(join(dirname(out), name), { recursive: true, force: true })
}

/** A folder that is no site is not replaced. */
const refuseForeign = (out: string): void => {
  if (!existsSync(out) || readdirSync(out).length === 0) return
  if (existsSync(join(out, 'data/publication.json'))) return
  throw new UsageError({
    code: 'site-foreign',
    message: `папка «${out}» не пуста, и в ней не сайт`,
    hint: 'укажите в --out новую или пустую папку: сайт заменяет её целиком',
    file: out,
  })
}

/**
 * Renders every page over an edition from the shell's finished build (no Vite: a few hundredths of a second a page) and puts the site
 * into `out` at once. The shell is built first when it is not ready. Nothing is done where the site is of this edition and these pages already
 * (`stands`); of a former site the pages that say the same are taken over (`taken`) with the new issue named on them. Fails when a page's query fails; `out` is then left as it was.
 */
export const renderSite = async ({
  edition,
  out,
  onProgress = () => {},
}: SiteOptions): Promise<{ pages: number; taken: number; ms: number; stands: boolean }> => {
  const target = resolve(out)
  refuseForeign(target)
  const { publication, schools } = await readEdition(edition)
  const hash = createHash('sha256').update(readFileSync(edition)).digest('hex')
  const former = siteStamp(target)
  if (former?.edition === hash && former.shell === siteFingerprint())
    return { pages: former.pages, taken: former.pages, ms: 0, stands: true }
  return withRenderLock(async () => {
    if (!shellReady()) await makeShell(onProgress)
    const started = performance.now()
    const next = join(
      dirname(target),
      `${versionsOf(target)}${hash.slice(0, 8)}-${String(process.pid)}`,
    )
    rmSync(next, { recursive: true, force: true })
    mkdirSync(next, { recursive: true })
    const schoolPages = schools.length <= renderedSchools
    const shell = siteFingerprint()
    const { pages, taken } = await renderPages({
      edition: resolve(edition),
      out: next,
      publication,
      schoolPages,
      former: siteStamp(target)?.shell === shell ? realpathSync(target) : undefined,
    }).catch((error: unknown) => {
      rmSync(next, { recursive: true, force: true })
      throw error
    })
    overlay(join(templateFolder, '.svelte-kit/output/client'), next, (path) =>
      path.startsWith('.vite/'),
    )
    const path = editionPath(hash.slice(0, 16))
    mkdirSync(dirname(join(next, path)), { recursive: true })
    cpSync(edition, join(next, path))
    const stamp: SiteStamp = {
      generation: publication.generation,
      pages,
      edition: hash,
      shell,
    }
    writeFileSync(join(next, 'data/manifest.json'), dataManifest(`static/${path}`))
    writeFileSync(
      join(next, 'data/publication.json'),
      JSON.stringify({ ...publication, school_pages: schoolPages }),
    )
    writeFileSync(join(next, 'data/schools.json'), JSON.stringify(schools))
    writeFileSync(join(next, 'data/site.json'), JSON.stringify(stamp))
    replaceSite(next, target)
    const ms = Math.round(performance.now() - started)
    onProgress(
      `Сайт: страниц ${pages}${taken > 0 ? `, из них без изменений ${taken}` : ''}, ${(ms / 1000).toLocaleString('ru-RU', { maximumFractionDigits: 1 })} с`,
    )
    return { pages, taken, ms, stands: false }
  })
}
