import { factor, inverted } from './cholesky.ts'
import { fixedDeviance, leverageOf, solvedFixed, unstandardised } from './mixed_columns.ts'
import { sumOf } from './sums.ts'
import type { Cells } from './two_random_intercepts_cells.ts'

/** λ = σ²/σ_e² of the two factors: the large one first, then the small one. */
export type Ratios = readonly [large: number, small: number]

export interface Value {
  /** −2·log likelihood, constants included; +Infinity where rounding leaves no positive definite matrix. */
  readonly deviance: number
  /** Its derivatives by the two ratios. */
  readonly slopes: Ratios
  /** The residual sum of squares whose mean is σ_e². */
  readonly rss: number
}

export interface Solution {
  readonly coefficients: Float64Array
  /** p × p: (XᵀV⁻¹X)⁻¹, V in units of σ_e². */
  readonly covariance: Float64Array
  /** û of the levels, in units of y. */
  readonly effects: { readonly large: Float64Array; readonly small: Float64Array }
}

const PIVOT = 1e-13

/**
 * The likelihood of two random intercepts as a function of the two ratios. With V = I + λ_A·Z_A·Z_Aᵀ + λ_B·Z_B·Z_Bᵀ the large
 * factor is eliminated in closed form (its block of ΛᵀZᵀZΛ + I is diagonal), which leaves the B × B matrix
 * T = I + λ_B·Z_Bᵀ(I + λ_A·Z_A·Z_Aᵀ)⁻¹Z_B, and then the fixed part; log|V| = Σ log(1 + n_g·λ_A) + log|T|. A value costs
 * O(pairs of cells of one level + B³), less where T is sparse (in nested factors it is diagonal).
 */
export const profileOf = (cells: Cells) => {
  const { rows, columns: q, from, cellSmall, cellSize, means, sizes } = cells
  const p = q - 1
  const A = sizes.large.length
  const B = sizes.small.length
  const yScale = cells.scales[p]!

  /** T factored, G = R⁻ᵀZ_BᵀV_A⁻¹[X y] and the fixed part factored; undefined where a pivot vanishes, with the column. */
  const factored = ([a, b]: Ratios) => {
    const t = new Float64Array(B * B)
    const g = cells.deviations.slice()
    const fixed = cells.within.slice()
    for (let h = 0; h < B; h++) t[h * B + h] = 1
    for (let group = 0; group < A; group++) {
      const size = sizes.large[group]!
      const spread = 1 + size * a
      const mean = group * q
      for (let j = 0; j < q; j++) {
        const left = (size / spread) * means[mean + j]!
        for (let k = j; k < q; k++) fixed[j * q + k]! += left * means[mean + k]!
      }
      for (let c = from[group]!; c < from[group + 1]!; c++) {
        const h = cellSmall[c]!
        const here = cellSize[c]!
        for (let j = 0; j < q; j++) g[h * q + j]! += (here / spread) * means[mean + j]!
        t[h * B + h]! += (b * here * (1 + a * (size - here))) / spread
        const off = (a * b * here) / spread
        for (let d = c + 1; d < from[group + 1]!; d++) {
          t[h * B + cellSmall[d]!]! -= off * cellSize[d]!
        }
      }
    }
    if (factor(t, B) >= 0) return { failed: p }
    for (let k = 0; k < B; k++) {
      for (let j = 0; j < q; j++) g[k * q + j]! /= t[k * B + k]!
      for (let i = k + 1; i < B; i++) {
        const left = t[k * B + i]!
        if (left === 0) continue
        for (let j = 0; j < q; j++) g[i * q + j]! -= left * g[k * q + j]!
      }
    }
    for (let j = 0; j < q; j++) {
      const before = fixed[j * q + j]!
      for (let k = j; k < q; k++) {
        let product = 0
        for (let h = 0; h < B; h++) product += g[h * q + j]! * g[h * q + k]!
        fixed[j * q + k]! -= b * product
      }
      if (!(fixed[j * q + j]! > before * PIVOT)) return { failed: j }
    }
    const failed = factor(fixed, q)
    return failed >= 0 ? { failed } : { t, g, fixed }
  }

  type Factored = Extract<ReturnType<typeof factored>, { fixed: Float64Array }>

  /** ZᵀV⁻¹[X y] of the levels of both factors: A × q and B × q. */
  const pulls = ([a, b]: Ratios, { t, g }: Factored) => {
    const small = g.slice()
    for (let i = B - 1; i >= 0; i--) {
      for (let k = i + 1; k < B; k++) {
        const left = t[i * B + k]!
        if (left === 0) continue
        for (let j = 0; j < q; j++) small[i * q + j]! -= left * small[k * q + j]!
      }
      for (let j = 0; j < q; j++) small[i * q + j]! /= t[i * B + i]!
    }
    const large = new Float64Array(A * q)
    for (let group = 0; group < A; group++) {
      const size = sizes.large[group]!
      for (let j = 0; j < q; j++) {
        let value = size * means[group * q + j]!
        for (let c = from[group]!; c < from[group + 1]!; c++) {
          value -= b * cellSize[c]! * small[cellSmall[c]! * q + j]!
        }
        large[group * q + j] = value / (1 + size * a)
      }
    }
    return { large, small }
  }

  /** tr(ZᵀV⁻¹Z) of both factors. */
  const traces = ([a, b]: Ratios, t: Float64Array): [number, number] => {
    const root = inverted(t, B)
    const inverse = (h: number, k: number): number => {
      let value = 0
      for (let c = Math.max(h, k); c < B; c++) value += root[h * B + c]! * root[k * B + c]!
      return value
    }
    const known = new Float64Array(B * B).fill(NaN)
    let [large, small] = [0, 0]
    for (let group = 0; group < A; group++) {
      const size = sizes.large[group]!
      const spread = 1 + size * a
      large += size / spread
      for (let c = from[group]!; c < from[group + 1]!; c++) {
        const h = cellSmall[c]!
        const here = cellSize[c]!
        for (let d = c; d < from[group + 1]!; d++) {
          const at = h * B + cellSmall[d]!
          if (Number.isNaN(known[at]!)) known[at] = inverse(h, cellSmall[d]!)
          const entry = known[at]!
          const pair = (d === c ? 1 : 2) * here * cellSize[d]! * entry
          large -= (b * pair) / (spread * spread)
          small +=
            d === c ? (here * (1 + a * (size - here)) * entry) / spread : (-a * pair) / spread
        }
      }
    }
    return [large, small]
  }

  /** Σ over the levels of (Zᵀ V⁻¹r)² and of the squared length of R⁻ᵀ·(ZᵀV⁻¹X). */
  const falls = (pull: Float64Array, fixed: Float64Array, beta: Float64Array) => {
    let [residual, leverage] = [0, 0]
    const scratch = new Float64Array(p)
    for (let at = 0; at < pull.length; at += q) {
      let value = pull[at + p]!
      for (let j = 0; j < p; j++) value -= pull[at + j]! * beta[j]!
      residual += value * value
      leverage += leverageOf(fixed, q, pull, at, scratch)
    }
    return { residual, leverage }
  }

  const devianceOf = (ratios: Ratios, { t, fixed }: Factored, reml: boolean) => {
    const value = fixedDeviance(cells, fixed, rows, reml)
    const logs =
      sumOf(A, (group) => Math.log1p(sizes.large[group]! * ratios[0])) +
      2 * sumOf(B, (h) => Math.log(t[h * B + h]!))
    return { ...value, deviance: value.deviance + logs }
  }

  /** The deviance alone: no inverse is made. */
  const deviance = (ratios: Ratios, reml: boolean): number => {
    const parts = factored(ratios)
    return 'failed' in parts ? Infinity : devianceOf(ratios, parts, reml).deviance
  }

  const at = (ratios: Ratios, reml: boolean): Value => {
    const parts = factored(ratios)
    if ('failed' in parts) return { deviance: Infinity, slopes: [NaN, NaN], rss: NaN }
    const value = devianceOf(ratios, parts, reml)
    const beta = solvedFixed(parts.fixed, q)
    const pull = pulls(ratios, parts)
    const trace = traces(ratios, parts.t)
    const slope = (of: Float64Array, own: number): number => {
      const { residual, leverage } = falls(of, parts.fixed, beta)
      return own - (value.df * residual) / value.rss - (reml ? leverage : 0)
    }
    return {
      deviance: value.deviance,
      slopes: [slope(pull.large, trace[0]), slope(pull.small, trace[1])],
      rss: value.rss * yScale * yScale,
    }
  }

  /** The column of [X y] that adds nothing to those before it, or −1. */
  const dependent = (): number => {
    const parts = factored([0, 0])
    return 'failed' in parts ? parts.failed : -1
  }

  const solution = (ratios: Ratios): Solution => {
    const parts = factored(ratios)
    if ('failed' in parts) throw new RangeError('no solution where there is no likelihood')
    const beta = solvedFixed(parts.fixed, q)
    const pull = pulls(ratios, parts)
    const effects = (of: Float64Array, ratio: number) =>
      Float64Array.from({ length: of.length / q }, (_, level) => {
        const own = level * q
        return ratio * yScale * (of[own + p]! - sumOf(p, (j) => of[own + j]! * beta[j]!))
      })
    return {
      ...unstandardised(cells, parts.fixed),
      effects: { large: effects(pull.large, ratios[0]), small: effects(pull.small, ratios[1]) },
    }
  }

  return { at, deviance, dependent, solution }
}

export type TwoProfile = ReturnType<typeof profileOf>
