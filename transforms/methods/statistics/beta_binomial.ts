import { betaQuantile, logBeta } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import { logQuadrature, type WeightedPoints } from './log_quadrature.ts'
import type { Shrunk } from './shrinkage.ts'
import { requireCount, sum, sumOf } from './sums.ts'

/** A group's count. */
export interface Count {
  readonly successes: number
  readonly n: number
}

/**
 * A beta prior of true shares, or word that the groups differ no more than chance makes them.
 *
 * - `mean`: μ = Σx/Σn; `v` = Σn(p̂ − μ)²/Σn as computed, before any correction
 * - `precision`: M = α + β; `rho` = 1/(M + 1), the intraclass correlation
 * - `meanVariance`: variance of μ under the model; `k` groups of `members` in all
 * - `spread`: what the counts say of 1/M, for the intervals; absent where the prior is the raw formula's, which is taken as known
 */
export type BetaPrior =
  | {
      readonly kind: 'beta'
      readonly mean: number
      readonly v: number
      readonly precision: number
      readonly alpha: number
      readonly beta: number
      readonly rho: number
      readonly meanVariance: number
      readonly k: number
      readonly members: number
      readonly spread?: WeightedPoints
    }
  | {
      readonly kind: 'no over-dispersion'
      readonly mean: number
      readonly v: number
      readonly meanVariance: number
      readonly k: number
      readonly members: number
      readonly spread?: WeightedPoints
    }

const LARGEST_RHO = 0.99

/**
 * Beta prior by moments. 'corrected' allows for μ being estimated from the same groups: with w = n/Σn and m = μ(1 − μ),
 * E v = m[ρ(1 − Σw²) + (1 − ρ)(K − 1)/Σn], which for equal n is v·K/(K − 1) in place of v. 'raw' is
 * M = (m − v)/(v − m·K/Σn), biased to too little spread between few groups. ρ is held to at most 0.99.
 *
 * Source of the raw formula: J. Kleinman, JASA 68 (1973) 46–54.
 *
 * @param counts K ≥ 2 groups, n ≥ 1 each, at least one n ≥ 2
 * @throws StatisticsError for fewer than 2 groups, a count outside 0 … n, or groups of one member only
 */
export const betaPrior = (
  counts: readonly Count[],
  formula: 'corrected' | 'raw' = 'corrected',
): BetaPrior => {
  if (counts.length < 2) {
    throw new StatisticsError(
      'betaPrior',
      `${counts.length} groups`,
      'at least 2 needed; take the prior from a wider pool',
    )
  }
  requireCounts('betaPrior', counts)
  const k = counts.length
  const members = sum(counts.map(({ n }) => n))
  if (members === k) {
    throw new StatisticsError(
      'betaPrior',
      'every group has one member',
      'spread between groups needs groups of two',
    )
  }
  const mean = sum(counts.map(({ successes }) => successes)) / members
  const v = sum(counts.map(({ successes, n }) => n * (successes / n - mean) ** 2)) / members
  const m = mean * (1 - mean)
  const squares = sum(counts.map(({ n }) => (n / members) ** 2))
  const [chance, span] =
    formula === 'raw'
      ? [(m * k) / members, 1 - k / members]
      : [(m * (k - 1)) / members, 1 - squares - (k - 1) / members]
  const spread = formula === 'raw' ? {} : { spread: spreadOf(counts, smoothedShare(mean, members)) }
  const raw = m > 0 ? (v - chance) / (m * span) : 0
  if (!(raw > 0)) {
    return {
      kind: 'no over-dispersion',
      mean,
      v,
      meanVariance: smoothed(mean, members) / members,
      k,
      members,
      ...spread,
    }
  }
  const rho = Math.min(LARGEST_RHO, raw)
  const precision = (1 - rho) / rho
  const meanVariance = m * (rho * squares + (1 - rho) / members)
  return {
    kind: 'beta',
    mean,
    v,
    precision,
    alpha: mean * precision,
    beta: (1 - mean) * precision,
    rho,
    meanVariance,
    k,
    members,
    ...spread,
  }
}

const requireCounts = (method: string, counts: readonly Count[]): void => {
  for (const { successes, n } of counts) {
    requireCount(method, n, 1, 'n')
    if (!(successes >= 0 && successes <= n)) {
      throw new StatisticsError(method, `${successes} successes of ${n}`, 'pass 0 ≤ successes ≤ n')
    }
  }
}

const smoothedShare = (share: number, n: number): number => (share * n + 0.5) / (n + 1)

const smoothed = (share: number, n: number): number => {
  const p = smoothedShare(share, n)
  return p * (1 - p)
}

const LEAST_SPREAD = 1e-7

/** The likelihood of 1/M given μ, flat prior on 1/M, up to ρ = 0.99. */
const spreadOf = (counts: readonly Count[], mean: number): WeightedPoints => {
  const kinds = new Map<string, { readonly count: Count; times: number }>()
  for (const count of counts) {
    const key = `${count.successes} ${count.n}`
    const known = kinds.get(key)
    if (known === undefined) kinds.set(key, { count, times: 1 })
    else known.times++
  }
  const rows = [...kinds.values()].sort(
    (a, b) => a.count.n - b.count.n || a.count.successes - b.count.successes,
  )
  const logDensity = (spread: number): number => {
    const alpha = mean / spread
    const beta = (1 - mean) / spread
    const prior = logBeta(alpha, beta)
    return (
      Math.log(spread) +
      sumOf(rows.length, (i) => {
        const { count, times } = rows[i] as { count: Count; times: number }
        return times * (logBeta(alpha + count.successes, beta + count.n - count.successes) - prior)
      })
    )
  }
  const most = LARGEST_RHO / (1 - LARGEST_RHO)
  return logQuadrature(logDensity, Math.log(LEAST_SPREAD), Math.log(most))
}

/** The quantiles of a beta distribution of this mean and variance; both ends at the mean where it has no spread. */
const betaInterval = (mean: number, variance: number, tail: number): { lo: number; hi: number } => {
  const precision = (mean * (1 - mean)) / variance - 1
  if (!(precision > 0 && precision < Infinity) || mean <= 0 || mean >= 1)
    return { lo: mean, hi: mean }
  const lo = betaQuantile(tail, mean * precision, (1 - mean) * precision)
  const hi = betaQuantile(1 - tail, mean * precision, (1 - mean) * precision)
  return { lo: Math.min(lo, mean), hi: Math.max(hi, mean) }
}

/** Mean and variance of a group's share when 1/M is not known: the mixture of its posteriors over the points of the spread. */
const mixed = (
  { successes, n }: Count,
  { mean, k, members }: { readonly mean: number; readonly k: number; readonly members: number },
  { points, shares }: WeightedPoints,
): { readonly mean: number; readonly variance: number } => {
  const values = points.map((spread) => (mean + spread * successes) / (1 + spread * n))
  const centre = sumOf(values.length, (i) => (shares[i] as number) * (values[i] as number))
  const variance = sumOf(values.length, (i) => {
    const spread = points[i] as number
    const value = values[i] as number
    const pull = 1 / (1 + spread * n)
    const rho = spread / (1 + spread)
    const ofMean = mean * (1 - mean) * (rho / k + (1 - rho) / members)
    const own = (value * (1 - value) * spread) / (1 + spread * (n + 1))
    return (shares[i] as number) * (own + pull ** 2 * ofMean + (value - centre) ** 2)
  })
  return { mean: centre, variance }
}

/**
 * Empirical Bayes shares: posterior mean (α + x)/(α + β + n) with λ = n/(M + n). Without over-dispersion every group gets μ and λ = 0.
 *
 * A prior estimated from groups (it has a `spread`): the interval is of the beta distribution with the mean and variance of the
 * posterior averaged over 1/M, widened to the estimate where that lies outside; SE² is that variance and the squared distance of the
 * two means. Otherwise SE² = posterior variance + (1 − λ)²·Var(μ̂), and the interval is of the beta distribution with that mean and variance.
 *
 * Source: J. Kleinman, JASA 68 (1973) 46–54; averaging over 1/M: H. Tak, J. Kelly, C. Morris, J. Stat. Softw. 78 (2017) 5.
 *
 * @param counts groups with n ≥ 0 (a group without members gets the prior)
 * @param prior from `betaPrior` over these groups or a wider pool
 * @param level coverage of the interval
 */
export const shrinkShares = (
  counts: readonly Count[],
  prior: BetaPrior,
  level = 0.95,
): Shrunk[] => {
  if (!(level > 0 && level < 1))
    throw new StatisticsError('shrinkShares', `level is ${level}`, 'pass a level between 0 and 1')
  requireCounts(
    'shrinkShares',
    counts.filter(({ n, successes }) => n !== 0 || successes !== 0),
  )
  const tail = (1 - level) / 2
  return counts.map((count): Shrunk => {
    const { value, lambda, variance } = moments(count, prior)
    if (prior.spread === undefined)
      return { value, se: Math.sqrt(variance), lambda, ...betaInterval(value, variance, tail) }
    const own = mixed(
      count,
      { mean: smoothedShare(prior.mean, prior.members), k: prior.k, members: prior.members },
      prior.spread,
    )
    const { lo, hi } = betaInterval(own.mean, own.variance, tail)
    return {
      value,
      se: Math.sqrt(own.variance + (own.mean - value) ** 2),
      lambda,
      lo: Math.min(lo, value),
      hi: Math.max(hi, value),
    }
  })
}

/** Posterior mean, weight of the own share, and variance with the prior taken as known. */
const moments = (
  { successes, n }: Count,
  prior: BetaPrior,
): { readonly value: number; readonly lambda: number; readonly variance: number } => {
  if (prior.kind === 'no over-dispersion')
    return { value: prior.mean, lambda: 0, variance: prior.meanVariance }
  const { alpha, beta, precision } = prior
  const value = (alpha + successes) / (precision + n)
  const lambda = n / (precision + n)
  const own =
    ((alpha + successes) * (beta + n - successes)) / ((precision + n) ** 2 * (precision + n + 1))
  return { value, lambda, variance: own + (1 - lambda) ** 2 * prior.meanVariance }
}
