import type { ParsedFile, ParsedSheet } from './outcome.ts'
import { counted, formKey, sumsOf, type ReplacedForms, type Sums } from './replaced.ts'
import type { Quarantined } from './row-reader.ts'

export type FileStatus =
  | 'loaded'
  /** It was only checked, and would be loaded. */
  | 'fit'
  /** Loaded before, the same bytes and the same forms. */
  | 'unchanged'
  /** Could not be read, or a form's sheet may not be loaded as it is. */
  | 'refused'
  /** No form claims any of its sheets. */
  | 'unrecognised'
  /** Another file stands for the same rows. */
  | 'duplicate'
  /** Other files stand for everything it delivers. */
  | 'superseded'
  /** Taken out by word: it stands for nothing, however often it comes. */
  | 'withdrawn'
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
/** What was read of a sheet and what of it counts: read = loaded + quarantined + replaced. */
export type SheetReport = ParsedSheet & Sums
export interface FileReport {
  readonly path: string
  readonly sha256: string
  readonly status: FileStatus
  readonly sheets: readonly SheetReport[]
  readonly problems: readonly FileProblem[]
  /** Paths of the files that stand in its place; of one that is `loaded`, with other rows for a part. */
  readonly replacedBy?: readonly string[]
  /** Paths of the files in whose place it stands, wholly or in part. */
  readonly replaces?: readonly string[]
  /** Paths of the files that are its repeats. */
  readonly duplicates?: readonly string[]
  /** Of one that is `withdrawn`: why, where somebody said it. */
  readonly reason?: string
  /** Of a file of before that was read anew because its forms changed: whether the same is to be said of it as then. */
  readonly reread?: 'same' | 'changed'
}
/** What was not told before: not a file of before of which the same is to be said as then. */
export const isNews = ({ reread }: Pick<FileReport, 'reread'>): boolean => reread !== 'same'

/** What does not count, because other files stand for it. */
export interface NotCounted {
  /** Files, with nothing that counts. */
  readonly duplicates: number
  readonly superseded: number
  /** Rows, also of files of which the rest counts. */
  readonly rows: number
}
/** read = loaded + quarantined + replaced.rows, over the files that are neither `unchanged` nor `withdrawn`. */
export interface LoadReport extends Omit<Sums, 'replaced'> {
  readonly replaced: NotCounted
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

const notLoaded: ReadonlySet<FileStatus> = new Set([
  'refused',
  'unrecognised',
  'skipped',
  'withdrawn',
])
/** What a file of before is when it comes again: what was not loaded then is not loaded now. */
export const statusAgain = (status: FileStatus): FileStatus =>
  notLoaded.has(status) ? status : 'unchanged'

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

/** What of a file's sheets counts. */
export const countedSheets = (
  sha256: string,
  sheets: readonly ParsedSheet[],
  forms: ReplacedForms,
): readonly SheetReport[] =>
  sheets.map((sheet) => counted(sheet, forms.get(formKey({ source: sheet.source ?? '', sha256 }))))

export const totals = (files: readonly FileReport[]): LoadReport => {
  const of = (wanted: FileStatus): number => files.filter(({ status }) => status === wanted).length
  const { replaced, ...sums } = sumsOf(
    files
      .filter(({ status }) => status !== 'unchanged' && status !== 'withdrawn')
      .flatMap(({ sheets }) => sheets),
  )
  return {
    ...sums,
    replaced: { duplicates: of('duplicate'), superseded: of('superseded'), rows: replaced },
    files,
  }
}
