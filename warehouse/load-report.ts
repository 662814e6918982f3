import type { ParsedFile, ParsedSheet } from './outcome.ts'
import type { Quarantined } from './row-reader.ts'

export type FileStatus =
  | 'loaded'
  /** Loaded before, the same bytes and the same forms. */
  | 'unchanged'
  /** Could not be read, or a form's sheet may not be loaded as it is. */
  | 'refused'
  /** No form claims any of its sheets. */
  | 'unrecognised'
  /** The same rows as of another file. */
  | 'duplicate'
  /** Other files stand for everything it delivers. */
  | 'superseded'
  /** A form without rows. */
  | 'empty'
  /** A document or picture that lies beside tables. */
  | 'skipped'
export interface FileProblem {
  readonly sheet: string
  readonly cell: string | null
  readonly code: string
  readonly message: string
  /** `row`: a row in quarantine; `error`: something was not loaded; `warning`: all was. */
  readonly severity: 'error' | 'warning' | 'row'
}
export interface FileReport {
  readonly path: string
  readonly sha256: string
  readonly status: FileStatus
  readonly sheets: readonly ParsedSheet[]
  readonly problems: readonly FileProblem[]
}
/** Files that deliver nothing, because others stand for all of it, and the rows in them. */
export interface Replaced {
  readonly duplicates: number
  readonly superseded: number
  readonly rows: number
}
/** read = loaded + quarantined, over the files that stand and are not `unchanged`. */
export interface LoadReport extends Sums {
  readonly replaced: Replaced
  readonly files: readonly FileReport[]
}
/** Names of what is written for people: no table is expected in it, but what is one is loaded. */
const documents =
  /(?:^|\/)(?:readme|licen[cs]e|changelog|прочти)[^/]*$|\.(?:md|markdown|rst|pdf|docx?|odt|rtf|pptx?|odp|png|jpe?g|gif|bmp|tiff?|svg|webp|mp4|mp3)$/i

/** What became of a file; `path`: by it alone nothing is loaded or refused. */
export const statusOf = (
  parsed: Pick<ParsedFile, 'sheets' | 'unreadable'>,
  path = '',
): FileStatus => {
  const status = ownStatus(parsed)
  if (parsed.unreadable?.code === 'file-not-table') return 'skipped'
  const isTold = status === 'unrecognised' || parsed.unreadable !== null
  return isTold && documents.test(path.replaceAll('\\', '/')) ? 'skipped' : status
}
const ownStatus = ({
  sheets,
  unreadable,
}: Pick<ParsedFile, 'sheets' | 'unreadable'>): FileStatus => {
  if (unreadable !== null) return unreadable.code === 'file-archive' ? 'unrecognised' : 'refused'
  const taken = sheets.filter(({ source, refused }) => source !== null && refused === undefined)
  if (taken.some(({ read }) => read > 0)) return 'loaded'
  if (sheets.some(({ refused }) => refused !== undefined)) return 'refused'
  return taken.length > 0 ? 'empty' : 'unrecognised'
}

/** What a file of before is when it comes again: what was not loaded then is not loaded now. */
export const statusAgain = (status: FileStatus): FileStatus =>
  status === 'refused' || status === 'unrecognised' || status === 'skipped' ? status : 'unchanged'

export const problemsOf = (
  { problems, quarantine, unreadable }: Pick<ParsedFile, 'problems' | 'quarantine' | 'unreadable'>,
  status: FileStatus,
): readonly FileProblem[] => {
  if (status === 'skipped')
    return [ofFile('not-a-table', 'это не таблица: файл пропущен', 'warning')]
  const found: readonly FileProblem[] = [
    ...(unreadable === null
      ? []
      : [ofFile(unreadable.code, `${unreadable.message}; ${unreadable.hint}`, 'error')]),
    ...problems,
    ...quarantine.map((entry) => ({
      sheet: entry.sheet,
      cell: entry.cell,
      code: entry.code,
      message: `${entry.column === null ? '' : `столбец «${entry.column}»: `}${entry.message}${shown(entry)}`,
      severity: 'row' as const,
    })),
  ]
  return found.length === 0 && status === 'unrecognised' ? [formUnknown] : found
}
const ofFile = (code: string, message: string, severity: 'error' | 'warning'): FileProblem => ({
  sheet: '',
  cell: null,
  code,
  message,
  severity,
})
export const formUnknown = ofFile('form-unknown', 'ни одна известная форма не подходит', 'error')

const shown = ({ code, message, value, shape }: Quarantined): string => {
  const text = value !== null ? `«${value}»` : shape !== null ? `текст вида «${shape}»` : ''
  if (text === '') return ''
  if (code === 'value-unfit') return `, а стоит ${text}`
  const isSaid = value !== null && message.split(/[^\p{L}\d.,]+/u).includes(value)
  return isSaid ? '' : ` (в ячейке ${text})`
}

export interface Sums {
  readonly read: number
  readonly loaded: number
  readonly quarantined: number
}
export const sumsOf = (files: readonly Pick<FileReport, 'sheets'>[]): Sums => {
  const sums = { read: 0, loaded: 0, quarantined: 0 }
  for (const sheet of files.flatMap(({ sheets }) => sheets)) {
    sums.read += sheet.read
    sums.loaded += sheet.loaded
    sums.quarantined += sheet.quarantined
  }
  return sums
}

export const totals = (files: readonly FileReport[]): LoadReport => {
  const of = (...statuses: readonly FileStatus[]): readonly FileReport[] =>
    files.filter(({ status }) => statuses.includes(status))
  return {
    ...sumsOf(files.filter(({ status }) => !UNCOUNTED.has(status))),
    replaced: {
      duplicates: of('duplicate').length,
      superseded: of('superseded').length,
      rows: sumsOf(of('duplicate', 'superseded')).read,
    },
    files,
  }
}
const UNCOUNTED: ReadonlySet<FileStatus> = new Set(['unchanged', 'duplicate', 'superseded'])
