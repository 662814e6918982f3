import type { Matrix } from './matrix.ts'

/** The n − 1 merges in the order they were found: representative rows, and the rise of the sum of squares. */
export interface Merges {
  readonly left: Int32Array
  readonly right: Int32Array
  readonly costs: Float64Array
}

const LEAF = 48

/** The share of clusters left alive at which the tree is built anew. */
const WORN = 0.8

/**
 * A k-d tree over the means of the live clusters. Each node holds a box that contains its means, and the size of
 * its smallest cluster, which together bound from below the cost of a merge with anything inside. A merged cluster
 * takes the place of one of its parts, so the boxes on its path are stretched; the tree is built anew whenever a
 * fifth of the clusters is gone.
 */
interface Tree {
  readonly low: Float64Array
  readonly high: Float64Array
  readonly smallest: Float64Array
  readonly live: Int32Array
  readonly from: Int32Array
  readonly to: Int32Array
  readonly children: Int32Array
  readonly parent: Int32Array
  readonly leafOf: Int32Array
  readonly items: Int32Array
}

const buildTree = (
  means: Float64Array,
  sizes: Float64Array,
  items: Int32Array,
  d: number,
): Tree => {
  const n = items.length
  const most = Math.max(1, Math.ceil((4 * n) / LEAF) + 1)
  const tree: Tree = {
    low: new Float64Array(most * d),
    high: new Float64Array(most * d),
    smallest: new Float64Array(most),
    live: new Int32Array(most),
    from: new Int32Array(most),
    to: new Int32Array(most),
    children: new Int32Array(most).fill(-1),
    parent: new Int32Array(most).fill(-1),
    leafOf: new Int32Array(sizes.length),
    items,
  }
  let nodes = 1
  tree.to[0] = n
  for (let node = 0; node < nodes; node++) {
    const from = tree.from[node]!
    const to = tree.to[node]!
    const at = node * d
    tree.low.fill(Infinity, at, at + d)
    tree.high.fill(-Infinity, at, at + d)
    let smallest = Infinity
    for (let i = from; i < to; i++) {
      const item = items[i]!
      if (sizes[item]! < smallest) smallest = sizes[item]!
      for (let c = 0; c < d; c++) {
        const value = means[item * d + c]!
        if (value < tree.low[at + c]!) tree.low[at + c] = value
        if (value > tree.high[at + c]!) tree.high[at + c] = value
      }
    }
    tree.smallest[node] = smallest
    tree.live[node] = to - from
    if (to - from <= LEAF) {
      for (let i = from; i < to; i++) tree.leafOf[items[i]!] = node
      continue
    }
    let axis = 0
    for (let c = 1; c < d; c++) {
      if (tree.high[at + c]! - tree.low[at + c]! > tree.high[at + axis]! - tree.low[at + axis]!)
        axis = c
    }
    items.subarray(from, to).sort((a, b) => means[a * d + axis]! - means[b * d + axis]! || a - b)
    const middle = (from + to) >> 1
    tree.children[node] = nodes
    for (const [start, end] of [
      [from, middle],
      [middle, to],
    ] as const) {
      tree.from[nodes] = start
      tree.to[nodes] = end
      tree.parent[nodes] = node
      nodes++
    }
  }
  return tree
}

/**
 * Finds the merges of Ward's clustering by nearest-neighbour chains: from any cluster to its nearest, to the
 * nearest of that, until two are each other's nearest; those are joined. Ward's cost is reducible, so this gives
 * the same tree as always joining the cheapest pair. The cost of joining a and b is nₐn_b/(nₐ+n_b)·‖mean a − mean
 * b‖²; equal costs go to the previous link of the chain, then to the lower row.
 */
export const wardChain = (points: Matrix): Merges => {
  const { rows: n, columns: d } = points
  const means = points.values.slice()
  const sizes = new Float64Array(n).fill(1)
  const merges: Merges = {
    left: new Int32Array(n - 1),
    right: new Int32Array(n - 1),
    costs: new Float64Array(n - 1),
  }
  let tree = buildTree(
    means,
    sizes,
    Int32Array.from({ length: n }, (_, i) => i),
    d,
  )
  let live = n
  let builtFor = n
  const stackNode = new Int32Array(128)
  const stackBound = new Float64Array(128)

  const boundTo = (node: number, cluster: number): number => {
    const own = cluster * d
    const at = node * d
    let gapSquared = 0
    for (let c = 0; c < d; c++) {
      const value = means[own + c]!
      const below = tree.low[at + c]! - value
      const above = value - tree.high[at + c]!
      const gap = below > above ? below : above
      if (gap > 0) gapSquared += gap * gap
    }
    const size = sizes[cluster]!
    const other = tree.smallest[node]!
    return ((size * other) / (size + other)) * gapSquared
  }

  const costOf = (a: number, b: number): number => {
    let sum = 0
    for (let c = 0; c < d; c++) {
      const gap = means[a * d + c]! - means[b * d + c]!
      sum += gap * gap
    }
    return ((sizes[a]! * sizes[b]!) / (sizes[a]! + sizes[b]!)) * sum
  }

  const found = { cluster: -1, cost: Infinity }
  const searchNearest = (cluster: number, previous: number): void => {
    let best = previous
    let least = previous < 0 ? Infinity : costOf(cluster, previous)
    let depth = 1
    stackNode[0] = 0
    stackBound[0] = 0
    while (depth > 0) {
      depth--
      if (stackBound[depth]! > least) continue
      const node = stackNode[depth]!
      const child = tree.children[node]!
      if (child < 0) {
        for (let i = tree.from[node]!; i < tree.to[node]!; i++) {
          const other = tree.items[i]!
          if (sizes[other] === 0 || other === cluster || other === previous) continue
          const cost = costOf(cluster, other)
          if (cost < least || (cost === least && best !== previous && other < best)) {
            least = cost
            best = other
          }
        }
        continue
      }
      const a = tree.live[child]! > 0 ? boundTo(child, cluster) : Infinity
      const b = tree.live[child + 1]! > 0 ? boundTo(child + 1, cluster) : Infinity
      const nearFirst = a <= b ? 0 : 1
      const far = nearFirst === 0 ? b : a
      const near = nearFirst === 0 ? a : b
      if (far <= least && far < Infinity) {
        stackNode[depth] = child + 1 - nearFirst
        stackBound[depth++] = far
      }
      if (near <= least && near < Infinity) {
        stackNode[depth] = child + nearFirst
        stackBound[depth++] = near
      }
    }
    found.cluster = best
    found.cost = least
  }

  const merge = (kept: number, gone: number): void => {
    const total = sizes[kept]! + sizes[gone]!
    const share = sizes[gone]! / total
    for (let c = 0; c < d; c++) {
      const at = kept * d + c
      means[at]! += (means[gone * d + c]! - means[at]!) * share
    }
    sizes[kept] = total
    sizes[gone] = 0
    live--
    for (let node = tree.leafOf[gone]!; node >= 0; node = tree.parent[node]!) tree.live[node]!--
    if (live < builtFor * WORN && live > 1) {
      const items = tree.items.filter((item) => sizes[item]! > 0).sort()
      tree = buildTree(means, sizes, items, d)
      builtFor = live
      return
    }
    for (let node = tree.leafOf[kept]!; node >= 0; node = tree.parent[node]!) {
      const at = node * d
      for (let c = 0; c < d; c++) {
        const value = means[kept * d + c]!
        if (value < tree.low[at + c]!) tree.low[at + c] = value
        if (value > tree.high[at + c]!) tree.high[at + c] = value
      }
    }
  }

  const chain = new Int32Array(n)
  let length = 0
  let next = 0
  for (let step = 0; step < n - 1; step++) {
    for (;;) {
      if (length === 0) {
        while (sizes[next] === 0) next++
        chain[length++] = next
      }
      const end = chain[length - 1]!
      const previous = length > 1 ? chain[length - 2]! : -1
      searchNearest(end, previous)
      if (found.cluster === previous) break
      chain[length++] = found.cluster
    }
    const a = chain[length - 1]!
    const b = chain[length - 2]!
    length -= 2
    const kept = a < b ? a : b
    const gone = a < b ? b : a
    merges.left[step] = kept
    merges.right[step] = gone
    merges.costs[step] = found.cost
    merge(kept, gone)
  }
  return merges
}
