import { Z_95 } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import {
  at,
  requireAnswer,
  requireCount,
  requireFinite,
  sum,
  sumOf,
  sumOfProducts,
  type Numbers,
} from './sums.ts'

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
 * @throws StatisticsError for n < 1 or successes outside 0 … n
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
  requireAnswer('derSimonianLaird', [fixed, q, denominator])
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

export interface ShrinkOptions {
  /** Multiplier of the interval, 1.96 for 95 %. */
  readonly z?: number
  /** Whether the prior is taken as known, or as estimated from its `k` groups; estimated where it has a `k`. */
  readonly prior?: 'known' | 'estimated'
}

/** A group whose expectation and whose spread A between groups were estimated from K groups with `coefficients` coefficients. */
export interface EstimatedGroup {
  /** y − μ̂. */
  readonly distance: number
  /** V, sampling variance; A, variance between groups; V̄, mean of V over the groups weighted by 1/(V + A). */
  readonly noise: number
  readonly between: number
  readonly meanNoise: number
  /** The weight of the group in its own expectation, 0–1: its leverage. */
  readonly leverage: number
  readonly groups: number
  readonly coefficients: number
}

/**
 * Morris's correction for the error of the expectation and of A: with f = (K − r − 2)/(K − r), not below 0, the weight of the expectation
 * is B̂ = f·V/(V + A) and SE² = V(1 − (1 − w)B̂) + v(y − μ̂)², v = 2/(K − r − 2)·B̂²·(V̄ + A)/(V + A).
 *
 * Source: C. Morris, J. Am. Stat. Assoc. 78 (1983) 47–55.
 */
export const morris = (
  group: EstimatedGroup,
): { readonly pull: number; readonly variance: number } => {
  const { distance, noise, between, meanNoise, leverage, groups, coefficients } = group
  const over = groups - coefficients - 2
  const total = noise + between
  if (!(over > 0 && total > 0)) return { pull: 0, variance: noise }
  const pull = (over / (over + 2)) * (noise / total)
  const own = noise * (1 - pull * (1 - Math.min(1, leverage)))
  const unsure = (2 / over) * (pull * distance) ** 2 * ((meanNoise + between) / total)
  return { pull, variance: own + unsure }
}

/**
 * Empirical Bayes estimates under a normal prior. With V = σ² + τ_c² (τ_c² the transient part, 0 by default), A = τ² − τ_c² ≥ 0 and
 * B = V/(V + A) the estimate is θ̂ = (1 − B)y + Bμ, of what lasts.
 *
 * A known prior: SE² = A·B + B²·Var(μ̂).
 *
 * A prior estimated from K groups: `morris` with w = Var(μ̂)/(V + A); with equal variances the estimate is that of James and Stein. From
 * K ≤ 3 groups nothing is shrunk.
 *
 * Source: B. Efron, C. Morris, J. Am. Stat. Assoc. 70 (1975) 311–319.
 *
 * @param values raw estimates y
 * @param variances their sampling variances σ² > 0
 * @param prior from `derSimonianLaird` over these values, or over a wider pool where they are few
 * @throws StatisticsError for variances that are not > 0, a prior with a negative variance, or numbers that are not finite
 */
export const shrinkNormal = (
  values: Numbers,
  variances: Numbers,
  prior: NormalPrior & { readonly k?: number },
  options: ShrinkOptions = {},
): Shrunk[] => {
  requireVariances('shrinkNormal', values, variances, 0)
  const { mean, tau2, meanVariance, transient = 0, k = 0 } = prior
  const { z = Z_95, prior: kind = prior.k === undefined ? 'known' : 'estimated' } = options
  requireFinite('shrinkNormal', [mean, tau2, meanVariance, transient, k, z])
  if (tau2 < 0 || meanVariance < 0 || transient < 0) {
    throw new StatisticsError(
      'shrinkNormal',
      'a variance of the prior is negative',
      'variances are ≥ 0',
    )
  }
  const between = Math.max(0, tau2 - transient)
  const noises = Float64Array.from(variances, (variance) => variance + transient)
  const least = noises.reduce((a, b) => Math.min(a, b), Infinity) + between
  const weights = noises.map((noise) => least / (noise + between))
  const meanNoise = values.length > 0 ? sumOfProducts(weights, noises) / sum(weights) : 0
  return Array.from(values, (raw, i) => {
    const noise = at(noises, i)
    const { pull, variance } =
      kind === 'known'
        ? known(noise, between, meanVariance)
        : morris({
            distance: raw - mean,
            noise,
            between,
            meanNoise,
            leverage: meanVariance / (noise + between),
            groups: k,
            coefficients: 1,
          })
    const value = raw === mean ? mean : (1 - pull) * raw + pull * mean
    const se = Math.sqrt(variance)
    const [lo, hi] = [value - z * se, value + z * se]
    requireAnswer('shrinkNormal', [noise + between, lo, hi])
    return { value, se, lambda: 1 - pull, lo, hi }
  })
}

const known = (
  noise: number,
  between: number,
  meanVariance: number,
): { readonly pull: number; readonly variance: number } => {
  const pull = noise / (noise + between)
  return { pull, variance: between * pull + pull ** 2 * meanVariance }
}
