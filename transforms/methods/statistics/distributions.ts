import betainc from '@stdlib/math-base-special-betainc'
import betaincinv from '@stdlib/math-base-special-betaincinv'
import erfc from '@stdlib/math-base-special-erfc'
import erfcinv from '@stdlib/math-base-special-erfcinv'
import gammaln from '@stdlib/math-base-special-gammaln'
import { StatisticsError } from './errors.ts'
import { gammaQuantile, gammaTails } from './incomplete_gamma.ts'
import { requireAnswer } from './sums.ts'

/*
 * The special functions come from @stdlib (ports of Boost, Cephes and FreeBSD msun), the incomplete gamma functions of shapes from 100 on
 * from incomplete_gamma.ts. Relative errors measured against mpmath at 40 digits are told at each function; those of the incomplete beta
 * function grow with a + b. erfc and log-gamma: 6·10⁻¹⁶; the normal quantile: 7·10⁻¹⁴ down to p = 10⁻³⁰⁰.
 */

/** 0.975 quantile of N(0, 1): the multiplier of a 95 % interval. */
export const Z_95 = 1.959963984540054
/** 0.999 quantile of N(0, 1): the multiplier of a 99.8 % interval. */
export const Z_998 = 3.090232306167813

/** A result that is a finite number, or a refusal: the library knows no answer at the edges of the doubles. */
const answer = (method: string, result: number): number => {
  requireAnswer(method, [result])
  return result
}

const requirePositive = (method: string, name: string, value: number): void => {
  if (!(value > 0 && value < Infinity)) {
    throw new StatisticsError(method, `${name} is ${value}`, 'pass a finite number > 0')
  }
}

const requireNumber = (method: string, name: string, value: number): void => {
  if (Number.isNaN(value)) throw new StatisticsError(method, `${name} is NaN`, 'pass a number')
}

const requireOpenProbability = (method: string, p: number): void => {
  if (!(p > 0 && p < 1)) {
    throw new StatisticsError(method, `p is ${p}`, 'pass a probability strictly between 0 and 1')
  }
}

const requireProbability = (method: string, p: number): void => {
  if (!(p >= 0 && p <= 1)) throw new StatisticsError(method, `p is ${p}`, 'pass p in [0, 1]')
}

/** The masses of a beta-binomial distribution stand in an array of n + 1. */
const MOST_TRIALS = 1_000_000

const requireTrials = (method: string, n: number): void => {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new StatisticsError(method, `n is ${n}`, 'pass a whole number of trials ≥ 0')
  }
}

/**
 * ln Γ(x) for x > 0.
 *
 * @throws StatisticsError for x that is not finite and > 0
 */
export const logGamma = (x: number): number => {
  requirePositive('logGamma', 'x', x)
  return answer('logGamma', gammaln(x))
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b); a, b > 0. */
export const logBeta = (a: number, b: number): number =>
  answer('logBeta', logGamma(a) + logGamma(b) - logGamma(a + b))

/**
 * Standard normal density φ(x) = exp(−x²/2)/√(2π).
 *
 * @throws StatisticsError for NaN
 */
export const normalPdf = (x: number): number => {
  requireNumber('normalPdf', 'x', x)
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
}

/**
 * Standard normal distribution function Φ(x), accurate in the lower tail; 1 − Φ(x) is `normalCdf(-x)`.
 *
 * @throws StatisticsError for NaN
 */
export const normalCdf = (x: number): number => {
  requireNumber('normalCdf', 'x', x)
  return 0.5 * erfc(-x * Math.SQRT1_2)
}

/**
 * Φ⁻¹(p) for 0 < p < 1.
 *
 * @throws StatisticsError for p outside 0 < p < 1
 */
export const normalQuantile = (p: number): number => {
  requireOpenProbability('normalQuantile', p)
  if (p === 0.5) return 0
  return -Math.SQRT2 * erfcinv(2 * p)
}

/** Two-sided p-value of z under N(0, 1): 2·Φ(−|z|). */
export const normalTwoSided = (z: number): number => Math.min(1, 2 * normalCdf(-Math.abs(z)))

/**
 * Student's t distribution function; `df` > 0, whole or not. Accurate in the lower tail: relative error up to 3·10⁻¹⁴ for df to 10⁷,
 * 2·10⁻¹³ where it is below 10⁻³⁰.
 *
 * @throws StatisticsError for NaN or df that is not finite and > 0
 */
export const tCdf = (x: number, df: number): number => {
  requireNumber('tCdf', 'x', x)
  requirePositive('tCdf', 'df', df)
  if (x === 0) return 0.5
  const square = x * x
  const tail =
    square === Infinity
      ? 0
      : square < df
        ? 0.5 * betainc(square / (df + square), 0.5, df / 2, true, true)
        : 0.5 * betainc(df / (df + square), df / 2, 0.5)
  return answer('tCdf', x < 0 ? tail : 1 - tail)
}

/** Two-sided p-value of t: P(|T| ≥ |t|). */
export const tTwoSided = (t: number, df: number): number => Math.min(1, 2 * tCdf(-Math.abs(t), df))

/**
 * Student's t quantile; 0 < p < 1, `df` > 0. Relative error up to 10⁻¹⁵ + 5·10⁻¹⁷·df: 3·10⁻¹⁴ for df = 1,000, 1.4·10⁻¹⁰ for 10⁷.
 *
 * @throws StatisticsError for p outside 0 < p < 1 or df that is not finite and > 0
 */
export const tQuantile = (p: number, df: number): number => {
  requireOpenProbability('tQuantile', p)
  requirePositive('tQuantile', 'df', df)
  if (p === 0.5) return 0
  const tail = Math.min(p, 1 - p)
  const magnitude =
    tail > 0.25
      ? oddsRoot(betaincinv(1 - 2 * tail, 0.5, df / 2), df)
      : 1 / oddsRoot(betaincinv(2 * tail, df / 2, 0.5), 1 / df)
  return answer('tQuantile', p < 0.5 ? -magnitude : magnitude)
}

const oddsRoot = (share: number, scale: number): number => Math.sqrt((scale * share) / (1 - share))

/**
 * χ² distribution function; x ≥ 0, `df` > 0. Relative error up to 3·10⁻¹⁴ for df to 10⁷, 2·10⁻¹³ where it is below 10⁻³⁰.
 *
 * @throws StatisticsError for NaN or df that is not finite and > 0
 */
export const chiSquaredCdf = (x: number, df: number): number => {
  requireNumber('chiSquaredCdf', 'x', x)
  requirePositive('chiSquaredCdf', 'df', df)
  return x <= 0 ? 0 : answer('chiSquaredCdf', x === Infinity ? 1 : gammaTails(df / 2, x / 2).lower)
}

/**
 * P(χ² > x): the p-value of a χ² statistic, accurate where it is small: as exact as `chiSquaredCdf`.
 *
 * @throws StatisticsError for NaN or df that is not finite and > 0
 */
export const chiSquaredTail = (x: number, df: number): number => {
  requireNumber('chiSquaredTail', 'x', x)
  requirePositive('chiSquaredTail', 'df', df)
  return x <= 0 ? 1 : answer('chiSquaredTail', x === Infinity ? 0 : gammaTails(df / 2, x / 2).upper)
}

/**
 * χ² quantile; 0 ≤ p < 1, `df` > 0. Relative error up to 10⁻¹⁴ for df from 1 to 10⁷ and p from 10⁻³⁰⁰, 4·10⁻¹⁴ below one degree where the
 * quantile is a double with all its digits.
 *
 * @throws StatisticsError for p outside 0 ≤ p < 1 or df that is not finite and > 0
 */
export const chiSquaredQuantile = (p: number, df: number): number => {
  requirePositive('chiSquaredQuantile', 'df', df)
  if (p === 0) return 0
  requireOpenProbability('chiSquaredQuantile', p)
  return answer('chiSquaredQuantile', 2 * gammaQuantile(p, df / 2))
}

/**
 * Beta distribution function I_x(a, b); a, b > 0, x clamped to [0, 1]. Relative error up to 10⁻¹⁴ + 2·10⁻¹⁶·(a + b): 5·10⁻¹⁴ at
 * a + b = 1,000 near the middle, 3·10⁻¹⁰ at 9,000,000.
 *
 * @throws StatisticsError for NaN or shapes that are not finite and > 0
 */
export const betaCdf = (x: number, a: number, b: number): number => {
  requireNumber('betaCdf', 'x', x)
  requirePositive('betaCdf', 'a', a)
  requirePositive('betaCdf', 'b', b)
  if (x <= 0) return 0
  return x >= 1 ? 1 : answer('betaCdf', betainc(x, a, b))
}

/**
 * P(Beta(a, b) > x), accurate where it is small: as exact as `betaCdf`.
 *
 * @throws StatisticsError for NaN or shapes that are not finite and > 0
 */
export const betaTail = (x: number, a: number, b: number): number => {
  requireNumber('betaTail', 'x', x)
  requirePositive('betaTail', 'a', a)
  requirePositive('betaTail', 'b', b)
  if (x <= 0) return 1
  return x >= 1 ? 0 : answer('betaTail', betainc(x, a, b, true, true))
}

/**
 * Beta quantile; p in [0, 1], a, b > 0. Relative error up to 2·10⁻¹³ for a + b to 9,000,000.
 *
 * @throws StatisticsError for p outside 0–1 or shapes that are not finite and > 0
 */
export const betaQuantile = (p: number, a: number, b: number): number => {
  requireProbability('betaQuantile', p)
  requirePositive('betaQuantile', 'a', a)
  requirePositive('betaQuantile', 'b', b)
  if (p === 0 || p === 1) return p
  return answer('betaQuantile', betaincinv(p, a, b))
}

/**
 * P(X = k) for X ~ Bin(n, p); 0 outside 0 … n. Relative error below 10⁻¹¹ up to n = 10,000.
 *
 * @throws StatisticsError for NaN, n that is not whole and ≥ 0 or p outside 0–1
 */
export const binomialPmf = (k: number, n: number, p: number): number => {
  requireTrials('binomialPmf', n)
  requireProbability('binomialPmf', p)
  requireNumber('binomialPmf', 'k', k)
  if (!Number.isInteger(k) || k < 0 || k > n) return 0
  if (p === 0) return k === 0 ? 1 : 0
  if (p === 1) return k === n ? 1 : 0
  return answer(
    'binomialPmf',
    Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p)),
  )
}

const logChoose = (n: number, k: number): number =>
  k === 0 || k === n ? 0 : -Math.log(n + 1) - (gammaln(k + 1) + gammaln(n - k + 1) - gammaln(n + 2))

/**
 * P(X ≤ k) for X ~ Bin(n, p), by the incomplete beta function and as exact: relative error up to 10⁻¹⁴ + 2·10⁻¹⁶·n.
 *
 * @throws StatisticsError for NaN, n that is not whole and ≥ 0 or p outside 0–1
 */
export const binomialCdf = (k: number, n: number, p: number): number => {
  requireTrials('binomialCdf', n)
  requireProbability('binomialCdf', p)
  requireNumber('binomialCdf', 'k', k)
  const whole = Math.floor(k)
  if (whole < 0) return 0
  if (whole >= n || p === 0) return 1
  return p === 1 ? 0 : answer('binomialCdf', betainc(p, whole + 1, n - whole, true, true))
}

/**
 * P(X ≥ k) for X ~ Bin(n, p), accurate where it is small: as exact as `binomialCdf`.
 *
 * @throws StatisticsError for NaN, n that is not whole and ≥ 0 or p outside 0–1
 */
export const binomialTail = (k: number, n: number, p: number): number => {
  requireTrials('binomialTail', n)
  requireProbability('binomialTail', p)
  requireNumber('binomialTail', 'k', k)
  const whole = Math.ceil(k)
  if (whole <= 0) return 1
  if (whole > n || p === 0) return 0
  return p === 1 ? 1 : answer('binomialTail', betainc(p, whole, n - whole + 1))
}

/**
 * The smallest k with P(X ≤ k) ≥ probability for X ~ Bin(n, p); `probability` in [0, 1].
 *
 * @throws StatisticsError for n that is not whole and ≥ 0 or a probability outside 0–1
 */
export const binomialQuantile = (probability: number, n: number, p: number): number => {
  requireProbability('binomialQuantile', probability)
  requireTrials('binomialQuantile', n)
  requireProbability('binomialQuantile', p)
  if (probability === 0) return 0
  if (probability === 1) return p === 0 ? 0 : n
  let low = 0
  let high = n
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2)
    if (binomialCdf(middle, n, p) >= probability) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * P(X = k) for the beta-binomial distribution: X | π ~ Bin(n, π), π ~ Beta(a, b).
 *
 * C(n, k)·B(k + a, n − k + b)/B(a, b); a, b > 0; 0 outside 0 … n.
 *
 * @throws StatisticsError for NaN, n that is not whole or above 1,000,000, or shapes that are not finite and > 0
 */
export const betaBinomialPmf = (k: number, n: number, a: number, b: number): number => {
  requireTrials('betaBinomialPmf', n)
  requirePositive('betaBinomialPmf', 'a', a)
  requirePositive('betaBinomialPmf', 'b', b)
  requireNumber('betaBinomialPmf', 'k', k)
  if (!Number.isInteger(k) || k < 0 || k > n) return 0
  return betaBinomialMasses(n, a, b)[k] as number
}

/**
 * The beta-binomial masses of 0 … n, by the ratio of neighbours outward from the mode and one division by their sum: no
 * difference of large logarithms. Float64Array of length n + 1.
 *
 * @throws StatisticsError for n that is not whole, or above 1,000,000
 */
export const betaBinomialMasses = (n: number, a: number, b: number): Float64Array => {
  requireTrials('betaBinomialMasses', n)
  if (n > MOST_TRIALS)
    throw new StatisticsError('betaBinomialMasses', `n is ${n}`, 'pass at most 1,000,000 trials')
  requirePositive('betaBinomialMasses', 'a', a)
  requirePositive('betaBinomialMasses', 'b', b)
  const masses = new Float64Array(n + 1)
  let log = 0
  let top = 0
  for (let k = 0; k < n; k++) {
    log += Math.log(((n - k) * (k + a)) / ((k + 1) * (n - k - 1 + b)))
    masses[k + 1] = log
    top = Math.max(top, log)
  }
  let total = 0
  for (let k = 0; k <= n; k++) {
    const mass = Math.exp((masses[k] as number) - top)
    masses[k] = mass
    total += mass
  }
  requireAnswer('betaBinomialMasses', [total])
  for (let k = 0; k <= n; k++) masses[k] = (masses[k] as number) / total
  return masses
}

/**
 * P(X ≤ k) of the beta-binomial distribution; a, b > 0.
 *
 * @throws StatisticsError for NaN, n that is not whole or above 1,000,000, or shapes that are not finite and > 0
 */
export const betaBinomialCdf = (k: number, n: number, a: number, b: number): number => {
  requireNumber('betaBinomialCdf', 'k', k)
  const masses = betaBinomialMasses(n, a, b)
  if (k >= n) return 1
  let total = 0
  for (let i = 0; i <= k; i++) total += masses[i] as number
  return Math.min(1, total)
}

/**
 * P(X ≥ k) of the beta-binomial distribution, accurate where it is small; a, b > 0.
 *
 * @throws StatisticsError for NaN, n that is not whole or above 1,000,000, or shapes that are not finite and > 0
 */
export const betaBinomialTail = (k: number, n: number, a: number, b: number): number => {
  requireNumber('betaBinomialTail', 'k', k)
  const masses = betaBinomialMasses(n, a, b)
  if (k <= 0) return 1
  let total = 0
  for (let i = n; i >= k; i--) total += masses[i] as number
  return Math.min(1, total)
}

/**
 * The smallest k with P(X ≤ k) ≥ probability for the beta-binomial distribution; a, b > 0.
 *
 * @throws StatisticsError for a probability outside 0–1, n that is not whole or above 1,000,000, or shapes that are not finite and > 0
 */
export const betaBinomialQuantile = (
  probability: number,
  n: number,
  a: number,
  b: number,
): number => {
  requireProbability('betaBinomialQuantile', probability)
  return quantileOfMasses(probability, betaBinomialMasses(n, a, b))
}

/** The smallest k whose masses 0 … k add up to the probability; one that only the rounding of their sum denies is the last. */
export const quantileOfMasses = (probability: number, masses: Float64Array): number => {
  const last = masses.length - 1
  if (probability === 1) return last
  let total = 0
  for (let k = 0; k < last; k++) {
    total += masses[k] as number
    if (total >= probability) return k
  }
  return last
}
