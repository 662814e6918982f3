import { StatisticsError } from './errors.ts'
import { random, type Random } from './random.ts'
import { at, requireCount, requireFinite, requireLevel, sumOf, type Numbers } from './sums.ts'

/**
 * A place among K, 1 = the largest value: `rank` of the estimate, the best place of those that share its value; lo ≤ rank ≤ hi of the
 * draws; `mean` place over the draws.
 */
export interface RankInterval {
  readonly rank: number
  readonly lo: number
  readonly hi: number
  readonly mean: number
}

interface RankOptions {
  readonly seed: number
  /** 2,000 by default. */
  readonly draws?: number
  /** 0.95 by default. */
  readonly level?: number
}

/**
 * Rank intervals by draws from the normal posteriors N(value, se²): at each draw all groups are ranked, and the `level` middle of each
 * group's ranks is kept (widened to its own rank where shrinkage pulls it out). Groups of one value and error have one rank and one
 * interval, whatever their order.
 *
 * @param groups value and se ≥ 0 of each
 */
export const rankIntervals = (
  groups: readonly { readonly value: number; readonly se: number }[],
  options: RankOptions,
): RankInterval[] => {
  for (const { value, se } of groups) {
    requireFinite('rankIntervals', [value, se])
    if (se < 0)
      throw new StatisticsError('rankIntervals', `a standard error is ${se}`, 'errors are ≥ 0')
  }
  const order = groups
    .map((_, i) => i)
    .sort(
      (a, b) => at(groups, b).value - at(groups, a).value || at(groups, a).se - at(groups, b).se,
    )
  const sorted = order.map((i) => at(groups, i))
  const alike: number[] = []
  sorted.forEach(({ value, se }, i) => {
    const before = sorted[i - 1]
    alike.push(before?.value === value && before.se === se ? at(alike, i - 1) : i)
  })
  const intervals = rankIntervalsOf(
    sorted.map(({ value }) => value),
    (i, source) => {
      const { value, se } = at(sorted, i)
      return source.normal(value, se)
    },
    { ...options, alike },
  )
  const result = new Array<RankInterval>(groups.length)
  order.forEach((group, place) => (result[group] = at(intervals, place)))
  return result
}

/**
 * As `rankIntervals`, with the caller's own posterior: `draw(i, source)` is a draw of group i. Groups whose number in `alike` is the same
 * have the same posterior and get one interval. Equal draws share their places: each could stand on any of them.
 */
export const rankIntervalsOf = (
  values: Numbers,
  draw: (index: number, source: Random) => number,
  options: RankOptions & { readonly alike?: readonly number[] },
): RankInterval[] => {
  const { seed, draws = 2000, level = 0.95 } = options
  requireCount('rankIntervals', draws, 1, 'draws')
  requireLevel('rankIntervals', level)
  const k = values.length
  const alike = options.alike ?? Array.from(values, (_, i) => i)
  const source = random(seed)
  const tally = () => Array.from({ length: k }, () => new Uint32Array(k + 2))
  const [best, worst] = [tally(), tally()]
  const sizes = new Uint32Array(k)
  for (const kind of alike) sizes[kind] = at(sizes, kind) + 1
  const drawn = new Float64Array(k)
  for (let i = 0; i < draws; i++) {
    for (let j = 0; j < k; j++) drawn[j] = draw(j, source)
    placesOf(drawn, (j, first, last) => {
      const kind = at(alike, j)
      const [low, high] = [at(best, kind), at(worst, kind)]
      low[first] = at(low, first) + 1
      high[last] = at(high, last) + 1
    })
  }
  const ranks = new Int32Array(k)
  placesOf(values, (j, first) => (ranks[j] = first))
  return Array.from(ranks, (rank, j) => {
    const kind = at(alike, j)
    const [low, high] = [at(best, kind), at(worst, kind)]
    const total = draws * at(sizes, kind)
    const tail = Math.floor(((1 - level) / 2) * total)
    let lo = 1
    for (let below = at(low, 1); below <= tail; below += at(low, lo)) lo++
    let hi = k
    for (let above = at(high, k); above <= tail; above += at(high, hi)) hi--
    const mean = sumOf(k + 1, (place) => place * (at(low, place) + at(high, place))) / (2 * total)
    return { rank, lo: Math.min(lo, rank), hi: Math.max(hi, rank), mean }
  })
}

/** Tells the first and the last place of each value, 1 = the largest; they differ where values are equal. */
const placesOf = (
  values: Numbers,
  tell: (index: number, first: number, last: number) => void,
): void => {
  const order = Array.from(values, (_, i) => i).sort((a, b) => at(values, b) - at(values, a))
  for (let first = 0; first < order.length;) {
    let last = first
    while (
      last + 1 < order.length &&
      at(values, at(order, last + 1)) === at(values, at(order, first))
    )
      last++
    for (let place = first; place <= last; place++) tell(at(order, place), first + 1, last + 1)
    first = last + 1
  }
}
