import { tQuantile } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import type { Estimate } from './interval.ts'
import { leastSquares } from './least_squares.ts'
import { besideEachOther, canonicalOrder, matrix, type Matrix } from './matrix.ts'
import { requireFiniteMatrix } from './matrix.ts'
import { requireAnswer, requireFinite, requireLevel, sumOf } from './sums.ts'
import {
  covarianceOfTotals,
  firstStage,
  requireDesign,
  type SurveyDesign,
} from './survey_design.ts'

export interface SurveyEstimate {
  readonly estimate: number
  /** By linearisation, in units of the estimate. */
  readonly se: number
  /** Units of the first stage less its strata. */
  readonly degreesOfFreedom: number
}

/** Which rows are meant: the others stay in the design and add nothing. */
export type Domain = ArrayLike<boolean>

const freedomOf = (rows: number, design: SurveyDesign): number => {
  const { units, strata } = firstStage(rows, design)
  return units - strata
}

const insideOf = (rows: number, domain: Domain | undefined): readonly number[] => {
  if (domain !== undefined && domain.length !== rows) {
    throw new StatisticsError(
      'survey',
      `${domain.length} marks of the domain for ${rows} rows`,
      'pass one mark a row',
    )
  }
  const inside = Array.from({ length: rows }, (_, i) => i).filter((i) => domain?.[i] ?? true)
  if (inside.length === 0)
    throw new StatisticsError('survey', 'no row in the domain', 'pass a domain that was sampled')
  return inside
}

const checked = (values: ArrayLike<number>, design: SurveyDesign, domain: Domain | undefined) => {
  requireDesign(values.length, design)
  const inside = insideOf(values.length, domain)
  requireFinite(
    'survey',
    inside.map((i) => values[i]!),
  )
  return inside
}

const standardError = (influence: Float64Array, design: SurveyDesign): number => {
  const [variance = NaN] = covarianceOfTotals(influence, 1, design)
  requireAnswer('survey', [variance])
  return Math.sqrt(Math.max(0, variance))
}

/**
 * Total Σwx of a sample survey, or of a domain in it, with the standard error of the design.
 *
 * @param values one a row; what stands outside the domain is not read
 * @throws StatisticsError for lengths that differ, values that are not finite, an empty domain, or a stratum whose variance cannot be told
 */
export const surveyTotal = (
  values: ArrayLike<number>,
  design: SurveyDesign,
  domain?: Domain,
): SurveyEstimate => {
  const inside = checked(values, design, domain)
  const influence = new Float64Array(values.length)
  for (const i of inside) influence[i] = design.weights[i]! * values[i]!
  const estimate = sumOf(inside.length, (k) => influence[inside[k]!]!)
  requireAnswer('survey', [estimate])
  return {
    estimate,
    se: standardError(influence, design),
    degreesOfFreedom: freedomOf(values.length, design),
  }
}

/**
 * Mean Σwx/Σw of a sample survey, or of a domain in it, with the standard error of the ratio: rows weigh w(x − x̄)/Σw, those outside the
 * domain 0, for the size of the domain in the sample is chance too.
 *
 * Source: T. Lumley, J. Stat. Softw. 9 (2004) 8.
 *
 * @throws StatisticsError as `surveyTotal`
 */
export const surveyMean = (
  values: ArrayLike<number>,
  design: SurveyDesign,
  domain?: Domain,
): SurveyEstimate => {
  const { weights } = design
  const inside = checked(values, design, domain)
  const whole = sumOf(inside.length, (k) => weights[inside[k]!]!)
  const estimate = sumOf(inside.length, (k) => weights[inside[k]!]! * values[inside[k]!]!) / whole
  requireAnswer('survey', [estimate])
  const influence = new Float64Array(values.length)
  for (const i of inside) influence[i] = (weights[i]! * (values[i]! - estimate)) / whole
  return {
    estimate,
    se: standardError(influence, design),
    degreesOfFreedom: freedomOf(values.length, design),
  }
}

const NEGLIGIBLE = 1e-12

/** The smallest value whose share of the weight with all below reaches p; shares equal but for rounding count as equal. */
const weightedInverse = (sorted: readonly (readonly [number, number])[], p: number): number => {
  const whole = sumOf(sorted.length, (i) => sorted[i]![1])
  let below = 0
  for (const [value, weight] of sorted) {
    below += weight
    if (below >= whole * (p - NEGLIGIBLE)) return value
  }
  return sorted.at(-1)![0]
}

/**
 * Quantile of a sample survey, or of a domain in it: the smallest value at which the weighted distribution reaches p (rule 1 of R. Hyndman,
 * Y. Fan), with Woodruff's interval: the limits of the share at or below that value (t with the design's degrees of freedom) read back
 * through the same rule. `se` is the interval's width over twice t.
 *
 * Source: R. Woodruff, J. Am. Stat. Assoc. 47 (1952) 635–646; the R package survey, `svyquantile` with `qrule = "math"`.
 *
 * @param p in (0, 1)
 * @param level of the interval, 0.95
 * @throws StatisticsError as `surveyTotal`, and for p or level outside (0, 1) or no degree of freedom
 */
export const surveyQuantile = (
  values: ArrayLike<number>,
  p: number,
  design: SurveyDesign,
  options: { readonly domain?: Domain; readonly level?: number } = {},
): Estimate & SurveyEstimate => {
  const { domain, level = 0.95 } = options
  requireLevel('surveyQuantile', level)
  if (!(p > 0 && p < 1))
    throw new StatisticsError('surveyQuantile', `p is ${p}`, 'pass p between 0 and 1')
  const inside = checked(values, design, domain)
  const sorted = inside
    .map((i) => [values[i]!, design.weights[i]!] as const)
    .sort(([a, v], [b, w]) => a - b || v - w)
  const estimate = weightedInverse(sorted, p)
  const below = Float64Array.from({ length: values.length }, (_, i) =>
    values[i]! <= estimate ? 1 : 0,
  )
  const share = surveyMean(below, design, domain)
  if (share.degreesOfFreedom < 1) {
    throw new StatisticsError(
      'surveyQuantile',
      'no degree of freedom',
      'a stratum needs two units or more',
    )
  }
  const t = tQuantile((1 + level) / 2, share.degreesOfFreedom)
  const lo = weightedInverse(sorted, share.estimate - t * share.se)
  const hi = weightedInverse(sorted, share.estimate + t * share.se)
  return {
    estimate,
    lo,
    hi,
    se: (hi - lo) / (2 * t),
    degreesOfFreedom: share.degreesOfFreedom,
  }
}

export interface SurveyRegression {
  /** The intercept first, then the columns of X. */
  readonly coefficients: Float64Array
  readonly standardErrors: Float64Array
  /** p × p. */
  readonly covariance: Matrix
  /** Units of the first stage less strata less coefficients other than the intercept. */
  readonly degreesOfFreedom: number
}

/**
 * Weighted linear regression of a sample survey with an intercept: b minimises Σw·(y − X·b)², its covariance is that of the design
 * (`covarianceOfTotals`) for the influences (XᵀWX)⁻¹x·w·residual: Taylor linearisation, what R's `svyglm` prints.
 *
 * Source: D. Binder, Int. Stat. Rev. 51 (1983) 279–292.
 *
 * @param x n × d, finite
 * @throws StatisticsError as `surveyTotal`, and for too few rows or a column that is a combination of others
 */
export const surveyRegression = (
  x: Matrix,
  y: ArrayLike<number>,
  design: SurveyDesign,
): SurveyRegression => {
  const method = 'surveyRegression'
  const n = y.length
  const p = x.columns + 1
  requireDesign(n, design)
  if (x.columns > 0) requireFiniteMatrix(method, x)
  requireFiniteMatrix(method, matrix(n, 1, Float64Array.from(y)))
  if (x.rows !== n || n <= p) {
    throw new StatisticsError(
      method,
      `${x.rows} rows of X, ${n} values of y, ${p} coefficients`,
      'pass as many rows as values, more than coefficients',
    )
  }
  const order = canonicalOrder(besideEachOther(y, design.weights, x))
  const columns = new Float64Array(n * p)
  const roots = Float64Array.from(order, (row) => Math.sqrt(design.weights[row]!))
  order.forEach((row, i) => {
    columns[i] = roots[i]!
    for (let j = 1; j < p; j++) {
      columns[j * n + i] = roots[i]! * x.values[row * x.columns + j - 1]!
    }
  })
  const fit = leastSquares(
    columns,
    Float64Array.from(order, (row, i) => roots[i]! * y[row]!),
    p,
  )
  if ('dependentColumn' in fit) {
    throw new StatisticsError(
      method,
      `column ${fit.dependentColumn - 1} of X is a combination of the others or of the intercept`,
      'leave the column out',
    )
  }
  requireAnswer(method, fit.coefficients)
  const influence = new Float64Array(n * p)
  order.forEach((row, i) => {
    for (let j = 0; j < p; j++) {
      const own = sumOf(p, (k) => fit.inverse[j * p + k]! * columns[k * n + i]!)
      influence[row * p + j] = own * fit.residuals[i]!
    }
  })
  const covariance = covarianceOfTotals(influence, p, design)
  requireAnswer(method, covariance)
  return {
    coefficients: fit.coefficients,
    standardErrors: Float64Array.from({ length: p }, (_, j) =>
      Math.sqrt(Math.max(0, covariance[j * p + j]!)),
    ),
    covariance: matrix(p, p, covariance),
    degreesOfFreedom: freedomOf(n, design) - x.columns,
  }
}
