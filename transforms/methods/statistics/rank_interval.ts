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
 * @throws StatisticsError for a value that is not finite, a negative error, no draws or a level outside 0–1
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
  const centres = Float64Array.from(sorted, ({ value }) => value)
  const errors = Float64Array.from(sorted, ({ se }) => se)
  const intervals = rankIntervalsOf(centres, (i, source) => source.normal(centres[i], errors[i]), {
    ...options,
    alike,
  })
  const result = new Array<RankInterval>(groups.length)
  order.forEach((group, place) => (result[group] = at(intervals, place)))
  return result
}

/**
 * As `rankIntervals`, with the caller's own posterior: `draw(i, source)` is a draw of group i. Groups whose number in `alike` is the same
 * have the same posterior and get one interval. Equal draws share their places: each could stand on any of them.
 *
 * @throws StatisticsError for no draws or a level outside 0–1
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
  /** How often a kind of group had each place as its best, and as its worst: k + 2 counts a kind. */
  const width = k + 2
  const [best, worst] = [new Uint32Array(k * width), new Uint32Array(k * width)]
  const kinds = Int32Array.from(alike)
  const sizes = new Uint32Array(k)
  for (const kind of kinds) sizes[kind]!++
  const drawn = new Float64Array(k)
  const places = placesOf(k)
  for (let i = 0; i < draws; i++) {
    for (let j = 0; j < k; j++) drawn[j] = draw(j, source)
    const { first, last } = places(drawn)
    for (let j = 0; j < k; j++) {
      const from = kinds[j]! * width
      best[from + first[j]!]!++
      worst[from + last[j]!]!++
    }
  }
  const ranks = places(Float64Array.from(values)).first
  return Array.from(ranks, (rank, j) => {
    const kind = kinds[j]!
    const [low, high] = [best, worst].map((counts) =>
      counts.subarray(kind * width, (kind + 1) * width),
    ) as [Uint32Array, Uint32Array]
    const total = draws * sizes[kind]!
    const tail = Math.floor(((1 - level) / 2) * total)
    let lo = 1
    for (let below = low[1]!; below <= tail; below += low[lo]!) lo++
    let hi = k
    for (let above = high[k]!; above <= tail; above += high[hi]!) hi--
    const mean = sumOf(k + 1, (place) => place * (low[place]! + high[place]!)) / (2 * total)
    return { rank, lo: Math.min(lo, rank), hi: Math.max(hi, rank), mean }
  })
}

/** Up to so many values every pair is compared; above them they are sorted. */
const FEW = 64

/** The first and the last place of each of k values, 1 = the largest; they differ where values are equal. Read before the next call. */
const placesOf = (k: number) => {
  const first = new Int32Array(k)
  const last = new Int32Array(k)
  const comparePairs = (values: Float64Array): void => {
    first.fill(1)
    last.fill(1)
    for (let i = 1; i < k; i++) {
      const own = values[i]!
      for (let j = 0; j < i; j++) {
        const other = values[j]!
        if (other > own) {
          first[i]!++
          last[i]!++
        } else if (own > other) {
          first[j]!++
          last[j]!++
        } else {
          last[i]!++
          last[j]!++
        }
      }
    }
  }
  const lookUp = (values: Float64Array): void => {
    const sorted = values.slice().sort()
    for (let i = 0; i < k; i++) {
      const own = values[i]!
      first[i] = k - positionOf(sorted, (value) => value > own) + 1
      last[i] = k - positionOf(sorted, (value) => value >= own)
    }
  }
  return (values: Float64Array) => {
    if (k <= FEW) comparePairs(values)
    else lookUp(values)
    return { first, last }
  }
}

/** The first place in ascending numbers from which a rule holds. */
const positionOf = (sorted: Float64Array, rule: (value: number) => boolean): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rule(sorted[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
