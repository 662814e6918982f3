import { sql, type Expression, type RawBuilder } from 'kysely'
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
  /**
   * Rows of one grain for different years stand side by side, and whoever reads chooses by school year. Without it one row of a grain stands,
   * that of the last school year, for all years: for rules about several years together.
   */
  readonly isYearly?: boolean
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
    'единица: share — доля, points — баллы, pupils — ученики, schools — школы, z — стандартные отклонения, years — годы, months — месяцы, hours — часы, count — количество, ratio — отношение',
  ),
  meaning: text('что оно решает'),
} as const
type Threshold = typeof threshold

/** Reads the single numbers of a rule for all years; one that is missing is an error that names it. */
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

/** A number of a yearly rule with the first and the last school year that it holds in, by the years in which they end. */
export interface YearlyThreshold {
  readonly name: string
  readonly value: number
  readonly from_year: number
  readonly to_year: number
}
/** What holds on the last day of a school year, 31 August, holds in that year. */
export const yearlyThresholds = (
  table: ParameterTable<Threshold>,
): Expression<YearlyThreshold> => sql<YearlyThreshold>`
  select name, value,
         coalesce(year(valid_from) + (valid_from > make_date(year(valid_from), 8, 31))::integer, 0)::integer as from_year,
         coalesce(year(valid_to) - (valid_to < make_date(year(valid_to), 8, 31))::integer, 9999)::integer as to_year
  from ${table}
  order by name, from_year`
/** The number of a yearly rule in the school year given, as a scalar query; a missing one stops the build and is named. */
export const thresholdIn = (
  table: ParameterTable<Threshold>,
  name: string,
  schoolYear: RawBuilder<number>,
): RawBuilder<number> => sql<number>`(
  select coalesce(max(t.value), error(${sql.lit(missing(table.id, name))}))
  from (${yearlyThresholds(table)}) as t
  where t.name = ${sql.lit(name)} and ${schoolYear} between t.from_year and t.to_year)`

/** Reads the single numbers of a rule for a school year; one that is missing in it is an error that names both. */
export const thresholdsByYear =
  (table: ParameterTable<Threshold>, rows: readonly YearlyThreshold[]) =>
  (year: number): ((name: string) => number) => {
    const values = new Map(
      rows
        .filter(({ from_year, to_year }) => from_year <= year && year <= to_year)
        .map((row) => [row.name, row.value]),
    )
    return (name) => {
      const value = values.get(name)
      if (value === undefined) throw new MissingParameter(table.id, name, year)
      return value
    }
  }

const missing = (table: string, name: string): string =>
  `нет параметра «${name}» в таблице ${table}`
/** The error that a query which asked `thresholdIn` for a missing number stopped with; undefined where it stopped for another reason. */
export const missingParameterOf = (message: string): MissingParameter | undefined => {
  const [, name, table] = /нет параметра «([^»]+)» в таблице (\S+)/.exec(message) ?? []
  return name === undefined || table === undefined ? undefined : new MissingParameter(table, name)
}
/** A rule asked for a number that no parameter row gives. */
export class MissingParameter extends Error {
  readonly table: string
  readonly parameter: string
  readonly hint: string
  constructor(table: string, parameter: string, year?: number) {
    super(
      `${missing(table, parameter)}${year === undefined ? '' : ` на ${String(year - 1)}/${String(year).slice(-2)} учебный год`}`,
    )
    this.name = 'MissingParameter'
    this.table = table
    this.parameter = parameter
    this.hint = `добавьте строку с этим параметром в settings/parameters.json для таблицы ${table}`
  }
}
