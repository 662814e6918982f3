import { Z_95, betaQuantile } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import { requireCount, requireFinite, sum, sumOf, sumOfProducts, type Numbers } from './sums.ts'

/**
 * A normal prior of true values: θ ~ N(mean, tau2).
 *
 * - `meanVariance`: the variance of the estimated mean, 0 where it is known
 * - `transient`: the part of tau2 that does not last to the next occasion (cohort noise), 0 by default
 */
export interface NormalPrior {
  readonly mean: number
  readonly tau2: number
  readonly meanVariance: number
  readonly transient?: number
}

/** A DerSimonian–Laird estimate: the prior with Cochran's Q and the number of groups K. */
export interface DerSimonianLaird extends NormalPrior {
  readonly q: number
  readonly k: number
}

/** A shrunk estimate: `value` lies between the raw value and the prior mean; `lambda` 0–1 is the weight of the raw value. */
export interface Shrunk {
  readonly value: number
  readonly se: number
  readonly lambda: number
  readonly lo: number
  readonly hi: number
}

const at = (values: Numbers, index: number): number => values[index] as number

const requireVariances = (
  method: string,
  values: Numbers,
  variances: Numbers,
  least: number,
): void => {
  if (values.length !== variances.length || values.length < least) {
    throw new StatisticsError(
      method,
      `${values.length} values, ${variances.length} variances`,
      `pass one variance a value, at least ${least}`,
    )
  }
  requireFinite(method, values)
  requireFinite(method, variances, 'variance')
  for (const variance of variances) {
    if (!(variance > 0)) {
      throw new StatisticsError(
        method,
        `a variance is ${variance}`,
        'variances are > 0; for shares use shareVariance',
      )
    }
  }
}

/**
 * Sampling variance of a share that is never 0: p̃(1 − p̃)/n with p̃ = (x + ½)/(n + 1).
 *
 * @param successes 0 … n
 * @returns variance on the 0–1 scale
 */
export const shareVariance = (successes: number, n: number): number => {
  requireCount('shareVariance', n, 1, 'n')
  if (!(successes >= 0 && successes <= n)) {
    throw new StatisticsError(
      'shareVariance',
      `${successes} successes of ${n}`,
      'pass 0 ≤ successes ≤ n',
    )
  }
  const p = (successes + 0.5) / (n + 1)
  return (p * (1 - p)) / n
}

/**
 * Variance between groups by moments: w = 1/σ², μ_F = Σwy/Σw, Q = Σw(y − μ_F)², τ² = max(0, (Q − (K − 1))/(Σw − Σw²/Σw)); then
 * w* = 1/(σ² + τ²), μ = Σw*y/Σw*, Var(μ) = 1/Σw*.
 *
 * Source: R. DerSimonian, N. Laird, Controlled Clinical Trials 7 (1986) 177–188.
 *
 * @param values K ≥ 2 estimates y
 * @param variances their sampling variances σ² > 0, in squared units of the values
 * @throws StatisticsError for fewer than 2 values or a variance ≤ 0
 */
export const derSimonianLaird = (values: Numbers, variances: Numbers): DerSimonianLaird => {
  requireVariances('derSimonianLaird', values, variances, 2)
  const k = values.length
  const least = Float64Array.from(variances).sort()[0] as number
  const weights = Float64Array.from(variances, (variance: number) => least / variance)
  const total = sum(weights)
  const fixed = sumOfProducts(weights, values) / total
  const q = sumOf(k, (i) => at(weights, i) * (at(values, i) - fixed) ** 2) / least
  const denominator = (total - sumOfProducts(weights, weights) / total) / least
  const excess = q - (k - 1)
  const tau2 = excess > 0 ? excess / denominator : 0
  const full = Float64Array.from(variances, (variance) => (least + tau2) / (variance + tau2))
  const fullTotal = sum(full)
  return {
    mean: sumOfProducts(full, values) / fullTotal,
    tau2,
    meanVariance: (least + tau2) / fullTotal,
    q,
    k,
  }
}

/**
 * Empirical Bayes estimates under a normal prior: λ = τ²/(τ² + σ²), θ̂ = λy + (1 − λ)μ, SE² = λσ² + (1 − λ)²·Var(μ̂). With a
 * transient part τ_c² the estimate is of what lasts: λ = (τ² − τ_c²)/(τ² + σ²), SE² = (τ² − τ_c²)(1 − λ) + (1 − λ)²·Var(μ̂).
 *
 * The error of τ² itself is not in the SE.
 *
 * @param values raw estimates y
 * @param variances their sampling variances σ² > 0
 * @param prior from `derSimonianLaird` over these values, or over a wider pool where they are few
 */
export const shrinkNormal = (
  values: Numbers,
  variances: Numbers,
  prior: NormalPrior,
  z: number = Z_95,
): Shrunk[] => {
  requireVariances('shrinkNormal', values, variances, 0)
  const { mean, tau2, meanVariance, transient = 0 } = prior
  requireFinite('shrinkNormal', [mean, tau2, meanVariance, transient, z])
  if (tau2 < 0 || meanVariance < 0 || transient < 0) {
    throw new StatisticsError(
      'shrinkNormal',
      'a variance of the prior is negative',
      'variances are ≥ 0',
    )
  }
  const lasting = Math.max(0, tau2 - transient)
  return Array.from(values, (raw, i) => {
    const lambda = lasting / (tau2 + at(variances, i))
    const value = raw === mean ? mean : lambda * raw + (1 - lambda) * mean
    const se = Math.sqrt(lasting * (1 - lambda) + (1 - lambda) ** 2 * meanVariance)
    return { value, se, lambda, lo: value - z * se, hi: value + z * se }
  })
}

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
 * - `meanVariance`: variance of μ under the model
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
    }
  | {
      readonly kind: 'no over-dispersion'
      readonly mean: number
      readonly v: number
      readonly meanVariance: number
      readonly k: number
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
  const raw = m > 0 ? (v - chance) / (m * span) : 0
  if (!(raw > 0)) {
    return {
      kind: 'no over-dispersion',
      mean,
      v,
      meanVariance: smoothed(mean, members) / members,
      k,
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
 * Empirical Bayes shares: posterior mean (α + x)/(α + β + n) with λ = n/(M + n); SE² = posterior variance + (1 − λ)²·Var(μ̂); the
 * interval is of the beta distribution with that mean and variance. Without over-dispersion every group gets μ and λ = 0.
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
  return counts.map(({ successes, n }) => {
    if (prior.kind === 'no over-dispersion') {
      const { mean, meanVariance } = prior
      return {
        value: mean,
        se: Math.sqrt(meanVariance),
        lambda: 0,
        ...betaInterval(mean, meanVariance, tail),
      }
    }
    const { alpha, beta, precision } = prior
    const value = (alpha + successes) / (precision + n)
    const lambda = n / (precision + n)
    const own =
      ((alpha + successes) * (beta + n - successes)) / ((precision + n) ** 2 * (precision + n + 1))
    const variance = own + (1 - lambda) ** 2 * prior.meanVariance
    return { value, se: Math.sqrt(variance), lambda, ...betaInterval(value, variance, tail) }
  })
}
