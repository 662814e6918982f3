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
import { theilSenSlope } from '../../methods/statistics/theil_sen.ts'

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
  readonly n: number | null
  /** Not for officials. */
  readonly is_suppressed: boolean
}
export const trendLabels: Readonly<Record<TrendClass, string>> = {
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
  const sizes = new Map<string, number>()
  for (const { level, school_year, unit_key, n } of cell)
    if (level === 'school' && school_year === last) sizes.set(unit_key, n ?? 0)
  return series.flatMap((rows) => {
    const head = rows[0]
    const all = rows.map(yearOf).filter(({ year }) => year >= comparable)
    const window = all.filter(({ year }) => year >= from)
    if (head === undefined || window.length === 0) return []
    const variance =
      head.level === 'school'
        ? noise.variance
        : noiseOfUnit(
            noise.variance,
            (context.members.get(`${head.level} ${head.unit_key} ${String(last)}`) ?? []).flatMap(
              ({ school_key }) => sizes.get(school_key) ?? [],
            ),
          )
    const trend = trendOf(window, variance, context.rule)
    const isLonger = all.length > window.length
    return [
      {
        level: head.level,
        unitKey: head.unit_key,
        trend,
        variance,
        note,
        isSuppressed: isAnySuppressed(rows, from),
        isHistorySuppressed: isAnySuppressed(rows, comparable),
        slopeOfAll: (isLonger ? slopeOf(all, variance) : trend.slope)?.slope ?? null,
        yearsOfAll: all.length,
        theilSen: all.length < 2 ? null : theilSenSlope(all.map(momentOf)),
      },
    ]
  })
}

const momentOf = ({ year, value }: YearValue) => ({ t: year, value })

/** The change in words. */
export const changeOf = (
  { first, last, slope }: Trend,
  se: number | null,
  unit: ValueUnit,
  decimals: number,
): string =>
  slope === null
    ? 'данные за один год'
    : changeText({
        total: slope.total,
        lo: se === null ? null : slope.total - Z_95 * se * slope.window,
        hi: se === null ? null : slope.total + Z_95 * se * slope.window,
        firstYear: first.year,
        lastYear: last.year,
        unit,
        decimals,
      })

const isAnySuppressed = (rows: readonly Value[], from: number): boolean =>
  rows.some(({ school_year, is_suppressed }) => is_suppressed && school_year >= from)

const yearOf = ({ school_year, value, se, n }: Value): YearValue => ({
  year: school_year,
  value,
  se,
  n,
})
