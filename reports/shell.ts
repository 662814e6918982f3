import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { martColumns, structuralRows, writeEdition } from './structure.ts'

export type Progress = (line: string) => void

/** The site could not be made: what failed, what its tool said last, what to do. */
export class SiteError extends Error {
  readonly step: 'install' | 'build' | 'render'
  readonly hint: string
  readonly details: string

  constructor(step: SiteError['step'], message: string, hint: string, details = '') {
    super(message)
    this.name = 'SiteError'
    this.step = step
    this.hint = hint
    this.details = details
  }
}

/** The folder `reports/`. */
export const reportsFolder = fileURLToPath(new URL('.', import.meta.url))
/** Where Evidence's SvelteKit project is put together, built and rendered. */
export const templateFolder = join(reportsFolder, '.evidence/template')
const stampFile = join(reportsFolder, '.evidence/shell.json')
const installStamp = join(reportsFolder, 'node_modules/.mera-install')

/** The name of the attached database in both DuckDBs, and of the folder its file lies in. */
const source = 'edition'
const dataFolder = join(templateFolder, 'static/data')

const filesUnder = (folder: string): string[] =>
  !existsSync(folder)
    ? []
    : statSync(folder).isFile()
      ? [folder]
      : readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()

const fingerprint = (names: readonly string[], text = ''): string => {
  const hash = createHash('sha256').update(text)
  for (const name of names)
    for (const file of filesUnder(join(reportsFolder, name)))
      hash.update(relative(reportsFolder, file)).update('\0').update(readFileSync(file))
  return hash.digest('hex')
}

const installFingerprint = (): string =>
  fingerprint(['package.json', 'package-lock.json', 'patches'])

/** Of everything that a build of the pages is made of, the columns of the marts included. */
export const shellFingerprint = (): string =>
  fingerprint(
    [
      'package-lock.json',
      'patches',
      'pages',
      'components',
      'i18n',
      'static',
      'template',
      'app.css',
      'structure.ts',
      'shell.ts',
      'site.ts',
      'rerender.mjs',
      'evidence.config.yaml',
    ],
    JSON.stringify(martColumns),
  )

/** The environment without what a test runner sets: Vite would take it for a development build. */
const outerEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(VITE|VITEST|TEST$|DEV$|PROD$|MODE$|SSR$|NODE_ENV$)/.test(name)
        ? []
        : [[name, value] as const],
    ),
  )

interface ToolOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly onLine?: (line: string) => void
}

/** Runs a program and gives its exit code with everything it wrote. */
export const runTool = (
  command: string,
  parameters: readonly string[],
  { cwd, env = {}, onLine }: ToolOptions,
): Promise<{ code: number; output: string }> =>
  new Promise((done, fail) => {
    const child = spawn(command, parameters, {
      cwd,
      env: { ...outerEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const take = (chunk: Buffer): void => {
      const text = chunk.toString()
      output += text
      if (onLine) for (const line of text.split('\n')) if (line.trim()) onLine(line.trim())
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', fail)
    child.on('close', (code) => {
      done({ code: code ?? 1, output })
    })
  })

/** The last lines of a tool's output: what a person needs of it. */
export const tail = (output: string, lines = 15): string =>
  output.trim().split('\n').slice(-lines).join('\n')

const recorded = (file: string): string =>
  existsSync(file) ? readFileSync(file, 'utf8').trim() : ''

/** Whether Evidence and its patches are installed as the lock says. */
export const siteInstalled = (): boolean => recorded(installStamp) === installFingerprint()

/** Installs Evidence into `reports/node_modules` by the lock and applies the patches; nothing when that is done. */
export const installSite = async (onProgress: Progress = () => {}): Promise<void> => {
  if (siteInstalled()) return
  onProgress('Evidence: установка (около 700 МБ, от одной до шести минут)…')
  const npm = process.env['npm_execpath']
  const parameters = ['ci', '--no-audit', '--no-fund']
  const { code, output } = npm
    ? await runTool(process.execPath, [npm, ...parameters], { cwd: reportsFolder })
    : await runTool(process.platform === 'win32' ? 'npm.cmd' : 'npm', parameters, {
        cwd: reportsFolder,
      })
  if (code !== 0)
    throw new SiteError(
      'install',
      'Evidence не установился',
      'Проверьте доступ к реестру npm и свободное место (нужен 1 ГБ), затем повторите команду',
      tail(output),
    )
  writeFileSync(installStamp, installFingerprint())
  onProgress('Evidence: установлен')
}

const pageTarget = (file: string): string =>
  file.endsWith('index.md')
    ? file.replace(/index\.md$/, '+page.md')
    : file.endsWith('.md')
      ? file.replace(/\.md$/, '/+page.md')
      : file

/**
 * The menu: address and name of every page that stands for itself. Front matter says the name (`menu`, else `title`) and the place
 * (`place`, a number; pages without one come last).
 */
export const sectionsOf = (pages: string): readonly (readonly [string, string])[] =>
  filesUnder(pages)
    .filter((file) => file.endsWith('.md') && !file.includes('['))
    .map((file) => {
      const head = /^---\n([\s\S]*?)\n---/.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
      const said = (name: string): string | undefined =>
        new RegExp(`^${name}:\\s*(.+?)\\s*$`, 'm').exec(head)?.[1]
      const path = relative(pages, file)
        .replaceAll('\\', '/')
        .replace(/(^|\/)index\.md$|\.md$/, '')
      return {
        href: path === '' ? '/' : `/${path}/`,
        name: said('menu') ?? said('title') ?? path,
        place: Number(said('place') ?? Infinity),
      }
    })
    .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : a.href < b.href ? -1 : 1))
    .map(({ href, name }) => [href, name])

/** Evidence's template with our pages, components and styles laid over it. */
const assemble = (): void => {
  rmSync(templateFolder, { recursive: true, force: true })
  mkdirSync(templateFolder, { recursive: true })
  cpSync(join(reportsFolder, 'node_modules/@evidence-dev/evidence/template'), templateFolder, {
    recursive: true,
  })
  for (const unwanted of [
    'explore',
    'settings',
    'api',
    'fix-tprotocol-service-worker.js',
    'manifest.webmanifest',
    '+page.md',
  ])
    rmSync(join(templateFolder, 'src/pages', unwanted), { recursive: true, force: true })
  rmSync(join(templateFolder, 'static'), { recursive: true, force: true })
  const lay = (from: string, to: string, rename = (name: string) => name): void => {
    for (const file of filesUnder(join(reportsFolder, from))) {
      const target = join(templateFolder, to, rename(relative(join(reportsFolder, from), file)))
      mkdirSync(dirname(target), { recursive: true })
      cpSync(file, target)
    }
  }
  lay('pages', 'src/pages', pageTarget)
  lay('components', 'src/components')
  lay('static', 'static')
  lay('template', '.')
  writeFileSync(
    join(templateFolder, 'src/components/sections.js'),
    `export const sections = ${JSON.stringify(sectionsOf(join(reportsFolder, 'pages')))}\n`,
  )
  writeFileSync(
    join(templateFolder, 'src/app.css'),
    [
      readFileSync(join(templateFolder, 'src/app.css'), 'utf8'),
      readFileSync(join(reportsFolder, 'app.css'), 'utf8'),
    ].join('\n'),
  )
}

/** What stands in the header and the footer of every page. */
export interface Publication {
  readonly generation: string
  readonly published_on: string
  readonly data_as_of: string
  readonly office: string
  readonly [column: string]: string | number | boolean | null
}

/** Where the edition's file is looked for by the pages' queries while they are rendered. */
export const editionFile = join(dataFolder, source, source, `${source}.duckdb`)

/** The site's path of the edition's file, under a folder named by its content so that no browser keeps an old one. */
export const editionPath = (hash: string): string =>
  `data/${source}/${source}/${hash}/${source}.duckdb`

export const dataManifest = (path: string): string =>
  JSON.stringify({ renderedFiles: { [source]: [path] } })

/** Makes a place for the edition's file and writes what the pages need beside it. */
export const layData = (publication: Publication): void => {
  mkdirSync(dirname(editionFile), { recursive: true })
  writeFileSync(
    join(dataFolder, 'manifest.json'),
    dataManifest(`static/data/${source}/${source}/${source}.duckdb`),
  )
  writeFileSync(join(dataFolder, 'publication.json'), JSON.stringify(publication))
}

/** A page's query that failed leaves the exit code 0; only the log tells. */
export const failedQuery = (output: string): string | undefined => {
  const lines = output.split('\n')
  const at = lines.findIndex((line) =>
    /Error in Query|Binder Error|Catalog Error|Parser Error/.test(line),
  )
  return at < 0 ? undefined : lines.slice(at, at + 6).join('\n')
}

/** Whether a build of the present pages lies ready, so that `renderSite` can run. */
export const shellReady = (): boolean =>
  existsSync(join(templateFolder, '.svelte-kit/output/server/manifest-full.js')) &&
  recorded(stampFile) === shellFingerprint()

/**
 * Builds the shell: Evidence's Vite build of the pages over one structural row for every table. It depends on no data, takes one to
 * four minutes and 3 GB of memory, and is made again only when a page, a component, a patch or the contract changed.
 */
export const makeShell = async (
  onProgress: Progress = () => {},
): Promise<{ built: boolean; ms: number }> => {
  const started = performance.now()
  const spent = (): number => Math.round(performance.now() - started)
  if (shellReady()) return { built: false, ms: spent() }
  await installSite(onProgress)
  onProgress('Сайт: сборка оболочки (1–4 минуты, нужна один раз на изменение страниц)…')
  rmSync(stampFile, { force: true })
  assemble()
  const structural = structuralRows()
  layData(structural['mart_publication']?.[0] as Publication)
  await writeEdition(editionFile, structural)
  const ticking = setInterval(() => {
    onProgress(`Сайт: сборка оболочки, ${String(Math.round(spent() / 1000))} с…`)
  }, 20_000)
  const { code, output } = await runTool(
    process.execPath,
    ['--max-old-space-size=4096', join(reportsFolder, 'node_modules/vite/bin/vite.js'), 'build'],
    {
      cwd: templateFolder,
      env: {
        EVIDENCE_DATA_URL_PREFIX: 'static/data',
        EVIDENCE_DATA_DIR: './static/data',
        EVIDENCE_IS_BUILDING: 'true',
        NODE_ENV: 'production',
        SEND_ANONYMOUS_USAGE_STATS: 'no',
      },
    },
  ).finally(() => {
    clearInterval(ticking)
  })
  writeFileSync(join(reportsFolder, '.evidence/build.log'), output)
  const query = failedQuery(output)
  if (code !== 0 || query !== undefined)
    throw new SiteError(
      'build',
      query === undefined ? 'Оболочка сайта не собралась' : 'Запрос страницы не выполнился',
      'Причина в последних строках reports/.evidence/build.log',
      query ?? tail(output),
    )
  rmSync(join(templateFolder, 'build'), { recursive: true, force: true })
  writeFileSync(stampFile, shellFingerprint())
  onProgress(`Сайт: оболочка собрана за ${String(Math.round(spent() / 1000))} с`)
  return { built: true, ms: spent() }
}
