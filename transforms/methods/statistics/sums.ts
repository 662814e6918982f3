import { StatisticsError } from './errors.ts'
import { unitTo } from './power_of_two.ts'

/** Numbers in a row: a plain array or a typed one. */
export type Numbers =
  readonly number[] | Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array

/** An unevaluated sum `high + low` of two doubles, low the rounding error of high: about 32 significant digits. */
interface Pair {
  readonly high: number
  readonly low: number
}

/** The item at an index that the caller knows to be there. */
export const at = <T>(items: ArrayLike<T>, index: number): T => items[index] as T

const SCALE = 2 ** 100

/** The exact sum as non-overlapping doubles of growing size (J. Shewchuk, Discrete Comput. Geom. 18 (1997) 305–363), rounded to two. */
const exactSum = (count: number, term: (index: number) => number): Pair => {
  const parts: number[] = []
  let size = 0
  for (let i = 0; i < count; i++) {
    let x = term(i)
    let kept = 0
    for (let j = 0; j < size; j++) {
      const y = parts[j] as number
      const high = x + y
      const low = Math.abs(x) >= Math.abs(y) ? y - (high - x) : x - (high - y)
      if (low !== 0) parts[kept++] = low
      x = high
    }
    parts[kept] = x
    size = kept + 1
  }
  return collapse(parts, size)
}

const collapse = (parts: readonly number[], size: number): Pair => {
  let high = 0
  let i = size - 1
  let low = 0
  for (; i >= 0 && low === 0; i--) {
    const before = high
    const part = parts[i] as number
    high = before + part
    low = part - (high - before)
  }
  const next = i >= 0 ? (parts[i] as number) : 0
  if ((low < 0 && next < 0) || (low > 0 && next > 0)) {
    const twice = low * 2
    const rounded = high + twice
    if (twice === rounded - high) {
      return { high: rounded, low: low - twice }
    }
  }
  return { high, low }
}

const pairSum = (count: number, term: (index: number) => number): Pair => {
  const exact = exactSum(count, term)
  if (Number.isFinite(exact.high) && !Number.isNaN(exact.low)) return exact
  const scaled = exactSum(count, (i) => term(i) / SCALE)
  const high = scaled.high * SCALE
  return { high, low: Number.isFinite(high) ? scaled.low * SCALE : 0 }
}

/**
 * Σ term(i) for i = 0 … count − 1, correctly rounded: the same double in whatever order the terms come. The sum of no
 * terms is 0. ±Infinity only where the sum itself is beyond the doubles.
 */
export const sumOf = (count: number, term: (index: number) => number): number =>
  pairSum(count, term).high

/**
 * Σ values, compensated exactly and rounded once (J. Shewchuk 1997, Python's `math.fsum`): no order of the values and no
 * cancellation changes the result. The sum of no values is 0.
 */
export const sum = (values: Numbers): number => sumOf(values.length, (i) => values[i] as number)

/**
 * Σ a·b over two rows of one length, the products rounded, their sum exact.
 *
 * @throws StatisticsError for rows of different lengths
 */
export const sumOfProducts = (a: Numbers, b: Numbers): number => {
  if (a.length !== b.length) {
    throw new StatisticsError(
      'sumOfProducts',
      `${a.length} and ${b.length} values`,
      'pass rows of one length',
    )
  }
  return sumOf(a.length, (i) => (a[i] as number) * (b[i] as number))
}

/** Throws StatisticsError unless every value is a finite number; `what` names the values in the reason. */
export const requireFinite = (method: string, values: Iterable<number>, what = 'value'): void => {
  for (const value of values) {
    if (!Number.isFinite(value)) {
      throw new StatisticsError(
        method,
        `a ${what} is ${value}`,
        'leave out what is missing before the call',
      )
    }
  }
}

/** Throws StatisticsError unless all results are finite: finite numbers whose squares or sums are beyond the doubles give none. */
export const requireAnswer = (method: string, results: Iterable<number>): void => {
  for (const result of results) {
    if (!Number.isFinite(result)) {
      throw new StatisticsError(
        method,
        'the numbers are too large or too small to compute with',
        'pass them in other units',
      )
    }
  }
}

/** Throws StatisticsError unless `count` is a whole number ≥ `least`. */
export const requireCount = (method: string, count: number, least = 0, what = 'count'): void => {
  if (!Number.isSafeInteger(count) || count < least) {
    throw new StatisticsError(method, `${what} is ${count}`, `pass a whole number ≥ ${least}`)
  }
}

/** Throws StatisticsError unless the coverage of an interval, or the level of a test, lies strictly between 0 and 1. */
export const requireLevel = (method: string, level: number): void => {
  if (!(level > 0 && level < 1))
    throw new StatisticsError(method, `level is ${level}`, 'pass a level between 0 and 1')
}

const requireSample = (method: string, values: Numbers, least: number): void => {
  if (values.length < least) {
    throw new StatisticsError(method, `${values.length} values`, `at least ${least} needed`)
  }
  requireFinite(method, values)
}

const meanPair = (values: Numbers): Pair => {
  const n = values.length
  const total = pairSum(n, (i) => values[i] as number)
  if (!Number.isFinite(total.high)) {
    return { high: pairSum(n, (i) => (values[i] as number) / n).high, low: 0 }
  }
  const high = total.high / n
  const residual = sumOf(n, (i) => (values[i] as number) - high)
  const correction = residual / n
  const rounded = high + correction
  return Number.isFinite(rounded)
    ? { high: rounded, low: high - rounded + correction }
    : { high, low: 0 }
}

/**
 * Arithmetic mean Σx / n, in units of the values; independent of their order.
 *
 * @throws StatisticsError for no values or a value that is not finite
 */
export const mean = (values: Numbers): number => {
  requireSample('mean', values, 1)
  return meanPair(values).high
}

/**
 * Σ(x − x̄)², in squared units of the values: two passes about the mean held to twice the working precision, with the
 * correction −(Σ(x − x̄))²/n for what rounding left in the centre; never negative, 0 for one value.
 *
 * Source: T. Chan, G. Golub, R. LeVeque, Amer. Statist. 37 (1983) 242–247.
 *
 * @throws StatisticsError for no values, a value that is not finite or squares beyond the doubles
 */
export const squaresAboutMean = (values: Numbers): number => {
  requireSample('squaresAboutMean', values, 1)
  const centre = meanPair(values)
  const deviation = (i: number) => (values[i] as number) - centre.high - centre.low
  const left = sumOf(values.length, deviation)
  const squares = sumOf(values.length, (i) => deviation(i) ** 2)
  const result = Math.max(0, squares - (left * left) / values.length)
  if (!Number.isFinite(result)) {
    throw new StatisticsError(
      'squaresAboutMean',
      'the squares exceed the doubles',
      'use a larger unit',
    )
  }
  return result
}

/**
 * Sample variance Σ(x − x̄)²/(n − 1), in squared units of the values.
 *
 * @throws StatisticsError for fewer than 2 values or a value that is not finite
 */
export const variance = (values: Numbers): number => {
  requireSample('variance', values, 2)
  return squaresAboutMean(values) / (values.length - 1)
}

/** Sample standard deviation √variance, in units of the values; needs 2 values. */
export const standardDeviation = (values: Numbers): number => Math.sqrt(variance(values))

/**
 * Autocorrelation at lag 1: Σ(x_t − x̄)(x_{t+1} − x̄) / Σ(x_t − x̄)².
 *
 * @throws StatisticsError for fewer than 2 values or where all values are equal
 */
export const autocorrelation = (values: Numbers): number => {
  requireSample('autocorrelation', values, 2)
  const centre = meanPair(values)
  const total = squaresAboutMean(values)
  if (!(total > 0)) {
    throw new StatisticsError(
      'autocorrelation',
      'all values are equal',
      'pass a series that varies',
    )
  }
  const deviation = (i: number) => (values[i] as number) - centre.high - centre.low
  const products = sumOf(values.length - 1, (i) => deviation(i) * deviation(i + 1))
  return products / total
}

/** Throws StatisticsError unless the weights match the values, are finite, ≥ 0 and not all 0. */
const requireWeights = (method: string, values: Numbers, weights: Numbers): void => {
  requireSample(method, values, 1)
  requireFinite(method, weights, 'weight')
  if (weights.length !== values.length) {
    throw new StatisticsError(
      method,
      `${weights.length} weights for ${values.length} values`,
      'pass one weight a value',
    )
  }
  let positive = false
  for (const weight of weights) {
    if (weight < 0) throw new StatisticsError(method, `a weight is ${weight}`, 'weights are ≥ 0')
    if (weight > 0) positive = true
  }
  if (!positive)
    throw new StatisticsError(method, 'all weights are 0', 'pass at least one positive weight')
}

/**
 * Weighted mean Σwx / Σw; values and weights of one length, weights ≥ 0.
 *
 * The result never leaves the range of the values that have weight.
 *
 * @throws StatisticsError for weights that do not match, are negative or are all 0
 */
export const weightedMean = (values: Numbers, weights: Numbers): number => {
  requireWeights('weightedMean', values, weights)
  let lowest = Infinity
  let highest = -Infinity
  for (let i = 0; i < values.length; i++) {
    if ((weights[i] as number) === 0) continue
    lowest = Math.min(lowest, values[i] as number)
    highest = Math.max(highest, values[i] as number)
  }
  const unit = unitTo(0, weights)
  const scaled = Float64Array.from(weights, (weight: number) => weight * unit)
  const total = sum(scaled)
  const plain = sumOfProducts(values, scaled) / total
  const found = Number.isFinite(plain)
    ? plain
    : sumOf(values.length, (i) => (values[i] as number) * ((scaled[i] as number) / total))
  return Math.min(highest, Math.max(lowest, found))
}

/**
 * Quantile of type 7 (R's and NumPy's default): with h = (n − 1)·p, linear between the order statistics ⌊h⌋ and ⌊h⌋ + 1
 * counted from 0.
 *
 * Source: R. Hyndman, Y. Fan, Amer. Statist. 50 (1996) 361–365.
 *
 * @param values in any order; they are not changed
 * @param p in [0, 1]
 * @throws StatisticsError for no values, a value that is not finite or p outside [0, 1]
 */
export const quantile = (values: Numbers, p: number): number => {
  requireSample('quantile', values, 1)
  return quantileSorted(Float64Array.from(values).sort(), p)
}

/**
 * As `quantile`, for values already in ascending order.
 *
 * @throws StatisticsError for no values or p outside 0–1
 */
export const quantileSorted = (sorted: Numbers, p: number): number => {
  if (!(p >= 0 && p <= 1)) {
    throw new StatisticsError('quantile', `p is ${p}`, 'pass p in [0, 1]')
  }
  if (sorted.length === 0) throw new StatisticsError('quantile', 'no values', 'at least 1 needed')
  const h = (sorted.length - 1) * p
  const below = Math.floor(h)
  const low = sorted[below] as number
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number
  if (h === below) return low
  const between = low + (h - below) * (high - low)
  return Number.isFinite(between) ? between : low * (1 - (h - below)) + high * (h - below)
}

/** Median: the middle value, or the mean of the two middle ones. */
export const median = (values: Numbers): number => quantile(values, 0.5)
