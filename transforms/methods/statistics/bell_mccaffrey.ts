import { factor } from './cholesky.ts'
import { symmetricEigen } from './eigen.ts'
import { matrix } from './matrix.ts'
import { sumOf } from './sums.ts'

/** Rows of a regression divided into clusters: `of` the cluster of each row, 0 … count − 1. */
export interface Clusters {
  readonly of: Int32Array
  readonly count: number
}

export interface BiasReduced {
  /** p × p covariance of the coefficients. */
  readonly covariance: Float64Array
  /** Satterthwaite's degrees of freedom of each coefficient; 0 where one cluster alone makes it and its error cannot be told. */
  readonly degreesOfFreedom: Float64Array
}

/** A cluster's share of the fit: above 1 less this it alone makes a combination of the coefficients. */
const ALONE = 1e-10

/** S·v of a symmetric matrix or of any p × p one, row by row. */
const times = (a: Float64Array, v: Float64Array): Float64Array => {
  const p = v.length
  return v.map((_, j) => {
    let value = 0
    for (let k = 0; k < p; k++) value += a[j * p + k]! * v[k]!
    return value
  })
}

/** (I − S)^(−1/2) of a symmetric S with eigenvalues 0–1, the directions of eigenvalue 1 left out. */
const inverseRoot = (s: Float64Array, p: number): Float64Array => {
  const { values, vectors } = symmetricEigen(matrix(p, p, s))
  const powers = values.map((value) => (value < 1 - ALONE ? 1 / Math.sqrt(1 - value) : 0))
  return s.map((_, at) => {
    const [j, k] = [Math.floor(at / p), at % p]
    return sumOf(p, (i) => vectors.values[j * p + i]! * powers[i]! * vectors.values[k * p + i]!)
  })
}

/** The same for a cluster of one row, S = uuᵀ. */
const inverseRootOfRow = (u: Float64Array): Float64Array => {
  const p = u.length
  let share = 0
  for (const value of u) share += value * value
  const power = share < 1 - ALONE ? 1 / Math.sqrt(1 - share) : 0
  return Float64Array.from({ length: p * p }, (_, at) => {
    const [j, k] = [Math.floor(at / p), at % p]
    return Number(j === k) + (share > 0 ? ((power - 1) * u[j]! * u[k]!) / share : 0)
  })
}

/**
 * The sandwich with the residuals of each cluster multiplied by (I − H_gg)^(−1/2) (CR2; with a row a cluster HC2): unbiased where the rows
 * are independent and of one variance, little biased otherwise, and for each coefficient the degrees of freedom (tr B)²/tr(B²) with which
 * its variance is distributed in that case. With X = UW⁻¹, WWᵀ = (XᵀX)⁻¹, everything is done in p × p matrices, one a
 * cluster: O(rows·p² + clusters·p³).
 *
 * Source: R. Bell, D. McCaffrey, Survey Methodology 28 (2002) 169–181; G. Imbens, M. Kolesár, Rev. Econ. Stat. 98 (2016) 701–712.
 *
 * @param design n × p, column-major, rows multiplied by the roots of their weights; of full rank
 * @param inverse (XᵀX)⁻¹
 */
export const bellMcCaffrey = (
  design: Float64Array,
  inverse: Float64Array,
  residuals: Float64Array,
  p: number,
  { of, count }: Clusters,
): BiasReduced | undefined => {
  const n = residuals.length
  const upper = inverse.slice()
  if (factor(upper, p) >= 0) return undefined
  /** W, lower: the transpose of the upper factor. */
  const root = Float64Array.from({ length: p * p }, (_, at) => {
    const [j, k] = [Math.floor(at / p), at % p]
    return k <= j ? upper[k * p + j]! : 0
  })
  const shares = Array.from({ length: count }, () => new Float64Array(p * p))
  const scores = Array.from({ length: count }, () => new Float64Array(p))
  const sizes = new Int32Array(count)
  const rows = new Float64Array(count * p)
  const u = new Float64Array(p)
  for (let i = 0; i < n; i++) {
    const g = of[i]!
    sizes[g]!++
    for (let j = 0; j < p; j++) {
      let value = 0
      for (let k = j; k < p; k++) value += design[k * n + i]! * root[k * p + j]!
      u[j] = value
    }
    rows.set(u, g * p)
    for (let j = 0; j < p; j++) {
      scores[g]![j]! += u[j]! * residuals[i]!
      for (let k = 0; k < p; k++) shares[g]![j * p + k]! += u[j]! * u[k]!
    }
  }
  const influences = new Float64Array(count * p)
  const traces = new Float64Array(p)
  const squares = new Float64Array(p)
  const crosses = Array.from({ length: p }, () => new Float64Array(p * p))
  for (let g = 0; g < count; g++) {
    const share = shares[g]!
    const adjust =
      sizes[g] === 1 ? inverseRootOfRow(rows.subarray(g * p, (g + 1) * p)) : inverseRoot(share, p)
    influences.set(times(root, times(adjust, scores[g]!)), g * p)
    for (let c = 0; c < p; c++) {
      const weights = times(adjust, root.subarray(c * p, (c + 1) * p))
      const pull = times(share, weights)
      let own = 0
      let lost = 0
      for (let j = 0; j < p; j++) {
        own += weights[j]! * pull[j]!
        lost += pull[j]! * pull[j]!
        for (let k = 0; k < p; k++) crosses[c]![j * p + k]! += pull[j]! * pull[k]!
      }
      traces[c]! += own - lost
      squares[c]! += own * own - 2 * own * lost
    }
  }
  const covariance = Float64Array.from({ length: p * p }, (_, at) =>
    sumOf(count, (g) => influences[g * p + Math.floor(at / p)]! * influences[g * p + (at % p)]!),
  )
  const degreesOfFreedom = traces.map((trace, c) => {
    const all = squares[c]! + sumOf(p * p, (at) => crosses[c]![at]! ** 2)
    return trace > ALONE * inverse[c * p + c]! && all > 0 ? (trace * trace) / all : 0
  })
  return { covariance, degreesOfFreedom }
}
