import type { Count } from './beta_evidence.ts'
import { LARGEST_RHO, betaHyperposterior, type BetaMixture } from './beta_hyper.ts'
import {
  mixtureInterval,
  mixtureMoments,
  placeInMixture,
  posteriorMixture,
} from './beta_mixture.ts'
import { betaQuantile } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import type { Shrunk } from './shrinkage.ts'
import { at, requireCount, requireLevel, sum } from './sums.ts'

export type { Count } from './beta_evidence.ts'

/**
 * A beta prior of true shares, or word that the groups differ no more than chance makes them.
 *
 * - `mean`: μ = Σx/Σn; `v` = Σn(p̂ − μ)²/Σn as computed, before any correction
 * - `precision`: M = α + β; `rho` = 1/(M + 1), the intraclass correlation
 * - `meanVariance`: variance of μ under the model; `k` groups of `members` in all
 * - `posterior`: what the counts say of μ and M, for the intervals; absent where the prior is the raw formula's, which is taken as known
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
      readonly posterior?: BetaMixture
    }
  | {
      readonly kind: 'no over-dispersion'
      readonly mean: number
      readonly v: number
      readonly meanVariance: number
      readonly k: number
      readonly members: number
      readonly posterior?: BetaMixture
    }

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
  const spread = formula === 'raw' ? {} : { posterior: betaHyperposterior(counts) }
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

/** As `requireCounts`, but a group may be without members. */
const requireGroups = (method: string, counts: readonly Count[]): void => {
  requireCounts(
    method,
    counts.filter(({ n, successes }) => n !== 0 || successes !== 0),
  )
}

const smoothed = (share: number, n: number): number => {
  const p = (share * n + 0.5) / (n + 1)
  return p * (1 - p)
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

/**
 * Empirical Bayes shares: posterior mean (α + x)/(α + β + n) with λ = n/(M + n). Without over-dispersion every group gets μ and λ = 0.
 *
 * A prior estimated from groups (it has a `posterior`): the interval is of the group’s posterior averaged over what the groups say of both μ
 * and M, its own quantiles, widened to the estimate where that lies outside; SE² is its variance and the squared distance of the two
 * means. Without a `posterior`, SE² = posterior variance + (1 − λ)²·Var(μ̂), and the interval is of the beta distribution with that mean and variance.
 *
 * Source: J. Kleinman, JASA 68 (1973) 46–54; averaging over the prior: C. Christiansen, C. Morris, JASA 92 (1997) 618–632.
 *
 * @param counts groups with n ≥ 0 (a group without members gets the prior)
 * @param prior from `betaPrior` over these groups or a wider pool
 * @param level coverage of the interval
 * @throws StatisticsError for a count outside 0 … n or a level outside 0–1
 */
export const shrinkShares = (
  counts: readonly Count[],
  prior: BetaPrior,
  level = 0.95,
): Shrunk[] => {
  requireLevel('shrinkShares', level)
  requireGroups('shrinkShares', counts)
  const tail = (1 - level) / 2
  const known = new Map<string, Shrunk>()
  return counts.map((count): Shrunk => {
    const key = `${count.successes} ${count.n}`
    const before = known.get(key)
    if (before !== undefined) return before
    const shrunk = shrinkOne(count, prior, tail)
    known.set(key, shrunk)
    return shrunk
  })
}

const shrinkOne = (count: Count, prior: BetaPrior, tail: number): Shrunk => {
  const { value, lambda, variance } = moments(count, prior)
  if (prior.posterior === undefined)
    return { value, se: Math.sqrt(variance), lambda, ...betaInterval(value, variance, tail) }
  const mixture = posteriorMixture(prior.posterior, count)
  const own = mixtureMoments(mixture)
  const { lo, hi } = mixtureInterval(mixture, tail)
  return {
    value,
    se: Math.sqrt(own.variance + (own.mean - value) ** 2),
    lambda,
    lo: Math.min(lo, value),
    hi: Math.max(hi, value),
  }
}

/**
 * Whether each true share lies in the interval that `shrinkShares` gives its group: by the distribution function of the posterior at that
 * share, which spares the search for the quantiles.
 *
 * @param truths one share 0–1 a group
 * @throws StatisticsError for a count outside 0 … n or a level outside 0–1
 */
export const holdShares = (
  truths: ArrayLike<number>,
  counts: readonly Count[],
  prior: BetaPrior,
  level = 0.95,
): boolean[] => {
  requireLevel('holdShares', level)
  requireGroups('holdShares', counts)
  const { posterior } = prior
  if (posterior === undefined)
    return shrinkShares(counts, prior, level).map(
      ({ lo, hi }, i) => lo <= at(truths, i) && at(truths, i) <= hi,
    )
  return counts.map((count, i) => {
    const truth = at(truths, i)
    const place = placeInMixture(truth, posteriorMixture(posterior, count), (1 - level) / 2)
    // The interval is widened to the estimate.
    const { value } = moments(count, prior)
    return place === 'in' || (place === 'below' ? truth >= value : truth <= value)
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
    ((alpha + successes) * (beta + (n - successes))) / ((precision + n) ** 2 * (precision + n + 1))
  return { value, lambda, variance: own + (1 - lambda) ** 2 * prior.meanVariance }
}
