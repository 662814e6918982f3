import { StatisticsError } from './errors.ts'
import { random, type Random } from './random.ts'
import { requireCount, requireFinite, sumOf, type Numbers } from './sums.ts'

const at = (values: Numbers, index: number): number => values[index] as number

/** A place among K, 1 = the largest value: `rank` of the estimate, lo ≤ rank ≤ hi of the draws, `mean` place over the draws. */
export interface RankInterval {
  readonly rank: number
  readonly lo: number
  readonly hi: number
  readonly mean: number
}

/**
 * Rank intervals by draws from the normal posteriors N(value, se²): at each draw all groups are ranked, and the `level` middle of each
 * group's ranks is kept (widened to its own rank where shrinkage pulls it out).
 *
 * @param groups value and se ≥ 0 of each
 * @param options seed, draws (2,000), level (0.95)
 */
export const rankIntervals = (
  groups: readonly { readonly value: number; readonly se: number }[],
  options: { readonly seed: number; readonly draws?: number; readonly level?: number },
): RankInterval[] => {
  for (const { value, se } of groups) {
    requireFinite('rankIntervals', [value, se])
    if (se < 0)
      throw new StatisticsError('rankIntervals', `a standard error is ${se}`, 'errors are ≥ 0')
  }
  return rankIntervalsOf(
    groups.map(({ value }) => value),
    (i, source) => {
      const { value, se } = groups[i] as { value: number; se: number }
      return source.normal(value, se)
    },
    options,
  )
}

/** As `rankIntervals`, with the caller's own posterior: `draw(i, source)` is a draw of group i. */
export const rankIntervalsOf = (
  values: Numbers,
  draw: (index: number, source: Random) => number,
  options: { readonly seed: number; readonly draws?: number; readonly level?: number },
): RankInterval[] => {
  const { seed, draws = 2000, level = 0.95 } = options
  requireCount('rankIntervals', draws, 1, 'draws')
  if (!(level > 0 && level < 1))
    throw new StatisticsError('rankIntervals', `level is ${level}`, 'pass a level between 0 and 1')
  const k = values.length
  const source = random(seed)
  const tallies = Array.from({ length: k }, () => new Uint32Array(k + 1))
  const drawn = new Float64Array(k)
  for (let i = 0; i < draws; i++) {
    for (let j = 0; j < k; j++) drawn[j] = draw(j, source)
    placesOf(drawn).forEach((place, j) => {
      const tally = tallies[j] as Uint32Array
      tally[place] = at(tally, place) + 1
    })
  }
  const tail = Math.floor(((1 - level) / 2) * draws)
  return placesOf(values).map((rank, j) => {
    const tally = tallies[j] as Uint32Array
    let lo = 1
    for (let below = at(tally, 1); below <= tail; below += at(tally, lo)) lo++
    let hi = k
    for (let above = at(tally, k); above <= tail; above += at(tally, hi)) hi--
    const mean = sumOf(k + 1, (place) => place * at(tally, place)) / draws
    return { rank, lo: Math.min(lo, rank), hi: Math.max(hi, rank), mean }
  })
}

const placesOf = (values: Numbers): number[] => {
  const order = Array.from(values, (_, i) => i).sort(
    (a, b) => at(values, b) - at(values, a) || a - b,
  )
  const places = new Array<number>(values.length)
  order.forEach((index, place) => (places[index] = place + 1))
  return places
}
