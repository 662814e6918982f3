import { StatisticsError } from './errors.ts'
import { matrix, requireFiniteMatrix, type Matrix } from './matrix.ts'
import { tridiagonalEigen } from './tridiagonal.ts'

/** The eigenvalues of a symmetric matrix, largest first, and its unit eigenvectors: column j belongs to value j. */
export interface Eigen {
  readonly values: Float64Array
  readonly vectors: Matrix
}

const SWEEPS = 60
const JACOBI_MOST = 60

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: cyclic Jacobi rotations up to n = 60, above that Householder
 * reduction and implicit QL. Accurate to a few units of the last place of the largest eigenvalue. Equal
 * eigenvalues have an arbitrary basis. Each vector has the sign that makes its largest component positive (of
 * equals the first).
 *
 * Source: G. Golub, C. Van Loan, Matrix Computations (2013), 8.3 and 8.5.
 *
 * @param symmetric n × n; both triangles filled
 * @throws StatisticsError for a matrix that is not square or not finite
 */
export const symmetricEigen = (symmetric: Matrix): Eigen => {
  requireFiniteMatrix('symmetricEigen', symmetric)
  const n = symmetric.rows
  if (n !== symmetric.columns) {
    throw new StatisticsError(
      'symmetricEigen',
      `${n} × ${symmetric.columns} is not square`,
      'pass a symmetric matrix',
    )
  }
  const found =
    n <= JACOBI_MOST ? jacobiEigen(symmetric.values, n) : tridiagonalEigen(symmetric.values, n)
  const order = Int32Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => found.values[j]! - found.values[i]! || i - j,
  )
  const vectors = matrix(n, n)
  order.forEach((from, to) => {
    const vector = found.vectors.subarray(from * n, from * n + n)
    const sign = signOf(vector)
    for (let k = 0; k < n; k++) vectors.values[k * n + to] = sign * vector[k]!
  })
  return { values: Float64Array.from(order, (i) => found.values[i]!), vectors }
}

const jacobiEigen = (symmetric: Float64Array, n: number) => {
  const a = symmetric.slice()
  const v = new Float64Array(n * n)
  for (let i = 0; i < n; i++) v[i * n + i] = 1
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const negligible = (largest * Number.EPSILON) / 1000
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let rotated = false
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = a[p * n + q]!
        const app = a[p * n + p]!
        const aqq = a[q * n + q]!
        if (Math.abs(off) <= negligible) continue
        rotated = true
        const theta = (aqq - app) / (2 * off)
        const t =
          Math.abs(theta) > 1e150
            ? 0.5 / theta
            : Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        a[p * n + p] = app - t * off
        a[q * n + q] = aqq + t * off
        a[p * n + q] = a[q * n + p] = 0
        for (let k = 0; k < n; k++) {
          if (k !== p && k !== q) {
            const akp = a[p * n + k]!
            const akq = a[q * n + k]!
            a[k * n + p] = a[p * n + k] = c * akp - s * akq
            a[k * n + q] = a[q * n + k] = s * akp + c * akq
          }
          const vkp = v[p * n + k]!
          const vkq = v[q * n + k]!
          v[p * n + k] = c * vkp - s * vkq
          v[q * n + k] = s * vkp + c * vkq
        }
      }
    }
    if (!rotated) break
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), vectors: v }
}

/**
 * The sign that makes the component of largest size positive; components within 1e−9 of it count as equal and the
 * first decides.
 */
export const signOf = (vector: Float64Array): 1 | -1 => {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const decisive = vector.find((value) => Math.abs(value) >= largest * (1 - 1e-9)) ?? 0
  return decisive < 0 ? -1 : 1
}
