import { double, integer, nullable, text, type RowOf } from './column.ts'
import { Model, Table, type Query } from './table.ts'

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
  /** Raised whenever the same data would give another number. */
  readonly version: number
}

export const indicatorColumns = {
  indicator: text('Which indicator: the name of its table'),
  level: text('school, cluster, municipality, region, country'),
  unit_key: text('Key of the unit at that level'),
  procedure: text('Procedure, or all'),
  subject: text('Subject, or all (pooled over subjects)'),
  grade: text('Grade, or all (pooled over grades)'),
  school_year: integer('Year in which the school year ends'),
  numerator: nullable(double('What is divided')),
  denominator: nullable(double('What it is divided by')),
  value: nullable(double('The number: shares 0–1, points, marks as they are')),
  n: integer('Pupils (schools, employees) behind it'),
  se: nullable(double('Standard error; null where it cannot be computed')),
  lo: nullable(double('Lower 95 % limit')),
  hi: nullable(double('Upper 95 % limit')),
  interval_basis: text('wilson, t, pooled_sd, or none: why there is none'),
  method_version: text('Indicator and version of its method'),
} as const
export type IndicatorColumns = typeof indicatorColumns

/** A number that pages quote: a table of its own, so that a correction rebuilds only what it touches. */
export class Indicator extends Model<IndicatorColumns> {
  readonly passport: Passport
  constructor(url: string, passport: Passport, select: Query<IndicatorColumns>) {
    super(url, {
      doc: `One row per unit, procedure, subject, grade and school year: ${passport.title}.`,
      grain: ['level', 'unit_key', 'procedure', 'subject', 'grade', 'school_year'],
      partition: 'school_year',
      columns: indicatorColumns,
      through: (row) =>
        row.level === 'school'
          ? { school_key: row.unit_key }
          : row.level === 'municipality'
            ? { municipality_key: row.unit_key }
            : {},
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
): Indicator => new Indicator(url, passport, select)

/** The union of every indicator found; besides entities the only table whose parents are found rather than imported. */
export const everyIndicator = new Table('indicators/every_indicator.ts', indicatorColumns)

const passportColumns = {
  indicator: text('Name of its table'),
  catalogue: text('Identifier in the catalogue of indicators'),
  title: text('Russian title'),
  definition: text('Russian: what it is'),
  formula: text('Formula'),
  unit: text('share, points, mark, count, ratio'),
  decimals: integer('Decimals shown'),
  better: text('higher, lower, zero, neither'),
  section: text('attainment, objectivity, context, staffing, talents'),
  direction: text('Direction of management mechanisms'),
  source_note: text('Russian: where the data come from'),
  interval_note: text('Russian: how the interval is made'),
  is_headline: integer('1: findings and counts of zones are made of it'),
  is_sensitive: integer('1: fewer than ten children with the trait are hidden'),
  method_version: text('Indicator and version of its method'),
} as const
/** A row per indicator found; the catalog puts the passports in its place, as it does the union in that of `everyIndicator`. */
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
    method_version: indicator.version,
  }
}
