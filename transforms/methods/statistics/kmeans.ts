import { StatisticsError } from './errors.ts'
import {
  canonicalOrder,
  distinctRows,
  matrix,
  requireClusterCount,
  requireFiniteMatrix,
  takeRows,
  type Matrix,
} from './matrix.ts'
import { random, type Random } from './random.ts'

export interface KMeansOptions {
  /** Whole, ≥ 0: the same seed and the same rows in any order give the same clusters. */
  readonly seed: number
  /** Starts from different centres, of which the best is kept; 50. */
  readonly restarts?: number
  /** Rounds of one start after which it is cut off; 300. */
  readonly maxRounds?: number
}

export interface KMeans {
  /** The cluster of each row, 0 … k − 1; clusters are numbered in lexicographic order of their centres. */
  readonly labels: Int32Array
  /** k × d: the means of the clusters. */
  readonly centres: Matrix
  readonly sizes: Int32Array
  /** Σ of squared distances of rows to their centres, in squared units of the features. */
  readonly inertia: number
  /** Rounds of the start that was kept. */
  readonly rounds: number
  /** False when that start was cut off before no row changed its cluster. */
  readonly converged: boolean
}

interface State {
  readonly labels: Int32Array
  readonly centres: Float64Array
  readonly sizes: Int32Array
  readonly upper: Float64Array
  readonly lower: Float64Array
}

const squared = (a: Float64Array, i: number, b: Float64Array, j: number, d: number): number => {
  let sum = 0
  for (let c = 0; c < d; c++) {
    const gap = a[i + c]! - b[j + c]!
    sum += gap * gap
  }
  return sum
}

/**
 * Greedy k-means++: of 2 + ⌊ln k⌋ candidates drawn in proportion to squared distance, the one that lowers the cost
 * most.
 */
const drawCentres = (points: Matrix, k: number, draw: Random): Float64Array => {
  const { rows: n, columns: d, values } = points
  const centres = new Float64Array(k * d)
  const trials = 2 + Math.floor(Math.log(k))
  let nearest = new Float64Array(n)
  let candidate = new Float64Array(n)
  let best = new Float64Array(n)
  const first = draw.integer(n)
  centres.set(values.subarray(first * d, first * d + d))
  let cost = 0
  for (let i = 0; i < n; i++) {
    nearest[i] = squared(values, i * d, values, first * d, d)
    cost += nearest[i]!
  }
  for (let m = 1; m < k; m++) {
    let bestCost = Infinity
    let bestRow = -1
    for (let trial = 0; trial < trials; trial++) {
      let left = draw.uniform() * cost
      let row = -1
      for (let i = 0; i < n; i++) {
        const weight = nearest[i]!
        if (weight === 0) continue
        row = i
        left -= weight
        if (left < 0) break
      }
      if (row < 0) row = draw.integer(n)
      let candidateCost = 0
      for (let i = 0; i < n; i++) {
        const own = nearest[i]!
        const distance = own === 0 ? 0 : squared(values, i * d, values, row * d, d)
        candidate[i] = distance < own ? distance : own
        candidateCost += candidate[i]!
      }
      if (candidateCost < bestCost) {
        bestCost = candidateCost
        bestRow = row
        const held = best
        best = candidate
        candidate = held
      }
    }
    centres.set(values.subarray(bestRow * d, bestRow * d + d), m * d)
    const held = nearest
    nearest = best
    best = held
    cost = bestCost
  }
  return centres
}

const assignExactly = (points: Matrix, state: State, i: number): boolean => {
  const { columns: d, values } = points
  const { labels, centres, upper, lower, sizes } = state
  let first = Infinity
  let second = Infinity
  let nearest = 0
  for (let m = 0; m < sizes.length; m++) {
    const distance = squared(values, i * d, centres, m * d, d)
    if (distance < first) {
      second = first
      first = distance
      nearest = m
    } else if (distance < second) second = distance
  }
  upper[i] = Math.sqrt(first)
  lower[i] = Math.sqrt(second)
  if (labels[i] === nearest) return false
  labels[i] = nearest
  return true
}

/** The means of the clusters; an empty one takes the row farthest from its centre in a cluster of two or more. */
const recentre = (points: Matrix, state: State): boolean => {
  const { rows: n, columns: d, values } = points
  const { labels, centres, sizes } = state
  const k = sizes.length
  let refilled = false
  const old = centres.slice()
  sizes.fill(0)
  for (let i = 0; i < n; i++) sizes[labels[i]!]!++
  for (let m = 0; m < k; m++) {
    if (sizes[m]! > 0) continue
    let farthest = -1
    let reach = -1
    for (let i = 0; i < n; i++) {
      if (sizes[labels[i]!]! < 2) continue
      const distance = squared(values, i * d, old, labels[i]! * d, d)
      if (distance > reach) {
        reach = distance
        farthest = i
      }
    }
    sizes[labels[farthest]!]!--
    labels[farthest] = m
    sizes[m] = 1
    refilled = true
  }
  centres.fill(0)
  for (let i = 0; i < n; i++) {
    const at = labels[i]! * d
    for (let c = 0; c < d; c++) centres[at + c]! += values[i * d + c]!
  }
  for (let m = 0; m < k; m++) {
    for (let c = 0; c < d; c++) centres[m * d + c]! /= sizes[m]!
  }
  return refilled
}

const inertiaOf = (points: Matrix, labels: Int32Array, centres: Float64Array): number => {
  const { rows: n, columns: d, values } = points
  let sum = 0
  for (let i = 0; i < n; i++) sum += squared(values, i * d, centres, labels[i]! * d, d)
  return sum
}

/** Lloyd's rounds with Hamerly's bounds: a row whose upper bound is below its lower bound cannot change cluster. */
const descend = (points: Matrix, start: Float64Array, maxRounds: number) => {
  const { rows: n, columns: d, values } = points
  const k = start.length / d
  const state: State = {
    labels: new Int32Array(n).fill(-1),
    centres: start,
    sizes: new Int32Array(k),
    upper: new Float64Array(n),
    lower: new Float64Array(n),
  }
  const { labels, centres, upper, lower } = state
  const half = new Float64Array(k)
  const moved = new Float64Array(k)
  let bounded = false
  let rounds = 0
  let converged = false
  while (rounds < maxRounds && !converged) {
    rounds++
    let changed = false
    if (bounded) {
      half.fill(Infinity)
      for (let a = 0; a < k; a++) {
        for (let b = 0; b < a; b++) {
          const gap = Math.sqrt(squared(centres, a * d, centres, b * d, d)) / 2
          if (gap < half[a]!) half[a] = gap
          if (gap < half[b]!) half[b] = gap
        }
      }
      for (let i = 0; i < n; i++) {
        const label = labels[i]!
        const bound = half[label]! > lower[i]! ? half[label]! : lower[i]!
        if (upper[i]! < bound) continue
        upper[i] = Math.sqrt(squared(values, i * d, centres, label * d, d))
        if (upper[i]! < bound) continue
        if (assignExactly(points, state, i)) changed = true
      }
    }
    if (!changed) {
      for (let i = 0; i < n; i++) if (assignExactly(points, state, i)) changed = true
    }
    const old = centres.slice()
    const refilled = recentre(points, state)
    converged = !changed && !refilled
    let farthest = 0
    for (let m = 0; m < k; m++) {
      moved[m] = Math.sqrt(squared(centres, m * d, old, m * d, d))
      if (moved[m]! > farthest) farthest = moved[m]!
    }
    bounded = !refilled
    for (let i = 0; i < n; i++) {
      upper[i]! += moved[labels[i]!]!
      lower[i]! -= farthest
    }
  }
  return { state, inertia: inertiaOf(points, labels, centres), rounds, converged }
}

/**
 * k-means: the partition of rows into k clusters that minimises Σ‖x − mean of its cluster‖². Greedy k-means++
 * starts (Arthur & Vassilvitskii 2007), Lloyd's rounds with Hamerly's bounds (2010) until no row changes, the best
 * of `restarts` kept. A cluster left empty takes the row that lies farthest from its centre. The inertia never
 * rises from round to round.
 *
 * Rows are first put in lexicographic order, so the answer does not depend on their order in the input.
 *
 * @param points n × d, finite, scaled so that a unit means the same in every column
 * @param k 1 … the number of different rows
 * @throws StatisticsError for a number that is not finite or k outside its range
 */
export const kMeans = (points: Matrix, k: number, options: KMeansOptions): KMeans => {
  requireFiniteMatrix('kMeans', points)
  const { seed, restarts = 50, maxRounds = 300 } = options
  if (!(
    Number.isInteger(restarts) &&
    restarts >= 1 &&
    Number.isInteger(maxRounds) &&
    maxRounds >= 1
  )) {
    throw new StatisticsError(
      'kMeans',
      `${restarts} restarts of ${maxRounds} rounds`,
      'pass whole numbers ≥ 1',
    )
  }
  const order = canonicalOrder(points)
  requireClusterCount('kMeans', k, distinctRows(points, order))
  const sorted = takeRows(points, order)
  const draw = random(seed)
  let best: ReturnType<typeof descend> | undefined
  for (let start = 0; start < restarts; start++) {
    const found = descend(sorted, drawCentres(sorted, k, draw), maxRounds)
    if (!best || found.inertia < best.inertia) best = found
    if (k === 1) break
  }
  const { state, inertia, rounds, converged } = best!
  const byCentre = canonicalOrder(matrix(k, points.columns, state.centres))
  const number = new Int32Array(k)
  byCentre.forEach((old, label) => (number[old] = label))
  const labels = new Int32Array(points.rows)
  order.forEach((row, i) => (labels[row] = number[state.labels[i]!]!))
  return {
    labels,
    centres: takeRows(matrix(k, points.columns, state.centres), byCentre),
    sizes: Int32Array.from(byCentre, (old) => state.sizes[old]!),
    inertia,
    rounds,
    converged,
  }
}

/**
 * The nearest centre of each row, 0 … k − 1 (the first of equals): how new rows join frozen clusters.
 *
 * @param points n × d in the units of the centres
 * @param centres k × d
 * @throws StatisticsError for a number that is not finite or columns that do not match
 */
export const nearestCentre = (points: Matrix, centres: Matrix): Int32Array => {
  requireFiniteMatrix('nearestCentre', points)
  requireFiniteMatrix('nearestCentre', centres)
  const d = points.columns
  if (centres.columns !== d) {
    throw new StatisticsError(
      'nearestCentre',
      `points have ${d} columns, centres ${centres.columns}`,
      'pass the features the centres were found on',
    )
  }
  return Int32Array.from({ length: points.rows }, (_, i) => {
    let best = 0
    let least = Infinity
    for (let m = 0; m < centres.rows; m++) {
      const distance = squared(points.values, i * d, centres.values, m * d, d)
      if (distance < least) {
        least = distance
        best = m
      }
    }
    return best
  })
}
