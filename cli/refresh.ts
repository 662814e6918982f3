import { readManifest } from '../warehouse/generation.ts'
import type { Home } from '../warehouse/home.ts'
import { readJournal, type Journal } from '../warehouse/journal.ts'
import { filesOfYears, requirePaths } from '../warehouse/land.ts'
import { isNews, type LoadReport } from '../warehouse/load-report.ts'
import { fateText } from '../workflows/approval.ts'
import type { RefreshStatus } from '../workflows/messages.ts'
import { filesJson, isAnyRefused, printLoad, reportOf, takeIn, type Arrival } from './arrival.ts'
import { defineCommand } from './command.ts'
import { chosenEngine, openSession } from './engine.ts'
import { fact, factsOf, withUnused } from './fact.ts'
import { hasFailed, printChecks } from './generation.ts'
import { noted } from './run.ts'
import { number, plural } from './russian.ts'
import { backAgain, stillTaken, takenBackJson, takenBackOf } from './taken-back.ts'
import { siteNews, siteOf, siteReady, siteRenderer } from './site.ts'
import { usageError, yearsOption } from './usage.ts'

const endings: Readonly<Record<RefreshStatus, string>> = {
  published: 'опубликовано',
  unchanged: 'уже опубликовано: ничего не изменилось',
  'checks-failed': 'не опубликовано: проверка нашла ошибки',
  'nothing-to-show': 'не опубликовано: показывать нечего',
  waiting: 'построено и ждёт разрешения: mera approve',
  rejected: 'отклонено и удалено',
  expired: 'не дождалось разрешения и удалено',
  overtaken: 'не опубликовано',
}

/** Endings after which the generation is not the run's to speak of. */
const lost: ReadonlySet<RefreshStatus> = new Set(['rejected', 'expired', 'overtaken'])

export const command = defineCommand({
  usage: 'refresh [ПУТЬ…] [--fact имя=значение] [--years A..B] [--no-site]',
  help: [
    'Весь путь за раз: загрузить файлы и папки, построить таблицы и издания, проверить, опубликовать, обновить страницы сайта.',
    'Делается только то, что изменилось. Без путей — по тому, что уже загружено.',
    'Страницы сайта обновляются, если сайт хоть раз собирали: mera reports build.',
  ].join('\n'),
  options: {
    fact,
    years: {
      type: 'string',
      value: 'A..B',
      doc: 'без путей: из тех полученных раньше файлов, чьи формы с тех пор стали другими, перечитать только файлы этих учебных лет (по их концам); каждый год — отдельным прогоном, публикация одна',
    },
    'no-site': { type: 'boolean', doc: 'страниц сайта не обновлять' },
  },
  positionals: { min: 0, max: 10_000 },
  examples: ['mera refresh письма/2026', 'mera refresh --years 2023..2024 --engine temporal'],
  run: async (call) => {
    const { values, positionals, terminal } = call
    // A slip in a path must not leave an empty home behind.
    await requirePaths(positionals)
    const years = yearsOf(values.years, positionals)
    if (values.fact !== undefined) factsOf(values.fact, await call.nearCatalog())
    const home = await call.openHome({ create: true })
    const catalog = await call.loadCatalog(home)
    const facts = factsOf(values.fact, catalog)
    const isSiteWanted = values['no-site'] !== true
    const render = isSiteWanted && (await siteReady())
    const choice = await chosenEngine(call, home)
    const taken = await takeIn(call, home, catalog, positionals, facts)
    const arrival = years === undefined ? taken : await ofYears(home, taken, years)
    const session = await openSession(call, {
      home,
      catalog,
      choice,
      ...(render ? { render: siteRenderer(home) } : {}),
    })
    try {
      const rolledBack = await takenBackOf(home)
      const refreshed = await noted(
        home,
        { command: 'refresh', engine: session.engine, signal: call.signal },
        async () => {
          const result = await (years === undefined
            ? session.refresh({ files: arrival.files, render })
            : session.backfill({ from: years[0], to: years[1], render }))
          return { result, load: result.load, status: result.status }
        },
      )
      const { status, build, pages, published, missed } = refreshed
      const found = await reportOf(home, arrival, positionals)
      const report = withUnused(found, facts, catalog, arrival.received)
      const { generation, contentHash } = build
      const isEmpty = status === 'nothing-to-show'
      const isKept = !isEmpty && !lost.has(status)
      const manifest = isKept ? await readManifest(home, generation) : undefined
      const checks = manifest?.checks ?? []
      if (report.files.length > 0) printLoad(terminal, report, catalog)
      terminal.print(
        `Таблиц построено: ${number(build.built.length)}, без изменений: ${number(build.unchanged)}`,
      )
      if (isKept) await printChecks(call, home, { generation, checks })
      terminal.print(
        isEmpty
          ? nothingToShow(report, await readJournal(home))
          : `Поколение ${generation} ${endings[status]}`,
      )
      if (missed !== undefined) {
        const { message, hint } = fateText(generation, missed.missed, missed.current)
        terminal.print(`Что случилось: ${message}`)
        terminal.print(`Что делать: ${hint}`)
      }
      if (rolledBack !== undefined)
        terminal.print(
          status === 'published'
            ? await backAgain(home, rolledBack, generation)
            : stillTaken(rolledBack),
        )
      if (pages > 0)
        terminal.print(
          `Сайт: ${plural(pages, 'страница', 'страницы', 'страниц')} в папке ${siteOf(home)}`,
        )
      else if (isSiteWanted && (status === 'published' || status === 'unchanged'))
        terminal.print(await siteNews(home, generation))
      return {
        json: {
          ...filesJson(report),
          status,
          engine: session.engine,
          generation,
          contentHash,
          built: build.built,
          unchanged: build.unchanged,
          checks,
          published,
          missed: missed ?? null,
          rolledBack: takenBackJson(rolledBack),
          pages,
        },
        isRefused: isAnyRefused(report, positionals) || (isKept && hasFailed(checks)),
      }
    } finally {
      await session.close()
    }
  },
})

type Years = readonly [from: number, to: number]

const yearsOf = (text: string | undefined, paths: readonly string[]): Years | undefined => {
  if (text === undefined) return undefined
  if (paths.length > 0)
    throw usageError(
      '--years перечитывает полученное раньше, а новые файлы берутся целиком',
      'укажите что-нибудь одно: пути или --years',
    )
  return yearsOption(text)
}

/** Of the files that would be read again, those of the years. */
const ofYears = async (home: Home, arrival: Arrival, [from, to]: Years): Promise<Arrival> => {
  const wanted = new Set(await filesOfYears(home, from, to))
  return { ...arrival, files: arrival.files.filter((sha256) => wanted.has(sha256)) }
}

/** Why nothing was published, and what to do. */
export const nothingToShow = (
  { files }: Pick<LoadReport, 'files'>,
  journal: Pick<Journal, 'received' | 'delivered' | 'withdrawn'>,
): string =>
  `Ничего не опубликовано: ${whyNothing(journal)}, страницам нечего показать. ${
    files.filter(isNews).some(({ status }) => status === 'refused' || status === 'unrecognised')
      ? 'Исправьте названное выше и повторите'
      : 'Загрузите файлы с результатами'
  }: mera refresh ПАПКА; годится ли файл, скажет mera check ФАЙЛ`

/** By all that ever came, not by what came now. */
const whyNothing = ({
  received,
  delivered,
  withdrawn,
}: Pick<Journal, 'received' | 'delivered' | 'withdrawn'>): string => {
  if (received === 0) return 'файлов ещё не было'
  const rows = delivered.reduce((sum, { loaded }) => sum + loaded, 0)
  const files = `${plural(received, 'файл', 'файла', 'файлов')}${withdrawn.length === 0 ? '' : `, отозвано ${number(withdrawn.length)}`}`
  return rows === 0
    ? `из полученного (${files}) не загружено ни одной строки данных`
    : `загруженного (${plural(rows, 'строка', 'строки', 'строк')}) не хватает ни для одного показателя`
}
