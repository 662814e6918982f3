import { StatisticsError } from './errors.ts'
import { matrix, requireFiniteMatrix, type Matrix } from './matrix.ts'
import { dependentColumn } from './mixed_columns.ts'
import type { RandomInterceptOptions } from './random_intercept.ts'
import { slopeProfile, type Root } from './random_slope_profile.ts'
import { BOUNDLESS, bestRoot } from './random_slope_search.ts'
import { requireFinite } from './sums.ts'

export interface RandomSlope {
  /** The intercept first (unless left out), then the columns of X. */
  readonly coefficients: Float64Array
  readonly standardErrors: Float64Array
  /** p × p covariance of the coefficients, the variances taken as known. */
  readonly covariance: Matrix
  /** Var(u₀) ≥ 0 where z = 0, in squared units of y. */
  readonly varianceIntercept: number
  /** Var(u₁) ≥ 0, in squared units of y by z. */
  readonly varianceSlope: number
  readonly covarianceBetween: number
  /** −1 … 1 between u₀ and u₁; undefined where one of the variances is 0. It changes with the point where z = 0. */
  readonly correlation: number | undefined
  /** 2 × 2 rank of the covariance of u: below 2 the estimate lies on the boundary (a variance of 0 or a correlation of ±1). */
  readonly rank: 0 | 1 | 2
  /** σ_e² > 0, in squared units of y. */
  readonly varianceResidual: number
  /** −2·log likelihood (of y under ML, of the residual contrasts under REML), constants included, as lme4 prints it. */
  readonly deviance: number
  /** The numbers given, ascending. */
  readonly groups: Float64Array
  readonly sizes: Int32Array
  /** û₀ and û₁: the shrunken intercept (in units of y) and slope (of y by z) of each group, beside those of the fixed part (BLUP). */
  readonly intercepts: Float64Array
  readonly slopes: Float64Array
}

const METHOD = 'randomSlope'

/**
 * The mixed model y = X·β + u₀ + u₁·z + e with a random intercept and a random slope a group, (u₀, u₁) ~ N(0, D), D any 2 × 2
 * covariance, e ~ N(0, σ_e²), by maximum likelihood or restricted maximum likelihood. Given D/σ_e² the rest has a closed form (Woodbury,
 * a 2 × 2 block a group: O(rows·p²) once, then O(groups·p²) a value); the deviance is profiled over the Cholesky
 * factor of D/σ_e² and its derivatives brought to 0. z usually is a column of X as well: else its mean slope is 0. A variance of 0 or a
 * correlation of ±1 is a proper answer. The order of the rows changes nothing; z moved by a constant changes u₀ as it must
 * and the deviance by rounding only.
 *
 * Source: J. Pinheiro, D. Bates, Mixed-Effects Models in S and S-PLUS (2000), 2.2; D. Bates, M. Mächler, B. Bolker, S. Walker, J. Stat.
 * Softw. 67 (2015) 1, sections 3.4–3.5.
 *
 * @param x n × d, finite (d may be 0)
 * @param y n finite numbers
 * @param z n finite numbers, which vary within at least two groups
 * @param groups the group of each row, any finite numbers
 * @throws StatisticsError for lengths that differ, too few rows, groups in fewer than two of which z varies, no row beyond those that
 * the lines of the groups take, dependent columns, or y explained without remainder (by X or by the lines of the groups)
 */
export const randomSlope = (
  x: Matrix,
  y: ArrayLike<number>,
  z: ArrayLike<number>,
  groups: ArrayLike<number>,
  options: RandomInterceptOptions = {},
): RandomSlope => {
  const { intercept = true } = options
  const reml = options.method !== 'ml'
  const n = y.length
  const p = x.columns + (intercept ? 1 : 0)
  if (x.rows !== n || z.length !== n || groups.length !== n || p === 0 || n <= p + 3) {
    throw new StatisticsError(
      METHOD,
      `${x.rows} rows of X, ${n} values of y, ${z.length} of z, ${groups.length} group numbers, ${p} coefficients`,
      'pass arrays of one length, longer than the number of coefficients and three',
    )
  }
  if (x.columns > 0) requireFiniteMatrix(METHOD, x)
  requireFiniteMatrix(METHOD, matrix(n, 1, Float64Array.from(y)))
  requireFiniteMatrix(METHOD, matrix(n, 1, Float64Array.from(z)))
  requireFinite(METHOD, Array.from(groups), 'group number')

  const profile = slopeProfile(x, y, z, groups, intercept)
  const lines = profile.groups.length + profile.sloped
  if (profile.sloped < 2 || lines >= n) {
    throw new StatisticsError(
      METHOD,
      `z varies within ${profile.sloped} of ${profile.groups.length} groups of ${n} rows`,
      'pass at least two groups within which z varies, one of them with three rows or more',
    )
  }
  const { column, columns } = profile.dependent()
  if (column >= 0) throw dependentColumn(METHOD, column, columns)
  const isExplained = profile.remainder() < 1e-20
  const root: Root = isExplained ? [0, 0, 0] : bestRoot(profile, reml)
  if (isExplained || 2 * Math.log(Math.hypot(...root)) > BOUNDLESS) {
    throw new StatisticsError(
      METHOD,
      'nothing is left to vary beside the lines of the groups',
      'regress the intercepts and slopes of the groups instead',
    )
  }
  const { deviance, rss } = profile.at(root, reml)
  const varianceResidual = rss / (reml ? n - p : n)
  const { coefficients, covariance, intercepts, slopes } = profile.solution(root)
  const [first, both, second] = profile.covarianceOf(root)
  return {
    coefficients,
    standardErrors: Float64Array.from({ length: p }, (_, j) =>
      Math.sqrt(varianceResidual * covariance[j * p + j]!),
    ),
    covariance: matrix(
      p,
      p,
      covariance.map((value) => value * varianceResidual),
    ),
    varianceIntercept: varianceResidual * first,
    varianceSlope: varianceResidual * second,
    covarianceBetween: varianceResidual * both,
    correlation:
      first > 0 && second > 0
        ? Math.max(-1, Math.min(1, both / Math.sqrt(first) / Math.sqrt(second)))
        : undefined,
    rank: root[2] !== 0 ? 2 : root[0] !== 0 || root[1] !== 0 ? 1 : 0,
    varianceResidual,
    deviance,
    groups: profile.groups,
    sizes: profile.sizes,
    intercepts,
    slopes,
  }
}
