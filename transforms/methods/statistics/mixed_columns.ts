import { inverted } from './cholesky.ts'
import { StatisticsError } from './errors.ts'
import type { Matrix } from './matrix.ts'
import { sum, sumOf } from './sums.ts'

/**
 * The columns of a mixed model in the order of rows chosen: those of X (the intercept first), then y, q in all, moved to mean 0 (with an
 * intercept) and scaled by a power of two to a mean square near 1.
 */
export interface MixedColumns {
  /** rows × q, row-major. */
  readonly values: Float64Array
  readonly columns: number
  readonly hasIntercept: boolean
  readonly shifts: Float64Array
  readonly scales: Float64Array
}

/** One column moved by `shift` and divided by a power of two near its root mean square. */
const standardised = (column: Float64Array, isMoved: boolean) => {
  const shift = isMoved ? sum(column) / column.length : 0
  let squares = 0
  for (const value of column) squares += (value - shift) ** 2
  const scale = squares > 0 ? 2 ** Math.round(Math.log2(squares / column.length) / 2) : 1
  return { values: column.map((value) => (value - shift) / scale), shift, scale }
}

/** A column of the random part: mean 0, so that its slope and the intercept of a group are far from one another. */
export const standardisedColumn = (column: Float64Array) => standardised(column, true)

/** @param order the rows to take, in a canonical order, so that the order given changes nothing */
export const mixedColumns = (
  x: Matrix,
  y: ArrayLike<number>,
  order: Int32Array,
  intercept: boolean,
): MixedColumns => {
  const first = intercept ? 1 : 0
  const q = x.columns + first + 1
  const values = new Float64Array(order.length * q).fill(1)
  const shifts = new Float64Array(q)
  const scales = new Float64Array(q).fill(1)
  for (let j = first; j < q; j++) {
    const column = Float64Array.from(order, (row) =>
      j === q - 1 ? y[row]! : x.values[row * x.columns + j - first]!,
    )
    const own = standardised(column, intercept)
    own.values.forEach((value, i) => (values[i * q + j] = value))
    shifts[j] = own.shift
    scales[j] = own.scale
  }
  return { values, columns: q, hasIntercept: intercept, shifts, scales }
}

/** The levels of a factor, numbered as they appear in the order of rows. */
export interface Levels {
  /** The numbers given. */
  readonly numbers: Float64Array
  readonly of: Int32Array
  readonly sizes: Int32Array
}

/** Numbers the levels of `groups` as they appear when rows are read in `order`. */
export const levelsOf = (groups: ArrayLike<number>, order: Int32Array): Levels => {
  const numbers = new Map<number, number>()
  const of = Int32Array.from(order, (row) => {
    const level = numbers.get(groups[row]!) ?? numbers.size
    numbers.set(groups[row]!, level)
    return level
  })
  const sizes = new Int32Array(numbers.size)
  for (const level of of) sizes[level]!++
  return { numbers: Float64Array.from(numbers.keys()), of, sizes }
}

/** Neumaier's compensated totals, `length` of them. */
export const totals = (length: number) => {
  const held = new Float64Array(length)
  const lost = new Float64Array(length)
  return {
    add: (at: number, value: number): void => {
      const before = held[at]!
      const total = before + value
      lost[at]! +=
        Math.abs(before) >= Math.abs(value) ? before - total + value : value - total + before
      held[at] = total
    },
    read: (): Float64Array => held.map((value, at) => value + lost[at]!),
  }
}

/** b of R·b = r, the last column of the factor of [X y]ᵀV⁻¹[X y]. */
export const solvedFixed = (fixed: Float64Array, q: number): Float64Array => {
  const p = q - 1
  const beta = new Float64Array(p)
  for (let j = p - 1; j >= 0; j--) {
    let value = fixed[j * q + p]!
    for (let k = j + 1; k < p; k++) value -= fixed[j * q + k]! * beta[k]!
    beta[j] = value / fixed[j * q + j]!
  }
  return beta
}

/** The squared length of R⁻ᵀ·v for the part of the factor that belongs to X; `scratch` holds p numbers. */
export const leverageOf = (
  fixed: Float64Array,
  q: number,
  vector: Float64Array,
  from: number,
  scratch: Float64Array,
): number => {
  let total = 0
  for (let j = 0; j < q - 1; j++) {
    let value = vector[from + j]!
    for (let k = 0; k < j; k++) value -= fixed[k * q + j]! * scratch[k]!
    scratch[j] = value / fixed[j * q + j]!
    total += scratch[j]! * scratch[j]!
  }
  return total
}

/** β in the units given and (XᵀV⁻¹X)⁻¹, p × p, from the factor R of [X y]ᵀV⁻¹[X y] of the standardised columns. */
export const unstandardised = (
  { columns: q, hasIntercept, shifts, scales }: Omit<MixedColumns, 'values'>,
  fixed: Float64Array,
): { readonly coefficients: Float64Array; readonly covariance: Float64Array } => {
  const p = q - 1
  const root = inverted(
    Float64Array.from({ length: p * p }, (_, i) => fixed[Math.floor(i / p) * q + (i % p)]!),
    p,
  )
  const coefficients = solvedFixed(fixed, q).map((value, j) => (value * scales[p]!) / scales[j]!)
  for (let j = 0; j < p; j++) for (let c = 0; c < p; c++) root[j * p + c]! /= scales[j]!
  // The intercept of the columns as given: b₀ = b₀′ + ȳ − Σ b_j·x̄_j, and its row of the inverse factor likewise.
  if (hasIntercept) {
    coefficients[0] = coefficients[0]! + shifts[p]! - sumOf(p, (j) => coefficients[j]! * shifts[j]!)
    for (let c = 0; c < p; c++) root[c]! -= sumOf(p, (j) => root[j * p + c]! * shifts[j]!)
  }
  const covariance = Float64Array.from({ length: p * p }, (_, i) =>
    sumOf(p, (c) => root[Math.floor(i / p) * p + c]! * root[(i % p) * p + c]!),
  )
  return { coefficients, covariance }
}

/** −2·log likelihood but for Σlog|V_g|, from the factor R: df·(log(2π·rss/df) + 1) and, restricted, log|XᵀV⁻¹X|. */
export const fixedDeviance = (
  { columns: q, scales }: Pick<MixedColumns, 'columns' | 'scales'>,
  fixed: Float64Array,
  rows: number,
  reml: boolean,
): { readonly deviance: number; readonly rss: number; readonly df: number } => {
  const p = q - 1
  const df = reml ? rows - p : rows
  const rss = fixed[p * q + p]! ** 2
  let deviance = df * (Math.log((2 * Math.PI * rss) / df) + 1 + 2 * Math.log(scales[p]!))
  if (reml) {
    for (let j = 0; j < p; j++) deviance += 2 * Math.log(scales[j]! * fixed[j * q + j]!)
  }
  return { deviance, rss, df }
}

/** What to say where a column of [X y] is a combination of those before it. */
export const dependentColumn = (
  method: string,
  column: number,
  { columns, hasIntercept }: Pick<MixedColumns, 'columns' | 'hasIntercept'>,
): StatisticsError =>
  column === columns - 1
    ? new StatisticsError(
        method,
        'y is explained without remainder',
        'there is no variance to divide: use the coefficients of a linear regression',
      )
    : new StatisticsError(
        method,
        `column ${column - (hasIntercept ? 1 : 0)} of X is a combination of the others or of the intercept`,
        'leave the column out',
      )
