import { StatisticsError } from './errors.ts'
import { matrix, requireFiniteMatrix, type Matrix } from './matrix.ts'
import { dependentColumn } from './mixed_columns.ts'
import type { RandomInterceptOptions } from './random_intercept.ts'
import { requireFinite } from './sums.ts'
import { cellsOf, type Cells } from './two_random_intercepts_cells.ts'
import { profileOf } from './two_random_intercepts_profile.ts'
import { BOUNDLESS, bestRatios } from './two_random_intercepts_search.ts'

/** One of the two factors after the fit. */
export interface RandomFactor {
  /** σ² between its levels, ≥ 0, in squared units of y. */
  readonly variance: number
  /** The numbers given, ascending. */
  readonly groups: Float64Array
  readonly sizes: Int32Array
  /** û: the shrunken effect of each level (BLUP), in units of y. */
  readonly effects: Float64Array
}

export interface TwoRandomIntercepts {
  /** The intercept first (unless left out), then the columns of X. */
  readonly coefficients: Float64Array
  readonly standardErrors: Float64Array
  /** p × p covariance of the coefficients, the variances taken as known. */
  readonly covariance: Matrix
  readonly first: RandomFactor
  readonly second: RandomFactor
  /** σ_e² > 0, in squared units of y. */
  readonly varianceResidual: number
  /** −2·log likelihood (of y under ML, of the residual contrasts under REML), constants included, as lme4 prints it. */
  readonly deviance: number
}

const METHOD = 'twoRandomIntercepts'
const MOST_LEVELS = 4000

const refuseConfounded = (cells: Cells): void => {
  const large = cells.sizes.large.length
  const small = cells.sizes.small.length
  if (small < 2 || large === cells.rows) {
    throw new StatisticsError(
      METHOD,
      `factors of ${large} and ${small} levels in ${cells.rows} rows`,
      'each factor needs at least two levels, one of them with two rows or more',
    )
  }
  if (large === small && cells.cellSize.length === large) {
    throw new StatisticsError(
      METHOD,
      'the two factors divide the rows in the same way',
      'their variances cannot be told apart: fit one random intercept',
    )
  }
  if (small > MOST_LEVELS) {
    throw new StatisticsError(
      METHOD,
      `both factors have more than ${MOST_LEVELS} levels`,
      'the levels of the smaller one make a dense matrix: join some of them',
    )
  }
}

const ascending = (
  levels: Float64Array,
  sizes: Int32Array,
  effects: Float64Array,
  variance: number,
): RandomFactor => {
  const order = Int32Array.from(levels, (_, i) => i).sort((a, b) => levels[a]! - levels[b]!)
  return {
    variance,
    groups: Float64Array.from(order, (i) => levels[i]!),
    sizes: Int32Array.from(order, (i) => sizes[i]!),
    effects: Float64Array.from(order, (i) => effects[i]!),
  }
}

/**
 * The mixed model y = X·β + u_first + w_second + e with two random intercepts, u ~ N(0, σ₁²), w ~ N(0, σ₂²), e ~ N(0, σ_e²), all
 * independent, by maximum likelihood or restricted maximum likelihood. The factors may be nested (schools in
 * districts; the numbers of the inner one must then differ between levels of the outer) or crossed (primary and secondary school
 * of a pupil). Given λ₁ = σ₁²/σ_e² and λ₂ = σ₂²/σ_e² the rest has a closed form; the deviance is profiled over both, each from 0 up,
 * and its derivatives brought to 0. A variance of 0 is a proper answer. The order of the rows changes nothing; which factor
 * is called first changes the result by rounding only.
 *
 * Memory and time: 8·B² bytes and O(B³) a value for the factor with fewer levels, B; the other may have any number.
 *
 * Source: D. Bates, M. Mächler, B. Bolker, S. Walker, J. Stat. Softw. 67 (2015) 1, sections 3.4–3.5.
 *
 * @param x n × d, finite (d may be 0)
 * @param y n finite numbers
 * @param first the level of each row in one factor, any finite numbers; at least two levels, one with two rows or more
 * @param second the same of the other factor, which must not divide the rows in the same way
 * @throws StatisticsError for lengths that differ, too few rows or levels, factors that are one and the same, dependent columns,
 * y explained without remainder (by X or by X and the factors), or more than 4,000 levels in both factors
 */
export const twoRandomIntercepts = (
  x: Matrix,
  y: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: RandomInterceptOptions = {},
): TwoRandomIntercepts => {
  const { intercept = true } = options
  const reml = options.method !== 'ml'
  const n = y.length
  const p = x.columns + (intercept ? 1 : 0)
  if (x.rows !== n || first.length !== n || second.length !== n || p === 0 || n <= p + 2) {
    throw new StatisticsError(
      METHOD,
      `${x.rows} rows of X, ${n} values of y, ${first.length} and ${second.length} group numbers, ${p} coefficients`,
      'pass arrays of one length, longer than the number of coefficients and two',
    )
  }
  if (x.columns > 0) requireFiniteMatrix(METHOD, x)
  requireFiniteMatrix(METHOD, matrix(n, 1, Float64Array.from(y)))
  requireFinite(METHOD, Array.from(first), 'group number')
  requireFinite(METHOD, Array.from(second), 'group number')

  const cells = cellsOf(x, y, first, second, intercept)
  refuseConfounded(cells)
  const profile = profileOf(cells)
  const dependent = profile.dependent()
  if (dependent >= 0) throw dependentColumn(METHOD, dependent, cells)
  const ratios = bestRatios(profile, reml)
  if (Math.max(...ratios) > Math.exp(BOUNDLESS)) {
    throw new StatisticsError(
      METHOD,
      'nothing is left to vary beside the two factors',
      'fit a model with one of them',
    )
  }
  const { deviance, rss } = profile.at(ratios, reml)
  const varianceResidual = rss / (reml ? n - p : n)
  const { coefficients, covariance, effects } = profile.solution(ratios)
  const large = ascending(
    cells.levels.large,
    cells.sizes.large,
    effects.large,
    varianceResidual * ratios[0],
  )
  const small = ascending(
    cells.levels.small,
    cells.sizes.small,
    effects.small,
    varianceResidual * ratios[1],
  )
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
    first: cells.isFirstLarge ? large : small,
    second: cells.isFirstLarge ? small : large,
    varianceResidual,
    deviance,
  }
}
