import type { Source } from '../transforms/contract/source.ts'
import { headerIndex, headerText } from './headers.ts'
import { problem, type Problem } from './problem.ts'
import { lineOf, type GridRow, type Sheet } from './readers/sheet.ts'
import { headerDepth, lastHeaderRow, layout, type Context, type Recognised } from './segment.ts'

export type { Problem } from './problem.ts'
export type { Context, Recognised, Segment } from './segment.ts'

export interface Unrecognised {
  readonly source: null
  readonly problems: readonly Problem[]
  /** More than one form claims it. */
  readonly refused: string | undefined
}

/** Which form a sheet is, by its content alone, and how it is to be read. The sheet's joined cells must have been filled down. */
export const recognise = (
  sheet: Sheet,
  sources: readonly Source[],
  context: Context,
): Recognised | Unrecognised => {
  const { claims, nearest } = claimants(sheet, sources)
  const [first, second] = claims
  if (first === undefined)
    return {
      source: null,
      problems:
        nearest === undefined ? [] : [problem(sheet, null, 'header-drift', nearest.message)],
      refused: nearest?.isTitled === true ? nearest.message : undefined,
    }
  if (second !== undefined) {
    const message = `лист подходит сразу под несколько форм: ${claims.map(({ source }) => `«${source.form.title}»`).join(', ')}`
    return {
      source: null,
      refused: message,
      problems: [problem(sheet, null, 'form-ambiguous', message)],
    }
  }
  return layout(sheet, first.source, lastHeaderRow(sheet, first.source, first.headerRow), context)
}

/** Forms that claim the sheet; a test holds that there is never more than one. */
export const claimants = (
  sheet: Sheet,
  sources: readonly Source[],
): {
  claims: readonly { readonly source: Source; readonly headerRow: number }[]
  nearest: Nearest | undefined
} => {
  const index = headerIndex(sources)
  const headerRows = new Map<number, number>()
  const closest = new Map<number, Close>()
  const claimed = (): { source: Source; headerRow: number }[] =>
    sources.flatMap((source, i) => {
      const headerRow = headerRows.get(i)
      return headerRow !== undefined && titled(sheet, source, headerRow)
        ? [{ source, headerRow }]
        : []
    })
  const rows = Math.min(headerDepth, sheet.rows.length)
  let lookAgain = rows
  let claims: ReturnType<typeof claimed> = []
  for (let r = 0; r < rows; r++) {
    const row = sheet.rows[r]
    if (row === undefined || row.length === 0) continue
    for (const [i, fields] of index.found(row)) {
      if (fields.size > (closest.get(i)?.fields.size ?? 0)) closest.set(i, { fields, row })
      if (fields.size < (sources[i]?.form.recognise.headers.length ?? 0) || headerRows.has(i))
        continue
      headerRows.set(i, r)
      lookAgain = Math.min(lookAgain, r + beyondHeader)
    }
    if (r < lookAgain) continue
    claims = claimed()
    if (claims.length > 0) break
    lookAgain = rows
  }
  if (claims.length === 0) claims = claimed()
  return {
    claims,
    nearest: claims.length > 0 ? undefined : nearestForm(sheet, sources, closest),
  }
}
/** How many rows below a header are still looked at for another form’s. */
const beyondHeader = 8

const titled = (sheet: Sheet, source: Source, headerRow: number): boolean => {
  const { recognise: told, block } = source.form
  const { title } = told
  if (title === undefined) return true
  for (const [r, row] of sheet.rows.slice(0, headerRow).entries()) {
    if (block?.test(lineOf(sheet, r)) === true) return false
    for (const cell of row) if (cell !== null && title.test(cell)) return true
  }
  return false
}

/** The row that has most of a form's headers, and the fields they mean. */
interface Close {
  readonly fields: ReadonlySet<string>
  readonly row: GridRow
}
interface Nearest {
  readonly message: string
  /** The form's title stands above: it is that form, with other headers. */
  readonly isTitled: boolean
}
const nearestForm = (
  sheet: Sheet,
  sources: readonly Source[],
  closest: ReadonlyMap<number, Close>,
): Nearest | undefined => {
  const near = sources
    .map((source, i) => {
      const { fields: found, row } = closest.get(i) ?? { fields: new Set<string>(), row: [] }
      const worded = headerIndex(sources).found(row.map(word)).get(i)?.size ?? 0
      const share = found.size / Math.max(source.form.recognise.headers.length, 1)
      const isTitled =
        source.form.recognise.title !== undefined && titled(sheet, source, headerDepth)
      const isNear = isTitled ? found.size > 0 : share >= 0.6 && worded > 1
      return { source, found, isTitled, isNear, weight: share + (isTitled ? 1 : 0) }
    })
    .filter(({ isNear }) => isNear)
    .sort((a, b) => b.weight - a.weight || (a.source.name < b.source.name ? -1 : 1))[0]
  if (near === undefined) return undefined
  const missing = near.source.form.recognise.headers.filter((name) => !near.found.has(name))
  const detail =
    missing.length === 0
      ? 'но заголовок формы над таблицей другой'
      : `но нет столбцов: ${missing.map((name) => headerText(near.source, name)).join(', ')}`
  return {
    message: `похоже на форму «${near.source.form.title}», ${detail}`,
    isTitled: near.isTitled,
  }
}
/** A number above a column tells no form: any table may have it. */
const word = (cell: string | null): string | null =>
  cell !== null && /\p{L}/u.test(cell) ? cell : null
