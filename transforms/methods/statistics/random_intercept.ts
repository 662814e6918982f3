import { StatisticsError } from './errors.ts'
import { matrix, requireFiniteMatrix, type Matrix } from './matrix.ts'
import { predictionErrors } from './random_intercept_error.ts'
import { profileOf, type Profile } from './random_intercept_profile.ts'

export interface RandomInterceptOptions {
  /** `reml` (the default) or `ml`. */
  readonly method?: 'reml' | 'ml'
  /** Whether a column of ones is put first; true. */
  readonly intercept?: boolean
}

export interface RandomIntercept {
  /** The intercept first (unless left out), then the columns of X. */
  readonly coefficients: Float64Array
  readonly standardErrors: Float64Array
  /** p × p covariance of the coefficients, the variances taken as known. */
  readonly covariance: Matrix
  /** σ_u² between groups, ≥ 0, and σ_e² within, > 0; in squared units of y. */
  readonly varianceBetween: number
  readonly varianceWithin: number
  readonly intraclassCorrelation: number
  /** −2·log likelihood (of y under ML, of the residual contrasts under REML), constants included, as lme4 prints it. */
  readonly deviance: number
  /** The group of each effect: the numbers given, ascending. */
  readonly groups: Float64Array
  readonly sizes: Int32Array
  /** û_g: the shrunken effect of each group (BLUP), in units of y. */
  readonly effects: Float64Array
  /** √Var(u_g | y), β and the variances taken as known: what lme4 calls conditional. */
  readonly effectErrors: Float64Array
  /** √E(û_g − u_g)² with the uncertainty of β and of the variances in it: see `predictionErrors`. */
  readonly predictionErrors: Float64Array
  /** n_g·σ_u²/(n_g·σ_u² + σ_e²), 0–1. */
  readonly shrinkage: Float64Array
}

const LOWEST = -40
const HIGHEST = 40
const STEP = 0.5

/** The root of the slope between two logarithms of the ratio where it changes sign. */
const bisect = (profile: Profile, low: number, high: number, reml: boolean): number => {
  let a = low
  let b = high
  for (let round = 0; round < 200 && b - a > 1e-15 * Math.max(1, Math.abs(a)); round++) {
    const middle = a / 2 + b / 2
    if (middle <= a || middle >= b) break
    if (profile.at(Math.exp(middle), reml).slope < 0) a = middle
    else b = middle
  }
  return Math.exp(a / 2 + b / 2)
}

const bestRatio = (profile: Profile, reml: boolean): number => {
  let best = 0
  let least = profile.at(0, reml).deviance
  let before = profile.at(Math.exp(LOWEST), reml)
  for (let log = LOWEST + STEP; log <= HIGHEST; log += STEP) {
    const here = profile.at(Math.exp(log), reml)
    if (before.slope < 0 && here.slope >= 0) {
      const ratio = bisect(profile, log - STEP, log, reml)
      const { deviance } = profile.at(ratio, reml)
      if (deviance < least) {
        least = deviance
        best = ratio
      }
    }
    before = here
  }
  if (before.slope < 0) {
    throw new StatisticsError(
      'randomIntercept',
      'nothing is left to vary within groups',
      'regress the group means instead',
    )
  }
  return best
}

/**
 * The mixed model y = X·β + u_g + e, u ~ N(0, σ_u²), e ~ N(0, σ_e²), by maximum likelihood or restricted maximum
 * likelihood. Given the ratio λ = σ_u²/σ_e² everything else has a closed form; the deviance is profiled over λ
 * from the cross-products within groups and the group means (O(rows·p²) once, then O(groups·p²) a value), searched
 * over e^−40 … e^40 and at 0, and its derivative brought to 0 by bisection, so λ is found to 12 digits or more
 * where the data tell it. λ = 0 is a proper answer: no variance between groups.
 *
 * Source: J. Pinheiro, D. Bates, Mixed-Effects Models in S and S-PLUS (2000), 2.2; D. Bates et al., J. Stat.
 * Softw. 67 (2015).
 *
 * @param x n × d, finite (d may be 0)
 * @param y n finite numbers
 * @param groups the group of each row, any numbers; at least two groups, one of them with two rows
 * @throws StatisticsError for lengths that differ, too few groups or rows, dependent columns, or y explained
 * without remainder
 */
export const randomIntercept = (
  x: Matrix,
  y: ArrayLike<number>,
  groups: ArrayLike<number>,
  options: RandomInterceptOptions = {},
): RandomIntercept => {
  const method = 'randomIntercept'
  const { intercept = true } = options
  const reml = options.method !== 'ml'
  const n = y.length
  if (x.columns > 0) requireFiniteMatrix(method, x)
  requireFiniteMatrix(
    method,
    matrix(
      n,
      1,
      Float64Array.from({ length: n }, (_, i) => y[i]!),
    ),
  )
  const p = x.columns + (intercept ? 1 : 0)
  if (x.rows !== n || groups.length !== n || p === 0 || n <= p + 1) {
    throw new StatisticsError(
      method,
      `${x.rows} rows of X, ${n} values of y, ${groups.length} group numbers, ${p} coefficients`,
      'pass arrays of one length, longer than the number of coefficients and one',
    )
  }
  const profile = profileOf(x, y, groups, intercept)
  if (profile.groups.length < 2 || profile.groups.length === n) {
    throw new StatisticsError(
      method,
      `${profile.groups.length} groups of ${n} rows`,
      'pass at least two groups, one of them with two rows or more',
    )
  }
  const ratio = bestRatio(profile, reml)
  const { deviance, rss } = profile.at(ratio, reml)
  const varianceWithin = rss / (reml ? n - p : n)
  const { coefficients, covariance, means } = profile.solution(ratio)
  const shrinkage = Float64Array.from(profile.sizes, (size) => (size * ratio) / (1 + size * ratio))
  const conditional = shrinkage.map(
    (_, g) => (varianceWithin * ratio) / (1 + profile.sizes[g]! * ratio),
  )
  const effects = shrinkage.map((share, g) => share * means[g]!)
  return {
    coefficients,
    standardErrors: Float64Array.from({ length: p }, (_, j) =>
      Math.sqrt(varianceWithin * covariance[j * p + j]!),
    ),
    covariance: matrix(
      p,
      p,
      covariance.map((value) => value * varianceWithin),
    ),
    varianceBetween: varianceWithin * ratio,
    varianceWithin,
    intraclassCorrelation: ratio / (1 + ratio),
    deviance,
    groups: profile.groups,
    sizes: profile.sizes,
    effects,
    effectErrors: conditional.map(Math.sqrt),
    predictionErrors: predictionErrors(profile, effects, n, p),
    shrinkage,
  }
}
