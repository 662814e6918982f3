import { grouped } from '../../contract/computation.ts'
import {
  comparableFrom,
  comparableRuns,
  type BreakYear,
} from '../../methods/education/comparability.ts'
import {
  cohortNoise,
  noiseOfUnit,
  slopeOf,
  trendOf,
  type Trend,
  type TrendClass,
  type YearValue,
} from '../../methods/education/trend_class.ts'
import { changeText, type ValueUnit } from '../../methods/education/wording.ts'
import { Z_95 } from '../../methods/statistics/distributions.ts'
import { theilSen } from '../../methods/statistics/theil_sen.ts'

export interface Value {
  readonly indicator: string
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  readonly level: string
  readonly unit_key: string
  readonly school_year: number
  readonly value: number
  readonly se: number | null
  readonly n: number
  /** Not for officials. */
  readonly is_suppressed: boolean
}
const labels: Readonly<Record<TrendClass, string>> = {
  improved: 'улучшение',
  declined: 'снижение',
  stable: 'стабильно',
  uncertain: 'неопределённо',
  insufficient: 'недостаточно данных',
  difference: 'разница двух лет',
}

interface CellRule {
  readonly cuts: readonly BreakYear[]
  readonly isRelative: boolean
  readonly windowYears: number
  readonly members: ReadonlyMap<string, readonly { readonly school_key: string }[]>
  readonly rule: Parameters<typeof trendOf>[2]
  readonly minimumSchools: number
  readonly declaredVariance: number
}

/** Trends of every unit of one indicator, procedure, subject and grade. */
export const trendsOfCell = (cell: readonly Value[], context: CellRule) => {
  const last = cell.reduce((latest, { school_year }) => Math.max(latest, school_year), -Infinity)
  const comparable = context.isRelative ? -Infinity : comparableFrom(context.cuts, last)
  const from = Math.max(last - context.windowYears + 1, comparable)
  const note =
    context.cuts
      .filter(({ year }) => year <= last && year > last - context.windowYears + 1)
      .map((cut) => cut.note)
      .join('; ') || null
  const series = [...grouped(cell, ({ level, unit_key }) => `${level} ${unit_key}`).values()]
  const noise = cohortNoise(
    series
      .filter((rows) => rows[0]?.level === 'school')
      .flatMap((rows) =>
        context.isRelative ? [rows.map(yearOf)] : comparableRuns(rows.map(yearOf), context.cuts),
      ),
    {
      minimumSchools: context.minimumSchools,
      minimumN: context.rule.minimumN,
      declaredVariance: context.declaredVariance,
    },
  )
  const sizes = new Map(
    cell
      .filter(({ level, school_year }) => level === 'school' && school_year === last)
      .map(({ unit_key, n }) => [unit_key, n]),
  )
  return series.flatMap((rows) => {
    const head = rows[0]
    const all = rows.map(yearOf).filter(({ year }) => year >= comparable)
    const window = all.filter(({ year }) => year >= from)
    if (head === undefined || window.length === 0) return []
    const schools = context.members.get(`${head.level} ${head.unit_key} ${String(last)}`) ?? []
    const variance =
      head.level === 'school'
        ? noise.variance
        : noiseOfUnit(
            noise.variance,
            schools.flatMap(({ school_key }) => {
              const size = sizes.get(school_key)
              return size === undefined ? [] : [size]
            }),
          )
    const trend = trendOf(window, variance, context.rule)
    return [
      {
        level: head.level,
        unitKey: head.unit_key,
        columns: (unit: ValueUnit, decimals: number) => ({
          ...numbersOf(trend, unit, decimals),
          cohort_sd: Math.sqrt(variance),
          break_note: note,
          is_suppressed: isAnySuppressed(rows, from),
          is_history_suppressed: isAnySuppressed(rows, comparable),
          slope_all: all.length < 2 ? null : slopeOf(all, variance).slope,
          years_all: all.length,
          theil_sen:
            all.length < 2
              ? null
              : theilSen(all.map(({ year, value }) => ({ t: year, value }))).slope,
        }),
      },
    ]
  })
}

const numbersOf = (trend: Trend, unit: ValueUnit, decimals: number) => {
  const { first, last, slope: line, hasError } = trend
  const se = line === null || !hasError ? null : line.se
  return {
    first_year: first.year,
    last_year: last.year,
    years: trend.years,
    value_first: first.value,
    value_last: last.value,
    total_change: line === null ? null : line.total,
    slope: line === null ? null : line.slope,
    se,
    lo: line === null || se === null ? null : line.slope - Z_95 * se,
    hi: line === null || se === null ? null : line.slope + Z_95 * se,
    z: line === null || se === null ? null : line.z,
    n_first: first.n ?? 0,
    n_last: last.n ?? 0,
    trend_class: trend.trendClass,
    trend_label: labels[trend.trendClass],
    has_curvature: trend.hasCurvature,
    change_text:
      line === null
        ? 'данные за один год'
        : changeText({
            total: line.total,
            lo: se === null ? null : line.total - Z_95 * se * line.window,
            hi: se === null ? null : line.total + Z_95 * se * line.window,
            firstYear: first.year,
            lastYear: last.year,
            unit,
            decimals,
          }),
  }
}

const isAnySuppressed = (rows: readonly Value[], from: number): boolean =>
  rows.some(({ school_year, is_suppressed }) => is_suppressed && school_year >= from)

const yearOf = ({ school_year, value, se, n }: Value): YearValue => ({
  year: school_year,
  value,
  se,
  n: n === 0 ? null : n,
})
