import { StatisticsError } from './errors.ts'
import { memory } from './memory.ts'
import { random } from './random.ts'
import {
  at,
  mean,
  quantileSorted,
  requireAnswer,
  requireCount,
  sumOf,
  type Numbers,
} from './sums.ts'

/** A count and the rate it is judged by, 0–1. */
export interface JudgedCount {
  readonly successes: number
  readonly n: number
  readonly target: number
}

const MOST = 0.99
const FARTHEST = 1e100
export interface SpreadOptions {
  /** Of the draws of the null expectation. */
  readonly seed: number
  /** Draws of the null expectation, 2,000 by default. */
  readonly draws?: number
  /** Fewer groups say nothing of a spread (5). */
  readonly fewest?: number
  /** This lowest share counts as if it lay at its edge, so that a few groups far below do not make the spread (0.1). */
  readonly lowest?: number
}

const LOWEST = 0.1

/**
 * Twice the mean square of the distances below the centre, the `lowest` share drawn in to its edge: what lies above does not move it. The
 * centre is the mean of the middle fifth, which unlike the median does not jump between the steps of a count.
 *
 * @throws StatisticsError for no scores, or squares beyond the doubles
 */
export const spreadBelow = (scores: Numbers, lowest = LOWEST): number =>
  spreadOfSorted(Float64Array.from(scores).sort(), lowest)

const spreadOfSorted = (sorted: Float64Array, lowest: number): number => {
  const centre = mean(
    sorted.subarray(Math.floor(0.4 * sorted.length), Math.ceil(0.6 * sorted.length)),
  )
  const edge = quantileSorted(sorted, lowest)
  const below = sumOf(
    sorted.length,
    (i) => Math.min(0, Math.max(edge, at(sorted, i)) - centre) ** 2,
  )
  requireAnswer('spreadBelow', [below])
  return (2 * below) / sorted.length
}

/** A target close to 0 makes scores whose squares are beyond the doubles. */
const bounded = (score: number): number => Math.max(-FARTHEST, Math.min(FARTHEST, score))

const remembered = memory<number>(512)

/** Mean of `spreadBelow` over K independent N(0, 1), simulated from the seed. */
const expectedSpread = (k: number, seed: number, draws: number, lowest: number): number =>
  remembered(`${k} ${seed} ${draws} ${lowest}`, () => {
    const source = random(seed)
    const row = new Float64Array(k)
    const spreads = new Float64Array(draws)
    for (let draw = 0; draw < draws; draw++) {
      for (let i = 0; i < k; i++) row[i] = source.normal()
      spreads[draw] = spreadOfSorted(row.sort(), lowest)
    }
    return mean(spreads)
  })

/**
 * How much more groups differ from their targets than chance makes them, when some groups may be raised: the intraclass correlation ρ,
 * 0–0.99, at which the spread below the centre of z = (x/n − θ)/√(θ(1 − θ)(1 + (n − 1)ρ)/n) is what it is on average for as many
 * N(0, 1). Groups whose target is 0 or 1 are left out; 0 with fewer than `fewest` groups.
 *
 * Source: over-dispersion as a variance between groups, D. Spiegelhalter, Statist. Med. 24 (2005) 1185–1202; the null spread from the
 * part of the scores that the effect does not reach, B. Efron, J. Am. Stat. Assoc. 99 (2004) 96–104.
 *
 * @param options see SpreadOptions
 * @throws StatisticsError for n < 1, successes outside 0 … n, a target outside 0–1 or an option outside its range
 */
export const intraclassSpread = (
  groups: readonly JudgedCount[],
  options: SpreadOptions,
): number => {
  const { seed, draws = 2000, fewest = 5, lowest = LOWEST } = options
  requireCount('intraclassSpread', draws, 1, 'draws')
  if (!(lowest >= 0 && lowest < 0.5))
    throw new StatisticsError('intraclassSpread', `lowest is ${lowest}`, 'pass a share in [0, 0.5)')
  for (const { successes, n, target } of groups) {
    requireCount('intraclassSpread', n, 1, 'n')
    if (!(successes >= 0 && successes <= n && target >= 0 && target <= 1))
      throw new StatisticsError(
        'intraclassSpread',
        `${successes} successes of ${n} at a target of ${target}`,
        'pass 0 ≤ successes ≤ n and a target in [0, 1]',
      )
  }
  const judged = groups.filter(({ target }) => target > 0 && target < 1)
  if (judged.length < Math.max(1, fewest)) return 0
  const apart = judged.map(({ successes, n, target }) => successes / n - target)
  const scores = new Float64Array(judged.length)
  const squareAt = (rho: number): number => {
    judged.forEach(({ n, target }, i) => {
      scores[i] = bounded(
        at(apart, i) / Math.sqrt((target * (1 - target) * (1 + (n - 1) * rho)) / n),
      )
    })
    return spreadOfSorted(scores.sort(), lowest)
  }
  const expected = expectedSpread(judged.length, seed, draws, lowest)
  if (squareAt(0) <= expected) return 0
  if (squareAt(MOST) >= expected) return MOST
  let [low, high] = [0, MOST]
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2
    if (squareAt(middle) > expected) low = middle
    else high = middle
  }
  return (low + high) / 2
}
