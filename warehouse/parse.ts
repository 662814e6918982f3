import type { Field, FormRow, RepeatedCell, RowRule, Source } from '../transforms/contract/source.ts'
import type { Shape } from '../transforms/contract/shape.ts'
import { shapeOf } from './personal.ts'
import { cellName, cleanText, type GridRow, type Sheet } from './readers/sheet.ts'
import {
  headerText,
  joined,
  problem,
  unknownFields,
  type Problem,
  type Recognised,
  type Segment,
} from './recognise.ts'

/** A cell for which its row was not loaded. */
export interface Quarantined {
  readonly sheet: string
  /** From 1, as a spreadsheet shows it. */
  readonly row: number
  /** Header of the column; null: the row as a whole. */
  readonly column: string | null
  readonly cell: string
  readonly code: string
  readonly message: string
  /** Only where the field is harmless. */
  readonly value: string | null
  /** «Ааааа 99» where it is not. */
  readonly shape: string | null
}
export type Pseudonym = (system: string, values: readonly string[]) => string

/** What a form's sheet holds, column by column: canonical text. */
export interface ParsedRows {
  readonly columns: ReadonlyMap<string, (string | null)[]>
  readonly repeated: (string | null)[]
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
  const columns = new Map(names.map((name) => [name, [] as (string | null)[]]))
  const out: ParsedRows = { columns, repeated: [], deliveries: [], rows: [] }
  const quarantine: Quarantined[] = []
  const problems: Problem[] = []
  let ignored = 0
  let quarantined = 0
  for (const segment of recognised.segments) {
    const reader = rowReader(source, sheet, segment, pseudonym)
    const patterns = [...(form.skip ?? []), ...(form.end ? [form.end] : [])]
    let ended = false
    for (let r = segment.start; r < segment.end; r++) {
      const row = sheet.rows[r]
      if (row === undefined || row.length === 0 || isBlank(row)) continue
      if (ended || isHeaderAgain(row, segment, form.recognise.headers)) {
        ignored++
        continue
      }
      if (patterns.length > 0) {
        const line = joined(row)
        ended = form.end?.test(line) ?? false
        if (ended || patterns.some((pattern) => pattern.test(line))) {
          ignored++
          continue
        }
      }
      const faults = reader(row, r)
      if (Array.isArray(faults)) {
        quarantined++
        quarantine.push(...(faults as Quarantined[]))
        continue
      }
      const { values, repeated } = faults as Read
      names.forEach((name, i) => columns.get(name)?.push(values[i] ?? null))
      out.repeated.push(repeated)
      out.deliveries.push(form.delivery.map((name) => values[names.indexOf(name)] ?? '').join(' | '))
      out.rows.push(r + 1)
    }
    if (out.rows.length > 0) problems.push(...columnDisagreements(sheet, source, segment, columns))
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
    emptyDelivery: loaded + quarantined === 0 ? toldDelivery(recognised) : null,
  }
}

interface Read {
  readonly values: readonly (string | null)[]
  readonly repeated: string | null
}
type RowReader = (row: GridRow, r: number) => Read | Quarantined[]

/** Reads rows of one table; what is the same for all of them is worked out once. */
const rowReader = (
  source: Source,
  sheet: Sheet,
  segment: Segment,
  pseudonym: Pseudonym,
): RowReader => {
  const { form } = source
  const fields = Object.entries(form.fields).map(([name, field]: [string, Field], i) => ({
    name,
    field,
    i,
    column: segment.columns.get(name),
    told: segment.told.get(name)?.value ?? null,
    hash: segment.hashed.find(({ into }) => into === name),
    parse: remembered(field.shape),
  }))
  const lacking = unknownFields(source, segment)
  const prefixes = segment.repeated.map(
    ({ header, above }) =>
      `{"header":${JSON.stringify(header)},"above":${JSON.stringify(above)},"value":`,
  )
  const repeatedShape = form.repeated?.shape
  const parseRepeated = repeatedShape === undefined ? undefined : remembered(repeatedShape)
  const rules = form.rules ?? []

  return (row, r) => {
    const faults: Quarantined[] = []
    const fault = (
      column: number | null,
      code: string,
      message: string,
      text: string | null,
      shape?: { readonly field: boolean; readonly wordless: boolean },
    ): void => {
      const isShown = shape?.field === true && !(shape.wordless && /\p{Lu}\p{L}|\p{L}{4}/u.test(text ?? ''))
      faults.push({
        sheet: sheet.name,
        row: r + 1,
        column: column === null ? null : (segment.headers[column] ?? null),
        cell: cellName(r, column ?? 0),
        code,
        message,
        value: isShown ? text : null,
        shape: text === null || isShown ? null : shapeOf(text),
      })
    }
    if (lacking.length > 0)
      fault(null, 'value-missing', `для строки неизвестно: ${lacking.join(', ')}`, null)
    const values = fields.map(({ field, column, told, hash, parse }): string | null => {
      if (hash !== undefined) {
        const cells = hash.columns.flatMap((c) => cleanText(row[c]) ?? [])
        if (cells.length > 0) return pseudonym(hash.system, cells)
        if (field.required)
          fault(hash.columns[0] ?? null, 'value-missing', 'обязательная ячейка пуста', null)
        return null
      }
      if (column === undefined) return told
      const text = cleanText(row[column])
      if (text === null) {
        if (field.required) fault(column, 'value-missing', 'обязательная ячейка пуста', null)
        return null
      }
      const value = parse(text)
      if (value === undefined) {
        fault(column, 'value-unfit', `ожидалось ${field.shape.expected}`, text, {
          field: field.harmless,
          wordless: field.shape.wordless === true,
        })
        return null
      }
      return value
    })
    const cells: RepeatedCell[] = []
    let json = ''
    segment.repeated.forEach(({ column, header, above }, i) => {
      const text = cleanText(row[column])
      const value = text === null ? null : parseRepeated?.(text)
      if (value === undefined) {
        fault(column, 'value-unfit', `ожидалось ${repeatedShape?.expected ?? ''}`, text, {
          field: true,
          wordless: true,
        })
        return
      }
      cells.push({ header, above, value })
      json += `${json === '' ? '[' : ','}${prefixes[i] ?? ''}${value === null ? 'null' : JSON.stringify(value)}}`
    })
    if (faults.length === 0 && rules.length > 0) {
      const formRow: FormRow = {
        fields: Object.fromEntries(fields.map(({ name, i }) => [name, values[i] ?? null])),
        repeated: cells,
        row: r + 1,
      }
      for (const rule of rules) broken(rule, formRow, source, segment, row, fault)
    }
    return faults.length > 0 ? faults : { values, repeated: json === '' ? null : `${json}]` }
  }
}

const broken = (
  rule: RowRule,
  formRow: FormRow,
  source: Source,
  segment: Segment,
  row: GridRow,
  fault: (
    column: number | null,
    code: string,
    message: string,
    text: string | null,
    shape?: { readonly field: boolean; readonly wordless: boolean },
  ) => void,
): void => {
  const message = rule.broken(formRow)
  if (message === undefined) return
  const column = rule.at === undefined ? undefined : segment.columns.get(rule.at)
  const field = rule.at === undefined ? undefined : source.form.fields[rule.at]
  fault(column ?? null, rule.code, message, column === undefined ? null : cleanText(row[column]), {
    field: field?.harmless === true,
    wordless: field?.shape.wordless === true,
  })
}

const memory = new WeakMap<Shape, Map<string, string | undefined>>()
/** A shape's parse, remembered: cells of a column repeat. */
const remembered = (shape: Shape): ((text: string) => string | undefined) => {
  const known = memory.get(shape) ?? new Map<string, string | undefined>()
  memory.set(shape, known)
  return (text) => {
    const value = known.get(text)
    if (value !== undefined || known.has(text)) return value
    const parsed = shape.parse(text)
    if (known.size < 20_000) known.set(text, parsed)
    return parsed
  }
}

const isBlank = (row: GridRow): boolean => row.every((cell) => cleanText(cell) === null)

/** The header printed again, as at the top of a printed page. */
const isHeaderAgain = (row: GridRow, segment: Segment, headers: readonly string[]): boolean =>
  headers.every((name) => {
    const column = segment.columns.get(name)
    return column === undefined || cleanText(row[column]) === segment.headers[column]
  })

/** A column stands over what was told otherwise; its first row is compared. */
const columnDisagreements = (
  sheet: Sheet,
  source: Source,
  segment: Segment,
  columns: ReadonlyMap<string, (string | null)[]>,
): readonly Problem[] =>
  [...segment.told].flatMap(([name, told]) => {
    const first = segment.columns.has(name) ? (columns.get(name)?.at(-1) ?? null) : null
    return first === null || first === told.value
      ? []
      : [
          problem(
            sheet,
            cellName(segment.start, segment.columns.get(name) ?? 0),
            'told-otherwise',
            `${headerText(source, name)}: в столбце не то же, что в ${told.by === 'path' ? 'имени файла' : 'других сведениях'}; взят столбец`,
            'warning',
          ),
        ]
  })

const toldDelivery = ({ source, segments }: Recognised): string | null => {
  const told = segments[0]?.told
  const values = source.form.delivery.map((name) => told?.get(name)?.value)
  return values.some((value) => value === undefined) ? null : values.join(' | ')
}
