import { StatisticsError } from './errors.ts'
import { kMeans } from './kmeans.ts'
import { matrix, requireFiniteMatrix, type Matrix } from './matrix.ts'
import { random } from './random.ts'
import { mean, sumOf } from './sums.ts'

export interface GapOptions {
  readonly seed: number
  /** Reference sets drawn; 50. */
  readonly references?: number
  /** Starts of each k-means; 10. */
  readonly restarts?: number
}

export interface Gap {
  /** gap[k − 1] = mean log W*_k − log W_k for k = 1 … most, natural logarithms. */
  readonly gap: Float64Array
  /** error[k − 1] = sd(log W*_k)·√(1 + 1/B). */
  readonly error: Float64Array
  /** The least k with gap(k) ≥ gap(k + 1) − error(k + 1); `most` where none has it. */
  readonly best: number
}

/**
 * The gap statistic (Tibshirani, Walther & Hastie 2001, JRSS B 63): how much tighter k-means holds the data in k
 * clusters than it holds as many points spread evenly over the same box. W is the within-cluster sum of squares.
 *
 * @param points n × d, finite, with more different rows than `most`
 * @param most the largest k, ≥ 1
 * @throws StatisticsError for too few different rows, or rows that k clusters hold without remainder
 */
export const gapStatistic = (points: Matrix, most: number, options: GapOptions): Gap => {
  requireFiniteMatrix('gapStatistic', points)
  const { seed, references = 50, restarts = 10 } = options
  if (!Number.isInteger(most) || most < 1 || !Number.isInteger(references) || references < 2) {
    throw new StatisticsError(
      'gapStatistic',
      `${most} clusters, ${references} reference sets`,
      'pass whole numbers, at least 1 and 2',
    )
  }
  const draw = random(seed)
  const logs = (set: Matrix): Float64Array =>
    Float64Array.from({ length: most }, (_, i) => {
      const { inertia } = kMeans(set, i + 1, { seed: draw.bits(), restarts })
      if (!(inertia > 0)) {
        throw new StatisticsError(
          'gapStatistic',
          `${i + 1} clusters hold the rows without remainder`,
          'ask for fewer clusters than different rows',
        )
      }
      return Math.log(inertia)
    })
  const own = logs(points)
  const { rows: n, columns: d, values } = points
  const low = new Float64Array(d).fill(Infinity)
  const high = new Float64Array(d).fill(-Infinity)
  values.forEach((value, at) => {
    if (value < low[at % d]!) low[at % d] = value
    if (value > high[at % d]!) high[at % d] = value
  })
  const drawn = Array.from({ length: references }, () =>
    logs(
      matrix(
        n,
        d,
        Float64Array.from({ length: n * d }, (_, at) => {
          const c = at % d
          return low[c]! + draw.uniform() * (high[c]! - low[c]!)
        }),
      ),
    ),
  )
  const gap = new Float64Array(most)
  const error = new Float64Array(most)
  for (let k = 0; k < most; k++) {
    const column = Float64Array.from(drawn, (set) => set[k]!)
    const centre = mean(column)
    const variance = sumOf(references, (b) => (column[b]! - centre) ** 2) / references
    gap[k] = centre - own[k]!
    error[k] = Math.sqrt(variance * (1 + 1 / references))
  }
  let best = most
  for (let k = most - 1; k >= 1; k--) {
    if (gap[k - 1]! >= gap[k]! - error[k]!) best = k
  }
  return { gap, error, best }
}
