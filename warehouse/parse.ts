import type { Field, Source } from '../transforms/contract/source.ts'
import { headerText } from './headers.ts'
import { problem, type Problem } from './problem.ts'
import { cellName, cleanText, lineOf, type GridRow, type Sheet } from './readers/sheet.ts'
import { RowReader, type Pseudonym, type Quarantined } from './row-reader.ts'
import type { Recognised, Segment } from './segment.ts'
import { schoolYearOf } from './told.ts'

export type { Pseudonym, Quarantined } from './row-reader.ts'

/** What a form's sheet holds, column by column: canonical text. */
export interface ParsedRows {
  readonly columns: ReadonlyMap<string, readonly (string | null)[]>
  /** Headers of the repeated columns, and their cells: JSON lists. */
  readonly headers: (string | null)[]
  readonly cells: (string | null)[]
  readonly deliveries: string[]
  /** From 1. */
  readonly rows: number[]
}
export interface ParsedTable extends ParsedRows {
  /** Rows of data: loaded and quarantined. */
  readonly read: number
  readonly loaded: number
  readonly quarantined: number
  /** Lines that are no data: headers again, totals, notes. */
  readonly ignored: number
  readonly quarantine: readonly Quarantined[]
  readonly problems: readonly Problem[]
  /** School years of its rows, as they first stand; where none was loaded, of those in quarantine. */
  readonly years: readonly number[]
  /** A sheet without rows that yet says whose it is delivers nothing, which is not the same as no delivery. */
  readonly emptyDelivery: string | null
}

/** Turns a recognised sheet into rows; read = loaded + quarantined. */
export const parseSheet = (
  sheet: Sheet,
  recognised: Recognised,
  pseudonym: Pseudonym,
): ParsedTable => {
  const { source } = recognised
  const { form } = source
  const names = Object.keys(form.fields)
  const columns = names.map((): (string | null)[] => [])
  const out: ParsedRows = {
    columns: new Map(names.map((name, i) => [name, columns[i] ?? []])),
    headers: [],
    cells: [],
    deliveries: [],
    rows: [],
  }
  const at = names.indexOf(form.year ?? '')
  const years = { loaded: new Set<number>(), quarantined: new Set<number>() }
  const noteYear = (kind: keyof typeof years, told: string | null): void => {
    const year = schoolYearOf(form, told)
    if (year !== undefined) years[kind].add(year)
  }
  let lastYear: string | null = null
  const keys = form.delivery.map((name) => columns[names.indexOf(name)] ?? [])
  const keyAt = (row: number): string =>
    deliveryOf(
      source,
      keys.map((column) => column[row] ?? ''),
    )
  const quarantine: Quarantined[] = []
  const problems: Problem[] = []
  let ignored = 0
  let quarantined = 0
  for (const segment of recognised.segments) {
    const reader = new RowReader(source, sheet, segment, pseudonym)
    const { skip = [], end } = form
    const header = toldHeaders(segment, form.recognise.headers)
    const before = out.rows.length
    let ended = false
    for (let r = segment.start; r < segment.end; r++) {
      const row = sheet.rows[r]
      if (row === undefined || row.length === 0 || isBlank(row)) continue
      if (ended || isHeaderAgain(row, header)) {
        ignored++
        continue
      }
      if (skip.length > 0 || end !== undefined) {
        const line = lineOf(sheet, r)
        ended = end?.test(line) ?? false
        if (ended || isAny(skip, line)) {
          ignored++
          continue
        }
      }
      const faults = reader.read(row, r)
      const year = reader.values[at] ?? null
      if (faults.length > 0) {
        noteYear('quarantined', year)
        quarantined++
        quarantine.push(...faults)
        continue
      }
      if (year !== lastYear) {
        lastYear = year
        noteYear('loaded', year)
      }
      const { values } = reader
      for (let i = 0; i < columns.length; i++) columns[i]?.push(values[i] ?? null)
      out.headers.push(reader.headers)
      out.cells.push(reader.cells)
      const last = out.rows.length
      out.deliveries.push(
        last > 0 && keys.every((column) => column[last] === column[last - 1])
          ? (out.deliveries[last - 1] ?? '')
          : keyAt(last),
      )
      out.rows.push(r + 1)
    }
    if (out.rows.length > before)
      problems.push(
        ...columnDisagreements(
          sheet,
          source,
          segment,
          (name) => columns[names.indexOf(name)]?.[before],
        ),
      )
  }
  const loaded = out.rows.length
  return {
    ...out,
    read: loaded + quarantined,
    loaded,
    quarantined,
    ignored,
    quarantine,
    problems,
    years: [...(years.loaded.size > 0 ? years.loaded : years.quarantined)],
    emptyDelivery: loaded + quarantined === 0 ? toldDelivery(recognised) : null,
  }
}

const isBlank = (row: GridRow): boolean => {
  for (const cell of row) if (cleanText(cell) !== null) return false
  return true
}

const isAny = (patterns: readonly RegExp[], line: string): boolean => {
  for (const pattern of patterns) if (pattern.test(line)) return true
  return false
}

interface ToldHeader {
  readonly column: number
  readonly text: string | null | undefined
}
/** The headers that tell the form, where they stand. */
const toldHeaders = (segment: Segment, names: readonly string[]): readonly ToldHeader[] =>
  names.flatMap((name) => {
    const column = segment.columns.get(name)
    return column === undefined ? [] : [{ column, text: segment.headers[column] }]
  })
/** The header printed again, as at the top of a printed page. */
const isHeaderAgain = (row: GridRow, headers: readonly ToldHeader[]): boolean => {
  for (const { column, text } of headers)
    if (row[column] !== text && cleanText(row[column]) !== text) return false
  return true
}

/** A column stands over what was told otherwise; its first row is compared. */
const columnDisagreements = (
  sheet: Sheet,
  source: Source,
  segment: Segment,
  first: (name: string) => string | null | undefined,
): readonly Problem[] =>
  [...segment.told].flatMap(([name, told]) => {
    const column = segment.columns.get(name)
    const value = column === undefined ? null : first(name)
    if (column === undefined || typeof value !== 'string' || value === told.value) return []
    const where = told.by === 'path' ? 'имени файла' : 'других сведениях'
    const message = `${headerText(source, name)}: в столбце не то же, что в ${where}; взят столбец`
    return [
      problem(sheet, cellName(segment.headerRow, column), 'told-otherwise', message, 'warning'),
    ]
  })

const toldDelivery = ({ source, segments }: Recognised): string | null => {
  const told = segments[0]?.told
  const values = source.form.delivery.flatMap((name) => told?.get(name)?.value ?? [])
  return values.length < source.form.delivery.length ? null : deliveryOf(source, values)
}

/** @param values printed, of the fields that tell a delivery */
const deliveryOf = ({ form }: Source, values: readonly string[]): string =>
  form.delivery.map((name, i) => meant(form.fields[name], values[i] ?? '')).join(' | ')
const meant = (field: Field | undefined, value: string): string =>
  value === '' ? value : (field?.meaning?.(value) ?? value)
