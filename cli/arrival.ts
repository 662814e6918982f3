import { statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import type { Catalog } from '../warehouse/catalog.ts'
import type { Home } from '../warehouse/home.ts'
import {
  planParsing,
  receive,
  type FileReport,
  type FileStatus,
  type LoadReport,
  type ReceivedFile,
} from '../warehouse/land.ts'
import { factRules } from '../warehouse/facts.ts'
import { isNews, statusAgain, totals } from '../warehouse/load-report.ts'
import { fileReports } from '../warehouse/report.ts'
import type { Call } from './command.ts'
import { factUnused } from './fact.ts'
import { shortPaths } from './paths.ts'
import { advicesOn } from './reasons.ts'
import { number, plural, schoolYear } from './russian.ts'
import type { Terminal } from './terminal.ts'

/** Files in the archive, and what has to be done about them. */
export interface Arrival {
  readonly received: readonly ReceivedFile[]
  readonly unchanged: ReadonlySet<string>
  /** SHA-256 of all of them, and of files of before whose forms, settings or facts changed. */
  readonly files: readonly string[]
  /** What was said of those of before. */
  readonly before: ReadonlyMap<string, FileReport>
}

export const takeIn = async (
  { terminal, signal }: Pick<Call, 'terminal' | 'signal'>,
  home: Home,
  catalog: Catalog,
  paths: readonly string[],
  facts: Readonly<Record<string, string>>,
): Promise<Arrival> => {
  const stage = terminal.stage('Приём файлов')
  try {
    const received = await receive(home, paths, {
      facts,
      rules: factRules(catalog),
      isByHand: true,
      signal,
      onProgress: (done, total) => {
        stage.progress(done, total)
      },
    })
    const own = received.map(({ sha256 }) => sha256)
    const { jobs, unchanged } = await planParsing(home, catalog.sources, own)
    stage.done(
      received.length === 0
        ? 'новых нет'
        : `${plural(received.length, 'файл', 'файла', 'файлов')}${unchanged.size > 0 ? `, из них известно ${number(unchanged.size)}` : ''}`,
    )
    noteEmpty(terminal, paths, received)
    const given = new Set(own)
    const others = jobs.map(({ sha256 }) => sha256).filter((sha256) => !given.has(sha256))
    const before = new Map((await fileReports(home, others)).map((file) => [file.sha256, file]))
    return { received, unchanged, files: [...given, ...others], before }
  } catch (error) {
    stage.drop()
    throw error
  }
}

/** Tells of folders given in which no file was found: a slip in a path would pass for a folder without news. */
export const noteEmpty = (
  terminal: Pick<Terminal, 'note'>,
  paths: readonly string[],
  found: readonly Pick<FileReport, 'path'>[],
): void => {
  const slashed = (path: string): string => path.replaceAll('\\', '/')
  for (const folder of paths) {
    const within = slashed(join(resolve(folder), sep))
    const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
    if (isFolder && !found.some(({ path }) => slashed(path).startsWith(within)))
      terminal.note(
        `В папке «${folder}» файлов не нашлось: скрытые, временные (~$…) и .json пропускаются`,
      )
  }
}

/** What came of the files: one entry a file received, then the files of before that were read anew. */
export const reportOf = async (
  home: Home,
  { received, files, unchanged, before: saidBefore }: Arrival,
  paths: readonly string[] = [],
): Promise<LoadReport> => {
  const known = new Map((await fileReports(home, files)).map((file) => [file.sha256, file]))
  const told = new Map<string, string>()
  const own = received.map(({ sha256, path }): FileReport => {
    const file = known.get(sha256)
    const before = told.get(sha256)
    told.set(sha256, before ?? path)
    if (before !== undefined && file?.status !== 'skipped' && file?.status !== 'withdrawn')
      return { path, sha256, status: 'duplicate', sheets: [], problems: [], replacedBy: [before] }
    if (file === undefined) return { path, sha256, status: 'unchanged', sheets: [], problems: [] }
    return { ...file, path, status: unchanged.has(sha256) ? statusAgain(file.status) : file.status }
  })
  const others = [...known.values()]
    .filter(({ sha256 }) => !told.has(sha256))
    .map((file): FileReport => {
      const said = saidBefore.get(file.sha256)
      if (said === undefined) return file
      return { ...file, reread: wordsOf(file) === wordsOf(said) ? 'same' : 'changed' }
    })
  return named(totals([...own, ...others]), paths)
}

/** What is said of a file, to be compared. */
const wordsOf = ({ status, problems, replacedBy, reason }: FileReport): string =>
  JSON.stringify([status, problems, replacedBy, reason])

/** A document among the files of a folder is passed over; one that the user named was meant as a table. */
export const named = (report: LoadReport, paths: readonly string[]): LoadReport => {
  const meant = namedFiles(paths)
  const files = report.files.map((file): FileReport => {
    if (file.status !== 'skipped' || !meant.has(file.path.replaceAll('\\', '/'))) return file
    return { ...file, status: 'unrecognised', problems: [notTable] }
  })
  return { ...report, files }
}
const notTable: FileReport['problems'][number] = {
  sheet: '',
  cell: null,
  code: 'not-a-table',
  message: 'это не таблица; загружаются книги Excel, OpenDocument, dBASE и текстовые таблицы',
  severity: 'error',
}
const namedFiles = (paths: readonly string[]): ReadonlySet<string> =>
  new Set(
    paths
      .map((path) => resolve(path))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
      .map((path) => path.replaceAll('\\', '/')),
  )

/** A file refused, or one named by the user that no form claims; one of before fails no command again. */
export const isAnyRefused = (report: LoadReport, paths: readonly string[]): boolean => {
  const meant = namedFiles(paths)
  return report.files
    .filter(isNews)
    .some(
      ({ status, path }) =>
        status === 'refused' ||
        (status === 'unrecognised' && meant.has(path.replaceAll('\\', '/'))),
    )
}

const words: Readonly<Record<FileStatus, string>> = {
  loaded: 'загружено',
  fit: 'подходит',
  unchanged: 'без изменений',
  refused: 'отклонено',
  unrecognised: 'не распознано',
  duplicate: 'повторы',
  superseded: 'заменены другими',
  withdrawn: 'отозваны',
  empty: 'без данных',
  skipped: 'не таблицы',
}

const mostProblems = 15
/** The report for people. */
export const printLoad = (
  terminal: Terminal,
  report: LoadReport,
  catalog: Catalog,
  {
    isCheck = false,
    names = false,
    isBrief = false,
  }: { isCheck?: boolean; names?: boolean; isBrief?: boolean } = {},
): void => {
  const titles = new Map(catalog.sources.map((source) => [source.name, source.form.title]))
  const short = shortPaths(
    report.files.flatMap(({ path, replacedBy = [], replaces = [], duplicates = [] }) => [
      path,
      ...replacedBy,
      ...replaces,
      ...duplicates,
    ]),
  )
  const shortName = (path: string): string => short.get(path) ?? path
  const reread = report.files.filter((file) => file.reread !== undefined)
  const came = report.files.filter((file) => file.reread === undefined)
  if (came.length > 0 || reread.length === 0)
    terminal.print(`Файлов: ${number(came.length)}${countsOf(came)}`)
  if (reread.length > 0)
    terminal.print(
      `Разобраны заново, потому что изменились формы или их настройки: ${plural(reread.length, 'файл', 'файла', 'файлов')} из полученных раньше${countsOf(reread)}`,
    )
  if (report.read > 0)
    terminal.print(
      `Строк: прочитано ${number(report.read)}, ${isCheck ? 'годных' : 'загружено'} ${number(report.loaded)}, в карантине ${number(report.quarantined)}${inReplaced(report)}`,
    )
  if (names)
    for (const file of report.files) {
      const { path, status, sheets } = file
      const word = status === 'skipped' ? 'не таблица' : words[status]
      terminal.print(`${shortName(path)} — ${replacedText(file, shortName) || word}`)
      for (const sheet of sheets.filter(({ source }) => source !== null))
        terminal.print(
          `    ${sheet.sheet === '' ? '' : `лист «${sheet.sheet}»: `}${titles.get(sheet.source ?? '') ?? ''}${sheet.year === null ? '' : `, ${schoolYear(sheet.year)}`}: ${plural(sheet.read, 'строка', 'строки', 'строк')}`,
        )
    }
  if (isBrief) return
  const news = report.files.filter(isNews)
  const skipped = news.filter(({ status }) => status === 'skipped')
  if (skipped.length > 0 && !names)
    terminal.print(
      `Пропущены, это не таблицы: ${skipped
        .slice(0, 5)
        .map(({ path }) => shortName(path))
        .join(', ')}${skipped.length > 5 ? ` и ещё ${number(skipped.length - 5)}` : ''}`,
    )
  if (!names) printReplaced(terminal, news, shortName)
  printProblems(terminal, news, shortName)
}

/** « (загружено 2, отклонено 1)». */
const countsOf = (files: readonly FileReport[]): string => {
  const counts = (Object.keys(words) as FileStatus[])
    .map((status) => ({ status, n: files.filter((file) => file.status === status).length }))
    .filter(({ n }) => n > 0)
    .map(({ status, n }) => `${words[status]} ${number(n)}`)
  return counts.length > 0 ? ` (${counts.join(', ')})` : ''
}

/** «повтор файла Ф1.xlsx», «заменён файлом Ф1.xlsx»; empty of a file in whose place no other stands. */
export const replacedText = (
  { status, replacedBy = [] }: Pick<FileReport, 'replacedBy'> & { readonly status: FileStatus },
  shortName: (path: string) => string,
): string => {
  const [first, ...others] = replacedBy.map(shortName)
  if (first === undefined || status === 'unchanged') return ''
  const isRepeat = status === 'duplicate'
  const [one, many] = isRepeat ? ['файла', 'файлов'] : ['файлом', 'файлами']
  const more = others.length === 0 ? '' : ` и ещё ${plural(others.length, one, many, many)}`
  const what = isRepeat ? 'повтор' : status === 'superseded' ? 'заменён' : 'частью заменён'
  return `${what} ${one} ${first}${more}`
}

/** «отозван: чужой район; вернуть: mera withdraw --undo 0123456789ab». */
export const withdrawnText = ({
  sha256,
  reason,
}: Pick<FileReport, 'sha256'> & { readonly reason?: string | null }): string =>
  `отозван${reason == null ? '' : `: ${reason.replace(/\s+/g, ' ').trim()}`}; вернуть: mera withdraw --undo ${sha256.slice(0, 12)}`

const mostReplaced = 10
/** Files that are withdrawn or in whose place others stand, those of before too, each with those others. */
const printReplaced = (
  terminal: Terminal,
  files: readonly FileReport[],
  shortName: (path: string) => string,
): void => {
  const own = new Set(files.filter(({ status }) => status !== 'unchanged').map(({ path }) => path))
  const lines = files.flatMap((file) => {
    const name = shortName(file.path)
    const text = file.status === 'withdrawn' ? withdrawnText(file) : replacedText(file, shortName)
    const before = (paths: readonly string[] = []): readonly string[] =>
      file.status === 'unchanged' ? [] : paths.filter((path) => !own.has(path)).map(shortName)
    return [
      ...(text === '' ? [] : [`${name} — ${text}`]),
      ...before(file.replaces).map((older) => `${name} заменяет ${older}`),
      ...before(file.duplicates).map(
        (older) => `${older}, загруженный раньше, — теперь повтор файла ${name}`,
      ),
    ]
  })
  for (const line of lines.slice(0, mostReplaced)) terminal.print(`  ${line}`)
  if (lines.length > mostReplaced)
    terminal.print(`  … и ещё ${number(lines.length - mostReplaced)}; все — с --json`)
}

const inReplaced = ({ replaced: { rows } }: LoadReport): string =>
  rows === 0 ? '' : `, повторов и заменённых ${number(rows)}`

const weights = { error: 0, row: 1, warning: 2 } as const
const printProblems = (
  terminal: Terminal,
  files: readonly FileReport[],
  shortName: (path: string) => string,
): void => {
  const problems = files
    .filter(({ status }) => status !== 'skipped' && status !== 'withdrawn')
    .flatMap(({ path, status, problems: own }) =>
      own
        // The others were told when the file was read.
        .filter(({ code }) => status !== 'unchanged' || code === factUnused)
        .map((problem) => ({ path, ...problem })),
    )
    .sort((a, b) => weights[a.severity] - weights[b.severity])
  for (const { path, sheet, cell, message, severity } of problems.slice(0, mostProblems)) {
    const sign = severity === 'warning' ? terminal.paint('yellow', '!') : terminal.paint('red', '✗')
    const where = [
      shortName(path),
      sheet === '' ? '' : `лист «${sheet}»`,
      cell === null || cell === '' ? '' : cell,
    ]
    terminal.print(`  ${sign} ${where.filter((part) => part !== '').join(', ')}: ${message}`)
  }
  if (problems.length > mostProblems)
    terminal.print(
      `  … и ещё ${plural(problems.length - mostProblems, 'замечание', 'замечания', 'замечаний')}; все — с --json`,
    )
  const advices = advicesOn(problems)
  if (advices.length > 0) terminal.print('Что делать')
  for (const advice of advices) terminal.print(`  – ${advice}`)
}
export const filesJson = (report: LoadReport): object => ({
  read: report.read,
  loaded: report.loaded,
  quarantined: report.quarantined,
  replaced: report.replaced,
  files: report.files,
})
