import { nullable, origin, text, type Column, type Columns } from './column.ts'
import { anyText, type Shape } from './shape.ts'
import { Table } from './table.ts'

/** A column of a form: what it means and how its cells must look. It is stored as canonical text; types come in staging. */
export interface Field {
  /** Russian, for users: what it means; where it stands in the form is said by `headers` and `above`. */
  readonly doc: string
  readonly shape: Shape
  /** An empty cell sends the row to quarantine. */
  readonly required: boolean
  /** The quarantine may show the value itself; else only its shape («Ааааа 99»). */
  readonly harmless: boolean
  /** What a value means where prints of one thing differ: values that mean the same are one delivery. */
  readonly meaning?: (value: string) => string
}
export const field = (
  doc: string,
  shape: Shape = anyText,
  {
    required = false,
    harmless = shape !== anyText,
    ...rest
  }: Partial<Pick<Field, 'required' | 'harmless' | 'meaning'>> = {},
): Field => ({
  doc,
  shape,
  required,
  harmless,
  ...rest,
})
export type Fields = Readonly<Record<string, Field>>

/**
 * What to do with columns that hold people: `drop` (never stored), `refuse` (the sheet is not loaded unless the office's settings
 * list the source under `dropPersonal`), `hash` (one keyed hash of the named headers' cells, joined, into a field).
 */
export type Personal<F extends Fields> =
  | { readonly headers: readonly string[]; readonly action: 'drop' | 'refuse' }
  | {
      readonly headers: readonly string[]
      readonly action: 'hash'
      readonly into: keyof F & string
      /** Namespace of the hash: equal values of one namespace give equal hashes across forms. */
      readonly system: string
    }

/** One row as the rules see it: canonical text by field (null: empty), and the repeated cells. */
export interface FormRow {
  readonly fields: Readonly<Record<string, string | null>>
  readonly repeated: readonly RepeatedCell[]
  readonly row: number
}
/** A cell of a run of columns whose headers vary: tasks «9.1 (2б)», scores 0…38, numbered columns of a printed form. */
export interface RepeatedCell {
  readonly header: string
  /** The cell above the header (difficulty of a task), or null. */
  readonly above: string | null
  readonly value: string | null
}
/** A row that breaks it goes to quarantine. */
export interface RowRule {
  readonly code: string
  /** Russian, for the office: what is wrong with this row; undefined: nothing. */
  readonly broken: (row: FormRow) => string | undefined
  /** The field whose cell the report points at, or which of the row's repeated cells it is. */
  readonly at?: string | ((row: FormRow) => RepeatedCell | undefined)
}

export interface Form<F extends Fields> {
  /** Russian: what the office calls it. */
  readonly title: string
  /** Raised whenever the same file would be read otherwise: files are then parsed anew. */
  readonly version: number
  /** What tells its sheets from every other form's; a test proves that no two forms claim one sheet. */
  readonly recognise: {
    /** Matches some cell above the header (for a form with blocks, above the first block). */
    readonly title?: RegExp
    /** Fields whose headers must all stand in one row. */
    readonly headers: readonly (keyof F & string)[]
  }
  /**
   * Header text → field, by first school year, so that drift between years is data and not an `if`. Compared without case, spaces
   * folded. Entries of later years are added to earlier ones and stand over them; where the year is unknown, all are in force.
   */
  readonly headers: readonly {
    readonly since: number
    readonly map: Readonly<Record<string, keyof F & string>>
  }[]
  /** Values read from the cells above the header: the pattern's group named like a field is its value. Cells of a row are joined by « | ». */
  readonly above?: readonly RegExp[]
  /** Where a sheet holds several tables, the line that opens each; its named groups are fields of the rows that follow. */
  readonly block?: RegExp
  /** Named groups over the sheet's name; after `above`. */
  readonly sheetName?: RegExp
  /** Named groups over the file's path; the last resort, after --fact and delivery.json. The ledger says which told. */
  readonly path?: RegExp
  /** The field that holds the year in which the school year ends, or a date in the school year; for the ledger and for `headers.since`. */
  readonly year?: keyof F & string
  /** The year in that field is the one in which the school year begins. */
  readonly yearBegins?: boolean
  /** Cells under headers that match go into `_cells`, the headers into `_headers`, in order. */
  readonly repeated?: { readonly header: RegExp; readonly shape: Shape; readonly doc: string }
  /** Lines that are no data: group lines, totals. The pattern sees the row's cells joined by « | ». Blank rows are never data. */
  readonly skip?: readonly RegExp[]
  /** The line after which nothing is data until the next block. */
  readonly end?: RegExp
  readonly rules?: readonly RowRule[]
  readonly personal?: readonly Personal<F>[]
  /** Pairs of fields whose headers are known to arrive exchanged; decided by which assignment fits the values, never by the year. */
  readonly exchanged?: readonly (readonly [keyof F & string, keyof F & string])[]
  /** What a later file replaces: values of these that mean the same are one delivery. */
  readonly delivery: readonly (keyof F & string)[]
  /** The field with the date inside the file that tells which of two deliveries is newer. */
  readonly deliveredOn?: keyof F & string
  readonly fields: F
}

/** Of a form whose fields are not known by name, the columns are not either: so any source is a `Source`. */
type SourceColumns<F extends Fields> = string extends keyof F
  ? Columns
  : { readonly [K in keyof F]: Column<string | null> } & typeof sourceColumns
const sourceColumns = {
  ...origin,
  _delivery: text('к какой поставке относится строка'),
  _headers: nullable(
    text(
      'заголовки повторяющихся столбцов и ячейки над ними: список JSON, один на всю таблицу листа',
    ),
  ),
  _cells: nullable(text('ячейки под этими заголовками, в том же порядке: список JSON')),
} as const

/** What arrived, as text: one file per form. */
export class Source<F extends Fields = Fields> extends Table<SourceColumns<F>> {
  readonly form: Form<F>
  /** Its file: workers that parse beside each other import it themselves. */
  readonly url: string
  constructor(url: string, form: Form<F>) {
    const columns = Object.fromEntries(
      Object.entries(form.fields).map(([name, { doc }]) => [name, nullable(text(doc))]),
    )
    super(url, { ...columns, ...sourceColumns } as SourceColumns<F>)
    this.form = form
    this.url = url
  }
}
/** Text as it arrived, plus `_file`, `_sheet`, `_row`, `_delivery`, `_headers`, `_cells`; types come in staging. */
export const defineSource = <const F extends Fields>(url: string, form: Form<F>): Source<F> =>
  new Source(url, form)
