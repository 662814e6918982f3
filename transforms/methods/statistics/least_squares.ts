/**
 * Least squares min‖y − X·b‖ by Householder QR with column pivoting, then iterative refinement of the augmented system
 * r + X·b = y, Xᵀ·r = 0 with residuals summed in twice the working precision.
 *
 * Source: Å. Björck, BIT 7 (1967) 257–278; G. Golub, C. Van Loan, Matrix Computations (2013), 5.3–5.5.
 */
export interface LeastSquares {
  readonly coefficients: Float64Array
  readonly residuals: Float64Array
  /** (XᵀX)⁻¹, p × p. */
  readonly inverse: Float64Array
}

const SPLIT = 134_217_729
const ROUNDS = 12

/** start + Σ a·b of the two strided rows, products and sums carried to about 32 digits and rounded once. */
const dotExactly = (
  start: number,
  a: Float64Array,
  aFrom: number,
  aStep: number,
  b: Float64Array,
  count: number,
  sign: 1 | -1,
): number => {
  let high = start
  let low = 0
  for (let i = 0; i < count; i++) {
    const x = sign * a[aFrom + i * aStep]!
    const y = b[i]!
    const product = x * y
    const xBig = SPLIT * x
    const xHigh = xBig - (xBig - x)
    const xLow = x - xHigh
    const yBig = SPLIT * y
    const yHigh = yBig - (yBig - y)
    const yLow = y - yHigh
    low += xHigh * yHigh - product + xHigh * yLow + xLow * yHigh + xLow * yLow
    const sum = high + product
    const shifted = sum - high
    low += high - (sum - shifted) + (product - shifted)
    high = sum
  }
  return high + low
}

/** The largest column number found to be a combination of the columns before it in pivot order. */
export interface Dependent {
  readonly dependentColumn: number
}

/**
 * @param x n × p, column-major: column j at x[j·n …]; not changed
 * @param y n numbers
 * @returns the solution, or the column that depends on the others
 */
export const leastSquares = (
  x: Float64Array,
  y: Float64Array,
  p: number,
): LeastSquares | Dependent => {
  const n = y.length
  const scales = new Float64Array(p)
  const q = new Float64Array(n * p)
  for (let j = 0; j < p; j++) {
    let largest = 0
    for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(x[j * n + i]!))
    if (largest === 0) return { dependentColumn: j }
    let norm = 0
    for (let i = 0; i < n; i++) norm += (x[j * n + i]! / largest) ** 2
    scales[j] = 2 ** -Math.round(Math.log2(largest * Math.sqrt(norm)))
    for (let i = 0; i < n; i++) q[j * n + i] = x[j * n + i]! * scales[j]!
  }
  const scaled = q.slice()
  const order = Int32Array.from({ length: p }, (_, j) => j)
  const diagonal = new Float64Array(p)
  const betas = new Float64Array(p)
  const at = (k: number) => order[k]! * n
  for (let k = 0; k < p; k++) {
    let pivot = k
    let most = -1
    for (let j = k; j < p; j++) {
      let norm = 0
      for (let i = k; i < n; i++) norm += q[at(j) + i]! ** 2
      if (norm > most) {
        most = norm
        pivot = j
      }
    }
    const held = order[k]!
    order[k] = order[pivot]!
    order[pivot] = held
    const norm = Math.sqrt(most)
    if (norm <= n * Number.EPSILON) return { dependentColumn: Math.max(...order.subarray(k)) }
    const column = at(k)
    const alpha = q[column + k]! > 0 ? -norm : norm
    q[column + k]! -= alpha
    betas[k] = -1 / (alpha * q[column + k]!)
    diagonal[k] = alpha
    for (let j = k + 1; j < p; j++) {
      let dot = 0
      for (let i = k; i < n; i++) dot += q[column + i]! * q[at(j) + i]!
      dot *= betas[k]!
      for (let i = k; i < n; i++) q[at(j) + i]! -= dot * q[column + i]!
    }
  }
  const r = (row: number, k: number) => (row === k ? diagonal[k]! : q[at(k) + row]!)

  const reflect = (vector: Float64Array, k: number): void => {
    let dot = 0
    const column = at(k)
    for (let i = k; i < n; i++) dot += q[column + i]! * vector[i]!
    dot *= betas[k]!
    for (let i = k; i < n; i++) vector[i]! -= dot * q[column + i]!
  }

  /** Solves r + X·b = f, Xᵀ·r = g; f becomes r, the answer is b in scaled columns. */
  const solve = (f: Float64Array, g: Float64Array): Float64Array => {
    for (let k = 0; k < p; k++) reflect(f, k)
    const h = new Float64Array(p)
    for (let k = 0; k < p; k++) {
      let value = g[order[k]!]!
      for (let row = 0; row < k; row++) value -= r(row, k) * h[row]!
      h[k] = value / diagonal[k]!
    }
    const b = new Float64Array(p)
    for (let k = p - 1; k >= 0; k--) {
      let value = f[k]! - h[k]!
      for (let j = k + 1; j < p; j++) value -= r(k, j) * b[order[j]!]!
      b[order[k]!] = value / diagonal[k]!
    }
    f.set(h)
    for (let k = p - 1; k >= 0; k--) reflect(f, k)
    return b
  }

  const residuals = y.slice()
  const b = solve(residuals, new Float64Array(p))
  let before = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const f = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      const left = y[i]! - residuals[i]!
      const shifted = left - y[i]!
      const lost = y[i]! - (left - shifted) + (-residuals[i]! - shifted)
      f[i] = dotExactly(left, scaled, i, n, b, p, -1) + lost
    }
    const g = new Float64Array(p)
    for (let j = 0; j < p; j++) g[j] = dotExactly(0, scaled, j * n, 1, residuals, n, -1)
    const step = solve(f, g)
    let change = 0
    for (let j = 0; j < p; j++) {
      const size = Math.abs(b[j]! + step[j]!)
      if (size > 0) change = Math.max(change, Math.abs(step[j]!) / size)
    }
    if (!(change < before / 2)) break
    before = change
    for (let j = 0; j < p; j++) b[j]! += step[j]!
    for (let i = 0; i < n; i++) residuals[i]! += f[i]!
    if (change <= Number.EPSILON / 2) break
  }

  const inverseR = new Float64Array(p * p)
  for (let c = 0; c < p; c++) {
    for (let k = c; k >= 0; k--) {
      let value = k === c ? 1 : 0
      for (let j = k + 1; j <= c; j++) value -= r(k, j) * inverseR[j * p + c]!
      inverseR[k * p + c] = value / diagonal[k]!
    }
  }
  const inverse = new Float64Array(p * p)
  for (let a = 0; a < p; a++) {
    for (let c = 0; c < p; c++) {
      let value = 0
      for (let k = Math.max(a, c); k < p; k++) value += inverseR[a * p + k]! * inverseR[c * p + k]!
      const i = order[a]!
      const j = order[c]!
      inverse[i * p + j] = value * scales[i]! * scales[j]!
    }
  }
  return { coefficients: b.map((value, j) => value * scales[j]!), residuals, inverse }
}
