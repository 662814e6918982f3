import { factor } from './cholesky.ts'
import { besideEachOther, canonicalOrder, type Matrix } from './matrix.ts'
import {
  dependentColumn,
  fixedDeviance,
  levelsOf,
  leverageOf,
  mixedColumns,
  solvedFixed,
  totals,
  unstandardised,
} from './mixed_columns.ts'

/** What the likelihood of a random intercept needs of the data, and the likelihood as a function of λ = σ_u²/σ_e². */
export interface Profile {
  readonly groups: Float64Array
  readonly sizes: Int32Array
  /** −2·log likelihood at λ, constants included. */
  readonly deviance: (ratio: number, reml: boolean) => number
  /** The same, its slope by λ, and the residual sum of squares whose mean is σ_e². */
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

/** Reads the data once; see randomIntercept. */
export const profileOf = (
  x: Matrix,
  y: ArrayLike<number>,
  rowGroups: ArrayLike<number>,
  intercept: boolean,
): Profile => {
  const n = y.length
  const order = canonicalOrder(besideEachOther(rowGroups, y, x))
  const columns = mixedColumns(x, y, order, intercept)
  const { values, columns: q } = columns
  const p = q - 1
  const { numbers, of: groupOf, sizes } = levelsOf(rowGroups, order)
  const count = sizes.length
  const means = new Float64Array(count * q)
  for (let i = 0; i < n; i++) {
    const g = groupOf[i]!
    for (let j = 0; j < q; j++) means[g * q + j]! += values[i * q + j]!
  }
  for (let g = 0; g < count; g++) for (let j = 0; j < q; j++) means[g * q + j]! /= sizes[g]!
  const products = totals(q * q)
  for (let i = 0; i < n; i++) {
    const from = groupOf[i]! * q
    for (let j = intercept ? 1 : 0; j < q; j++) {
      const a = values[i * q + j]! - means[from + j]!
      for (let k = j; k < q; k++) {
        products.add(j * q + k, a * (values[i * q + k]! - means[from + k]!))
      }
    }
  }
  const within = products.read()
  const yScale = columns.scales[p]!

  const factored = (ratio: number): Float64Array => {
    const a = within.slice()
    for (let g = 0; g < count; g++) {
      const weight = sizes[g]! / (1 + sizes[g]! * ratio)
      for (let j = 0; j < q; j++) {
        const left = weight * means[g * q + j]!
        for (let k = j; k < q; k++) a[j * q + k]! += left * means[g * q + k]!
      }
    }
    const failed = factor(a, q)
    if (failed >= 0) throw dependentColumn('randomIntercept', failed, columns)
    return a
  }

  const residualMean = (g: number, beta: Float64Array): number => {
    let value = means[g * q + p]!
    for (let j = 0; j < p; j++) value -= means[g * q + j]! * beta[j]!
    return value
  }

  const deviance = (ratio: number, reml: boolean): number => {
    let logs = 0
    for (let g = 0; g < count; g++) logs += Math.log1p(sizes[g]! * ratio)
    return fixedDeviance(columns, factored(ratio), n, reml).deviance + logs
  }

  const at = (ratio: number, reml: boolean) => {
    const a = factored(ratio)
    const beta = solvedFixed(a, q)
    const { deviance, rss, df } = fixedDeviance(columns, a, n, reml)
    const scratch = new Float64Array(p)
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
      if (reml) slope -= pull * leverageOf(a, q, means, g * q, scratch)
    }
    slope -= (df * fall) / rss
    return { deviance: deviance + logs, slope, rss: rss * yScale * yScale }
  }

  const solution = (ratio: number) => {
    const a = factored(ratio)
    const beta = solvedFixed(a, q)
    const scratch = new Float64Array(p)
    return {
      ...unstandardised(columns, a),
      means: Float64Array.from({ length: count }, (_, g) => residualMean(g, beta) * yScale),
      leverages: Float64Array.from({ length: count }, (_, g) =>
        leverageOf(a, q, means, g * q, scratch),
      ),
    }
  }

  return { groups: numbers, sizes, deviance, at, solution }
}
