import { add, divide, doubleDouble, multiply, negate, type DoubleDouble } from './double_double.ts'
import { StatisticsError } from './errors.ts'
import { linearRegression } from './linear_regression.ts'
import { matrix } from './matrix.ts'
import { requireAnswer, sumOf } from './sums.ts'

export interface PolynomialRegression {
  /** b₀ … b_degree of y = Σ b_k·x^k. */
  readonly coefficients: Float64Array
  readonly standardErrors: Float64Array
  readonly residuals: Float64Array
  readonly residualSd: number
  readonly degreesOfFreedom: number
  /** 1 − RSS/TSS; undefined where y has no spread. */
  readonly rSquared: number | undefined
}

/**
 * Polynomial regression y = Σ b_k·x^k + e by least squares. The fit is made in Chebyshev polynomials of x moved to
 * −1 … 1, where it is well conditioned, and turned into powers of x with 32 digits; powers of x as columns would
 * lose up to ten digits (NIST's Filip).
 *
 * @param x n finite numbers, more than `degree` different ones
 * @param y n finite numbers, n ≥ degree + 2
 * @param degree a whole number ≥ 1
 * @throws StatisticsError for lengths that differ, too few rows or too few different x
 */
export const polynomialRegression = (
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  degree: number,
): PolynomialRegression => {
  const n = x.length
  const values = Float64Array.from({ length: n }, (_, i) => x[i]!)
  const different = new Set(values).size
  if (!Number.isInteger(degree) || degree < 1 || y.length !== n || different <= degree) {
    throw new StatisticsError(
      'polynomialRegression',
      `degree ${degree}, ${n} values of x (${different} different), ${y.length} of y`,
      'pass rows of one length with more different x than the degree',
    )
  }
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const centre = low / 2 + high / 2
  const reach = Math.max(high - centre, centre - low)
  const design = matrix(n, degree)
  for (let i = 0; i < n; i++) {
    const t = (values[i]! - centre) / reach
    let before = 1
    let current = t
    for (let k = 0; k < degree; k++) {
      design.values[i * degree + k] = current
      const next = 2 * t * current - before
      before = current
      current = next
    }
  }
  const fit = linearRegression(design, y)
  const powers = chebyshevInPowers(degree, centre, reach)
  const coefficients = new Float64Array(degree + 1)
  const standardErrors = new Float64Array(degree + 1)
  for (let power = 0; power <= degree; power++) {
    let value = doubleDouble(0)
    for (let k = power; k <= degree; k++) {
      value = add(value, multiply(doubleDouble(fit.coefficients[k]!), powers[k]![power]!))
    }
    coefficients[power] = value.high
    const weight = (k: number) => powers[k]![power]?.high ?? 0
    const terms = degree + 1
    const variance = sumOf(terms * terms, (at) => {
      const k = Math.floor(at / terms)
      const l = at % terms
      return weight(k) * weight(l) * fit.covariance.values[at]!
    })
    standardErrors[power] = Math.sqrt(Math.max(0, variance))
  }
  requireAnswer('polynomialRegression', coefficients)
  requireAnswer('polynomialRegression', standardErrors)
  const { residuals, residualSd, degreesOfFreedom, rSquared } = fit
  return { coefficients, standardErrors, residuals, residualSd, degreesOfFreedom, rSquared }
}

/** The coefficients of T_k((x − centre)/reach) in powers of x, for k = 0 … degree. */
const chebyshevInPowers = (degree: number, centre: number, reach: number): DoubleDouble[][] => {
  const zero = doubleDouble(0)
  const timesT = (polynomial: readonly DoubleDouble[], factor: number): DoubleDouble[] => {
    const scale = divide(doubleDouble(factor), doubleDouble(reach))
    const shift = negate(multiply(scale, doubleDouble(centre)))
    return Array.from({ length: polynomial.length + 1 }, (_, power) =>
      add(
        multiply(scale, polynomial[power - 1] ?? zero),
        multiply(shift, polynomial[power] ?? zero),
      ),
    )
  }
  const result = [[doubleDouble(1)]]
  result.push(timesT(result[0]!, 1))
  for (let k = 2; k <= degree; k++) {
    const next = timesT(result[k - 1]!, 2)
    result.push(next.map((value, power) => add(value, negate(result[k - 2]![power] ?? zero))))
  }
  return result
}
