import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadProject, type Catalog } from '../warehouse/catalog.ts'
import { MeraError } from '../warehouse/errors.ts'
import { openHome, type Home } from '../warehouse/home.ts'
import { readManifest, requireEdition } from '../warehouse/generation.ts'
import { readJournal } from '../warehouse/journal.ts'
import { saidOfPath } from '../warehouse/system.ts'
import { readConfig, readOwnConfig } from '../workflows/config.ts'
import { ConfigError, ServerUnavailable } from '../workflows/errors.ts'
import type { DevServer } from '../workflows/server.ts'
import { printLoad, reportOf, takeIn } from './arrival.ts'
import { defineCommand, type Answer, type Call } from './command.ts'
import { chosenEngine, openSession, type SessionOptions } from './engine.ts'
import { printFindings, printQuarantine, readFindings } from './findings.ts'
import { hasFailed, printChecks } from './generation.ts'
import { nothingToShow } from './refresh.ts'
import { noted } from './run.ts'
import { duration, number, plural } from './russian.ts'
import { defaultEdition, siteOf } from './site.ts'
import { untilStopped } from './stop.ts'
import { usageError, wholeOption } from './usage.ts'

/** How long the demo waits for a server once everything else is ready, ms. */
const patience = 8_000

export const command = defineCommand({
  usage: 'demo [--no-serve] [--project ПАПКА --data ПАПКА]',
  help: [
    'Показывает весь путь: делает файлы вымышленного муниципалитета, загружает, строит, проверяет, публикует,',
    'печатает, что нашлось, собирает сайт и открывает его на этом компьютере.',
    'С --project и --data — то же на данных другого проекта.',
  ].join('\n'),
  options: {
    'no-serve': { type: 'boolean', doc: 'закончить, когда сайт собран' },
    'no-site': { type: 'boolean', doc: 'сайта не собирать: закончить находками' },
    data: { type: 'string', value: 'ПАПКА', doc: 'файлы вместо образца' },
    port: { type: 'string', value: 'N', doc: 'порт сайта; по умолчанию 4000 или любой свободный' },
  },
  positionals: { min: 0, max: 0 },
  examples: ['mera demo', 'mera demo --project examples/north-carolina --data загрузки/nc'],
  run: async (call) => {
    const { values, terminal, project, signal } = call
    const port = wholeOption('port', values.port, 0, 65_535)
    const data = values.data === undefined ? undefined : resolve(values.data)
    if (project !== undefined && data === undefined)
      throw usageError('для проекта нужны его данные', 'добавьте --data ПАПКА')
    if (data !== undefined && !existsSync(data))
      throw usageError(`папки «${values.data ?? ''}» нет`, 'проверьте путь в --data')
    const folder = resolve('data', project === undefined ? 'demo' : 'demo-project')
    const isOwnHome = call.homePath === resolve('data') && (call.env['MERA_HOME'] ?? '') === ''
    const { office, title, timeZone } = await loadProject(project)
    const home = await openHome(isOwnHome ? resolve(folder, 'home') : call.homePath, {
      office: `${office ?? title} (показ)`,
      timeZone,
    })

    const started = performance.now()
    const site = values['no-site'] === true ? undefined : prepareSite(call)
    const server = reachServer(call, home)
    try {
      const catalog = await call.loadCatalog()
      terminal.print(terminal.paint('bold', `Мера: ${catalog.project.title}`))
      const inbox = data ?? (await makeSample(call, resolve(folder, 'sample')))
      const options = await choose(call, server, home, catalog)
      const found = await publishAndTell(call, inbox, options)
      terminal.note(`Находки готовы через ${duration(performance.now() - started)}`)
      if (found.isRefused === true) return found
      if (site === undefined) {
        await advise(call, home)
        return found
      }
      const url = await showSite(call, { home, site, port, isServed: values['no-serve'] !== true })
      if (url === undefined) {
        await advise(call, home)
        return found
      }
      await advise(call, home, { url: url.url, ui: (await server.started)?.ui })
      await untilStopped(signal)
      await url.close()
      return { ...found, json: { ...found.json, url: url.url } }
    } finally {
      await server.stop()
    }
  },
})

type Demo = Pick<Call, 'terminal' | 'env' | 'engine' | 'signal' | 'project'>

const makeSample = async ({ terminal }: Demo, folder: string): Promise<string> => {
  const { writeSample } = await import('../examples/municipality/generate.ts')
  const stage = terminal.stage('Вымышленный муниципалитет')
  const { files } = await writeSample(folder, { errors: true }, (done, total) => {
    stage.progress(done, total)
  })
  stage.done(
    `${plural(files.length, 'файл', 'файла', 'файлов')} в ${relative('', folder)}, с ошибками, какие бывают`,
  )
  return folder
}

/** Why a demo goes on without a Temporal server, and how to have one: a line each, in Russian. */
export interface Lack {
  readonly because: string
  readonly advice: string
}
export const lackOf = (error: unknown): Lack => {
  const said =
    saidOfPath(error) ??
    (error instanceof Error ? error.message : String(error)).split('\n')[0] ??
    ''
  const because = error instanceof MeraError ? said : `сервера Temporal нет: ${said}`
  return error instanceof ConfigError
    ? { because, advice: `Чтобы прогоны шли через Temporal, ${error.hint ?? ''}` }
    : { because, advice: `Чтобы прогоны шли через Temporal, ${ServerUnavailable.remedy}` }
}
const late: Lack = {
  because: 'сервер Temporal не успел запуститься',
  advice: 'Чтобы дождаться его, повторите с --engine temporal',
}

interface Reaching {
  /** Undefined where there is none to be had. */
  readonly started: Promise<DevServer | undefined>
  readonly lack: () => Lack
  readonly stop: () => Promise<void>
}
/** Looks for a Temporal server beside the other work; a demo goes on without one. */
const reachServer = ({ env, engine }: Demo, home: Home): Reaching => {
  const { cache, engine: wanted } = readOwnConfig(env)
  const isWanted = engine !== 'local' && wanted !== 'local' && readConfig(env).target === undefined
  let lack = late
  const started = !isWanted
    ? Promise.resolve(undefined)
    : Promise.all([import('../workflows/server.ts'), import('../workflows/worker.ts')])
        .then(async ([{ startDevServer }, { bundleWorkflows }]) => {
          const [server] = await Promise.all([
            startDevServer({ home: home.path, ui: true, env }),
            bundleWorkflows(cache),
          ])
          return server
        })
        .catch((error: unknown) => {
          lack = lackOf(error)
          return undefined
        })
  return {
    started,
    lack: () => lack,
    stop: async () => {
      const server = await Promise.race([started, sleep(2_000, undefined, { ref: false })])
      await server?.stop()
    },
  }
}

interface DemoOptions extends SessionOptions {
  /** How to have the Temporal server that the demo goes on without. */
  readonly advice?: string
}
const choose = async (
  { engine, env, terminal }: Demo,
  server: Reaching,
  home: Home,
  catalog: Catalog,
): Promise<DemoOptions> => {
  const choice = await chosenEngine({ engine, env }, home)
  const isNamed = engine !== undefined || readOwnConfig(env).engine !== undefined
  if (choice.engine === 'temporal' && !isNamed) return { home, catalog, choice }
  if (isNamed && choice.engine === 'local') return { home, catalog, choice }
  const stage = terminal.stage('Сервер Temporal')
  const reached = await Promise.race([server.started, sleep(patience, undefined, { ref: false })])
  stage.drop()
  if (reached === undefined && isNamed) return { home, catalog, choice, ui: true }
  if (reached !== undefined) {
    const { because } = reached
    return { home, catalog, choice: { engine: 'temporal', because, server: reached }, ui: true }
  }
  const { because, advice } = server.lack()
  return { home, catalog, choice: { engine: 'local', because }, advice }
}

const publishAndTell = async (
  call: Call<never> | Demo,
  inbox: string,
  options: DemoOptions,
): Promise<Answer> => {
  const { terminal } = call
  const { home, catalog, advice } = options
  const arrival = await takeIn(call, home, catalog, [inbox], {})
  const session = await openSession(call, options)
  if (advice !== undefined) terminal.note(advice)
  if (session.ui !== undefined)
    terminal.note(`Веб-интерфейс Temporal, пока идёт показ: ${session.ui}`)
  try {
    const refreshed = await noted(
      home,
      { command: 'demo', engine: session.engine, signal: call.signal },
      async () => {
        const result = await session.refresh({ files: arrival.files })
        return { result, load: result.load, status: result.status }
      },
    )
    const { build, status } = refreshed
    const report = await reportOf(home, arrival)
    terminal.print()
    printLoad(terminal, report, catalog, { isBrief: true })
    if (status === 'nothing-to-show') {
      terminal.print(nothingToShow(report, await readJournal(home)))
      return { json: { status, generation: null, findings: [] }, isRefused: true }
    }
    const manifest = await readManifest(home, build.generation)
    terminal.print(
      `Таблиц построено: ${number(build.built.length)}, без изменений: ${number(build.unchanged)}; поколение ${build.generation}`,
    )
    if (hasFailed(manifest.checks)) {
      await printChecks(call, home, manifest)
      return { json: { status, generation: build.generation, findings: [] }, isRefused: true }
    }
    const findings = await readFindings(home)
    terminal.print()
    terminal.print(terminal.paint('bold', 'Что нашлось'))
    printFindings(terminal, findings)
    printQuarantine(terminal, report, findings)
    terminal.print()
    return {
      json: {
        status,
        engine: session.engine,
        generation: build.generation,
        contentHash: build.contentHash,
        read: report.read,
        loaded: report.loaded,
        quarantined: report.quarantined,
        findings,
      },
    }
  } finally {
    await session.close()
  }
}

interface Preparing {
  readonly installed: Promise<unknown>
  /** From now on the installation's lines are shown. */
  readonly show: () => void
}
/** Evidence is installed while the data load; what it says is shown when nothing else is. */
const prepareSite = ({ terminal }: Demo): Preparing => {
  let isShown = false
  let last = ''
  const installed = import('../reports/site.ts').then(({ installSite }) =>
    installSite((line) => {
      last = line
      if (isShown) terminal.note(line)
    }),
  )
  // Awaited when the site's turn comes; until then a failure is not a crash.
  installed.catch(() => undefined)
  return {
    installed,
    show: () => {
      isShown = true
      if (last !== '') terminal.note(last)
    },
  }
}

interface Served {
  readonly url: string
  readonly close: () => Promise<void>
}
const showSite = async (
  { terminal }: Demo,
  options: {
    readonly home: Home
    readonly site: Preparing
    readonly port: number | undefined
    readonly isServed: boolean
  },
): Promise<Served | undefined> => {
  const { home, site, port, isServed } = options
  site.show()
  await site.installed
  const { buildShell, renderSite, serveSite } = await import('../reports/site.ts')
  const { publishedGeneration } = await import('../warehouse/query.ts')
  const edition = await requireEdition(home, await publishedGeneration(home), defaultEdition)
  const onProgress = (line: string): void => {
    terminal.note(line)
  }
  await buildShell(onProgress)
  const out = siteOf(home)
  const { pages, stands } = await renderSite({ edition, out, onProgress })
  terminal.print(
    `Сайт: ${plural(pages, 'страница', 'страницы', 'страниц')} в ${relative('', out)}${stands ? ', без изменений' : ''}`,
  )
  if (!isServed) return undefined
  return port === undefined
    ? await serveSite(out, 4000).catch(() => serveSite(out, 0))
    : await serveSite(out, port)
}

const advise = async (
  { terminal, project }: Demo,
  home: Home,
  served?: { readonly url: string; readonly ui: string | undefined },
): Promise<void> => {
  const at = `--home ${relative('', home.path)}${project === undefined ? '' : ` --project ${relative('', project)}`}`
  terminal.print()
  if (served !== undefined) {
    const { url, ui } = served
    terminal.print(`${terminal.paint('bold', 'Сайт открыт:')} ${terminal.paint('cyan', url)}`)
    if (ui !== undefined) terminal.print(`Прогоны Temporal: ${terminal.paint('cyan', ui)}`)
    terminal.print()
  }
  terminal.print(served === undefined ? 'Что попробовать' : 'Что попробовать в другом окне')
  if (served === undefined) terminal.print(`  npx mera reports ${siteWord(home)} ${at}`)
  terminal.print(`  npx mera status ${at}`)
  terminal.print(`  npx mera sql "from marts.mart_finding limit 20" ${at}`)
  terminal.print(
    `  npx mera describe mart_indicator_value${project === undefined ? '' : ` --project ${relative('', project)}`}`,
  )
  const [risk] = (await readFindings(home)).filter(({ kind }) => kind === 'risk')
  if (risk !== undefined)
    terminal.print(
      `  npx mera trace mart_indicator_value indicator=${risk.indicator} level=school unit_key=${risk.school_key} procedure=${risk.procedure} subject=${risk.subject} grade=all --limit 1 ${at}`,
    )
  terminal.print(`  npx mera refresh ПАПКА_С_ВАШИМИ_ФАЙЛАМИ --home data/office`)
  if (served !== undefined) terminal.note('Остановить: Ctrl+C')
}
const siteWord = (home: Home): string => (existsSync(siteOf(home)) ? 'serve' : 'build')
