import { StatisticsError } from './errors.ts'

/**
 * A dense matrix of finite numbers in row-major order: the element in row i and column j stands at `values[i *
 * columns + j]`. A set of points is a matrix with a row per point and a column per feature; a set of distances is
 * a symmetric square matrix with a zero diagonal.
 */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/**
 * A matrix over an existing array of rows × columns numbers (not copied).
 *
 * @throws StatisticsError for numbers that do not fill rows × columns
 */
export const matrix = (rows: number, columns: number, values?: Float64Array): Matrix => {
  const held = values ?? new Float64Array(rows * columns)
  if (held.length !== rows * columns) {
    throw new StatisticsError(
      'matrix',
      `${held.length} numbers do not fill ${rows} × ${columns}`,
      'pass rows × columns numbers in row-major order',
    )
  }
  return { rows, columns, values: held }
}

/**
 * A matrix of the given rows, all of one length.
 *
 * @throws StatisticsError for rows of different lengths
 */
export const matrixOf = (rows: readonly ArrayLike<number>[]): Matrix => {
  const columns = rows[0]?.length ?? 0
  const result = matrix(rows.length, columns)
  rows.forEach((row, i) => {
    if (row.length !== columns) {
      throw new StatisticsError(
        'matrixOf',
        `row ${i} has ${row.length} numbers, row 0 has ${columns}`,
        'pass rows of one length',
      )
    }
    result.values.set(row, i * columns)
  })
  return result
}

/**
 * A matrix whose columns are the given arrays, all of one length.
 *
 * @throws StatisticsError for columns of different lengths
 */
export const matrixOfColumns = (columns: readonly ArrayLike<number>[]): Matrix => {
  const rows = columns[0]?.length ?? 0
  const result = matrix(rows, columns.length)
  columns.forEach((column, j) => {
    if (column.length !== rows) {
      throw new StatisticsError(
        'matrixOfColumns',
        `column ${j} has ${column.length} numbers, column 0 has ${rows}`,
        'pass columns of one length',
      )
    }
    for (let i = 0; i < rows; i++) result.values[i * columns.length + j] = column[i]!
  })
  return result
}

/** The chosen rows, in the order given; a row may be chosen more than once. */
export const takeRows = (points: Matrix, rows: ArrayLike<number>): Matrix => {
  const { columns } = points
  const result = matrix(rows.length, columns)
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * columns
    result.values.set(points.values.subarray(from, from + columns), i * columns)
  }
  return result
}

/** The distances between the chosen rows: the same choice of rows and of columns of a square matrix. */
export const takeSquare = (square: Matrix, rows: ArrayLike<number>): Matrix => {
  const n = rows.length
  const result = matrix(n, n)
  for (let i = 0; i < n; i++) {
    const from = rows[i]! * square.columns
    for (let j = 0; j < n; j++) result.values[i * n + j] = square.values[from + rows[j]!]!
  }
  return result
}

/** The Euclidean distances between the rows of `points`: n × n, so 8n² bytes. */
export const euclideanDistances = (points: Matrix): Matrix => {
  const { rows: n, columns: d, values } = points
  const result = matrix(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let squared = 0
      for (let c = 0; c < d; c++) {
        const gap = values[i * d + c]! - values[j * d + c]!
        squared += gap * gap
      }
      result.values[i * n + j] = result.values[j * n + i] = Math.sqrt(squared)
    }
  }
  return result
}

/**
 * The rows in lexicographic order of their values, so that a method which works in this order gives one answer for
 * every order of the input. Equal rows keep their input order.
 */
export const canonicalOrder = (points: Matrix): Int32Array => {
  const { rows: n, columns: d, values } = points
  const order = Int32Array.from({ length: n }, (_, i) => i)
  return order.sort((a, b) => {
    for (let c = 0; c < d; c++) {
      const gap = values[a * d + c]! - values[b * d + c]!
      if (gap !== 0) return gap
    }
    return a - b
  })
}

/** Two columns put before the columns of a matrix, all of one length. */
export const besideEachOther = (
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  others: Matrix,
): Matrix => {
  const columns = others.columns + 2
  const result = matrix(others.rows, columns)
  for (let i = 0; i < others.rows; i++) {
    const at = i * columns
    result.values[at] = first[i]!
    result.values[at + 1] = second[i]!
    const from = i * others.columns
    result.values.set(others.values.subarray(from, from + others.columns), at + 2)
  }
  return result
}

/** The number of different rows; `order` is the canonical order of `points`. */
export const distinctRows = (points: Matrix, order: Int32Array): number => {
  const { columns: d, values } = points
  let distinct = order.length > 0 ? 1 : 0
  for (let i = 1; i < order.length; i++) {
    const a = order[i - 1]! * d
    const b = order[i]! * d
    for (let c = 0; c < d; c++) {
      if (values[a + c] !== values[b + c]) {
        distinct++
        break
      }
    }
  }
  return distinct
}

const LARGEST = 1e150
const LEAST = 1e-150

/**
 * @throws StatisticsError unless there is at least one row and one column, and every number is finite, and the largest is 0 or from 1e-150
 * to 1e150 in size (a difference of larger ones cannot be squared, the squares of smaller ones vanish)
 */
export const requireFiniteMatrix = (method: string, points: Matrix): void => {
  if (points.rows < 1 || points.columns < 1) {
    throw new StatisticsError(method, 'the matrix is empty', 'pass at least one row and one column')
  }
  const at = points.values.findIndex((value) => !(Math.abs(value) <= LARGEST))
  if (at >= 0) {
    const row = Math.floor(at / points.columns)
    throw new StatisticsError(
      method,
      `row ${row}, column ${at % points.columns} is ${points.values[at]}`,
      'pass finite numbers below 1e150: fill or drop missing values first',
    )
  }
  const most = points.values.reduce((top, value) => Math.max(top, Math.abs(value)), 0)
  if (most > 0 && most < LEAST) {
    throw new StatisticsError(
      method,
      `no number is larger than ${most}`,
      'pass them in a smaller unit: their squares vanish',
    )
  }
}

/** @throws StatisticsError unless the matrix is square, symmetric, ≥ 0 and finite, with a zero diagonal */
export const requireDistances = (method: string, distances: Matrix): void => {
  requireFiniteMatrix(method, distances)
  const { rows: n, columns, values } = distances
  if (n !== columns) {
    throw new StatisticsError(method, `${n} × ${columns} is not square`, 'pass an n × n matrix')
  }
  for (let i = 0; i < n; i++) {
    if (values[i * n + i] !== 0) {
      throw new StatisticsError(
        method,
        `the distance of row ${i} to itself is not 0`,
        'pass distances, not similarities',
      )
    }
    for (let j = 0; j < i; j++) {
      const distance = values[i * n + j]!
      if (distance < 0 || distance !== values[j * n + i]) {
        throw new StatisticsError(
          method,
          `the distance of rows ${j} and ${i} is negative or not symmetric`,
          'pass a symmetric matrix of distances ≥ 0',
        )
      }
    }
  }
}

/** @throws StatisticsError unless k is whole and 1 ≤ k ≤ `most` */
export const requireClusterCount = (method: string, k: number, most: number): void => {
  if (!Number.isInteger(k) || k < 1 || k > most) {
    throw new StatisticsError(
      method,
      `${k} clusters of ${most} different rows`,
      `ask for a whole number of clusters from 1 to ${most}`,
    )
  }
}
