import { normalQuantile } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import type { Interval } from './interval.ts'
import { discordantPairs, kendall, type SeriesPoint } from './kendall.ts'
import { median, quantileSorted, requireAnswer, requireLevel } from './sums.ts'

/**
 * - `slope`: median of the slopes of all pairs, in units of the value for one unit of t
 * - `intercept`: median value − slope·median t (Conover)
 * - `interval`: the Hollander–Wolfe interval of the slope, absent where no interval of that level exists, with ties as without (T ≤ 4 at 95 %)
 * - `pairs`: pairs at different moments
 */
export interface TheilSen {
  readonly slope: number
  readonly intercept: number
  readonly interval?: Interval
  readonly pairs: number
}

/** Without ties the rank of the limits is exact up to this many points. */
const EXACT_UP_TO = 10

/** C of the Hollander–Wolfe interval without ties: the largest S that is not significant, or undefined where all are. */
const exactHalfWidth = (n: number, tail: number): number | undefined => {
  const distribution = discordantPairs(n)
  let total = 0
  for (let d = 0; d < distribution.length; d++) {
    total += distribution[d] as number
    if (total > tail) return d === 0 ? undefined : (n * (n - 1)) / 2 - 2 * d
  }
  return undefined
}

/**
 * Theil–Sen slope with the Hollander–Wolfe interval: the ordered pairwise slopes of ranks (N − C)/2 and (N + C)/2 + 1, N pairs; C from
 * the exact distribution of Kendall's S for up to 10 points without ties, else z·√Var S with ties.
 *
 * Source: P. Sen, JASA 63 (1968) 1379–1389; M. Hollander, D. Wolfe, Nonparametric Statistical Methods (1999) §9.3.
 *
 * @param points ≥ 2 at not all one moment, in any order
 * @param options `level` 0.95; `ranks` between two ordered slopes are interpolated, or taken to the nearest
 * @throws StatisticsError where all points are at one moment
 */
export const theilSen = (
  points: readonly SeriesPoint[],
  options: { readonly level?: number; readonly ranks?: 'interpolated' | 'nearest' } = {},
): TheilSen => {
  const { level = 0.95, ranks = 'interpolated' } = options
  requireLevel('theilSen', level)
  const { variance, ties, n } = kendall(points)
  const sorted = sortedSlopes(points)
  const slope = quantileSorted(sorted, 0.5)
  const found = {
    slope,
    intercept: median(points.map(({ value }) => value)) - slope * median(points.map(({ t }) => t)),
    pairs: sorted.length,
  }
  requireAnswer('theilSen', [found.intercept])
  const exact = !ties && n <= EXACT_UP_TO
  const tail = (1 - level) / 2
  const without = n <= EXACT_UP_TO ? exactHalfWidth(n, tail) : 0
  if (without === undefined) return found
  const half = exact ? without : -normalQuantile(tail) * Math.sqrt(variance)
  const interval = limits(sorted, half, exact ? 'interpolated' : ranks)
  return interval === undefined ? found : { ...found, interval }
}

/**
 * The slope of `theilSen` alone.
 *
 * @throws StatisticsError for a number that is not finite, or where all points are at one moment
 */
export const theilSenSlope = (points: readonly SeriesPoint[]): number =>
  quantileSorted(sortedSlopes(points), 0.5)

const sortedSlopes = (points: readonly SeriesPoint[]): Float64Array => {
  const slopes: number[] = []
  for (let j = 1; j < points.length; j++) {
    const b = points[j] as SeriesPoint
    for (let i = 0; i < j; i++) {
      const a = points[i] as SeriesPoint
      if (a.t !== b.t) slopes.push((b.value - a.value) / (b.t - a.t) + 0)
    }
  }
  if (slopes.length === 0)
    throw new StatisticsError('theilSen', 'all points are at one moment', 'pass a series in time')
  requireAnswer('theilSen', slopes)
  return Float64Array.from(slopes).sort()
}

const limits = (
  sorted: Float64Array,
  half: number,
  ranks: 'interpolated' | 'nearest',
): Interval | undefined => {
  const low = (sorted.length - half) / 2
  const high = (sorted.length + half) / 2 + 1
  const [first, last] = ranks === 'nearest' ? [Math.round(low), Math.round(high)] : [low, high]
  return first < 1 || last > sorted.length
    ? undefined
    : { lo: ranked(sorted, first), hi: ranked(sorted, last) }
}

const ranked = (sorted: Float64Array, rank: number): number => {
  const below = Math.floor(rank)
  const low = sorted[below - 1] as number
  return rank === below ? low : low + (rank - below) * ((sorted[below] as number) - low)
}
