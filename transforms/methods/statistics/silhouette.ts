import { StatisticsError } from './errors.ts'
import {
  canonicalOrder,
  requireDistances,
  requireFiniteMatrix,
  takeRows,
  type Matrix,
} from './matrix.ts'
import { clusterCount } from './stability.ts'

export interface Silhouette {
  /** s = (b − a)/max(a, b) of each row, −1 … 1; 0 for a row alone in its cluster. */
  readonly values: Float64Array
  /** Mean over all rows. */
  readonly mean: number
  /** Mean over the rows of each cluster. */
  readonly perCluster: Float64Array
}

const requireLabels = (method: string, n: number, labels: ArrayLike<number>): void => {
  if (labels.length !== n) {
    throw new StatisticsError(
      method,
      `${labels.length} labels for ${n} rows`,
      'pass one label a row',
    )
  }
}

const silhouette = (
  method: string,
  n: number,
  labels: ArrayLike<number>,
  distance: (i: number, j: number) => number,
): Silhouette => {
  const k = clusterCount(method, labels)
  if (k < 2) {
    throw new StatisticsError(method, 'there is one cluster', 'pass a partition into two or more')
  }
  const label = Int32Array.from({ length: n }, (_, i) => labels[i]!)
  const sizes = new Int32Array(k)
  label.forEach((m) => sizes[m]!++)
  const values = new Float64Array(n)
  const perCluster = new Float64Array(k)
  const sums = new Float64Array(k)
  let total = 0
  for (let i = 0; i < n; i++) {
    const own = label[i]!
    if (sizes[own] === 1) continue
    sums.fill(0)
    for (let j = 0; j < n; j++) sums[label[j]!]! += distance(i, j)
    const within = sums[own]! / (sizes[own]! - 1)
    let between = Infinity
    for (let m = 0; m < k; m++) {
      if (m !== own && sums[m]! / sizes[m]! < between) between = sums[m]! / sizes[m]!
    }
    const larger = Math.max(within, between)
    const value = larger > 0 ? (between - within) / larger : 0
    values[i] = value
    perCluster[own]! += value
    total += value
  }
  return { values, mean: total / n, perCluster: perCluster.map((sum, m) => sum / sizes[m]!) }
}

/**
 * Silhouettes (Rousseeuw 1987): a is the mean distance of a row to the others of its cluster, b the least mean
 * distance to the rows of another cluster.
 *
 * @param distances symmetric n × n
 * @param labels n labels 0 … k − 1, k ≥ 2, every number used
 * @throws StatisticsError for one cluster, labels with gaps, or a matrix that is not of distances
 */
export const silhouetteOfDistances = (distances: Matrix, labels: ArrayLike<number>): Silhouette => {
  requireDistances('silhouetteOfDistances', distances)
  requireLabels('silhouetteOfDistances', distances.rows, labels)
  const { rows: n, values } = distances
  return silhouette('silhouetteOfDistances', n, labels, (i, j) => values[i * n + j]!)
}

/**
 * Silhouettes by Euclidean distance, without a distance matrix: O(n·k) memory, O(n²·d) time.
 *
 * @param points n × d, finite
 * @param labels n labels 0 … k − 1, k ≥ 2, every number used
 * @throws StatisticsError for one cluster, labels with gaps, or a number that is not finite
 */
export const silhouetteOfPoints = (points: Matrix, labels: ArrayLike<number>): Silhouette => {
  requireFiniteMatrix('silhouetteOfPoints', points)
  requireLabels('silhouetteOfPoints', points.rows, labels)
  const order = canonicalOrder(points)
  const { rows: n, columns: d, values } = takeRows(points, order)
  const sorted = Array.from(order, (row) => labels[row]!)
  const found = silhouette('silhouetteOfPoints', n, sorted, (i, j) => {
    let squared = 0
    for (let c = 0; c < d; c++) {
      const gap = values[i * d + c]! - values[j * d + c]!
      squared += gap * gap
    }
    return Math.sqrt(squared)
  })
  const inOrder = new Float64Array(n)
  order.forEach((row, i) => (inOrder[row] = found.values[i]!))
  return { ...found, values: inOrder }
}
