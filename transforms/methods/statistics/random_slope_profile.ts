import { factor } from './cholesky.ts'
import { canonicalOrder, matrix, type Matrix } from './matrix.ts'
import {
  fixedDeviance,
  levelsOf,
  leverageOf,
  mixedColumns,
  solvedFixed,
  standardisedColumn,
  totals,
  unstandardised,
} from './mixed_columns.ts'

/** The lower factor Λ of the covariance of intercept and slope in units of σ_e²: [[a, 0], [b, c]], ΛΛᵀ = D/σ_e². */
export type Root = readonly [a: number, b: number, c: number]

/** A symmetric 2 × 2 matrix: of the intercept, of both, of the slope. */
export type Symmetric = readonly [first: number, both: number, second: number]

export interface SlopeValue {
  /** −2·log likelihood, constants included. */
  readonly deviance: number
  /** S, by which the deviance changes: dD = tr(S·dΨ), Ψ = ΛΛᵀ. */
  readonly slopes: Symmetric
  /** The residual sum of squares whose mean is σ_e². */
  readonly rss: number
}

/**
 * The likelihood of a random intercept and slope as a function of Λ, the rows read once. In each group the two columns Z = [1 z] are
 * replaced by an orthonormal basis Q of theirs (Z = QT, T upper), so that with G = TΛ
 *
 *     [X y]ᵀV⁻¹[X y] = Σ of squares left by Q + Σ_g Cᵀ(I + GGᵀ)⁻¹C,  C = Qᵀ[X y],  |V_g| = |I + GGᵀ|,
 *
 * sums of positive terms in which nothing cancels; a value costs O(groups·p²). The column z is moved to mean 0 and scaled, which changes the
 * meaning of Λ but neither the model nor the rank of Λ; `covarianceOf` goes back.
 */
export const slopeProfile = (
  x: Matrix,
  y: ArrayLike<number>,
  z: ArrayLike<number>,
  groups: ArrayLike<number>,
  intercept: boolean,
) => {
  const n = y.length
  const all = matrix(n, x.columns + 3)
  for (let i = 0; i < n; i++) {
    all.values.set([groups[i]!, z[i]!, y[i]!], i * all.columns)
    all.values.set(x.values.subarray(i * x.columns, (i + 1) * x.columns), i * all.columns + 3)
  }
  const order = canonicalOrder(all)
  const columns = mixedColumns(x, y, order, intercept)
  const { values, columns: q } = columns
  const p = q - 1
  const yScale = columns.scales[p]!
  const { numbers, of, sizes } = levelsOf(groups, order)
  const count = sizes.length
  const slopeColumn = standardisedColumn(Float64Array.from(order, (row) => z[row]!))

  const meanOf = (width: number, at: (row: number, j: number) => number): Float64Array => {
    const sums = totals(count * width)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < width; j++) sums.add(of[i]! * width + j, at(i, j))
    }
    return sums.read().map((total, at) => total / sizes[Math.floor(at / width)]!)
  }
  const means = meanOf(q, (i, j) => values[i * q + j]!)
  const zMeans = meanOf(1, (i) => slopeColumn.values[i]!)
  const away = slopeColumn.values.map((value, i) => value - zMeans[of[i]!]!)
  const lengths = totals(count)
  const lengthsBefore = totals(count)
  const products = totals(count * q)
  for (let i = 0; i < n; i++) {
    const g = of[i]!
    lengths.add(g, away[i]! ** 2)
    lengthsBefore.add(g, slopeColumn.values[i]! ** 2)
    for (let j = 0; j < q; j++) {
      products.add(g * q + j, away[i]! * (values[i * q + j]! - means[g * q + j]!))
    }
  }
  // A group whose z differs by rounding only has no second column.
  const squares = lengths.read()
  const before = lengthsBefore.read()
  const roots = squares.map((square, g) => (square > 1e-24 * before[g]! ? Math.sqrt(square) : 0))
  /** C: count × 2 × q. */
  const c = new Float64Array(count * 2 * q)
  const own = products.read()
  for (let g = 0; g < count; g++) {
    for (let j = 0; j < q; j++) {
      c[2 * g * q + j] = Math.sqrt(sizes[g]!) * means[g * q + j]!
      if (roots[g]! > 0) c[(2 * g + 1) * q + j] = own[g * q + j]! / roots[g]!
    }
  }
  const left = totals(q * q)
  const rest = new Float64Array(q)
  for (let i = 0; i < n; i++) {
    const g = of[i]!
    const share = roots[g]! > 0 ? away[i]! / roots[g]! : 0
    for (let j = 0; j < q; j++) {
      rest[j] = values[i * q + j]! - means[g * q + j]! - share * c[(2 * g + 1) * q + j]!
    }
    for (let j = 0; j < q; j++) {
      for (let k = j; k < q; k++) left.add(j * q + k, rest[j]! * rest[k]!)
    }
  }
  const within = left.read()

  /** T of a group: [[t, u], [0, v]]. */
  const basis = (g: number): readonly [number, number, number] => {
    const t = Math.sqrt(sizes[g]!)
    return [t, t * zMeans[g]!, roots[g]!]
  }

  /** The lower factor L of I + GGᵀ of a group: [[l, 0], [m, k]]. */
  const spreadOf = (g: number, [a, b, slope]: Root): readonly [number, number, number] => {
    const [t, u, v] = basis(g)
    const [g11, g12] = [t * a + u * b, u * slope]
    const [g21, g22] = [v * b, v * slope]
    const l = Math.hypot(1, g11, g12)
    const k = Math.hypot(1, g11, g12, g21, g22, t * v * a * slope) / l
    return [l, (g11 * g21 + g12 * g22) / l, k]
  }

  /** R of the fixed part, L⁻¹C of the groups and Σlog|V_g|; or the column that adds nothing to those before it. */
  const factored = (root: Root) => {
    const fixed = within.slice()
    const spread = new Float64Array(count * 2 * q)
    let logs = 0
    for (let g = 0; g < count; g++) {
      const [l, m, k] = spreadOf(g, root)
      logs += 2 * (Math.log(l) + Math.log(k))
      const [from, to] = [2 * g * q, (2 * g + 1) * q]
      for (let j = 0; j < q; j++) {
        spread[from + j] = c[from + j]! / l
        spread[to + j] = (c[to + j]! - m * spread[from + j]!) / k
      }
      for (let j = 0; j < q; j++) {
        const [first, second] = [spread[from + j]!, spread[to + j]!]
        for (let i = j; i < q; i++) {
          fixed[j * q + i]! += first * spread[from + i]! + second * spread[to + i]!
        }
      }
    }
    const failed = factor(fixed, q)
    return { fixed, spread, logs, failed }
  }

  /** TᵀL⁻ᵀL⁻¹C of a group: ZᵀV⁻¹[X y], two rows of q. */
  const pull = (g: number, root: Root, spread: Float64Array, into: Float64Array): void => {
    const [t, u, v] = basis(g)
    const [l, m, k] = spreadOf(g, root)
    const [from, to] = [2 * g * q, (2 * g + 1) * q]
    for (let j = 0; j < q; j++) {
      const second = spread[to + j]! / k
      const first = (spread[from + j]! - m * second) / l
      into[j] = t * first
      into[q + j] = u * first + v * second
    }
  }

  const deviance = (root: Root, reml: boolean): number => {
    const { fixed, logs, failed } = factored(root)
    return failed >= 0 ? Infinity : fixedDeviance(columns, fixed, n, reml).deviance + logs
  }

  const at = (root: Root, reml: boolean): SlopeValue => {
    const { fixed, spread, logs, failed } = factored(root)
    if (failed >= 0) return { deviance: Infinity, slopes: [NaN, NaN, NaN], rss: NaN }
    const value = fixedDeviance(columns, fixed, n, reml)
    const beta = solvedFixed(fixed, q)
    const own = new Float64Array(2 * q)
    const [one, two] = [new Float64Array(p), new Float64Array(p)]
    let [first, cross, second] = [0, 0, 0]
    for (let g = 0; g < count; g++) {
      const [t, u, v] = basis(g)
      const [l, m, k] = spreadOf(g, root)
      pull(g, root, spread, own)
      let [r0, r1] = [own[p]!, own[q + p]!]
      for (let j = 0; j < p; j++) {
        r0 -= own[j]! * beta[j]!
        r1 -= own[q + j]! * beta[j]!
      }
      // L⁻¹T, whose columns give ZᵀV⁻¹Z.
      const e11 = t / l
      const e21 = (-m * e11) / k
      const e12 = u / l
      const e22 = (v - m * e12) / k
      const share = value.df / value.rss
      first += e11 * e11 + e21 * e21 - share * r0 * r0
      cross += e11 * e12 + e21 * e22 - share * r0 * r1
      second += e12 * e12 + e22 * e22 - share * r1 * r1
      if (reml) {
        first -= leverageOf(fixed, q, own, 0, one)
        second -= leverageOf(fixed, q, own, q, two)
        for (let j = 0; j < p; j++) cross -= one[j]! * two[j]!
      }
    }
    return {
      deviance: value.deviance + logs,
      slopes: [first, cross, second],
      rss: value.rss * yScale * yScale,
    }
  }

  /** The column of [X y] that adds nothing to those before it, or −1. */
  const dependent = () => {
    const { failed } = factored([0, 0, 0])
    return { column: failed, columns }
  }

  /** The mean square, in squares of the scale of y, of what X and a line in every group leave of y. */
  const remainder = (): number => {
    const a = within.slice()
    for (let k = 0; k < p; k++) {
      if (!(a[k * q + k]! > 1e-20 * n)) continue
      for (let i = k + 1; i < q; i++) {
        const share = a[k * q + i]! / a[k * q + k]!
        for (let j = i; j < q; j++) a[i * q + j]! -= share * a[k * q + j]!
      }
    }
    return a[p * q + p]! / n
  }

  /** D in the units of z given, in units of σ_e². */
  const covarianceOf = ([a, b, slope]: Root): Symmetric => {
    const { shift, scale } = slopeColumn
    const away = shift / scale
    const [x, y] = [a - b * away, -slope * away]
    const [v, w] = [b / scale, slope / scale]
    return [x * x + y * y, x * v + y * w, v * v + w * w]
  }

  /** β, (XᵀV⁻¹X)⁻¹ in units of σ_e² and the shrunken intercepts and slopes of the groups, in units of y and of y by z. */
  const solution = (root: Root) => {
    const { fixed, spread } = factored(root)
    const beta = solvedFixed(fixed, q)
    const [a, b, slope] = root
    const { shift, scale } = slopeColumn
    const own = new Float64Array(2 * q)
    const intercepts = new Float64Array(count)
    const slopes = new Float64Array(count)
    for (let g = 0; g < count; g++) {
      pull(g, root, spread, own)
      let [r0, r1] = [own[p]!, own[q + p]!]
      for (let j = 0; j < p; j++) {
        r0 -= own[j]! * beta[j]!
        r1 -= own[q + j]! * beta[j]!
      }
      const [f, s] = [a * r0 + b * r1, slope * r1]
      slopes[g] = (yScale * (b * f + slope * s)) / scale
      intercepts[g] = yScale * a * f - slopes[g]! * shift
    }
    return { ...unstandardised(columns, fixed), intercepts, slopes }
  }

  return {
    groups: numbers,
    sizes,
    /** Groups in which z varies. */
    sloped: roots.reduce((total, root) => total + Number(root > 0), 0),
    at,
    deviance,
    dependent,
    remainder,
    covarianceOf,
    solution,
  }
}

export type SlopeProfile = ReturnType<typeof slopeProfile>
