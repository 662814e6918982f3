import { date, double, nullable, text, type Columns, type RowOf } from './column.ts'
import { Table } from './table.ts'

/** What every parameter row says besides its keys and values. */
const audit = {
  scope: text('Whom it is for: «all», a project’s name, a municipality’s code'),
  valid_from: nullable(date('First day in force; null: always was')),
  valid_to: nullable(date('Last day in force; null: still is')),
  source: text('Document or reason'),
  tag: text('How far to trust it: S, W#, R#, G, G?, P'),
} as const
export type Audit = typeof audit
export type ParameterRow<C extends Columns> = RowOf<C> & RowOf<Audit>

interface ParameterDefinition<C extends Columns> {
  /** Starts with "One row per …". */
  readonly doc: string
  /** Columns that, with scope and validity, tell a row. */
  readonly grain: readonly (keyof C & string)[]
  readonly columns: C
  readonly rows: readonly ParameterRow<C>[]
}
/** A table of what a regulation or a customer may change; the office's settings and a project may add and replace rows. */
export class ParameterTable<C extends Columns = Columns> extends Table<C & Audit> {
  readonly definition: ParameterDefinition<C>
  constructor(url: string, definition: ParameterDefinition<C>) {
    super(url, { ...definition.columns, ...audit })
    this.definition = definition
  }
}
export const defineParameters = <const C extends Columns>(
  url: string,
  definition: ParameterDefinition<C>,
): ParameterTable<C> => new ParameterTable(url, definition)

/** Rows that a project adds to a shared parameter table; a row of the same grain and validity is replaced. */
export interface ParameterRows<C extends Columns = Columns> {
  readonly table: ParameterTable<C>
  readonly rows: readonly ParameterRow<C>[]
}
export const addParameters = <const C extends Columns>(
  table: ParameterTable<C>,
  rows: readonly ParameterRow<C>[],
): ParameterRows<C> => ({ table, rows })

/** Columns of a table of single numbers. */
export const threshold = {
  name: text('Which number'),
  value: double('The number'),
  unit: text('Its unit: share, points, pupils, schools, z, years, count'),
  meaning: text('Russian: what it does'),
} as const
type Threshold = typeof threshold

/** Reads the single numbers of a rule; one that is missing on the date is an error that names it. */
export const thresholds = (
  table: ParameterTable<Threshold>,
  rows: readonly RowOf<Pick<Threshold, 'name' | 'value'>>[],
): ((name: string) => number) => {
  const values = new Map(rows.map((row) => [row.name, row.value]))
  return (name) => {
    const value = values.get(name)
    if (value === undefined) throw new MissingParameter(table.id, name)
    return value
  }
}
/** A rule asked for a number that no parameter row gives. */
export class MissingParameter extends Error {
  readonly table: string
  readonly parameter: string
  readonly hint: string
  constructor(table: string, parameter: string) {
    super(`нет параметра «${parameter}» в таблице ${table}`)
    this.name = 'MissingParameter'
    this.table = table
    this.parameter = parameter
    this.hint = `добавьте строку с этим параметром в settings/parameters.json для таблицы ${table}`
  }
}
