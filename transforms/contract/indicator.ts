import { double, integer, nullable, text, type RowOf } from './column.ts'
import { Model, Table, type Promises, type Query } from './table.ts'

/** What a person must know to read the number: it becomes a row of marts.mart_indicator. Texts are Russian. */
export interface Passport {
  /** Identifier of the catalogue of indicators: IND-ATT-04. */
  readonly catalogue: string
  readonly title: string
  readonly definition: string
  readonly formula: string
  readonly unit: 'share' | 'points' | 'mark' | 'count' | 'ratio'
  readonly decimals: number
  readonly better: 'higher' | 'lower' | 'zero' | 'neither'
  readonly section: 'attainment' | 'objectivity' | 'context' | 'staffing' | 'talents'
  /** Direction of management mechanisms: 1.1 … 2.4, ctx. */
  readonly direction: string
  readonly source: string
  /** How the interval is made, or why there is none. */
  readonly interval: string
  /** One of the few that findings and counts of zones are made of; the rest stand in tables. */
  readonly isHeadline?: boolean
  /** Says something of children that must not be guessed of one of them (health, language): fewer than ten are hidden. */
  readonly isSensitive?: boolean
  /** Where a unit of several schools has a numerator, its n counts schools, not people. */
  readonly countsSchools?: boolean
  /** Raised whenever the same data would give another number. */
  readonly version: number
}

export const indicatorColumns = {
  indicator: text('показатель: имя его таблицы'),
  level: text(
    'уровень: school — школа, cluster — кластер, municipality — муниципалитет, region — регион, country — страна',
  ),
  unit_key: text('ключ единицы этого уровня'),
  procedure: text('оценочная процедура или all (не по процедурам)'),
  subject: text('предмет или all (сводно по предметам)'),
  grade: text('класс или all (сводно по классам)'),
  school_year: integer('год окончания учебного года'),
  numerator: nullable(double('числитель')),
  denominator: nullable(double('знаменатель')),
  value: nullable(double('значение: доли от 0 до 1, баллы и отметки как есть')),
  n: nullable(integer('n: сколько учеников (школ, работников) за значением; пусто — не передано')),
  se: nullable(double('стандартная ошибка; пусто, если не вычислима')),
  lo: nullable(double('нижняя граница 95 % ДИ')),
  hi: nullable(double('верхняя граница 95 % ДИ')),
  interval_basis: text(
    'чем получен интервал: wilson — Уилсон, t — Стьюдент, pooled_sd — общий разброс школ; none и причина, если интервала нет',
  ),
  method_version: text('показатель и версия метода'),
} as const
export type IndicatorColumns = typeof indicatorColumns

/**
 * A number that pages quote: a table of its own, so that a correction rebuilds only what it touches. Those made of facts without a procedure
 * (context, staff) do not fall into parts and are made whole: they are small.
 */
export class Indicator extends Model<IndicatorColumns> {
  readonly passport: Passport
  constructor(
    url: string,
    passport: Passport,
    select: Query<IndicatorColumns>,
    through: Promises<IndicatorColumns>['through'] = ({ level, unit_key }) =>
      level === 'school' ? { school_key: unit_key } : {},
  ) {
    super(url, {
      doc: `Строка — единица, процедура, предмет, класс и учебный год: ${passport.title}.`,
      grain: ['level', 'unit_key', 'procedure', 'subject', 'grade', 'school_year'],
      partition: ['procedure', 'school_year'],
      columns: indicatorColumns,
      through,
      select,
    })
    this.passport = passport
  }
  get version(): string {
    return `${this.name}@${String(this.passport.version)}`
  }
}
export const defineIndicator = (
  url: string,
  passport: Passport,
  select: Query<IndicatorColumns>,
  through?: Promises<IndicatorColumns>['through'],
): Indicator => new Indicator(url, passport, select, through)

/** The catalog puts the union of every indicator found in its place: besides entities, what reads it alone has parents that are found, not imported. */
export const indicatorUnion = new Table('indicators/indicator_union.ts', indicatorColumns)

const passportColumns = {
  indicator: text('показатель: имя его таблицы'),
  catalogue: text('номер в каталоге показателей'),
  title: text('название'),
  definition: text('определение'),
  formula: text('формула'),
  unit: text(
    'единица: share — доля, points — баллы, mark — отметка, count — количество, ratio — отношение',
  ),
  decimals: integer('знаков после запятой'),
  better: text(
    'что лучше: higher — больше, lower — меньше, zero — ближе к нулю, neither — не оценивается',
  ),
  section: text(
    'раздел: attainment — результаты, objectivity — объективность, context — контекст, staffing — кадры, talents — таланты',
  ),
  direction: text('направление управленческих механизмов: 1.1 … 2.4, ctx — контекст'),
  source_note: text('откуда данные'),
  interval_note: text('как получен интервал'),
  is_headline: integer('1 — по нему делаются выводы и считаются зоны'),
  is_sensitive: integer('1 — скрывается, если детей с признаком меньше десяти'),
  counts_schools: integer('1 — n единицы из нескольких школ — число школ, а не людей'),
  method_version: text('показатель и версия метода'),
} as const
/** A row per indicator found; the catalog puts the passports in its place, as it does the union in that of `indicatorUnion`. */
export const indicatorPassport = new Table('indicators/indicator_passport.ts', passportColumns)
export const passportRow = (indicator: Indicator): RowOf<typeof passportColumns> => {
  const { passport } = indicator
  return {
    indicator: indicator.name,
    catalogue: passport.catalogue,
    title: passport.title,
    definition: passport.definition,
    formula: passport.formula,
    unit: passport.unit,
    decimals: passport.decimals,
    better: passport.better,
    section: passport.section,
    direction: passport.direction,
    source_note: passport.source,
    interval_note: passport.interval,
    is_headline: Number(passport.isHeadline ?? false),
    is_sensitive: Number(passport.isSensitive ?? false),
    counts_schools: Number(passport.countsSchools ?? false),
    method_version: indicator.version,
  }
}
