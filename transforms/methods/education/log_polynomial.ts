import { memory } from '../statistics/memory.ts'

/**
 * Expected counts of scores 0 … X by a log-polynomial fitted to some of them: log μ_x = o_x + Σ β_k T_k(x), Poisson likelihood,
 * Chebyshev polynomials over the range (the same curve as powers of x, better conditioned). With the logarithm of another distribution
 * as offset o and degree 2 it is that distribution tilted to the mean and the variance of the counts.
 *
 * - `mean`: μ_x for every score
 * - `basis`: T_k(x), row by row
 * - `covariance`: of β, (degree + 1)²; times Pearson’s χ²/df where the counts scatter more than Poisson
 */
export interface LogPolynomial {
  readonly mean: Float64Array
  readonly basis: readonly Float64Array[]
  readonly covariance: Float64Array
}

const rounds = 60

/**
 * @param counts n_x ≥ 0 for x = 0 … X
 * @param used which scores the fit may see
 * @param offset o_x; 0 by default
 * @returns undefined where the scores used cannot tell a curve of that degree, or the likelihood has no maximum
 */
export const fitLogPolynomial = (
  counts: ArrayLike<number>,
  used: readonly boolean[],
  degree: number,
  offset?: ArrayLike<number>,
): LogPolynomial | undefined => {
  const size = counts.length
  const terms = degree + 1
  const filled = used.filter((isUsed, x) => isUsed && (counts[x] ?? 0) > 0).length
  if (filled < terms + 1) return undefined
  const basis = basisOf(size, terms)
  let total = 0
  for (let x = 0; x < size; x++) if (used[x] === true) total += counts[x] ?? 0
  const from = Float64Array.from({ length: size }, (_, x) => offset?.[x] ?? 0)
  let base = 0
  for (let x = 0; x < size; x++) if (used[x] === true) base += Math.exp(from[x] as number)
  const beta = new Float64Array(terms)
  beta[0] = Math.log(total / base)
  const fit = { counts, used, basis, from, mean: new Float64Array(size) }
  let likelihood = -Infinity
  meansAt(fit, beta)
  for (let round = 0; round < rounds; round++) {
    const step = stepOf(fit, terms)
    if (step === undefined) return undefined
    let scale = 1
    let next = beta
    let reached = likelihood
    for (; scale > 1e-4; scale /= 2) {
      next = beta.map((value, i) => value + scale * (step.by[i] as number))
      reached = meansAt(fit, next)
      if (reached >= likelihood - 1e-12 * Math.abs(likelihood)) break
    }
    beta.set(next)
    const gain = reached - likelihood
    likelihood = reached
    if (gain < 1e-9 * (1 + Math.abs(reached))) {
      for (let x = 0; x < size; x++)
        if (used[x] !== true) fit.mean[x] = Math.exp(logAt(fit, x, beta))
      const scatter = Math.max(1, pearson(counts, used, fit.mean, terms))
      return {
        mean: fit.mean,
        basis,
        covariance: step.covariance.map((value) => value * scatter),
      }
    }
  }
  return undefined
}

/** A fit under way: `mean` holds μ_x of the scores used at the last coefficients tried. */
interface Fit {
  readonly counts: ArrayLike<number>
  readonly used: readonly boolean[]
  readonly basis: readonly Float64Array[]
  readonly from: Float64Array
  readonly mean: Float64Array
}

const logAt = ({ basis, from }: Fit, x: number, at: Float64Array): number =>
  Math.min(50, (from[x] as number) + dot(basis[x] as Float64Array, at))

/** Sets the means at these coefficients; their log-likelihood. */
const meansAt = (fit: Fit, at: Float64Array): number => {
  const { counts, used, mean } = fit
  let total = 0
  for (let x = 0; x < mean.length; x++) {
    if (used[x] !== true) continue
    const log = logAt(fit, x, at)
    const expected = Math.exp(log)
    mean[x] = expected
    total += (counts[x] ?? 0) * log - expected
  }
  return total
}

/** Newton’s step from the means set, with the covariance there. */
const stepOf = (
  { counts, used, basis, mean }: Fit,
  terms: number,
): { readonly by: Float64Array; readonly covariance: Float64Array } | undefined => {
  const information = new Float64Array(terms * terms)
  const score = new Float64Array(terms)
  for (let x = 0; x < mean.length; x++) {
    if (used[x] !== true) continue
    const row = basis[x] as Float64Array
    const expected = mean[x] as number
    const over = (counts[x] ?? 0) - expected
    for (let i = 0; i < terms; i++) {
      score[i] = (score[i] as number) + over * (row[i] as number)
      const weighted = expected * (row[i] as number)
      for (let j = 0; j <= i; j++)
        information[i * terms + j] =
          (information[i * terms + j] as number) + weighted * (row[j] as number)
    }
  }
  const covariance = inverse(information, terms)
  if (covariance === undefined) return undefined
  const by = new Float64Array(terms)
  for (let i = 0; i < terms; i++)
    for (let j = 0; j < terms; j++)
      by[i] = (by[i] as number) + (covariance[i * terms + j] as number) * (score[j] as number)
  return { by, covariance }
}

/** χ²/df of the scores used; 1 where none is left over. */
const pearson = (
  counts: ArrayLike<number>,
  used: readonly boolean[],
  mean: Float64Array,
  terms: number,
): number => {
  let total = 0
  let freedom = -terms
  for (let x = 0; x < mean.length; x++) {
    if (used[x] !== true) continue
    // Scores that nobody is expected at say nothing about the scatter.
    const expected = Math.max(mean[x] ?? 0, 0.5)
    total += ((counts[x] ?? 0) - (mean[x] ?? 0)) ** 2 / expected
    freedom += 1
  }
  return freedom > 0 ? total / freedom : 1
}
const remembered = memory<readonly Float64Array[]>(64)
/** Every school of a test has the same. */
const basisOf = (size: number, terms: number): readonly Float64Array[] =>
  remembered(`${String(size)} ${String(terms)}`, () =>
    Array.from({ length: size }, (_, x) => chebyshev((2 * x) / (size - 1) - 1, terms)),
  )
const chebyshev = (t: number, terms: number): Float64Array => {
  const row = new Float64Array(terms)
  for (let k = 0; k < terms; k++)
    row[k] = k === 0 ? 1 : k === 1 ? t : 2 * t * (row[k - 1] ?? 0) - (row[k - 2] ?? 0)
  return row
}
const dot = (a: Float64Array, b: Float64Array): number => {
  let total = 0
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number)
  return total
}

/** Inverse of a symmetric positive matrix given by its lower half, by Cholesky; undefined where it has none. */
const inverse = (lower: Float64Array, size: number): Float64Array | undefined => {
  const factor = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let rest = lower[i * size + j] ?? 0
      for (let k = 0; k < j; k++)
        rest -= (factor[i * size + k] as number) * (factor[j * size + k] as number)
      if (i === j) {
        if (!(rest > 1e-12 * (lower[i * size + i] as number))) return undefined
        factor[i * size + i] = Math.sqrt(rest)
      } else factor[i * size + j] = rest / (factor[j * size + j] as number)
    }
  const result = new Float64Array(size * size)
  for (let column = 0; column < size; column++) {
    const y = new Float64Array(size)
    for (let i = 0; i < size; i++) {
      let rest = i === column ? 1 : 0
      for (let k = 0; k < i; k++) rest -= (factor[i * size + k] as number) * (y[k] as number)
      y[i] = rest / (factor[i * size + i] as number)
    }
    for (let i = size - 1; i >= 0; i--) {
      let rest = y[i] ?? 0
      for (let k = i + 1; k < size; k++)
        rest -= (factor[k * size + i] as number) * (result[k * size + column] as number)
      result[i * size + column] = rest / (factor[i * size + i] as number)
    }
  }
  return result
}
