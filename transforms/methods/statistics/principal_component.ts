import { symmetricEigen } from './eigen.ts'
import { StatisticsError } from './errors.ts'
import { matrix, requireDistances, requireFiniteMatrix, type Matrix } from './matrix.ts'
import { mean, standardDeviation, sumOf } from './sums.ts'

export interface PrincipalComponent {
  /** Weight of each standardised feature: a unit vector, its largest component positive. */
  readonly loadings: Float64Array
  /** The component of each row: Σ loading·(x − mean)/sd; mean 0, variance = `variance`. */
  readonly scores: Float64Array
  /** The largest eigenvalue of the correlation matrix, 1 … d. */
  readonly variance: number
  /** Its share of the whole, variance / d, 0–1. */
  readonly share: number
  readonly means: Float64Array
  readonly deviations: Float64Array
}

/**
 * The first principal component of the correlation matrix: the one weighting of the standardised features that
 * spreads the rows most. Its sign is fixed by its largest loading; the caller turns it where a direction has a
 * meaning.
 *
 * @param points n × d, finite, n ≥ 2, each column with spread
 * @throws StatisticsError for one row, or a column without spread
 */
export const firstPrincipalComponent = (points: Matrix): PrincipalComponent => {
  requireFiniteMatrix('firstPrincipalComponent', points)
  const { rows: n, columns: d, values } = points
  if (n < 2) {
    throw new StatisticsError('firstPrincipalComponent', 'there is one row', 'pass at least two')
  }
  const columns = Array.from({ length: d }, (_, c) =>
    Float64Array.from({ length: n }, (_unused, i) => values[i * d + c]!),
  )
  const means = Float64Array.from(columns, mean)
  const deviations = Float64Array.from(columns, standardDeviation)
  const flat = deviations.indexOf(0)
  if (flat >= 0) {
    throw new StatisticsError(
      'firstPrincipalComponent',
      `column ${flat} has no spread`,
      'leave the column out',
    )
  }
  const standard = columns.map((column, c) =>
    column.map((value) => (value - means[c]!) / deviations[c]!),
  )
  const correlation = matrix(d, d)
  for (let a = 0; a < d; a++) {
    correlation.values[a * d + a] = 1
    for (let b = 0; b < a; b++) {
      const r = sumOf(n, (i) => standard[a]![i]! * standard[b]![i]!) / (n - 1)
      correlation.values[a * d + b] = correlation.values[b * d + a] = Math.max(-1, Math.min(1, r))
    }
  }
  const { values: spectrum, vectors } = symmetricEigen(correlation)
  const loadings = Float64Array.from({ length: d }, (_, c) => vectors.values[c * d]!)
  const scores = Float64Array.from({ length: n }, (_, i) =>
    sumOf(d, (c) => loadings[c]! * standard[c]![i]!),
  )
  const variance = spectrum[0]!
  return { loadings, scores, variance, share: variance / d, means, deviations }
}

export interface Map2D {
  /** n × 2 coordinates, centred on 0, in units of the distances. */
  readonly coordinates: Matrix
  /** The share of Σ|eigenvalue| of the two axes, 0–1: how much of the distances the plane shows. */
  readonly share: number
}

/**
 * Classical (Torgerson) scaling: places n objects in a plane so that distances there come as near as they can to
 * those given. The two leading eigenvectors of −½·J·D²·J. A negative eigenvalue (distances that fit no space)
 * counts as 0. Axis signs make the largest coordinate positive; where two eigenvalues are equal the rotation is
 * arbitrary but the same on every run.
 *
 * @param distances symmetric n × n
 * @throws StatisticsError for a matrix that is not of distances
 */
export const classicalScaling = (distances: Matrix): Map2D => {
  requireDistances('classicalScaling', distances)
  const n = distances.rows
  const { values, vectors } = symmetricEigen(doubleCentred(distances))
  const coordinates = matrix(n, 2)
  for (let axis = 0; axis < Math.min(2, n); axis++) {
    const spread = Math.sqrt(Math.max(0, values[axis]!))
    for (let i = 0; i < n; i++) {
      coordinates.values[i * 2 + axis] = spread * vectors.values[i * n + axis]!
    }
  }
  const all = sumOf(n, (i) => Math.abs(values[i]!))
  const shown = Math.max(0, values[0]!) + Math.max(0, values[1] ?? 0)
  return { coordinates, share: all > 0 ? shown / all : 1 }
}

const doubleCentred = ({ rows: n, values }: Matrix): Matrix => {
  const means = Float64Array.from(
    { length: n },
    (_, i) => sumOf(n, (j) => values[i * n + j]! ** 2) / n,
  )
  const grand = mean(means)
  const result = matrix(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const product = -(values[i * n + j]! ** 2 - means[i]! - means[j]! + grand) / 2
      result.values[i * n + j] = result.values[j * n + i] = product
    }
  }
  return result
}
