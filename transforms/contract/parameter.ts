import { date, double, nullable, text, type Columns, type RowOf } from './column.ts'
import { Table } from './table.ts'

/** What every parameter row says besides its keys and values. */
const audit = {
  scope: text('для кого: all — для всех, имя проекта или код муниципалитета'),
  valid_from: nullable(date('первый день действия; пусто — действовало всегда')),
  valid_to: nullable(date('последний день действия; пусто — действует и сейчас')),
  source: text('документ или обоснование'),
  tag: text(
    'насколько надёжно: S — требование заказчика, W — опубликованный источник, R — открытый код, G и G? — не проверено, P — предложено Мерой',
  ),
} as const
export type Audit = typeof audit
export type ParameterRow<C extends Columns> = RowOf<C> & RowOf<Audit>

interface ParameterDefinition<C extends Columns> {
  /** Russian, for users; starts with the grain: «Строка — процедура и предмет: …». */
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
  name: text('имя числа'),
  value: double('значение'),
  unit: text(
    'единица: share — доля, points — баллы, pupils — ученики, schools — школы, z — стандартные отклонения, years — годы, count — количество, ratio — отношение',
  ),
  meaning: text('что оно решает'),
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
