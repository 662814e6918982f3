import type { Shape } from '../transforms/contract/shape.ts'
import type {
  Field,
  FormRow,
  RepeatedCell,
  RowRule,
  Source,
} from '../transforms/contract/source.ts'
import { unknownFields } from './columns.ts'
import { shapeOf } from './personal.ts'
import { cellName, cleanText, type GridRow, type Sheet } from './readers/sheet.ts'
import type { Segment } from './segment.ts'

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

interface FieldReader {
  readonly name: string
  readonly field: Field
  readonly column: number | undefined
  readonly told: string | null
  readonly hash: Segment['hashed'][number] | undefined
  readonly known: Map<string, string | null | false>
  /** The cell read last: the next row often has the same. */
  cell: string | null
  value: string | null | false
}
/** What of a field tells whether its cell may be shown. */
type Shown = Pick<Field, 'harmless' | 'shape'>
interface KnownCell {
  readonly cell: RepeatedCell
  readonly json: string
}

/** Reads rows of one table; what is the same for all of them is worked out once, and cells seen before are looked up. */
export class RowReader {
  readonly values: (string | null)[]
  /** Cells of the repeated columns: JSON list of texts. */
  cells: string | null = null
  /** Their headers: JSON list of {header, above}; the same for every row. */
  readonly headers: string | null
  readonly #source: Source
  readonly #sheet: Sheet
  readonly #segment: Segment
  readonly #pseudonym: Pseudonym
  readonly #fields: readonly FieldReader[]
  readonly #lacking: readonly string[]
  readonly #tasks: readonly {
    readonly column: number
    readonly known: Map<string | null, KnownCell>
  }[]
  #faults: Quarantined[] = []

  constructor(source: Source, sheet: Sheet, segment: Segment, pseudonym: Pseudonym) {
    this.#source = source
    this.#sheet = sheet
    this.#segment = segment
    this.#pseudonym = pseudonym
    this.#fields = Object.entries(source.form.fields).map(([name, field]: [string, Field]) => ({
      name,
      field,
      column: segment.columns.get(name),
      told: segment.told.get(name)?.value ?? null,
      hash: segment.hashed.find(({ into }) => into === name),
      known: knownCells(field.shape),
      cell: null,
      value: null,
    }))
    this.values = this.#fields.map(() => null)
    this.#lacking = unknownFields(source, segment)
    this.#tasks = segment.repeated.map(({ column }) => ({ column, known: new Map() }))
    this.headers =
      segment.repeated.length === 0
        ? null
        : JSON.stringify(segment.repeated.map(({ header, above }) => ({ header, above })))
  }

  /** Leaves the row's values in `values` and `cells`; or gives what is wrong with it. */
  read(row: GridRow, r: number): readonly Quarantined[] {
    this.#faults = []
    if (this.#lacking.length > 0)
      this.#fault(
        r,
        null,
        'value-missing',
        `для строки неизвестно: ${this.#lacking.join(', ')}`,
        null,
      )
    for (let i = 0; i < this.#fields.length; i++) {
      const reader = this.#fields[i]
      if (reader === undefined) continue
      const { hash, column } = reader
      if (hash !== undefined) this.values[i] = this.#hashed(reader, hash, row, r)
      else if (column === undefined) this.values[i] = reader.told
      else this.values[i] = this.#value(reader, column, row[column] ?? null, r)
    }
    const cells = this.#readRepeated(row, r)
    const { rules } = this.#source.form
    if (this.#faults.length === 0 && rules !== undefined) {
      const fields: Record<string, string | null> = {}
      for (let i = 0; i < this.#fields.length; i++)
        fields[this.#fields[i]?.name ?? ''] = this.values[i] ?? null
      const formRow: FormRow = { fields, repeated: cells, row: r + 1 }
      for (const rule of rules) this.#judge(rule, formRow, row, r)
    }
    return this.#faults
  }

  #hashed(
    reader: FieldReader,
    hash: Segment['hashed'][number],
    row: GridRow,
    r: number,
  ): string | null {
    const cells: string[] = []
    for (const column of hash.columns) {
      const text = cleanText(row[column])
      if (text !== null && tells.test(text)) cells.push(text)
    }
    if (cells.length > 0) return this.#pseudonym(hash.system, cells)
    if (reader.field.required)
      this.#fault(r, hash.columns[0] ?? null, 'value-missing', 'обязательная ячейка пуста', null)
    return null
  }

  #value(reader: FieldReader, column: number, cell: string | null, r: number): string | null {
    const { field, known } = reader
    if (cell !== reader.cell) {
      const found = cell === null ? null : known.get(cell)
      reader.value = found === undefined ? remember(known, cell ?? '', field.shape) : found
      reader.cell = cell
    }
    const { value } = reader
    if (value === false) {
      this.#fault(
        r,
        column,
        'value-unfit',
        `ожидалось: ${field.shape.expected}`,
        cleanText(cell),
        field,
      )
      return null
    }
    if (value === null && field.required)
      this.#fault(r, column, 'value-missing', 'обязательная ячейка пуста', null)
    return value
  }

  #readRepeated(row: GridRow, r: number): readonly RepeatedCell[] {
    const cells: RepeatedCell[] = []
    let json = ''
    for (let i = 0; i < this.#tasks.length; i++) {
      const task = this.#tasks[i]
      if (task === undefined) continue
      const text = row[task.column] ?? null
      const known = task.known.get(text) ?? this.#repeatedCell(i, task, text, r)
      if (known === undefined) continue
      cells.push(known.cell)
      json += known.json
    }
    this.cells = json === '' ? null : `[${json.slice(1)}]`
    return cells
  }

  #repeatedCell(
    i: number,
    task: { readonly column: number; readonly known: Map<string | null, KnownCell> },
    raw: string | null,
    r: number,
  ): KnownCell | undefined {
    const { header = '', above = null } = this.#segment.repeated[i] ?? {}
    const shape = this.#source.form.repeated?.shape
    const text = cleanText(raw)
    const value = text === null ? null : shape?.parse(text)
    if (value === undefined) {
      this.#fault(
        r,
        task.column,
        'value-unfit',
        `ожидалось: ${shape?.expected ?? ''}`,
        text,
        this.#repeatedField(),
      )
      return undefined
    }
    const cell = { header, above, value }
    const known = { cell, json: `,${JSON.stringify(value)}` }
    if (task.known.size < 1000) task.known.set(raw, known)
    return known
  }

  #judge(rule: RowRule, formRow: FormRow, row: GridRow, r: number): void {
    const message = rule.broken(formRow)
    if (message === undefined) return
    const { column, field } = this.#placeOf(rule, formRow)
    const text = column === undefined ? null : cleanText(row[column])
    this.#fault(r, column ?? null, rule.code, message, text, field)
  }

  /** Where the cell stands that a rule speaks of, and how it may be shown. */
  #placeOf(
    { at }: RowRule,
    formRow: FormRow,
  ): { column: number | undefined; field: Shown | undefined } {
    if (at === undefined) return { column: undefined, field: undefined }
    if (typeof at === 'string')
      return { column: this.#segment.columns.get(at), field: this.#source.form.fields[at] }
    const cell = at(formRow)
    const i = cell === undefined ? -1 : formRow.repeated.indexOf(cell)
    return { column: this.#tasks[i]?.column, field: this.#repeatedField() }
  }

  #repeatedField(): Shown | undefined {
    const shape = this.#source.form.repeated?.shape
    return shape && { harmless: true, shape: { ...shape, wordless: true } }
  }

  #fault(
    r: number,
    column: number | null,
    code: string,
    message: string,
    text: string | null,
    field?: Shown,
  ): void {
    const isShown =
      field?.harmless === true && !(field.shape.wordless === true && hasWords.test(text ?? ''))
    this.#faults.push({
      sheet: this.#sheet.name,
      row: r + 1,
      column: column === null ? null : (this.#segment.headers[column] ?? null),
      cell: cellName(r, column ?? 0),
      code,
      message,
      value: isShown ? text : null,
      shape: text === null || isShown ? null : shapeOf(text),
    })
  }
}
/** Where a number belongs, a capitalised or long word may be somebody's name. */
const hasWords = /\p{Lu}\p{L}|\p{L}{4}/u

const shapes = new WeakMap<Shape, Map<string, string | null | false>>()
/** Cells of a shape that were parsed before: the value, null for a blank one, false for one that does not fit. */
const knownCells = (shape: Shape): Map<string, string | null | false> => {
  const known = shapes.get(shape) ?? new Map<string, string | null | false>()
  shapes.set(shape, known)
  return known
}
const remember = (
  known: Map<string, string | null | false>,
  cell: string,
  shape: Shape,
): string | null | false => {
  const text = cleanText(cell)
  const value = text === null ? null : (shape.parse(text) ?? false)
  if (known.size < 20_000) known.set(cell, value)
  return value
}
/** Whether a cell tells somebody apart: a dash tells nobody. */
const tells = /[\p{L}\p{N}]/u
