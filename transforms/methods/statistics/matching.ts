import { StatisticsError } from './errors.ts'
import { matrix, requireFiniteMatrix, type Matrix } from './matrix.ts'
import { clusterCount } from './stability.ts'
import { sumOf } from './sums.ts'

export interface Assignment {
  /** For each row its column, −1 for a row left over (when there are more rows than columns). */
  readonly columnOfRow: Int32Array
  /** Σ of the costs of the pairs. */
  readonly cost: number
}

/**
 * The cheapest one-to-one assignment of rows to columns: the Hungarian method with potentials (Kuhn 1955; Jonker &
 * Volgenant 1987), O(r²·c). The smaller side is matched in full.
 *
 * @param costs r × c, finite, any sign
 * @throws StatisticsError for an empty matrix or a cost that is not finite
 */
export const assignCheapest = (costs: Matrix): Assignment => {
  requireFiniteMatrix('assignCheapest', costs)
  const { rows, columns, values } = costs
  const flipped = rows > columns
  const n = flipped ? columns : rows
  const m = flipped ? rows : columns
  const cost = (i: number, j: number): number =>
    flipped ? values[j * columns + i]! : values[i * columns + j]!
  const rowPotential = new Float64Array(n + 1)
  const columnPotential = new Float64Array(m + 1)
  const rowOf = new Int32Array(m + 1)
  const way = new Int32Array(m + 1)
  for (let i = 1; i <= n; i++) {
    rowOf[0] = i
    let at = 0
    const slack = new Float64Array(m + 1).fill(Infinity)
    const used = new Uint8Array(m + 1)
    do {
      used[at] = 1
      const row = rowOf[at]!
      let step = Infinity
      let next = 0
      for (let j = 1; j <= m; j++) {
        if (used[j]) continue
        const reduced = cost(row - 1, j - 1) - rowPotential[row]! - columnPotential[j]!
        if (reduced < slack[j]!) {
          slack[j] = reduced
          way[j] = at
        }
        if (slack[j]! < step) {
          step = slack[j]!
          next = j
        }
      }
      for (let j = 0; j <= m; j++) {
        if (used[j]) {
          rowPotential[rowOf[j]!]! += step
          columnPotential[j]! -= step
        } else slack[j]! -= step
      }
      at = next
    } while (rowOf[at] !== 0)
    while (at !== 0) {
      const before = way[at]!
      rowOf[at] = rowOf[before]!
      at = before
    }
  }
  const columnOfRow = new Int32Array(rows).fill(-1)
  for (let j = 1; j <= m; j++) {
    if (rowOf[j] === 0) continue
    if (flipped) columnOfRow[j - 1] = rowOf[j]! - 1
    else columnOfRow[rowOf[j]! - 1] = j - 1
  }
  return {
    columnOfRow,
    cost: sumOf(rows, (i) => (columnOfRow[i]! < 0 ? 0 : values[i * columns + columnOfRow[i]!]!)),
  }
}

export interface LabelMatch {
  /** For each new cluster the old cluster whose number it takes, −1 where none is left or they share no row. */
  readonly oldOfNew: Int32Array
  /**
   * The new labels renumbered: a matched cluster carries its old number, the others the numbers from k of the old
   * labels on.
   */
  readonly labels: Int32Array
  /** Share of rows whose renumbered label equals the old one, 0–1. */
  readonly agreement: number
}

/**
 * Carries the cluster numbers of one partition over to another of the same rows, so that as many rows as possible
 * keep their number. Rows known on one side only are left out by the caller.
 *
 * @param before labels 0 … k − 1, every number used
 * @param after labels 0 … k′ − 1 of the same rows, every number used
 * @throws StatisticsError for different lengths or labels with gaps
 */
export const matchLabels = (before: ArrayLike<number>, after: ArrayLike<number>): LabelMatch => {
  if (before.length !== after.length) {
    throw new StatisticsError(
      'matchLabels',
      `${before.length} old labels, ${after.length} new`,
      'pass the rows known in both',
    )
  }
  const n = before.length
  const old = clusterCount('matchLabels', before)
  const fresh = clusterCount('matchLabels', after)
  const shared = matrix(fresh, old)
  for (let i = 0; i < n; i++) shared.values[after[i]! * old + before[i]!]! -= 1
  const oldOfNew = assignCheapest(shared).columnOfRow.map((column, row) =>
    column >= 0 && shared.values[row * old + column]! < 0 ? column : -1,
  )
  let next = old
  const number = oldOfNew.map((column) => (column >= 0 ? column : next++))
  const labels = Int32Array.from({ length: n }, (_, i) => number[after[i]!]!)
  const kept = labels.reduce((count, label, i) => count + (label === before[i] ? 1 : 0), 0)
  return { oldOfNew, labels, agreement: kept / n }
}
