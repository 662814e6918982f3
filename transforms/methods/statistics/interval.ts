import { Z_95, betaQuantile, normalCdf, normalQuantile, tQuantile } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import {
  mean,
  requireAnswer,
  requireCount,
  requireFinite,
  requireLevel,
  standardDeviation,
  sum,
  sumOf,
  squaresAboutMean,
  type Numbers,
} from './sums.ts'

/** A closed interval, lo ≤ hi, in units of what it bounds. */
export interface Interval {
  readonly lo: number
  readonly hi: number
}

const requireSuccesses = (method: string, successes: number, n: number): void => {
  requireCount(method, n, 1, 'n')
  if (!Number.isFinite(successes) || successes < 0 || successes > n) {
    throw new StatisticsError(method, `${successes} successes of ${n}`, 'pass 0 ≤ successes ≤ n')
  }
}

const requireMultiplier = (method: string, z: number): void => {
  if (!(z >= 0 && z < Infinity)) {
    throw new StatisticsError(method, `multiplier z is ${z}`, 'pass a finite z ≥ 0, 1.96 for 95 %')
  }
}

/**
 * Wilson score interval of a proportion, clamped to [0, 1]:
 * centre (p + z²/2n)/(1 + z²/n), half-width z/(1 + z²/n)·√(p(1 − p)/n + z²/4n²).
 *
 * Source: E. Wilson, JASA 22 (1927) 209–212.
 *
 * @param successes 0 … n (a weighted count may be fractional)
 * @param n whole, ≥ 1
 * @param z multiplier, 1.96 for 95 %
 * @returns shares 0–1; exactly 0 at no successes and 1 at n
 * @throws StatisticsError for n < 1 or successes outside 0 … n
 */
export const wilson = (successes: number, n: number, z: number = Z_95): Interval => {
  requireSuccesses('wilson', successes, n)
  requireMultiplier('wilson', z)
  const p = successes / n
  const scale = 1 + (z * z) / n
  const centre = (p + (z * z) / (2 * n)) / scale
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  requireAnswer('wilson', [centre, half])
  return {
    lo: successes === 0 ? 0 : Math.min(p, Math.max(0, centre - half)),
    hi: successes === n ? 1 : Math.max(p, Math.min(1, centre + half)),
  }
}

/** A count of successes among n. */
export interface Proportion {
  readonly successes: number
  readonly n: number
}

/** An estimate with its interval, lo ≤ estimate ≤ hi. */
export interface Estimate extends Interval {
  readonly estimate: number
}

/**
 * Newcombe interval of a difference of two independent proportions d = p₁ − p₂ from their Wilson intervals:
 * lo = d − √((p₁ − l₁)² + (u₂ − p₂)²), hi = d + √((u₁ − p₁)² + (p₂ − l₂)²).
 *
 * Source: R. Newcombe, Statist. Med. 17 (1998) 873–890, method 10.
 *
 * @returns shares −1 … 1
 */
export const newcombe = (first: Proportion, second: Proportion, z: number = Z_95): Estimate => {
  const a = wilson(first.successes, first.n, z)
  const b = wilson(second.successes, second.n, z)
  const p = first.successes / first.n
  const q = second.successes / second.n
  return {
    estimate: p - q,
    lo: Math.max(-1, p - q - Math.hypot(p - a.lo, b.hi - q)),
    hi: Math.min(1, p - q + Math.hypot(a.hi - p, q - b.lo)),
  }
}

/**
 * Exact (Clopper–Pearson) interval of a proportion from beta quantiles:
 * lo = B(α/2; x, n − x + 1), hi = B(1 − α/2; x + 1, n − x); covers at least `level`.
 *
 * Source: C. Clopper, E. Pearson, Biometrika 26 (1934) 404–413.
 *
 * @param level coverage in (0, 1), 0.95 by default
 * @returns shares 0–1; lo = 0 at no successes, hi = 1 at n
 * @throws StatisticsError for n < 1, successes outside 0 … n or a level outside 0–1
 */
export const clopperPearson = (successes: number, n: number, level = 0.95): Interval => {
  requireSuccesses('clopperPearson', successes, n)
  requireLevel('clopperPearson', level)
  const tail = (1 - level) / 2
  return {
    lo: successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1),
    hi: successes === n ? 1 : betaQuantile(1 - tail, successes + 1, n - successes),
  }
}

/**
 * Interval of a mean by Student's t: x̄ ± t(n − 1)·s/√n.
 *
 * @param values n ≥ 2
 * @param level coverage in (0, 1)
 * @throws StatisticsError for fewer than 2 values
 */
export const tInterval = (values: Numbers, level = 0.95): Estimate =>
  tIntervalOf(mean(values), standardDeviation(values), values.length, level)

/**
 * As `tInterval`, from a mean, a standard deviation (n − 1) and n ≥ 2.
 *
 * @throws StatisticsError for n < 2, a negative sd or a number that is not finite
 */
export const tIntervalOf = (average: number, sd: number, n: number, level = 0.95): Estimate => {
  requireCount('tInterval', n, 2, 'n')
  requireLevel('tInterval', level)
  requireFinite('tInterval', [average, sd])
  if (sd < 0) throw new StatisticsError('tInterval', `sd is ${sd}`, 'pass a standard deviation ≥ 0')
  const half = (tQuantile(1 - (1 - level) / 2, n - 1) * sd) / Math.sqrt(n)
  requireAnswer('tInterval', [average - half, average + half])
  return { estimate: average, lo: average - half, hi: average + half }
}

/**
 * Interval of a mean whose own spread is not to be trusted (small n), by a spread pooled over groups: x̄ ± z·σ/√n.
 *
 * @param average the group's mean
 * @param n whole, ≥ 1
 * @param pooledSd the standard deviation WITHIN groups, from `pooledWithinSd`, ≥ 0
 * @throws StatisticsError for n < 1, a mean that is not finite or a spread that is negative
 */
export const pooledInterval = (
  average: number,
  n: number,
  pooledSd: number,
  z: number = Z_95,
): Estimate => {
  requireCount('pooledInterval', n, 1, 'n')
  requireMultiplier('pooledInterval', z)
  requireFinite('pooledInterval', [average, pooledSd])
  if (pooledSd < 0)
    throw new StatisticsError('pooledInterval', `pooled SD is ${pooledSd}`, 'pass a spread ≥ 0')
  const half = (z * pooledSd) / Math.sqrt(n)
  requireAnswer('pooledInterval', [average - half, average + half])
  return { estimate: average, lo: average - half, hi: average + half }
}

/**
 * Standard deviation within groups, pooled: √(Σ_g Σ(x − x̄_g)² / Σ_g(n_g − 1)). What separates the groups does not enter.
 *
 * @param groups each a row of values; groups of one value add nothing
 * @throws StatisticsError where no group has two values
 */
export const pooledWithinSd = (groups: readonly Numbers[]): number => {
  const filled = groups.filter((group) => group.length > 0)
  const freedom = sum(filled.map((group) => group.length - 1))
  if (freedom < 1) {
    throw new StatisticsError('pooledWithinSd', 'no group has two values', 'pass more values')
  }
  const squares = filled.map((group) => squaresAboutMean(group))
  return Math.sqrt(sumOf(squares.length, (i) => squares[i] as number) / freedom)
}

/**
 * The coverage in (0, 1) of a two-sided normal interval of multiplier z: 2Φ(z) − 1.
 *
 * @throws StatisticsError for z that is not finite and ≥ 0
 */
export const levelOf = (z: number): number => {
  requireMultiplier('levelOf', z)
  return 1 - 2 * normalCdf(-z)
}

/**
 * The multiplier z > 0 of a two-sided normal interval of that coverage: 1.96 for 0.95.
 *
 * @throws StatisticsError for a level outside 0–1
 */
export const multiplierOf = (level: number): number => {
  requireLevel('multiplierOf', level)
  return normalQuantile((1 + level) / 2)
}
