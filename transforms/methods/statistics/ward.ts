import {
  canonicalOrder,
  distinctRows,
  requireClusterCount,
  requireFiniteMatrix,
  takeRows,
  type Matrix,
} from './matrix.ts'
import { wardChain } from './ward_chain.ts'

/**
 * The merges of n rows, lowest first. Merge i joins the cluster of row `left[i]` with that of row `right[i]`;
 * `heights[i]` is √(2·ΔSS), ΔSS the rise of the within-cluster sum of squares (the scale of R's ward.D2 and of
 * scipy's ward; for two single rows their distance); `sizes[i]` is the number of rows after it.
 */
export interface WardTree {
  readonly rows: number
  readonly left: Int32Array
  readonly right: Int32Array
  readonly heights: Float64Array
  readonly sizes: Int32Array
  /** Different rows: the most clusters a cut can give. */
  readonly distinct: number
}

/**
 * Ward's hierarchical clustering: at each step the two clusters whose union raises the within-cluster sum of
 * squares least are joined (Ward 1963). Nearest-neighbour chains (Murtagh 1983) over cluster means held in a k-d
 * tree: O(n·d) memory, no distance matrix, at most O(n²·d) time and far less in few dimensions.
 *
 * Rows are first put in lexicographic order, so the tree does not depend on their order in the input.
 *
 * @param points n × d, finite, scaled so that a unit means the same in every column
 * @throws StatisticsError for a number that is not finite
 */
export const wardTree = (points: Matrix): WardTree => {
  requireFiniteMatrix('wardTree', points)
  const order = canonicalOrder(points)
  const merges = wardChain(takeRows(points, order))
  const steps = merges.costs.length
  const byCost = Int32Array.from({ length: steps }, (_, i) => i).sort(
    (a, b) => merges.costs[a]! - merges.costs[b]! || a - b,
  )
  const find = forest(points.rows)
  const size = new Int32Array(points.rows).fill(1)
  const tree: WardTree = {
    rows: points.rows,
    left: new Int32Array(steps),
    right: new Int32Array(steps),
    heights: new Float64Array(steps),
    sizes: new Int32Array(steps),
    distinct: distinctRows(points, order),
  }
  byCost.forEach((step, i) => {
    const left = order[merges.left[step]!]!
    const right = order[merges.right[step]!]!
    tree.left[i] = left
    tree.right[i] = right
    tree.heights[i] = Math.sqrt(2 * merges.costs[step]!)
    const joined = size[find.root(left)]! + size[find.root(right)]!
    size[find.join(left, right)] = joined
    tree.sizes[i] = joined
  })
  return tree
}

/**
 * The partition of a Ward tree into k clusters.
 *
 * @param k 1 … the number of different rows
 * @returns the cluster of each row, 0 … k − 1, numbered in order of their first rows
 * @throws StatisticsError for clusters that are not a whole number from 1 to the number of rows
 */
export const cutTree = (tree: WardTree, k: number): Int32Array => {
  requireClusterCount('cutTree', k, tree.distinct)
  const find = forest(tree.rows)
  for (let i = 0; i < tree.rows - k; i++) find.join(tree.left[i]!, tree.right[i]!)
  const numbers = new Map<number, number>()
  return Int32Array.from({ length: tree.rows }, (_, row) => {
    const root = find.root(row)
    const number = numbers.get(root) ?? numbers.size
    numbers.set(root, number)
    return number
  })
}

const forest = (rows: number) => {
  const parent = Int32Array.from({ length: rows }, (_, i) => i)
  const root = (row: number): number => {
    let at = row
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!
      at = parent[at]!
    }
    return at
  }
  const join = (a: number, b: number): number => {
    const kept = root(a)
    parent[root(b)] = kept
    return kept
  }
  return { root, join }
}
