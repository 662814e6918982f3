import { StatisticsError } from './errors.ts'
import { requireClusterCount, requireDistances, type Matrix } from './matrix.ts'
import { sum } from './sums.ts'

export interface Medoids {
  /** The cluster of each row, 0 … k − 1. */
  readonly labels: Int32Array
  /** The row that stands for each cluster, ascending. */
  readonly medoids: Int32Array
  /** Σ of the distances of all rows to their medoids. */
  readonly cost: number
  /** Exchanges made after the greedy start. */
  readonly swaps: number
}

interface Assignment {
  readonly nearest: Int32Array
  readonly first: Float64Array
  readonly second: Float64Array
}

const assign = (distances: Matrix, medoids: Int32Array): Assignment => {
  const { rows: n, values } = distances
  const nearest = new Int32Array(n)
  const first = new Float64Array(n).fill(Infinity)
  const second = new Float64Array(n).fill(Infinity)
  for (let i = 0; i < n; i++) {
    for (let m = 0; m < medoids.length; m++) {
      const distance = medoids[m] === i ? -1 : values[i * n + medoids[m]!]!
      if (distance < first[i]!) {
        second[i] = first[i]!
        first[i] = distance
        nearest[i] = m
      } else if (distance < second[i]!) second[i] = distance
    }
    if (first[i] === -1) first[i] = 0
  }
  return { nearest, first, second }
}

const greedyStart = (distances: Matrix, k: number): Int32Array => {
  const { rows: n, values } = distances
  const medoids = new Int32Array(k)
  const taken = new Uint8Array(n)
  const nearest = new Float64Array(n).fill(Infinity)
  for (let m = 0; m < k; m++) {
    let best = -1
    let bestCost = Infinity
    for (let c = 0; c < n; c++) {
      if (taken[c]) continue
      let cost = 0
      for (let i = 0; i < n; i++) {
        const distance = values[c * n + i]!
        cost += distance < nearest[i]! ? distance : nearest[i]!
      }
      if (cost < bestCost) {
        best = c
        bestCost = cost
      }
    }
    medoids[m] = best
    taken[best] = 1
    for (let i = 0; i < n; i++) {
      const distance = values[best * n + i]!
      if (distance < nearest[i]!) nearest[i] = distance
    }
  }
  return medoids
}

/**
 * k-medoids by PAM: the greedy BUILD start (Kaufman & Rousseeuw 1990), then the best exchange of a medoid for
 * another row as long as one lowers the cost, all k exchanges of a candidate evaluated in one pass (FastPAM1;
 * Schubert & Rousseeuw 2021, Information Systems 101): O(n²) a swap. Nothing is drawn at random; where costs are
 * equal the lower row number wins.
 *
 * @param distances symmetric n × n, zero diagonal, any dissimilarity (Gower, Euclidean …)
 * @param k 1 … n
 * @throws StatisticsError for a matrix that is not of distances, or k outside 1 … n
 */
export const kMedoids = (distances: Matrix, k: number): Medoids => {
  requireDistances('kMedoids', distances)
  const { rows: n, values } = distances
  requireClusterCount('kMedoids', k, n)
  const medoids = greedyStart(distances, k)
  let state = assign(distances, medoids)
  let swaps = 0
  const shared = new Float64Array(k)
  while (k < n) {
    const { nearest, first, second } = state
    const removal = new Float64Array(k)
    for (let i = 0; i < n; i++) {
      const loss = k === 1 ? 0 : second[i]! - first[i]!
      removal[nearest[i]!]! += loss
    }
    let bestChange = 0
    let bestRow = -1
    let bestMedoid = -1
    for (let c = 0; c < n; c++) {
      if (medoids[nearest[c]!] === c) continue
      shared.set(removal)
      let gain = 0
      for (let i = 0; i < n; i++) {
        const distance = values[c * n + i]!
        const own = first[i]!
        if (k === 1) gain += distance - own
        else if (distance < own) {
          gain += distance - own
          shared[nearest[i]!]! += own - second[i]!
        } else if (distance < second[i]!) shared[nearest[i]!]! += distance - second[i]!
      }
      for (let m = 0; m < k; m++) {
        const change = shared[m]! + gain
        if (change < bestChange) {
          bestChange = change
          bestRow = c
          bestMedoid = m
        }
      }
    }
    if (bestRow < 0) break
    const candidate = medoids.slice()
    candidate[bestMedoid] = bestRow
    const next = assign(distances, candidate)
    if (!(sum(next.first) < sum(first))) break
    medoids.set(candidate)
    state = next
    swaps++
  }
  medoids.sort()
  const { nearest, first } = assign(distances, medoids)
  return { labels: nearest, medoids, cost: sum(first), swaps }
}

/**
 * The nearest medoid of new rows.
 *
 * @param distances one row per new object, one column per medoid, ≥ 0
 * @returns the column of the least distance in each row; the first of equals
 * @throws StatisticsError for an empty matrix or a distance that is not finite and ≥ 0
 */
export const nearestMedoid = (distances: Matrix): Int32Array => {
  const { rows, columns, values } = distances
  if (columns < 1) {
    throw new StatisticsError('nearestMedoid', 'there are no medoids', 'pass a column per medoid')
  }
  return Int32Array.from({ length: rows }, (_, i) => {
    let best = 0
    for (let c = 1; c < columns; c++) {
      if (values[i * columns + c]! < values[i * columns + best]!) best = c
    }
    return best
  })
}
