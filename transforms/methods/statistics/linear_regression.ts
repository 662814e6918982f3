import { bellMcCaffrey, type Clusters } from './bell_mccaffrey.ts'
import { StatisticsError } from './errors.ts'
import { leastSquares } from './least_squares.ts'
import { weightedLeverages } from './leverage.ts'
import {
  besideEachOther,
  canonicalOrder,
  matrix,
  requireFiniteMatrix,
  type Matrix,
} from './matrix.ts'
import { requireAnswer, squaresAboutMean, sumOf, sumOfProducts, weightedMean } from './sums.ts'

export interface LinearRegressionOptions {
  /** Whether a column of ones is put first; true. */
  readonly intercept?: boolean
  /** Weights ≥ 0, inversely proportional to the variances of the rows; a row of weight 0 is not counted. */
  readonly weights?: ArrayLike<number>
  /**
   * What the standard errors hold under: `classical` equal variances; `hc1` any variances (White with n/(n − p),
   * Stata's robust); `hc2` any variances, with degrees of freedom of its own for each coefficient: the one to judge by; `hc3` any variances,
   * each residual divided by 1 − its leverage (J. MacKinnon, H. White, J. Econometrics 29 (1985) 305–325); or clusters, one
   * number a row, any dependence within a cluster: `cr2` (the default; `bellMcCaffrey`) holds for few clusters, `cr1` is
   * Liang–Zeger with G/(G − 1)·(n − 1)/(n − p), Stata's vce(cluster).
   */
  readonly errors?:
    | 'classical'
    | 'hc1'
    | 'hc2'
    | 'hc3'
    | { readonly clusters: ArrayLike<number>; readonly kind?: 'cr1' | 'cr2' }
}

export interface LinearRegression {
  /** The intercept first (unless left out), then the columns of X. */
  readonly coefficients: Float64Array
  readonly standardErrors: Float64Array
  /** p × p covariance of the coefficients, of the kind asked for. */
  readonly covariance: Matrix
  /** y − ŷ for every row, rows of weight 0 too, in units of y. */
  readonly residuals: Float64Array
  readonly fitted: Float64Array
  /** √(Σw·residual² / degreesOfFreedom). */
  readonly residualSd: number
  /** Rows counted less coefficients. */
  readonly degreesOfFreedom: number
  /**
   * Degrees of freedom for tests of each coefficient: G − 1 with cr1, Satterthwaite's with cr2 and hc2 (0 where one cluster or
   * row alone makes the coefficient: its error cannot be told), else degreesOfFreedom.
   */
  readonly testDegreesOfFreedom: Float64Array
  /** 1 − RSS/TSS, TSS about the mean (about 0 without an intercept); undefined where y has no spread. */
  readonly rSquared: number | undefined
  readonly adjustedRSquared: number | undefined
}

/**
 * Linear regression y = X·b + e by least squares (Householder QR with pivoting, refined with residuals in double
 * precision): the coefficients are as good as the doubles in X and y allow. Standard errors come from R and lose
 * the digits of the condition number: with well-chosen units 10 digits or more, 6 for a polynomial of degree 10
 * (use polynomialRegression for powers of one variable).
 *
 * @param x n × d, finite; n more than the number of coefficients
 * @param y n finite numbers
 * @throws StatisticsError for too few rows, a column that is a combination of others (named), weights or clusters
 * that do not fit
 */
export const linearRegression = (
  x: Matrix,
  y: ArrayLike<number>,
  options: LinearRegressionOptions = {},
): LinearRegression => {
  const method = 'linearRegression'
  const { intercept = true, errors = 'classical' } = options
  const n = y.length
  const response = Float64Array.from({ length: n }, (_, i) => y[i]!)
  if (x.columns > 0) requireFiniteMatrix(method, x)
  requireFiniteMatrix(method, matrix(n, 1, response))
  const weights = weightsOf(method, n, options.weights)
  const fits = x.rows === n
  const kept = fits
    ? canonicalOrder(besideEachOther(response, weights, x)).filter((i) => weights[i]! > 0)
    : new Int32Array(0)
  const m = kept.length
  const p = x.columns + (intercept ? 1 : 0)
  if (!fits || m <= p || p === 0) {
    throw new StatisticsError(
      method,
      `${x.rows} rows of X, ${m} counted values of y, ${p} coefficients`,
      'pass as many rows as values, more than coefficients, and at least one coefficient',
    )
  }
  const root = Float64Array.from(kept, (i) => Math.sqrt(weights[i]!))
  const design = new Float64Array(m * p)
  for (let j = 0; j < p; j++) {
    const column = intercept ? j - 1 : j
    kept.forEach((row, i) => {
      design[j * m + i] = root[i]! * (column < 0 ? 1 : x.values[row * x.columns + column]!)
    })
  }
  const scaledResponse = Float64Array.from(kept, (row, i) => root[i]! * response[row]!)
  const solution = leastSquares(design, scaledResponse, p)
  if ('dependentColumn' in solution) {
    const column = solution.dependentColumn - (intercept ? 1 : 0)
    throw new StatisticsError(
      method,
      `column ${column} of X is a combination of the others${intercept ? ' or of the intercept' : ''}`,
      'leave the column out',
    )
  }
  const { coefficients, inverse } = solution
  requireAnswer(method, coefficients)
  requireAnswer(method, inverse)
  const residuals = new Float64Array(n)
  kept.forEach((row, i) => (residuals[row] = solution.residuals[i]! / root[i]!))
  for (let i = 0; i < n; i++) {
    if (weights[i]! > 0) continue
    const predicted = sumOf(
      x.columns,
      (j) => x.values[i * x.columns + j]! * coefficients[j + p - x.columns]!,
    )
    residuals[i] = response[i]! - predicted - (intercept ? coefficients[0]! : 0)
  }
  const degreesOfFreedom = m - p
  const rss = sumOfProducts(solution.residuals, solution.residuals)
  const tss = intercept
    ? squaresAbout(response, weights, options.weights === undefined)
    : sumOfProducts(scaledResponse, scaledResponse)
  const rSquared = tss > 0 ? Math.max(0, 1 - rss / tss) : undefined
  const clusters =
    typeof errors === 'object' ? clustersOf(method, errors.clusters, n, kept) : undefined
  const { covariance, freedom } = errorsOf(errors, clusters, {
    design,
    inverse,
    residuals: solution.residuals,
    p,
    rss,
  })
  requireAnswer(method, covariance)
  requireAnswer(method, [rss])
  return {
    coefficients,
    standardErrors: Float64Array.from({ length: p }, (_, j) =>
      Math.sqrt(Math.max(0, covariance[j * p + j]!)),
    ),
    covariance: matrix(p, p, covariance),
    residuals,
    fitted: response.map((value, i) => value - residuals[i]!),
    residualSd: Math.sqrt(rss / degreesOfFreedom),
    degreesOfFreedom,
    testDegreesOfFreedom: freedom,
    rSquared,
    adjustedRSquared:
      rSquared === undefined
        ? undefined
        : 1 - ((1 - rSquared) * (m - (intercept ? 1 : 0))) / degreesOfFreedom,
  }
}

interface Fit {
  readonly design: Float64Array
  readonly inverse: Float64Array
  readonly residuals: Float64Array
  readonly p: number
  readonly rss: number
}

const errorsOf = (
  kind: NonNullable<LinearRegressionOptions['errors']>,
  clusters: Clusters | undefined,
  { design, inverse, residuals, p, rss }: Fit,
): { readonly covariance: Float64Array; readonly freedom: Float64Array } => {
  const m = residuals.length
  const same = (df: number) => new Float64Array(p).fill(df)
  if (kind === 'classical') {
    return { covariance: inverse.map((value) => (value * rss) / (m - p)), freedom: same(m - p) }
  }
  if (kind === 'hc2' || (typeof kind === 'object' && kind.kind !== 'cr1')) {
    const groups = clusters ?? { of: Int32Array.from(residuals, (_, i) => i), count: m }
    const found = bellMcCaffrey(design, inverse, residuals, p, groups)
    if (found === undefined) throw tooNear()
    return { covariance: found.covariance, freedom: found.degreesOfFreedom }
  }
  const used = kind === 'hc3' ? leftOut(design, residuals, p) : residuals
  const scores = scoreSums(design, used, p, clusters)
  const correction = clusters
    ? ((clusters.count / (clusters.count - 1)) * (m - 1)) / (m - p)
    : kind === 'hc3'
      ? 1
      : m / (m - p)
  return {
    covariance: sandwich(inverse, scores, p, correction),
    freedom: same(clusters ? clusters.count - 1 : m - p),
  }
}

const weightsOf = (method: string, n: number, given?: ArrayLike<number>): Float64Array => {
  if (given === undefined) return new Float64Array(n).fill(1)
  const weights = Float64Array.from({ length: given.length }, (_, i) => given[i]!)
  if (weights.length !== n || weights.some((weight) => !(weight >= 0 && weight < Infinity))) {
    throw new StatisticsError(method, 'the weights do not fit', 'pass one finite weight ≥ 0 a row')
  }
  return weights
}

const squaresAbout = (y: Float64Array, weights: Float64Array, equal: boolean): number => {
  if (equal) return squaresAboutMean(y)
  const centre = weightedMean(y, weights)
  return sumOf(y.length, (i) => weights[i]! * (y[i]! - centre) ** 2)
}

const clustersOf = (
  method: string,
  given: ArrayLike<number>,
  n: number,
  kept: Int32Array,
): Clusters => {
  const numbers = new Map<number, number>()
  const of = Int32Array.from(kept, (row) => {
    const name = given[row]!
    const number = numbers.get(name) ?? numbers.size
    numbers.set(name, number)
    return number
  })
  if (given.length !== n || numbers.size < 2) {
    throw new StatisticsError(
      method,
      `${given.length} cluster numbers for ${n} rows, ${numbers.size} different`,
      'pass one number a row and at least two clusters',
    )
  }
  return { of, count: numbers.size }
}

/** x·residual of each row, or its sum over each cluster: one p-vector after another. */
const scoreSums = (
  design: Float64Array,
  residuals: Float64Array,
  p: number,
  clusters?: Clusters,
): Float64Array => {
  const n = residuals.length
  const sums = new Float64Array((clusters ? clusters.count : n) * p)
  for (let j = 0; j < p; j++) {
    for (let i = 0; i < n; i++) {
      sums[(clusters ? clusters.of[i]! : i) * p + j]! += design[j * n + i]! * residuals[i]!
    }
  }
  return sums
}

/** Residuals of each row from the fit to all the others; 0 where a row alone makes a coefficient. */
const leftOut = (design: Float64Array, residuals: Float64Array, p: number): Float64Array => {
  const n = residuals.length
  const columns = Array.from({ length: p }, (_, j) => design.subarray(j * n, (j + 1) * n))
  const { leverages, rank } = weightedLeverages(columns, new Float64Array(n).fill(1))
  if (rank < p) throw tooNear()
  return residuals.map((residual, i) => {
    const leverage = leverages[i]!
    return leverage < 1 - 1e-10 ? residual / (1 - leverage) : 0
  })
}

const tooNear = (): StatisticsError =>
  new StatisticsError(
    'linearRegression',
    'the columns of X are too near to a combination of one another',
    'take them from their means or leave one out',
  )

const sandwich = (
  inverse: Float64Array,
  scores: Float64Array,
  p: number,
  correction: number,
): Float64Array => {
  const units = scores.length / p
  const influence = new Float64Array(units * p)
  for (let u = 0; u < units; u++) {
    for (let j = 0; j < p; j++) {
      let value = 0
      for (let k = 0; k < p; k++) value += inverse[j * p + k]! * scores[u * p + k]!
      influence[u * p + j] = value
    }
  }
  const covariance = new Float64Array(p * p)
  for (let j = 0; j < p; j++) {
    for (let k = 0; k <= j; k++) {
      const value = sumOf(units, (u) => influence[u * p + j]! * influence[u * p + k]!) * correction
      covariance[j * p + k] = covariance[k * p + j] = value
    }
  }
  return covariance
}
