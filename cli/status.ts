import {
  currentGeneration,
  listGenerations,
  pinned,
  readManifest,
  type CheckResult,
} from '../warehouse/generation.ts'
import { officeOf } from '../warehouse/editions.ts'
import { wasPublished } from '../warehouse/history.ts'
import { MeraError } from '../warehouse/errors.ts'
import type { Home } from '../warehouse/home.ts'
import { readJournal, type Journal, type Run } from '../warehouse/journal.ts'
import { busyLine } from '../warehouse/lock.ts'
import { replacedFiles } from '../warehouse/report.ts'
import { saidOfPath } from '../warehouse/system.ts'
import { examineSettings, type ExpectedDelivery, type SettingsFile } from '../warehouse/settings.ts'
import { waitingGeneration } from '../workflows/approval.ts'
import { readConfig } from '../workflows/config.ts'
import type { Progress } from '../workflows/messages.ts'
import { withdrawnText } from './arrival.ts'
import type { Call } from './command.ts'
import { defineCommand } from './command.ts'
import { stageTitle } from './engine.ts'
import { printFound } from './generation.ts'
import { replacedLines } from './namesakes.ts'
import { shortPaths } from './paths.ts'
import { reasonTitle } from './reasons.ts'
import { isoDay, moment, number, plural, schoolYear } from './russian.ts'
import { stillTaken, takenBackJson, takenBackOf } from './taken-back.ts'
import { table } from './terminal.ts'

export type DeliveryState = 'not_required' | 'not_delivered' | 'zero' | 'delivered'
export interface Delivery {
  readonly source: string
  readonly title: string
  readonly year: number | null
  readonly state: DeliveryState
  /** ISO date by which it is expected. */
  readonly due: string | null
  /** It is required, did not come, and its day or, where none is set, its school year is over. */
  readonly isOverdue: boolean
  readonly files: number
  readonly rows: number
}
const states: Readonly<Record<DeliveryState, string>> = {
  not_required: 'не требуется',
  not_delivered: 'ожидается',
  zero: 'получено без данных',
  delivered: 'получено',
}

const engines: Readonly<Record<string, string>> = {
  local: 'в этом процессе',
  temporal: 'через Temporal',
}
const endings: Readonly<Record<string, string>> = {
  loaded: 'загружено',
  refused: 'загружено не всё: есть отклонённые файлы',
  published: 'опубликовано',
  unchanged: 'ничего не изменилось',
  built: 'построено',
  'rolled-back': 'возвращено прежнее',
  pinned: 'закреплено',
  unpinned: 'больше не закреплено',
  withdrawn: 'отозваны файлы',
  restored: 'возвращены отозванные файлы',
  approved: 'публикация разрешена',
  'checks-failed': 'не опубликовано: проверка нашла ошибки',
  'nothing-to-show': 'не опубликовано: показывать нечего',
  waiting: 'ждёт разрешения',
  rejected: 'отклонено',
  expired: 'не дождалось разрешения',
  overtaken:
    'не опубликовано: пока ждало разрешения, его удалили, сняли или опубликовали более новое',
  declined: 'отказ',
  failed: 'сбой',
  cancelled: 'отменён',
}

/** Rows are shown of what is built; a generation that is not published is named. */
export const whereQuarantine = (
  published: string | undefined,
  latest: string | undefined,
): string =>
  published !== undefined
    ? ': mera sql "from marts.mart_quarantine"'
    : latest !== undefined
      ? `: mera sql "from marts.mart_quarantine" --generation ${latest}`
      : '; сами строки покажет mera sql "from marts.mart_quarantine" после mera refresh'

export const command = defineCommand({
  usage: 'status',
  help: [
    'Показывает опубликованное поколение, последние прогоны, карантин, ожидаемые поставки и идущие прогоны Temporal.',
    'Что ожидается, управление записывает в settings/expected-deliveries.json хранилища.',
  ].join('\n'),
  options: {},
  positionals: { min: 0, max: 0 },
  run: async (call) => {
    const { terminal } = call
    const home = await call.openHome()
    const catalog = await call.loadCatalog(home)
    const office = officeOf(home, catalog.project)
    const journal = await readJournal(home)
    const replaced = await replacedFiles(home)
    const { settings, fault } = await examineSettings(home)
    const isSound = (name: SettingsFile): boolean =>
      fault?.fields.every(({ file }) => file !== name) ?? true
    const expected = isSound('expected-deliveries.json') ? settings.expectedDeliveries : []
    const titles = new Map(catalog.sources.map(({ name, form }) => [name, form.title]))
    const today = isoDay(new Date(), home.timeZone)
    const deliveries = deliveriesOf(journal, expected, titles, today)
    const published = await publishedOf(home)
    const generations = await listGenerations(home)
    const kept = await pinned(home)
    const waiting = isSound('approvals.json')
      ? await waitingGeneration(home, settings.approvals)
      : undefined
    const rolledBack = await takenBackOf(home)
    const workflows = await workflowsOf(call, home)

    const when = (iso: string | null): string => (iso === null ? '' : moment(iso, home.timeZone))
    terminal.print(`${office}: ${home.path}`)
    terminal.print(
      published === null
        ? 'Ещё ничего не опубликовано'
        : `Опубликовано поколение ${published.generation} от ${when(published.builtAt)}: ${plural(published.tables.length, 'таблица', 'таблицы', 'таблиц')}, содержание ${published.contentHash.slice(0, 12)}`,
    )
    if (published !== null) await printFound(call, home, published)
    const latest = generations.at(-1)
    const unpublished =
      latest !== undefined &&
      latest !== published?.generation &&
      !(await wasPublished(home, latest))
        ? await readManifest(home, latest)
        : undefined
    if (waiting !== undefined)
      terminal.print(
        `Поколение ${waiting} ждёт разрешения: mera diff покажет, что изменится, mera approve разрешит`,
      )
    else if (unpublished !== undefined)
      terminal.print(`Построено и не опубликовано: ${unpublished.generation}`)
    if (unpublished !== undefined) await printFound(call, home, unpublished)
    if (rolledBack !== undefined) terminal.print(stillTaken(rolledBack))
    if (generations.length > 0) terminal.print(`Поколения: ${generations.join(', ')}`)
    if (kept.length > 0) terminal.print(`Закреплены: ${kept.join(', ')}`)
    terminal.print(`Получено разных файлов: ${number(journal.received)}${replacedCount(journal)}`)
    if (journal.unread > 0)
      terminal.print(
        `Из них ещё не прочитано: ${number(journal.unread)}; их загружает другая команда, а если её прервали, загрузит mera load или mera refresh (принятое исполнителем — через час после приёма, а если назвать папку — сразу)`,
      )
    for (const line of (await replacedLines(home, replaced)).slice(0, 10))
      terminal.print(`  ${line}`)
    if (replaced.length > 10)
      terminal.print(
        `  … и ещё ${plural(replaced.length - 10, 'файл', 'файла', 'файлов')}; все — с --json`,
      )
    for (const line of withdrawnLines(journal.withdrawn)) terminal.print(`  ${line}`)
    for (const { path, status } of journal.refused.slice(0, 10))
      terminal.print(`  ${path}: ${status === 'refused' ? 'отклонён' : 'не распознан'}`)
    if (journal.refused.length > 10)
      terminal.print(
        `  … и ещё ${plural(journal.refused.length - 10, 'файл', 'файла', 'файлов')}; все — с --json`,
      )
    const inQuarantine = journal.quarantine.reduce((sum, { rows }) => sum + rows, 0)
    terminal.print(
      inQuarantine === 0
        ? 'Карантин пуст'
        : `В карантине ${plural(inQuarantine, 'строка', 'строки', 'строк')}${whereQuarantine(published?.generation, latest)}`,
    )
    for (const { source, code, rows } of journal.quarantine.slice(0, 8))
      terminal.print(`  ${titles.get(source) ?? source}, ${reasonTitle(code)}: ${number(rows)}`)
    if (deliveries.length > 0) {
      terminal.print()
      terminal.print(
        table(
          ['Форма', 'Год', 'Состояние', 'Срок', 'Получено файлов', 'В них строк'],
          deliveries.map(({ title, year, state, isOverdue, due, files, rows }) => [
            title,
            year === null ? '' : schoolYear(year),
            isOverdue ? 'просрочено' : states[state],
            due === null ? '' : due.split('-').reverse().join('.'),
            number(files),
            number(rows),
          ]),
          [false, false, false, false, true, true],
        ),
      )
    }
    if (journal.runs.length > 0) {
      terminal.print()
      terminal.print('Последние прогоны')
      for (const run of journal.runs)
        terminal.print(
          `  ${when(run.started_at)} ${run.command ?? ''} (${engines[run.engine ?? ''] ?? run.engine ?? ''}): ${endings[run.status ?? ''] ?? run.status ?? ''}${run.message === null ? '' : `, ${briefly(run.message)}`}`,
        )
    }
    const busy = await busyLine(home)
    const waitOf = ({ isWaiting = false }: Progress): string =>
      isWaiting && busy !== undefined ? `; ${busy}` : ''
    for (const run of workflows ?? [])
      terminal.print(
        `Идёт ${run.workflowId} с ${when(run.started)}${run.progress === undefined ? ': исполнитель не отвечает; если он остановлен, запустите его: mera worker' : `: ${stageTitle(run.progress.stage)}${waitOf(run.progress)}`}`,
      )
    return {
      json: {
        home: home.path,
        office,
        published,
        unpublished:
          unpublished === undefined
            ? null
            : { generation: unpublished.generation, checks: unpublished.checks },
        generations,
        waiting: waiting ?? null,
        rolledBack: takenBackJson(rolledBack),
        pinned: kept,
        files: journal.received,
        unread: journal.unread,
        replaced: { ...journal.replaced, files: replaced },
        withdrawn: journal.withdrawn,
        refused: journal.refused,
        quarantine: { rows: inQuarantine, reasons: journal.quarantine },
        deliveries,
        runs: journal.runs.map(runJson),
        publications: journal.publications,
        workflows,
      },
      fault,
    }
  },
})

const mostFaults = 3
/** Why a run ended, in a line: the first faults of settings, and the first of the names that there are instead of a bad one. */
export const briefly = (message: string): string => {
  const [first = '', ...others] = message
    .replace(
      /(есть: (?:[^,;]+, ){2}[^,;]+)((?:, [^,;]+){2,})/g,
      (_, names: string, more: string) => `${names} и ещё ${number(more.split(', ').length - 1)}`,
    )
    .split(/; (?=[\w-]+\.json[,:])/)
  const more = others.length + 1 - mostFaults
  const brief = [
    first,
    ...others.slice(0, mostFaults - 1),
    ...(more > 0 ? [`и ещё ${plural(more, 'ошибка', 'ошибки', 'ошибок')}`] : []),
  ].join('; ')
  return brief === message ? message : `${brief} (полностью — с --json)`
}

/** A run that told of no rows, as one that was stopped or had none to read, has no counts: nought would be a count. */
export const runJson = ({ read, loaded, quarantined, replaced, ...run }: Run): object => ({
  ...run,
  ...(read === null ? {} : { read, loaded, quarantined, replaced }),
})

const publishedOf = async (
  home: Home,
): Promise<{
  readonly generation: string
  readonly contentHash: string
  readonly builtAt: string
  readonly tables: readonly {
    readonly table: string
    readonly rows: number
    readonly hash: string
  }[]
  readonly checks: readonly CheckResult[]
} | null> => {
  const generation = await currentGeneration(home)
  if (generation === undefined) return null
  const { contentHash, tables, builtAt, checks } = await readManifest(home, generation)
  return {
    generation,
    contentHash,
    builtAt,
    tables: Object.entries(tables).map(([id, { rows, hash }]) => ({ table: id, rows, hash })),
    checks,
  }
}

/** «; не действуют: повторы 1, заменены другими 2, отозваны 1». */
const replacedCount = ({ replaced: { duplicates, superseded }, withdrawn }: Journal): string => {
  const parts = [
    ...(duplicates === 0 ? [] : [`повторы ${number(duplicates)}`]),
    ...(superseded === 0 ? [] : [`заменены другими ${number(superseded)}`]),
    ...(withdrawn.length === 0 ? [] : [`отозваны ${number(withdrawn.length)}`]),
  ]
  return parts.length === 0 ? '' : ` (не действуют: ${parts.join(', ')})`
}

const mostWithdrawn = 5
const withdrawnLines = (files: Journal['withdrawn']): readonly string[] => {
  const short = shortPaths(files.map(({ path }) => path))
  const more = files.length - mostWithdrawn
  return [
    ...files
      .slice(0, mostWithdrawn)
      .map((file) => `${short.get(file.path) ?? file.path} — ${withdrawnText(file)}`),
    ...(more > 0 ? [`… и ещё ${plural(more, 'файл', 'файла', 'файлов')}; все — с --json`] : []),
  ]
}

/** What is expected, with what came of it by today (an ISO date), then what came without being expected. */
export const deliveriesOf = (
  { delivered }: Pick<Journal, 'delivered'>,
  expected: readonly ExpectedDelivery[],
  titles: ReadonlyMap<string, string>,
  today: string,
): readonly Delivery[] => {
  const key = (source: string, year: number | null): string => `${source} ${String(year)}`
  const came = new Map(delivered.map((each) => [key(each.source, each.year), each]))
  const said = new Map(expected.map((each) => [key(each.source, each.year), each]))
  return [...new Set([...said.keys(), ...came.keys()])]
    .map((id): Delivery => {
      const what = came.get(id)
      const want = said.get(id)
      const source = want?.source ?? what?.source ?? ''
      const state =
        what !== undefined
          ? what.loaded > 0
            ? 'delivered'
            : 'zero'
          : want?.required === false
            ? 'not_required'
            : 'not_delivered'
      return {
        source,
        title: titles.get(source) ?? source,
        year: want?.year ?? what?.year ?? null,
        state,
        due: want?.due ?? null,
        isOverdue: state === 'not_delivered' && want !== undefined && today > lastDayOf(want),
        files: what?.files ?? 0,
        rows: what?.loaded ?? 0,
      }
    })
    .sort((a, b) => (b.year ?? 0) - (a.year ?? 0) || (a.title < b.title ? -1 : 1))
}

const lastDayOf = ({ due, year }: ExpectedDelivery): string => due ?? `${String(year)}-08-31`

/** Null: there is nobody to ask, or nobody who answers; why is said, and the rest of the status stands without it. */
const workflowsOf = async ({ env, terminal }: Pick<Call, 'env' | 'terminal'>, home: Home) => {
  const { taskQueueOf, devServerOf } = await import('../workflows/engine.ts')
  const { connect, runningRuns, told } = await import('../workflows/client.ts')
  try {
    const target = readConfig(env).target ?? (await devServerOf(home))
    if (target === undefined) return null
    const { client, close } = await connect(target)
    try {
      return await told(target, () => runningRuns(client, taskQueueOf(home, env)))
    } finally {
      await close()
    }
  } catch (error) {
    const { message, hint } =
      error instanceof MeraError ? error : { message: saidOfPath(error) ?? String(error) }
    terminal.note(`Идут ли прогоны, не узнать: ${message}`)
    if (hint !== undefined) terminal.note(`  Что делать: ${hint}`)
    return null
  }
}
