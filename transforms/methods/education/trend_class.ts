import { StatisticsError } from '../statistics/errors.ts'
import {
  cohortVariance,
  curvature,
  slope,
  type Slope,
  type TrendPoint,
} from '../statistics/trend.ts'
import { requireAnswer, requireFinite, sum, sumOfProducts } from '../statistics/sums.ts'
import { atLeast, atMost } from './threshold.ts'

/** A unit's value in one school year: the value and its standard error in the indicator's unit; n null: not delivered. */
export interface YearValue {
  readonly year: number
  readonly value: number
  /** Null: no spread is known within the unit; its error then is the cohort noise only. */
  readonly se: number | null
  readonly n: number | null
}
/** Numbers come from parameters.trend_rule, in the unit of the indicator. */
export interface TrendRule {
  /** A slope is significant where |z| is not smaller. */
  readonly significanceZ: number
  /** Total change over the window that matters. */
  readonly materialChange: number
  /** Stable: the 95 % interval of the total change lies within ± this. */
  readonly stableInterval: number
  /** Fewest pupils in the first and the last year. */
  readonly minimumN: number
  readonly better: 'higher' | 'lower'
}
export type TrendClass =
  'improved' | 'declined' | 'stable' | 'uncertain' | 'insufficient' | 'difference'

export interface Trend {
  readonly trendClass: TrendClass
  readonly first: YearValue
  readonly last: YearValue
  readonly years: number
  /** Null for a single year. Its `se` and `z` mean nothing where `hasError` is false. */
  readonly slope: Slope | null
  /** False where neither a standard error nor cohort noise is known. */
  readonly hasError: boolean
  /** |D| is larger than its error allows: the slope through the ends hides a turn. */
  readonly hasCurvature: boolean
}

/**
 * Trend of one series (DOMAIN 3.5 with 3.16): unweighted least squares over true years for three points, weighted for more; the
 * thresholds are on the total change over the window, z on the slope.
 *
 * - fewer than 2 years, or n known and below `minimumN` at an end: `insufficient` (the slope is given all the same)
 * - two years: `difference`; no word of a trend
 * - |z| ≥ `significanceZ` and |total| ≥ `materialChange`: `improved` or `declined` by the good direction
 * - |total| < `materialChange` and its interval within ±`stableInterval`: `stable`
 * - else `uncertain`
 *
 * @param series ≥ 1 year in ascending order, all comparable with each other
 * @param variance τ_c², cohort noise in squared units, ≥ 0
 * @throws StatisticsError for an empty or repeated year
 */
export const trendOf = (series: readonly YearValue[], variance: number, rule: TrendRule): Trend => {
  const first = series[0]
  const last = series.at(-1)
  if (first === undefined || last === undefined)
    throw new StatisticsError('trendOf', 'the series is empty', 'pass at least one year')
  const hasError = variance > 0 || series.every(({ se }) => se !== null && se > 0)
  const found = series.length < 2 ? null : slopeOf(series, variance)
  return {
    first,
    last,
    years: series.length,
    slope: found,
    hasError,
    hasCurvature:
      hasError &&
      equallySpacedTriple(series) &&
      curvature(pointsOf(series), variance, rule.significanceZ).curved,
    trendClass: classOf(found, hasError, [first, last], series.length, rule),
  }
}

/**
 * Slope over any number of years ≥ 2; where no error is known at all every year weighs the same.
 *
 * @throws StatisticsError for fewer than two years, a repeated one or a number that is not finite
 */
export const slopeOf = (series: readonly YearValue[], variance: number): Slope => {
  const points = pointsOf(series)
  const hasError = variance > 0 || points.every(({ se }) => se > 0)
  return hasError
    ? slope(points, variance)
    : slope(
        points.map((point) => ({ ...point, se: 0 })),
        1,
      )
}

const classOf = (
  found: Slope | null,
  hasError: boolean,
  ends: readonly YearValue[],
  years: number,
  rule: TrendRule,
): TrendClass => {
  if (found === null || ends.some(({ n }) => n !== null && n < rule.minimumN)) return 'insufficient'
  if (years === 2) return 'difference'
  if (!hasError) return 'uncertain'
  const size = Math.abs(found.total)
  const isMaterial = atLeast(size, rule.materialChange)
  if (atLeast(Math.abs(found.z), rule.significanceZ) && isMaterial)
    return found.total > 0 === (rule.better === 'higher') ? 'improved' : 'declined'
  const half = rule.significanceZ * found.totalSe
  return !isMaterial && atMost(size + half, rule.stableInterval) ? 'stable' : 'uncertain'
}

const pointsOf = (series: readonly YearValue[]): TrendPoint[] =>
  series.map(({ year, value, se }) => ({ t: year, value, se: se ?? 0 }))

const equallySpacedTriple = (series: readonly YearValue[]): boolean => {
  const [first, second, third] = series
  return (
    series.length === 3 &&
    first !== undefined &&
    second !== undefined &&
    third !== undefined &&
    second.year - first.year === third.year - second.year
  )
}

/** - `source`: `pooled` over schools, or the declared default where too few schools have three years in a row */
export interface CohortNoise {
  readonly variance: number
  readonly source: 'pooled' | 'declared'
  readonly schools: number
}

/**
 * Cohort noise τ_c² pooled over schools (DOMAIN 3.5, 3.16: equally spaced triples only); fewer than `minimumSchools` schools with a
 * triple take the declared variance.
 *
 * @param series one comparable series a school; years whose n is known and below `minimumN` are left out
 */
export const cohortNoise = (
  series: readonly (readonly YearValue[])[],
  rule: {
    readonly minimumSchools: number
    readonly minimumN: number
    readonly declaredVariance: number
  },
): CohortNoise => {
  const usable = series
    .map((years) => pointsOf(years.filter(({ n }) => n === null || n >= rule.minimumN)))
    .filter(
      (points) =>
        points.length >= 3 &&
        points.some(
          (point, i) =>
            i >= 2 &&
            point.t - (points[i - 1]?.t ?? 0) === (points[i - 1]?.t ?? 0) - (points[i - 2]?.t ?? 0),
        ),
    )
  return usable.length < rule.minimumSchools
    ? { variance: rule.declaredVariance, source: 'declared', schools: usable.length }
    : { variance: cohortVariance(usable).variance, source: 'pooled', schools: usable.length }
}

/**
 * Cohort noise of a unit of several schools: their cohorts are independent, so τ_c²·Σn²/(Σn)², which is τ_c²/K for K equal schools.
 *
 * @param sizes pupils of each school; all 0 where they are not known: the schools then weigh the same
 * @throws StatisticsError for a variance or size that is negative or not finite
 */
export const noiseOfUnit = (variance: number, sizes: readonly number[]): number => {
  if (sizes.length === 0) return variance
  requireFinite('noiseOfUnit', [variance, ...sizes])
  if (variance < 0 || sizes.some((size) => size < 0))
    throw new StatisticsError('noiseOfUnit', 'a variance or a size is negative', 'pass numbers ≥ 0')
  const total = sum(sizes)
  const squares = sumOfProducts(sizes, sizes)
  const noise = total > 0 ? (variance * squares) / (total * total) : variance / sizes.length
  requireAnswer('noiseOfUnit', [noise])
  return noise
}
