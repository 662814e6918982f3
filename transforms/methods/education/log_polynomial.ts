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
  const basis = Array.from({ length: size }, (_, x) => chebyshev((2 * x) / (size - 1) - 1, terms))
  let total = 0
  for (let x = 0; x < size; x++) if (used[x] === true) total += counts[x] ?? 0
  const from = (x: number): number => offset?.[x] ?? 0
  let base = 0
  for (let x = 0; x < size; x++) if (used[x] === true) base += Math.exp(from(x))
  const beta = new Float64Array(terms)
  beta[0] = Math.log(total / base)
  const log = (row: Float64Array, x: number, at: Float64Array): number =>
    Math.min(50, from(x) + dot(row, at))
  let likelihood = -Infinity
  for (let round = 0; round < rounds; round++) {
    const information = new Float64Array(terms * terms)
    const score = new Float64Array(terms)
    for (let x = 0; x < size; x++) {
      if (used[x] !== true) continue
      const row = basis[x]
      if (row === undefined) continue
      const mean = Math.exp(log(row, x, beta))
      for (let i = 0; i < terms; i++) {
        score[i] = (score[i] ?? 0) + ((counts[x] ?? 0) - mean) * (row[i] ?? 0)
        for (let j = 0; j <= i; j++)
          information[i * terms + j] =
            (information[i * terms + j] ?? 0) + mean * (row[i] ?? 0) * (row[j] ?? 0)
      }
    }
    const covariance = inverse(information, terms)
    if (covariance === undefined) return undefined
    const step = new Float64Array(terms)
    for (let i = 0; i < terms; i++)
      for (let j = 0; j < terms; j++)
        step[i] = (step[i] ?? 0) + (covariance[i * terms + j] ?? 0) * (score[j] ?? 0)
    let scale = 1
    let next = beta
    let reached = likelihood
    for (; scale > 1e-4; scale /= 2) {
      next = beta.map((value, i) => value + scale * (step[i] ?? 0))
      reached = logLikelihood(counts, used, basis, (row, x) => log(row, x, next))
      if (reached >= likelihood - 1e-12 * Math.abs(likelihood)) break
    }
    beta.set(next)
    const gain = reached - likelihood
    likelihood = reached
    if (gain < 1e-9 * (1 + Math.abs(reached))) {
      const mean = Float64Array.from(basis, (row, x) => Math.exp(log(row, x, beta)))
      const scatter = Math.max(1, pearson(counts, used, mean, terms))
      return { mean, basis, covariance: covariance.map((value) => value * scatter) }
    }
  }
  return undefined
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
const chebyshev = (t: number, terms: number): Float64Array => {
  const row = new Float64Array(terms)
  for (let k = 0; k < terms; k++)
    row[k] = k === 0 ? 1 : k === 1 ? t : 2 * t * (row[k - 1] ?? 0) - (row[k - 2] ?? 0)
  return row
}
const dot = (a: Float64Array, b: Float64Array): number => {
  let total = 0
  for (let i = 0; i < a.length; i++) total += (a[i] ?? 0) * (b[i] ?? 0)
  return total
}
const logLikelihood = (
  counts: ArrayLike<number>,
  used: readonly boolean[],
  basis: readonly Float64Array[],
  logOf: (row: Float64Array, x: number) => number,
): number => {
  let total = 0
  basis.forEach((row, x) => {
    if (used[x] !== true) return
    const log = logOf(row, x)
    total += (counts[x] ?? 0) * log - Math.exp(log)
  })
  return total
}

/** Inverse of a symmetric positive matrix given by its lower half, by Cholesky; undefined where it has none. */
const inverse = (lower: Float64Array, size: number): Float64Array | undefined => {
  const factor = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let rest = lower[i * size + j] ?? 0
      for (let k = 0; k < j; k++) rest -= (factor[i * size + k] ?? 0) * (factor[j * size + k] ?? 0)
      if (i === j) {
        if (!(rest > 1e-12 * (lower[i * size + i] ?? 0))) return undefined
        factor[i * size + i] = Math.sqrt(rest)
      } else factor[i * size + j] = rest / (factor[j * size + j] ?? 1)
    }
  const result = new Float64Array(size * size)
  for (let column = 0; column < size; column++) {
    const y = new Float64Array(size)
    for (let i = 0; i < size; i++) {
      let rest = i === column ? 1 : 0
      for (let k = 0; k < i; k++) rest -= (factor[i * size + k] ?? 0) * (y[k] ?? 0)
      y[i] = rest / (factor[i * size + i] ?? 1)
    }
    for (let i = size - 1; i >= 0; i--) {
      let rest = y[i] ?? 0
      for (let k = i + 1; k < size; k++)
        rest -= (factor[k * size + i] ?? 0) * (result[k * size + column] ?? 0)
      result[i * size + column] = rest / (factor[i * size + i] ?? 1)
    }
  }
  return result
}
