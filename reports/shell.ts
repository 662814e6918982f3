import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { reportsFolder, templateFolder, workFolder } from './folders.ts'
import { renderPages } from './render.ts'
import type { Publication } from './render.ts'
import { martColumns, martTitles, structuralRows, writeEdition } from './structure.ts'
import { faultOfPage, runTool, SiteError, tail } from './tool.ts'
import type { Progress } from './tool.ts'

const stampFile = join(workFolder, 'shell.json')
const installStamp = join(reportsFolder, 'node_modules/.mera-install')

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

/** Of everything that a build of the pages is made of, the columns of the marts and their headings included. */
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
      'evidence.config.yaml',
    ],
    JSON.stringify([martColumns, martTitles]),
  )

/** Of everything besides the edition that makes a site what it is: the build, what renders from it, and Node, which formats numbers and dates. */
export const siteFingerprint = (): string =>
  fingerprint(['rendering', 'render.ts', 'site.ts'], `${shellFingerprint()} ${process.version}`)

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
  // People wait for what the data say first.
  const options = { cwd: reportsFolder, givesWay: true }
  const { code, output } = npm
    ? await runTool(process.execPath, [npm, ...parameters], options)
    : await runTool(process.platform === 'win32' ? 'npm.cmd' : 'npm', parameters, options)
  if (code !== 0)
    throw new SiteError(
      'site-install',
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
  renameSync(
    join(templateFolder, 'vite.config.js'),
    join(templateFolder, 'vite.evidence.config.js'),
  )
  lay('pages', 'src/pages', pageTarget)
  lay('components', 'src/components')
  lay('static', 'static')
  lay('template', '.')
  writeFileSync(
    join(templateFolder, 'src/components/sections.js'),
    `export const sections = ${JSON.stringify(sectionsOf(join(reportsFolder, 'pages')))}\n`,
  )
  writeFileSync(
    join(templateFolder, 'src/components/titles.js'),
    `export const titles = ${JSON.stringify(martTitles)}\n`,
  )
  writeFileSync(
    join(templateFolder, 'src/app.css'),
    [
      readFileSync(join(templateFolder, 'src/app.css'), 'utf8'),
      readFileSync(join(reportsFolder, 'app.css'), 'utf8'),
    ].join('\n'),
  )
}

/** Whether a build of the present pages lies ready, so that `renderSite` can run. */
export const shellReady = (): boolean =>
  existsSync(join(templateFolder, '.svelte-kit/output/server/manifest-full.js')) &&
  recorded(stampFile) === shellFingerprint()

/** Renders the pages once over one structural row for every table: a page that does not render is found before there are data. */
const tryPages = async (): Promise<void> => {
  const folder = join(workFolder, 'structure')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const rows = structuralRows()
  const edition = join(folder, 'edition.duckdb')
  await writeEdition(edition, rows)
  const publication = rows['mart_publication']?.[0] as unknown as Publication
  await renderPages({ edition, out: join(folder, 'site'), publication, schoolPages: true })
  rmSync(folder, { recursive: true, force: true })
}

/**
 * Builds the shell: Evidence's Vite build of the pages and a rendering over one structural row for every table. It depends on no data, takes one to
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
  const ticking = setInterval(() => {
    onProgress(`Сайт: сборка оболочки, ${String(Math.round(spent() / 1000))} с…`)
  }, 20_000)
  const { code, output } = await runTool(
    process.execPath,
    ['--max-old-space-size=4096', join(reportsFolder, 'node_modules/vite/bin/vite.js'), 'build'],
    {
      cwd: templateFolder,
      env: {
        EVIDENCE_IS_BUILDING: 'true',
        NODE_ENV: 'production',
        SEND_ANONYMOUS_USAGE_STATS: 'no',
      },
    },
  ).finally(() => {
    clearInterval(ticking)
  })
  writeFileSync(join(workFolder, 'build.log'), output)
  if (code !== 0) {
    const fault = faultOfPage(output)
    throw new SiteError(
      'site-build',
      fault === undefined
        ? 'Оболочка сайта не собралась'
        : `Страница «${fault.page}» не собирается: ${fault.why}`,
      fault === undefined
        ? 'Причина в последних строках reports/.evidence/build.log'
        : 'Исправьте её в reports/pages; подробности в reports/.evidence/build.log',
      tail(output),
    )
  }
  await tryPages()
  writeFileSync(stampFile, shellFingerprint())
  onProgress(`Сайт: оболочка собрана за ${String(Math.round(spent() / 1000))} с`)
  return { built: true, ms: spent() }
}
