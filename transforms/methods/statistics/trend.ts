import { Z_95 } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import type { Interval } from './interval.ts'
import { at, mean, requireAnswer, requireFinite, sum, sumOf, sumOfProducts } from './sums.ts'

/** One moment of a series: `t` in any unit of time, the estimate and its standard error (≥ 0) in one unit. */
export interface TrendPoint {
  readonly t: number
  readonly value: number
  readonly se: number
}

/**
 * - `slope`, `se`: change of the value for one unit of t, and its standard error; `interval` its normal interval at 95 %
 * - `z`: slope/se
 * - `total`, `totalSe`: slope and error times the window (last t − first t)
 * - `method`: two points give a difference, three unweighted and four or more weighted least squares
 */
export interface Slope {
  readonly slope: number
  readonly se: number
  readonly z: number
  readonly interval: Interval
  readonly total: number
  readonly totalSe: number
  readonly window: number
  readonly method: 'difference' | 'least squares' | 'weighted least squares'
}

const requireSeries = (
  method: string,
  points: readonly TrendPoint[],
  least: number,
): TrendPoint[] => {
  if (points.length < least) {
    throw new StatisticsError(method, `${points.length} points`, `at least ${least} needed`)
  }
  for (const { t, value, se } of points) {
    if (!Number.isFinite(t + value + se)) requireFinite(method, [t, value, se])
    if (se < 0) throw new StatisticsError(method, `a standard error is ${se}`, 'errors are ≥ 0')
  }
  const sorted = [...points].sort((a, b) => a.t - b.t)
  for (let i = 1; i < sorted.length; i++) {
    if (at(sorted, i).t === at(sorted, i - 1).t) {
      throw new StatisticsError(
        method,
        `two points at t = ${at(sorted, i).t}`,
        'pass one point a moment',
      )
    }
  }
  return sorted
}

const requireVariance = (method: string, value: number): void => {
  if (!(value >= 0 && value < Infinity)) {
    throw new StatisticsError(
      method,
      `the cohort variance is ${value}`,
      'pass a finite variance ≥ 0',
    )
  }
}

/**
 * Slope of a short series with sampling error σ_t and cohort noise τ_c² (the spread of the true value from one cohort to the next
 * about its trend).
 *
 * T = 2, 3: b = Σ(t − t̄)θ/Σ(t − t̄)², SE² = Σ(t − t̄)²(σ_t² + τ_c²)/(Σ(t − t̄)²)². For three equally spaced moments this is
 * (θ₃ − θ₁)/2 with SE ½√(σ₁² + σ₃² + 2τ_c²): the middle moment has no say. T ≥ 4: weighted least squares, w_t = 1/(σ_t² + τ_c²),
 * SE = 1/√Σw(t − t̄_w)².
 *
 * @param points ≥ 2, in any order, each at its own t; a gap keeps its true t
 * @param cohortVariance τ_c² ≥ 0 in squared units of the values, from `cohortVariance`
 * @throws StatisticsError for fewer than 2 points, two points at one t, or a point without any variance
 */
export const slope = (points: readonly TrendPoint[], cohortVariance: number): Slope => {
  requireVariance('slope', cohortVariance)
  const series = requireSeries('slope', points, 2)
  const variances = series.map(({ se }) => se * se + cohortVariance)
  if (variances.some((variance) => !(variance > 0 && variance < Infinity))) {
    throw new StatisticsError(
      'slope',
      'a point has no variance',
      'pass standard errors > 0 or a cohort variance',
    )
  }
  const size = series.length
  const first = at(series, 0)
  const largest = Math.max(...variances)
  const weights = variances.map((variance) => (size < 4 ? 1 : largest / variance))
  const total = sum(weights)
  const times = series.map(({ t }) => t - first.t)
  const rises = series.map(({ value }) => value - first.value)
  const centre = sumOfProducts(weights, times) / total
  const middle = sumOfProducts(weights, rises) / total
  const offsets = times.map((time) => time - centre)
  const weighted = offsets.map((offset, i) => at(weights, i) * offset)
  const spread = sumOf(size, (i) => at(weights, i) * at(offsets, i) ** 2)
  const b = sumOf(size, (i) => at(weighted, i) * (at(rises, i) - middle)) / spread
  const se = Math.sqrt(sumOf(size, (i) => at(weighted, i) ** 2 * at(variances, i))) / spread
  const window = at(times, size - 1)
  requireAnswer('slope', [b, se, b / se, b * window, se * window])
  return {
    slope: b,
    se,
    z: b / se,
    interval: { lo: b - Z_95 * se, hi: b + Z_95 * se },
    total: b * window,
    totalSe: se * window,
    window,
    method: size === 2 ? 'difference' : size === 3 ? 'least squares' : 'weighted least squares',
  }
}

/**
 * - `difference`: D = θ₁ − 2θ₂ + θ₃, in units of the values
 * - `se`: √(σ₁² + 4σ₂² + σ₃² + 6τ_c²)
 * - `curved`: |D| > z·se: the slope through the ends hides a turn
 */
export interface Curvature {
  readonly difference: number
  readonly se: number
  readonly curved: boolean
}

const equallySpaced = (first: TrendPoint, second: TrendPoint, third: TrendPoint): boolean => {
  const left = second.t - first.t
  const right = third.t - second.t
  return Math.abs(left - right) <= 1e-9 * Math.max(left, right)
}

/**
 * Curvature of three equally spaced moments.
 *
 * @throws StatisticsError unless there are exactly three points, equally spaced
 */
export const curvature = (
  points: readonly TrendPoint[],
  cohortVariance: number,
  z: number = Z_95,
): Curvature => {
  requireVariance('curvature', cohortVariance)
  const series = requireSeries('curvature', points, 3)
  const [first, second, third] = [at(series, 0), at(series, 1), at(series, 2)]
  if (series.length !== 3 || !equallySpaced(first, second, third)) {
    throw new StatisticsError(
      'curvature',
      'not three equally spaced points',
      'a second difference needs equal steps',
    )
  }
  const difference = first.value - 2 * second.value + third.value
  const se = Math.sqrt(first.se ** 2 + 4 * second.se ** 2 + third.se ** 2 + 6 * cohortVariance)
  requireAnswer('curvature', [difference, se, z])
  return { difference, se, curved: Math.abs(difference) > z * se }
}

/**
 * - `variance`: τ_c² ≥ 0, in squared units of the values
 * - `triples`: the equally spaced triples it rests on; the caller decides how few are too few
 */
export interface CohortVariance {
  readonly variance: number
  readonly triples: number
}

/**
 * Cohort noise pooled over series: τ_c² = max(0, mean(D² − (σ₁² + 4σ₂² + σ₃²))/6) with D = θ₁ − 2θ₂ + θ₃ over every three
 * neighbouring moments that are equally spaced; a linear trend of a series does not enter.
 *
 * @param series rows of points; those without an equally spaced triple add nothing
 * @throws StatisticsError where no series has such a triple
 */
export const cohortVariance = (series: readonly (readonly TrendPoint[])[]): CohortVariance => {
  const terms: number[] = []
  for (const points of series) {
    const row = requireSeries('cohortVariance', points, 0)
    for (let i = 2; i < row.length; i++) {
      const [first, second, third] = [at(row, i - 2), at(row, i - 1), at(row, i)]
      if (!equallySpaced(first, second, third)) continue
      const difference = first.value - 2 * second.value + third.value
      terms.push(difference ** 2 - (first.se ** 2 + 4 * second.se ** 2 + third.se ** 2))
    }
  }
  if (terms.length === 0) {
    throw new StatisticsError(
      'cohortVariance',
      'no equally spaced triple',
      'pass a declared variance instead',
    )
  }
  return { variance: Math.max(0, mean(terms) / 6), triples: terms.length }
}
