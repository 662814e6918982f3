import type { ParsedFile, ParsedSheet } from './outcome.ts'

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
  /** A form without rows, or nothing at all. */
  | 'empty'
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
/** read = loaded + quarantined, over the files that are not `unchanged`. */
export interface LoadReport {
  readonly read: number
  readonly loaded: number
  readonly quarantined: number
  readonly files: readonly FileReport[]
}
const notTables = new Set(['file-not-table', 'file-archive'])
export const statusOf = ({
  sheets,
  unreadable,
}: Pick<ParsedFile, 'sheets' | 'unreadable'>): FileStatus => {
  if (unreadable !== null) return notTables.has(unreadable.code) ? 'unrecognised' : 'refused'
  const taken = sheets.filter(({ source, refused }) => source !== null && refused === undefined)
  if (taken.some(({ read }) => read > 0)) return 'loaded'
  if (sheets.some(({ refused }) => refused !== undefined)) return 'refused'
  return taken.length > 0 || sheets.every(({ isBlank }) => isBlank) ? 'empty' : 'unrecognised'
}

export const problemsOf = ({
  problems,
  quarantine,
  unreadable,
}: Pick<ParsedFile, 'problems' | 'quarantine' | 'unreadable'>): readonly FileProblem[] => [
  ...(unreadable === null
    ? []
    : [
        {
          sheet: '',
          cell: null,
          code: unreadable.code,
          message: `${unreadable.message}; ${unreadable.hint}`,
          severity: 'error' as const,
        },
      ]),
  ...problems,
  ...quarantine.map(({ sheet, cell, code, message, column, value, shape }) => ({
    sheet,
    cell,
    code,
    message: `${column === null ? '' : `столбец «${column}»: `}${message}${shown(value, shape)}`,
    severity: 'row' as const,
  })),
]
const shown = (value: string | null, shape: string | null): string =>
  value !== null ? `, а стоит «${value}»` : shape !== null ? `, а стоит текст вида «${shape}»` : ''

export const totals = (files: readonly FileReport[]): LoadReport => {
  const report = { read: 0, loaded: 0, quarantined: 0 }
  for (const { sheets, status } of files) {
    if (status === 'unchanged') continue
    for (const sheet of sheets) {
      report.read += sheet.read
      report.loaded += sheet.loaded
      report.quarantined += sheet.quarantined
    }
  }
  return { ...report, files }
}
