import type { Source } from '../transforms/contract/source.ts'
import { columnsOf, exchanged, missingHeader, missingValue } from './columns.ts'
import { headerIndex } from './headers.ts'
import { problem, type Problem } from './problem.ts'
import { lineOf, type GridRow, type Sheet } from './readers/sheet.ts'
import { merged, named, toldForAll, yearOf, type Told } from './told.ts'

export interface RepeatedColumn {
  readonly column: number
  readonly header: string
  readonly above: string | null
}
export interface HashedColumns {
  readonly into: string
  readonly system: string
  readonly columns: readonly number[]
}
/** One table of a sheet: which column holds what, and the values told for all its rows. Rows from 0; `end` is not included. */
export interface Segment {
  readonly headerRow: number
  readonly start: number
  readonly end: number
  readonly columns: ReadonlyMap<string, number>
  readonly headers: GridRow
  readonly repeated: readonly RepeatedColumn[]
  readonly hashed: readonly HashedColumns[]
  readonly told: ReadonlyMap<string, Told>
}
export interface Context {
  /** From --fact and delivery.json. */
  readonly facts: Readonly<Record<string, string>>
  /** Where the file came from. */
  readonly path: string
  /** Forms whose columns of people are dropped instead of refused. */
  readonly dropPersonal: ReadonlySet<string>
}
export interface Recognised {
  readonly source: Source
  readonly year: number | null
  readonly segments: readonly Segment[]
  readonly problems: readonly Problem[]
  /** Why the sheet is not loaded. */
  readonly refused: string | undefined
}
/** How far down a header is looked for. */
export const headerDepth = 60

/** Cuts a recognised sheet into its tables and says what each column of them holds. */
export const layout = (
  sheet: Sheet,
  source: Source,
  headerRow: number,
  context: Context,
): Recognised => {
  const problems: Problem[] = []
  const opened = blockLines(sheet, source)
  const top = opened[0] !== undefined && opened[0].row < headerRow ? opened[0].row : headerRow
  const common = toldForAll(sheet, source, top, context, problems)
  const segments: Segment[] = []
  let refused: string | undefined
  let current = headerRow < (opened[0]?.row ?? Infinity) ? headerRow : undefined
  const spans =
    opened.length === 0
      ? [{ row: -1, told: new Map<string, Told>() }]
      : current === undefined
        ? opened
        : [{ row: -1, told: new Map<string, Told>() }, ...opened]
  spans.forEach((span, i) => {
    const end = spans[i + 1]?.row ?? sheet.rows.length
    const own =
      i === 0 && current !== undefined ? current : headerIn(sheet, source, span.row + 1, end)
    current = own ?? current
    if (current === undefined) return
    const start = own === undefined ? span.row + 1 : own + 1
    const told = merged(sheet, source, common, span.told, problems)
    const year = yearOf(source, told)
    const columns = columnsOf(sheet, source, current, year, context, problems)
    refused ??= columns.refused
    segments.push({ headerRow: current, start, end, told, ...columns })
  })
  const first = segments.find(({ told }) => yearOf(source, told) !== undefined) ?? segments[0]
  const year = first === undefined ? undefined : yearOf(source, first.told)
  refused ??= missingHeader(sheet, source, segments, year, problems)
  refused ??= missingValue(sheet, source, segments, problems)
  if (refused === undefined && sheet.hidden)
    problems.push(problem(sheet, null, 'sheet-hidden', 'лист скрыт, но прочитан', 'warning'))
  const seen = new Set<string>()
  return {
    source,
    year: year ?? null,
    segments: segments.map((segment) => ({
      ...segment,
      ...exchanged(sheet, source, segment, problems),
    })),
    problems: problems.filter(({ cell, code, message }) => {
      const key = `${cell ?? ''} ${code} ${message}`
      return seen.has(key) ? false : seen.add(key)
    }),
    refused,
  }
}

const blockLines = (
  sheet: Sheet,
  source: Source,
): readonly { readonly row: number; readonly told: ReadonlyMap<string, Told> }[] => {
  const { block } = source.form
  if (block === undefined) return []
  const opened: { row: number; told: ReadonlyMap<string, Told> }[] = []
  for (let r = 0; r < sheet.rows.length; r++) {
    const found = block.exec(lineOf(sheet, r))
    if (found) opened.push({ row: r, told: named(source, found, 'block') })
  }
  return opened
}

const headerIn = (sheet: Sheet, source: Source, from: number, to: number): number | undefined => {
  const index = headerIndex(single(source))
  const needed = source.form.recognise.headers.length
  for (let r = from; r < Math.min(to, from + headerDepth); r++)
    if ((index.found(sheet.rows[r] ?? []).get(0)?.size ?? 0) === needed)
      return lastHeaderRow(sheet, source, r)
  return undefined
}
/** A header of several lines ends with the last line that names the same columns: names over numbers, or joined cells. */
export const lastHeaderRow = (sheet: Sheet, source: Source, first: number): number => {
  const index = headerIndex(single(source))
  const places = (r: number): string => {
    const row = sheet.rows[r] ?? []
    return row
      .flatMap((cell, column) =>
        [...(index.found([cell]).get(0) ?? [])].map((name) => `${name}=${String(column)}`),
      )
      .join(' ')
  }
  const wanted = places(first)
  let last = first
  while (places(last + 1) === wanted) last++
  return last
}
const singles = new WeakMap<Source, readonly Source[]>()
const single = (source: Source): readonly Source[] => {
  const known = singles.get(source) ?? [source]
  singles.set(source, known)
  return known
}
