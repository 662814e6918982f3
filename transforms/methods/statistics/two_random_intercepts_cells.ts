import { canonicalOrder, matrix, takeRows, type Matrix } from './matrix.ts'
import { sum } from './sums.ts'

/**
 * What the likelihood of two random intercepts needs of the rows, read once: the factor with more levels is «large» (A levels), the
 * other «small» (B levels). q columns: those of X (the intercept first), then y, moved to mean 0 (with an intercept) and
 * scaled by a power of two to a mean square near 1.
 */
export interface Cells {
  readonly rows: number
  readonly columns: number
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
  readonly shifts: Float64Array
  readonly scales: Float64Array
}

/** Neumaier's compensated totals, `length` of them. */
const totals = (length: number) => {
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

const numbered = (groups: ArrayLike<number>, order: Int32Array) => {
  const numbers = new Map<number, number>()
  const levelOf = Int32Array.from(order, (row) => {
    const level = numbers.get(groups[row]!) ?? numbers.size
    numbers.set(groups[row]!, level)
    return level
  })
  const sizes = new Int32Array(numbers.size)
  for (const level of levelOf) sizes[level]!++
  return { levels: Float64Array.from(numbers.keys()), levelOf, sizes }
}

const standardised = (x: Matrix, y: Float64Array, intercept: boolean) => {
  const n = y.length
  const first = intercept ? 1 : 0
  const q = x.columns + first + 1
  const values = new Float64Array(n * q).fill(1)
  const shifts = new Float64Array(q)
  const scales = new Float64Array(q).fill(1)
  for (let j = first; j < q; j++) {
    const column =
      j === q - 1 ? y : Float64Array.from(y, (_, i) => x.values[i * x.columns + j - first]!)
    const shift = intercept ? sum(column) / n : 0
    let squares = 0
    for (const value of column) squares += (value - shift) ** 2
    const scale = squares > 0 ? 2 ** Math.round(Math.log2(squares / n) / 2) : 1
    for (let i = 0; i < n; i++) values[i * q + j] = (column[i]! - shift) / scale
    shifts[j] = shift
    scales[j] = scale
  }
  return { values, shifts, scales, q }
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
  const { values, shifts, scales, q } = standardised(
    takeRows(x, order),
    Float64Array.from(order, (row) => y[row]!),
    intercept,
  )
  const [a, b] = [numbered(first, order), numbered(second, order)]
  const isFirstLarge = a.sizes.length >= b.sizes.length
  const [large, small] = isFirstLarge ? [a, b] : [b, a]
  const groups = large.sizes.length
  const totalsOfLarge = totals(groups * q)
  const cells = Array.from({ length: groups }, () => new Map<number, number>())
  for (let i = 0; i < n; i++) {
    const g = large.levelOf[i]!
    const h = small.levelOf[i]!
    cells[g]!.set(h, (cells[g]!.get(h) ?? 0) + 1)
    for (let j = 0; j < q; j++) totalsOfLarge.add(g * q + j, values[i * q + j]!)
  }
  const means = totalsOfLarge.read().map((total, at) => total / large.sizes[Math.floor(at / q)]!)
  const within = totals(q * q)
  const deviations = totals(small.sizes.length * q)
  const deviation = new Float64Array(q)
  for (let i = 0; i < n; i++) {
    const g = large.levelOf[i]!
    const h = small.levelOf[i]!
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
    columns: q,
    isFirstLarge,
    levels: { large: large.levels, small: small.levels },
    sizes: { large: large.sizes, small: small.sizes },
    from,
    cellSmall: Int32Array.from(sorted, ([h]) => h),
    cellSize: Int32Array.from(sorted, ([, size]) => size),
    means,
    deviations: deviations.read(),
    within: within.read(),
    shifts,
    scales,
  }
}
