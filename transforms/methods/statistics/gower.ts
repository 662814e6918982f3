import { StatisticsError } from './errors.ts'
import { matrix, type Matrix } from './matrix.ts'
import { unitTo } from './power_of_two.ts'

/**
 * One feature of n objects.
 *
 * - `numeric`: difference |x − y| / range; NaN is missing. `range` is max − min over the values unless declared
 *   (declare it to keep distances comparable between sets; differences above a declared range count as 1).
 * - `category`: 0 when equal, 1 otherwise; codes are whole numbers, a negative code is missing.
 * - `presence`: like `category` over 0 and 1, but a pair in which both are 0 is not compared (joint absence says
 *   nothing); a negative code is missing.
 *
 * `weight` ≥ 0, 1 unless declared.
 */
export type GowerFeature =
  | {
      readonly kind: 'numeric'
      readonly values: ArrayLike<number>
      readonly weight?: number
      readonly range?: number
    }
  | {
      readonly kind: 'category' | 'presence'
      readonly values: ArrayLike<number>
      readonly weight?: number
    }

/** A neighbour of a row: its row number and its distance, 0–1. */
export interface Neighbour {
  readonly row: number
  readonly distance: number
}

/** Below it a sum of weights may have lost digits to the end of the doubles. */
const FAINT = 2 ** -900

type Distance = (a: number, b: number) => number

const spread = (values: ArrayLike<number>): number => {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value < low) low = value
    if (value > high) high = value
  }
  return high > low ? high - low : 0
}

const distanceBetween = (method: string, features: readonly GowerFeature[]): [number, Distance] => {
  const n = features[0]?.values.length ?? 0
  if (n === 0)
    throw new StatisticsError(method, 'no features or no rows', 'pass at least one of each')
  const columns = features.map((feature, j) => {
    const { kind, values, weight = 1 } = feature
    if (values.length !== n) {
      throw new StatisticsError(
        method,
        `feature ${j} has ${values.length} rows, feature 0 has ${n}`,
        'pass features of one length',
      )
    }
    if (!(weight >= 0 && weight < Infinity)) {
      throw new StatisticsError(method, `feature ${j} weighs ${weight}`, 'pass weights ≥ 0')
    }
    for (let i = 0; i < n; i++) {
      const value = values[i]!
      const known = kind === 'numeric' ? Math.abs(value) !== Infinity : Number.isInteger(value)
      if (!known || (kind === 'presence' && value > 1)) {
        throw new StatisticsError(
          method,
          `row ${i} of feature ${j} (${kind}) is ${value}`,
          'numeric: finite or NaN; category: whole codes; presence: 0, 1 or negative when missing',
        )
      }
    }
    const whole = kind === 'numeric' ? (feature.range ?? spread(values)) : 1
    // A spread beyond the doubles is measured in halves.
    const unit = whole === Infinity && kind === 'numeric' && feature.range === undefined ? 0.5 : 1
    const range = unit === 1 ? whole : spread(Float64Array.from(values, (value) => value / 2))
    if (!(range >= 0 && range < Infinity)) {
      throw new StatisticsError(method, `feature ${j} has range ${range}`, 'pass a range ≥ 0')
    }
    return { kind, values, weight, range, unit }
  })
  /** Weights known in both rows and what differs of them, in units of 1/`unitOfWeight`. */
  const compare = (a: number, b: number, unitOfWeight: number) => {
    let [compared, total, heaviest] = [0, 0, 0]
    for (const { kind, values, weight: own, range, unit } of columns) {
      const x = values[a]!
      const y = values[b]!
      const weight = own * unitOfWeight
      if (kind === 'numeric') {
        const gap = Math.abs(x * unit - y * unit)
        if (gap !== gap) continue
        compared += weight
        if (own > heaviest) heaviest = own
        if (gap > 0) total += weight * (gap < range ? gap / range : 1)
      } else {
        if (x < 0 || y < 0 || (kind === 'presence' && x === 0 && y === 0)) continue
        compared += weight
        if (own > heaviest) heaviest = own
        if (x !== y) total += weight
      }
    }
    return { compared, total, heaviest }
  }
  const unitOfAll = unitTo(
    1000,
    columns.map(({ weight }) => weight),
  )
  const between = (a: number, b: number): number => {
    const first = compare(a, b, unitOfAll)
    // What is known in both may weigh nothing beside a feature that is not.
    const isFaint = first.compared < FAINT && first.heaviest > 0
    const { compared, total } = isFaint ? compare(a, b, unitTo(1000, [first.heaviest])) : first
    if (compared === 0) {
      throw new StatisticsError(
        method,
        `rows ${a} and ${b} have no feature known in both`,
        'drop the row with too little known, or add a feature known for all',
      )
    }
    return Math.min(1, total / compared)
  }
  return [n, between]
}

/**
 * Gower's distance for features of mixed kinds (Gower 1971, Biometrics 27): d = Σ w δ d_j / Σ w δ over the
 * features known in both rows, d_j in 0–1, so d is in 0–1. A numeric feature without spread is compared and gives
 * 0.
 *
 * @param features at least one, all of n rows
 * @returns a symmetric n × n matrix with a zero diagonal
 * @throws StatisticsError for features of different lengths, a value outside its kind, or two rows with nothing
 * known in both
 */
export const gowerDistances = (features: readonly GowerFeature[]): Matrix => {
  const [n, between] = distanceBetween('gowerDistances', features)
  const result = matrix(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) result.values[i * n + j] = result.values[j * n + i] = between(i, j)
  }
  return result
}

/**
 * The m rows nearest to `row` by Gower's distance, nearest first, the row itself left out; equal distances in
 * order of row number. Memory is O(n).
 *
 * @param candidates the rows to choose from (all unless given); `row` itself among them is ignored
 * @param m a whole number ≥ 1; fewer are returned when there are fewer candidates
 * @throws StatisticsError as gowerDistances, and for a row or candidate that does not exist
 */
export const nearestByGower = (
  features: readonly GowerFeature[],
  row: number,
  m: number,
  candidates?: ArrayLike<number>,
): Neighbour[] => {
  const [n, between] = distanceBetween('nearestByGower', features)
  const known = (index: number) => Number.isInteger(index) && index >= 0 && index < n
  const chosen = candidates ? Array.from(candidates) : Array.from({ length: n }, (_, i) => i)
  const stranger = [row, ...chosen].find((index) => !known(index))
  if (stranger !== undefined || !Number.isInteger(m) || m < 1) {
    throw new StatisticsError(
      'nearestByGower',
      stranger === undefined ? `${m} neighbours asked` : `there is no row ${stranger} of ${n}`,
      'pass rows from 0 to n − 1 and m ≥ 1',
    )
  }
  return [...new Set(chosen)]
    .filter((other) => other !== row)
    .map((other) => ({ row: other, distance: between(row, other) }))
    .sort((a, b) => a.distance - b.distance || a.row - b.row)
    .slice(0, m)
}
