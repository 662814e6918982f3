import { createHash } from 'node:crypto'
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { withRenderLock } from './lock.ts'
import {
  dataManifest,
  editionFile,
  editionPath,
  failedQuery,
  layData,
  makeShell,
  reportsFolder,
  runTool,
  shellReady,
  SiteError,
  tail,
  templateFolder,
} from './shell.ts'
import type { Progress, Publication } from './shell.ts'

export { installSite, shellReady, siteInstalled, SiteError } from './shell.ts'
export { serveSite } from './serve.ts'

export interface SiteOptions {
  /** Path of the edition's DuckDB file (storage version v1.0.0, schema `marts`). */
  readonly edition: string
  /** Folder of the site; replaced as a whole when every page is rendered. */
  readonly out: string
  readonly onProgress?: Progress
}

/** Schools above this number have their pages read from the edition in the browser instead of rendered. */
const renderedSchools = 300

/** Builds the shell when it is not ready, alone: a rendering in another process is waited for. See `makeShell`. */
export const buildShell = (onProgress?: Progress): Promise<{ built: boolean; ms: number }> =>
  withRenderLock(() => makeShell(onProgress))

const readEdition = async (
  edition: string,
): Promise<{ publication: Publication; schools: number }> => {
  const instance = await DuckDBInstance.create(edition, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    const reader = await connection.runAndReadAll('select * from marts.mart_publication limit 1')
    const row = reader.getRowObjectsJson()[0]
    if (row === undefined)
      throw new SiteError(
        'render',
        'В издании нет сведений о выпуске (marts.mart_publication пуста)',
        'Опубликуйте выпуск: mera publish',
      )
    const counted = await connection.runAndReadAll(
      'select count(*)::integer from marts.mart_school_profile',
    )
    return {
      publication: row as unknown as Publication,
      schools: Number(counted.getRows()[0]?.[0] ?? 0),
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

const replaceFolder = (next: string, out: string): void => {
  const previous = `${out}.previous-${String(process.pid)}`
  if (existsSync(out)) renameSync(out, previous)
  renameSync(next, out)
  rmSync(previous, { recursive: true, force: true })
}

/**
 * Renders every page over an edition from the shell's finished build (no Vite: about a tenth of a second a page) and puts the site into
 * `out` atomically. The shell is built first when it is not ready. Fails when a page's query fails; `out` is then left as it was.
 */
export const renderSite = async ({
  edition,
  out,
  onProgress = () => {},
}: SiteOptions): Promise<{ pages: number; ms: number }> => {
  const { publication, schools } = await readEdition(edition)
  return withRenderLock(async () => {
    if (!shellReady()) await makeShell(onProgress)
    const started = performance.now()
    const laid = { ...publication, school_pages: schools <= renderedSchools }
    layData(laid)
    copyFileSync(edition, editionFile)
    rmSync(join(templateFolder, '.evidence-queries'), { recursive: true, force: true })
    const { code, output } = await runTool(
      process.execPath,
      [join(reportsFolder, 'rerender.mjs')],
      {
        cwd: templateFolder,
        env: { NODE_ENV: 'production', MERA_CRAWL: laid.school_pages ? 'yes' : 'no' },
      },
    )
    const query = failedQuery(output)
    const pages = /^(\d+) pages$/m.exec(output)?.[1]
    if (code !== 0 || query !== undefined || pages === undefined)
      throw new SiteError(
        'render',
        query === undefined ? 'Страницы не отрисовались' : 'Запрос страницы не выполнился',
        'Издание могло быть собрано другой версией: повторите mera publish и mera reports build',
        query ?? tail(output),
      )
    const target = resolve(out)
    const next = `${target}.next-${String(process.pid)}`
    rmSync(next, { recursive: true, force: true })
    mkdirSync(next, { recursive: true })
    const built = join(templateFolder, '.svelte-kit/output')
    overlay(
      join(built, 'client'),
      next,
      (path) => path.startsWith('data/') || path.startsWith('.vite/'),
    )
    overlay(join(built, 'prerendered/dependencies'), next)
    overlay(join(built, 'prerendered/pages'), next)
    const hash = createHash('sha256').update(readFileSync(edition)).digest('hex').slice(0, 16)
    const path = editionPath(hash)
    mkdirSync(dirname(join(next, path)), { recursive: true })
    cpSync(edition, join(next, path))
    writeFileSync(join(next, 'data/manifest.json'), dataManifest(`static/${path}`))
    writeFileSync(join(next, 'data/publication.json'), JSON.stringify(laid))
    replaceFolder(next, target)
    const ms = Math.round(performance.now() - started)
    onProgress(
      `Сайт: страниц ${pages}, ${(ms / 1000).toLocaleString('ru-RU', { maximumFractionDigits: 1 })} с`,
    )
    return { pages: Number(pages), ms }
  })
}
