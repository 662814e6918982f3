import { StatisticsError } from './errors.ts'
import { besideEachOther, canonicalOrder, takeRows, type Matrix } from './matrix.ts'
import { sum, sumOf } from './sums.ts'

/** What the likelihood of a random intercept needs of the data, and the likelihood as a function of λ = σ_u²/σ_e². */
export interface Profile {
  readonly groups: Float64Array
  readonly sizes: Int32Array
  /** −2·log likelihood at λ, its slope by λ, and the residual sum of squares whose mean is σ_e². */
  readonly at: (
    ratio: number,
    reml: boolean,
  ) => { readonly deviance: number; readonly slope: number; readonly rss: number }
  /** β at λ, (XᵀV⁻¹X)⁻¹ in units of σ_e², the mean residual of each group and x̄_gᵀ(XᵀV⁻¹X)⁻¹x̄_g. */
  readonly solution: (ratio: number) => {
    readonly coefficients: Float64Array
    readonly covariance: Float64Array
    readonly means: Float64Array
    readonly leverages: Float64Array
  }
}

/** Columns moved to mean 0 (with an intercept) and scaled by a power of two to a mean square near 1. */
interface Columns {
  readonly values: Float64Array
  readonly shifts: Float64Array
  readonly scales: Float64Array
}

const standardise = (x: Matrix, y: ArrayLike<number>, intercept: boolean): Columns => {
  const n = y.length
  const d = x.columns
  const first = intercept ? 1 : 0
  const q = d + first + 1
  const values = new Float64Array(n * q)
  const shifts = new Float64Array(q)
  const scales = new Float64Array(q).fill(1)
  const column = new Float64Array(n)
  for (let j = 0; j < q; j++) {
    if (intercept && j === 0) {
      for (let i = 0; i < n; i++) values[i * q] = 1
      continue
    }
    for (let i = 0; i < n; i++) column[i] = j === q - 1 ? y[i]! : x.values[i * d + j - first]!
    if (intercept) shifts[j] = sum(column) / n
    let squares = 0
    for (let i = 0; i < n; i++) squares += (column[i]! - shifts[j]!) ** 2
    if (squares > 0) scales[j] = 2 ** Math.round(Math.log2(squares / n) / 2)
    for (let i = 0; i < n; i++) values[i * q + j] = (column[i]! - shifts[j]!) / scales[j]!
  }
  return { values, shifts, scales }
}

/** Upper Cholesky factor in place of the upper triangle; the column where a pivot vanishes, or −1. */
const factor = (a: Float64Array, q: number, floor: Float64Array): number => {
  for (let j = 0; j < q; j++) {
    for (let i = 0; i <= j; i++) {
      let value = a[i * q + j]!
      for (let k = 0; k < i; k++) value -= a[k * q + i]! * a[k * q + j]!
      if (i < j) a[i * q + j] = value / a[i * q + i]!
      else {
        if (!(value > floor[j]!)) return j
        a[j * q + j] = Math.sqrt(value)
      }
    }
  }
  return -1
}

/** Reads the data once; see randomIntercept. */
export const profileOf = (
  x: Matrix,
  y: ArrayLike<number>,
  rowGroups: ArrayLike<number>,
  intercept: boolean,
): Profile => {
  const n = y.length
  const order = canonicalOrder(besideEachOther(rowGroups, y, x))
  const { values, shifts, scales } = standardise(
    takeRows(x, order),
    Float64Array.from(order, (row) => y[row]!),
    intercept,
  )
  const q = values.length / n
  const p = q - 1
  const numbers = new Map<number, number>()
  const groupOf = Int32Array.from(order, (row) => {
    const number = numbers.get(rowGroups[row]!) ?? numbers.size
    numbers.set(rowGroups[row]!, number)
    return number
  })
  const count = numbers.size
  const sizes = new Int32Array(count)
  const means = new Float64Array(count * q)
  for (let i = 0; i < n; i++) {
    const g = groupOf[i]!
    sizes[g]!++
    for (let j = 0; j < q; j++) means[g * q + j]! += values[i * q + j]!
  }
  for (let g = 0; g < count; g++) for (let j = 0; j < q; j++) means[g * q + j]! /= sizes[g]!
  const within = new Float64Array(q * q)
  const lost = new Float64Array(q * q)
  for (let i = 0; i < n; i++) {
    const from = groupOf[i]! * q
    for (let j = intercept ? 1 : 0; j < q; j++) {
      const a = values[i * q + j]! - means[from + j]!
      for (let k = j; k < q; k++) {
        const product = a * (values[i * q + k]! - means[from + k]!)
        const at = j * q + k
        const total = within[at]! + product
        lost[at]! +=
          Math.abs(within[at]!) >= Math.abs(product)
            ? within[at]! - total + product
            : product - total + within[at]!
        within[at] = total
      }
    }
  }
  for (let at = 0; at < q * q; at++) within[at]! += lost[at]!
  const yScale = scales[p]!
  const logScales = sumOf(p, (j) => Math.log(scales[j]!))

  const factored = (ratio: number): Float64Array => {
    const a = within.slice()
    for (let g = 0; g < count; g++) {
      const weight = sizes[g]! / (1 + sizes[g]! * ratio)
      for (let j = 0; j < q; j++) {
        const left = weight * means[g * q + j]!
        for (let k = j; k < q; k++) a[j * q + k]! += left * means[g * q + k]!
      }
    }
    const floor = Float64Array.from({ length: q }, (_, j) => a[j * q + j]! * 1e-13)
    const failed = factor(a, q, floor)
    if (failed === p) {
      throw new StatisticsError(
        'randomIntercept',
        'y is explained without remainder',
        'there is no variance to divide: use the coefficients of a linear regression',
      )
    }
    if (failed >= 0) {
      throw new StatisticsError(
        'randomIntercept',
        `column ${failed - (intercept ? 1 : 0)} of X is a combination of the others or of the intercept`,
        'leave the column out',
      )
    }
    return a
  }

  const solveBeta = (a: Float64Array): Float64Array => {
    const beta = new Float64Array(p)
    for (let j = p - 1; j >= 0; j--) {
      let value = a[j * q + p]!
      for (let k = j + 1; k < p; k++) value -= a[j * q + k]! * beta[k]!
      beta[j] = value / a[j * q + j]!
    }
    return beta
  }

  const residualMean = (g: number, beta: Float64Array): number => {
    let value = means[g * q + p]!
    for (let j = 0; j < p; j++) value -= means[g * q + j]! * beta[j]!
    return value
  }

  const leverage = (g: number, a: Float64Array): number => {
    const z = new Float64Array(p)
    let total = 0
    for (let j = 0; j < p; j++) {
      let value = means[g * q + j]!
      for (let k = 0; k < j; k++) value -= a[k * q + j]! * z[k]!
      z[j] = value / a[j * q + j]!
      total += z[j]! * z[j]!
    }
    return total
  }

  const at = (ratio: number, reml: boolean) => {
    const a = factored(ratio)
    const beta = solveBeta(a)
    const rss = a[p * q + p]! ** 2
    const df = reml ? n - p : n
    let logs = 0
    let slope = 0
    let fall = 0
    for (let g = 0; g < count; g++) {
      const size = sizes[g]!
      const spread = 1 + size * ratio
      logs += Math.log1p(size * ratio)
      slope += size / spread
      const pull = (size / spread) ** 2
      fall += pull * residualMean(g, beta) ** 2
      if (reml) slope -= pull * leverage(g, a)
    }
    slope -= (df * fall) / rss
    let deviance = df * (Math.log((2 * Math.PI * rss) / df) + 1 + 2 * Math.log(yScale)) + logs
    if (reml) {
      deviance += 2 * logScales
      for (let j = 0; j < p; j++) deviance += 2 * Math.log(a[j * q + j]!)
    }
    return { deviance, slope, rss: rss * yScale * yScale }
  }

  const solution = (ratio: number) => {
    const a = factored(ratio)
    const beta = solveBeta(a)
    const inverse = new Float64Array(p * p)
    for (let c = 0; c < p; c++) {
      for (let j = c; j >= 0; j--) {
        let value = j === c ? 1 : 0
        for (let k = j + 1; k <= c; k++) value -= a[j * q + k]! * inverse[k * p + c]!
        inverse[j * p + c] = value / a[j * q + j]!
      }
    }
    // The intercept of the columns as given: b₀ = b₀′ + ȳ − Σ b_j·x̄_j, and its row of the inverse factor likewise.
    const coefficients = beta.map((value, j) => (value * yScale) / scales[j]!)
    for (let j = 0; j < p; j++) for (let c = 0; c < p; c++) inverse[j * p + c]! /= scales[j]!
    if (intercept) {
      coefficients[0] =
        coefficients[0]! + shifts[p]! - sumOf(p, (j) => coefficients[j]! * shifts[j]!)
      for (let c = 0; c < p; c++) {
        inverse[c]! -= sumOf(p, (j) => inverse[j * p + c]! * shifts[j]!)
      }
    }
    const covariance = new Float64Array(p * p)
    for (let j = 0; j < p; j++) {
      for (let k = 0; k < p; k++) {
        covariance[j * p + k] = sumOf(p, (c) => inverse[j * p + c]! * inverse[k * p + c]!)
      }
    }
    return {
      coefficients,
      covariance,
      means: Float64Array.from({ length: count }, (_, g) => residualMean(g, beta) * yScale),
      leverages: Float64Array.from({ length: count }, (_, g) => leverage(g, a)),
    }
  }

  return { groups: Float64Array.from(numbers.keys()), sizes, at, solution }
}
