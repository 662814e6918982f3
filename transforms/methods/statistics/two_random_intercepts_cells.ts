import { canonicalOrder, matrix, type Matrix } from './matrix.ts'
import { levelsOf, mixedColumns, totals, type MixedColumns } from './mixed_columns.ts'

/**
 * What the likelihood of two random intercepts needs of the rows, read once: the factor with more levels is «large» (A levels), the
 * other «small» (B levels); q columns, see `MixedColumns`.
 */
export interface Cells extends Omit<MixedColumns, 'values'> {
  readonly rows: number
  /** Whether the first factor given is the large one. */
  readonly isFirstLarge: boolean
  /** The numbers of the levels as given, ascending for the first factor, in order of appearance there for the second. */
  readonly levels: { readonly large: Float64Array; readonly small: Float64Array }
  readonly sizes: { readonly large: Int32Array; readonly small: Int32Array }
  /** The cells that hold rows, by level of the large factor: those of level g are from[g] … from[g + 1] − 1. */
  readonly from: Int32Array
  readonly cellSmall: Int32Array
  readonly cellSize: Int32Array
  /** A × q: mean of each column in each level of the large factor. */
  readonly means: Float64Array
  /** B × q: Σ over the rows of a level of the small factor of the deviations from the mean of the large one's level. */
  readonly deviations: Float64Array
  /** q × q, upper: Σ of products of deviations from the means of the large factor. */
  readonly within: Float64Array
}

/** Reads the rows in an order of their own, so that the order given changes nothing; see twoRandomIntercepts. */
export const cellsOf = (
  x: Matrix,
  y: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  intercept: boolean,
): Cells => {
  const n = y.length
  const all = matrix(n, x.columns + 3)
  for (let i = 0; i < n; i++) {
    all.values.set([first[i]!, second[i]!, y[i]!], i * all.columns)
    all.values.set(x.values.subarray(i * x.columns, (i + 1) * x.columns), i * all.columns + 3)
  }
  const order = canonicalOrder(all)
  const { values, ...columns } = mixedColumns(x, y, order, intercept)
  const q = columns.columns
  const [a, b] = [levelsOf(first, order), levelsOf(second, order)]
  const isFirstLarge = a.sizes.length >= b.sizes.length
  const [large, small] = isFirstLarge ? [a, b] : [b, a]
  const groups = large.sizes.length
  const totalsOfLarge = totals(groups * q)
  const cells = Array.from({ length: groups }, () => new Map<number, number>())
  for (let i = 0; i < n; i++) {
    const g = large.of[i]!
    const h = small.of[i]!
    cells[g]!.set(h, (cells[g]!.get(h) ?? 0) + 1)
    for (let j = 0; j < q; j++) totalsOfLarge.add(g * q + j, values[i * q + j]!)
  }
  const means = totalsOfLarge.read().map((total, at) => total / large.sizes[Math.floor(at / q)]!)
  const within = totals(q * q)
  const deviations = totals(small.sizes.length * q)
  const deviation = new Float64Array(q)
  for (let i = 0; i < n; i++) {
    const g = large.of[i]!
    const h = small.of[i]!
    for (let j = 0; j < q; j++) {
      deviation[j] = values[i * q + j]! - means[g * q + j]!
      deviations.add(h * q + j, deviation[j]!)
    }
    for (let j = 0; j < q; j++) {
      for (let k = j; k < q; k++) within.add(j * q + k, deviation[j]! * deviation[k]!)
    }
  }
  const from = new Int32Array(groups + 1)
  cells.forEach((row, g) => {
    from[g + 1] = from[g]! + row.size
  })
  const sorted = cells.flatMap((row) => [...row].sort(([h], [k]) => h - k))
  return {
    rows: n,
    ...columns,
    isFirstLarge,
    levels: { large: large.numbers, small: small.numbers },
    sizes: { large: large.sizes, small: small.sizes },
    from,
    cellSmall: Int32Array.from(sorted, ([h]) => h),
    cellSize: Int32Array.from(sorted, ([, size]) => size),
    means,
    deviations: deviations.read(),
    within: within.read(),
  }
}
