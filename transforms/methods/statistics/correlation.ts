import { tTwoSided, Z_95 } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import type { Interval } from './interval.ts'
import { linearRegression } from './linear_regression.ts'
import { matrixOfColumns } from './matrix.ts'
import { mean, requireFinite, sum, sumOf, weightedMean, type Numbers } from './sums.ts'

/** A coefficient of correlation with its interval. */
export interface Correlation {
  /** −1 … 1. */
  readonly r: number
  /** The number that stands for the sample: K, or the effective number (Σw)²/Σw² under weights. */
  readonly n: number
  /** Fisher's interval within −1 … 1; undefined where n − 3 − controls ≤ 0. */
  readonly interval: Interval | undefined
  /** Two-sided p of r = 0 by t with n − 2 − controls degrees of freedom; undefined where there are none. */
  readonly p: number | undefined
}

/**
 * The widening of Fisher's interval for ranks: the variance of atanh ρ is about 1.06/(K − 3) (Fieller, Hartley &
 * Pearson 1957).
 */
export const SPEARMAN_WIDENING = 1.03

/**
 * Fisher's interval tanh(atanh r ± z·widening/√(n − 3 − controls)).
 *
 * @param r −1 … 1; at ±1 the interval is that point
 * @param n the number of pairs, whole or effective
 * @returns undefined where n − 3 − controls ≤ 0
 * @throws StatisticsError for r outside −1 … 1 or another number that is not finite
 */
export const fisherInterval = (
  r: number,
  n: number,
  {
    controls = 0,
    widening = 1,
    z = Z_95,
  }: { controls?: number; widening?: number; z?: number } = {},
): Interval | undefined => {
  if (!(r >= -1 && r <= 1)) {
    throw new StatisticsError('fisherInterval', `r is ${r}`, 'pass a coefficient from −1 to 1')
  }
  requireFinite('fisherInterval', [n, controls, widening, z], 'number')
  const freedom = n - 3 - controls
  if (!(freedom > 0)) return undefined
  const half = (z * widening) / Math.sqrt(freedom)
  const centre = Math.atanh(r)
  return { lo: Math.tanh(centre - half), hi: Math.tanh(centre + half) }
}

const significance = (r: number, n: number, controls: number): number | undefined => {
  const freedom = n - 2 - controls
  if (!(freedom > 0)) return undefined
  const rest = (1 - r) * (1 + r)
  return rest > 0 ? tTwoSided(r * Math.sqrt(freedom / rest), freedom) : 0
}

const requirePair = (method: string, x: Numbers, y: Numbers): void => {
  if (x.length !== y.length || x.length < 2) {
    throw new StatisticsError(
      method,
      `${x.length} and ${y.length} values`,
      'pass two arrays of one length, two values or more',
    )
  }
  requireFinite(method, x)
  requireFinite(method, y)
}

/** Deviations from the mean in units of the largest, so that their squares neither overflow nor vanish. */
const deviations = (
  method: string,
  name: string,
  values: Numbers,
  centre: number,
): Float64Array => {
  const gaps = Float64Array.from(values, (value) => value - centre)
  const largest = gaps.reduce((most, gap) => Math.max(most, Math.abs(gap)), 0)
  let size = 0
  for (const value of values) size = Math.max(size, Math.abs(value))
  if (!(largest > size * 4 * Number.EPSILON)) {
    throw new StatisticsError(method, `all values of ${name} are equal`, 'pass values that vary')
  }
  return gaps.map((gap) => gap / largest)
}

const clamp = (r: number): number => Math.max(-1, Math.min(1, r))

const coefficient = (method: string, x: Numbers, y: Numbers): number => {
  const a = deviations(method, 'x', x, mean(x))
  const b = deviations(method, 'y', y, mean(y))
  const n = a.length
  const xx = sumOf(n, (i) => a[i]! * a[i]!)
  const yy = sumOf(n, (i) => b[i]! * b[i]!)
  return clamp(sumOf(n, (i) => a[i]! * b[i]!) / Math.sqrt(xx) / Math.sqrt(yy))
}

/**
 * Pearson's correlation, two passes about the means with exact sums.
 *
 * @param x K finite numbers that vary
 * @param y K finite numbers that vary
 * @throws StatisticsError for lengths that differ, fewer than two pairs, or values that are all equal
 */
export const pearson = (x: Numbers, y: Numbers): Correlation => {
  requirePair('pearson', x, y)
  const r = coefficient('pearson', x, y)
  return { r, n: x.length, interval: fisherInterval(r, x.length), p: significance(r, x.length, 0) }
}

/** Ranks 1 … K, equal values sharing the mean of their ranks. */
export const midranks = (values: Numbers): Float64Array => {
  const n = values.length
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const ranks = new Float64Array(n)
  for (let from = 0; from < n;) {
    let to = from + 1
    while (to < n && values[order[to]!] === values[order[from]!]) to++
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + 1 + to) / 2
    from = to
  }
  return ranks
}

/**
 * Spearman's rank correlation: Pearson's of the midranks, so right with ties; Fisher's interval × 1.03; p by t.
 *
 * @throws StatisticsError as pearson
 */
export const spearman = (x: Numbers, y: Numbers): Correlation => {
  requirePair('spearman', x, y)
  const r = coefficient('spearman', midranks(x), midranks(y))
  const n = x.length
  const interval = fisherInterval(r, n, { widening: SPEARMAN_WIDENING })
  return { r, n, interval, p: significance(r, n, 0) }
}

/**
 * The correlation of x and y with the controls held: Pearson's r of what is left of each after regression on them;
 * with `ranks`, of midranks throughout. The interval has K − 3 − g, the test K − 2 − g degrees of freedom for g
 * controls.
 *
 * @param controls g arrays of K numbers, none a combination of the others
 * @throws StatisticsError as pearson, or where the controls explain x or y without remainder
 */
export const partialCorrelation = (
  x: Numbers,
  y: Numbers,
  controls: readonly Numbers[],
  options: { readonly ranks?: boolean } = {},
): Correlation => {
  const method = 'partialCorrelation'
  requirePair(method, x, y)
  const ranks = options.ranks === true
  const n = x.length
  const g = controls.length
  const prepared = (values: Numbers) => (ranks ? midranks(values) : values)
  const left = (name: string, values: Numbers): Float64Array => {
    const taken = Float64Array.from(prepared(values))
    if (g === 0) return taken
    const fit = linearRegression(matrixOfColumns(controls.map(prepared)), taken)
    if (fit.rSquared === undefined || fit.rSquared > 1 - 1e-14) {
      throw new StatisticsError(
        method,
        `the controls explain ${name} without remainder`,
        'leave out the control that repeats it',
      )
    }
    return fit.residuals
  }
  const r = coefficient(method, left('x', x), left('y', y))
  const widening = ranks ? SPEARMAN_WIDENING : 1
  const interval = fisherInterval(r, n, { controls: g, widening })
  return { r, n, interval, p: significance(r, n, g) }
}

/**
 * (Σw)²/Σw²: the number of equally weighted rows with the same variance of a mean (Kish 1965).
 *
 * @throws StatisticsError for weights that are negative, not finite or all 0
 */
export const effectiveNumber = (weights: Numbers): number => {
  let largest = 0
  for (const weight of weights) largest = weight < 0 ? NaN : Math.max(largest, weight)
  if (!(largest > 0 && largest < Infinity)) {
    throw new StatisticsError('effectiveNumber', 'no weight is above 0', 'pass finite weights ≥ 0')
  }
  const scaled = Float64Array.from(weights, (weight) => weight / largest)
  return sum(scaled) ** 2 / sumOf(scaled.length, (i) => scaled[i]! ** 2)
}

/**
 * Pearson's correlation under weights ≥ 0; interval and p by the effective number of rows.
 *
 * @throws StatisticsError as pearson, or for weights that do not fit
 */
export const weightedPearson = (x: Numbers, y: Numbers, weights: Numbers): Correlation => {
  const method = 'weightedPearson'
  requirePair(method, x, y)
  const centreX = weightedMean(x, weights)
  const centreY = weightedMean(y, weights)
  const kept = Int32Array.from({ length: x.length }, (_, i) => i).filter((i) => weights[i]! > 0)
  const a = deviations(
    method,
    'x',
    Float64Array.from(kept, (i) => x[i]!),
    centreX,
  )
  const b = deviations(
    method,
    'y',
    Float64Array.from(kept, (i) => y[i]!),
    centreY,
  )
  const w = Float64Array.from(kept, (i) => weights[i]!)
  const n = effectiveNumber(w)
  const most = w.reduce((top, weight) => Math.max(top, weight), 0)
  w.forEach((weight, i) => (w[i] = weight / most))
  const xx = sumOf(w.length, (i) => w[i]! * a[i]! * a[i]!)
  const yy = sumOf(w.length, (i) => w[i]! * b[i]! * b[i]!)
  const r = clamp(sumOf(w.length, (i) => w[i]! * a[i]! * b[i]!) / Math.sqrt(xx) / Math.sqrt(yy))
  return { r, n, interval: fisherInterval(r, n), p: significance(r, n, 0) }
}
