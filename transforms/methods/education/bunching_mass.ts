import { StatisticsError } from '../statistics/errors.ts'
import type { Interval } from '../statistics/interval.ts'
import { multinomial } from '../statistics/multinomial.ts'
import { random } from '../statistics/random.ts'
import { quantile, requireCount, requireLevel, sum } from '../statistics/sums.ts'
import { fitLogPolynomial } from './log_polynomial.ts'
import { atLeast } from './threshold.ts'

export interface BunchingMassRule {
  readonly minimumN: number
  readonly degree: number
  /** Works of the curve at a score of the window, on average: from fewer the index is a quotient of chances. */
  readonly minimumExpected: number
  /** Index from which it is flagged, in mean counts of a score. */
  readonly indexFrom: number
  readonly bootstraps: number
  readonly seed: number
  /** Coverage of the interval, 0.95 by default. */
  readonly level?: number
}
export interface BunchingMass {
  /** B = Σ_{b, b+1}(n − n̂) and Mi = Σ_{b−2, b−1}(n̂ − n), in works. */
  readonly excess: number
  readonly missing: number
  /** Mean n̂ of the window, in works. */
  readonly expected: number
  /** B over it. */
  readonly index: number
  /** Null without bootstraps, or where none of them gave a curve. */
  readonly interval: Interval | null
  readonly isFlagged: boolean
}

/**
 * O7m, municipal bunching index at one boundary (DOMAIN 3.2): excess mass above it and missing mass below, against a log-polynomial that
 * does not see the window; interval by a seeded bootstrap of works, from its ordered indices number (R + 1)(1 ∓ level)/2 of R, between which
 * a fresh one lies that often.
 *
 * Source of the order: A. Davison, D. Hinkley, Bootstrap Methods and their Application (1997), 5.3.1.
 *
 * @param counts works by primary score 0 … X; the window is b−2 … b+1
 * @returns null with fewer works than the rule wants, no curve, or a curve that expects fewer in the window than the rule wants
 * @throws StatisticsError for a boundary that is not whole or whose window leaves the scale, counts that are not whole and ≥ 0 or whose sum
 * is beyond the safe integers, a degree that is not whole and ≥ 1, bootstraps that are not whole and ≥ 0, a minimum that is not ≥ 0, or a level outside 0–1
 */
export const bunchingMass = (
  counts: readonly number[],
  boundary: number,
  rule: BunchingMassRule,
): BunchingMass | null => {
  if (!Number.isInteger(boundary) || boundary < 2 || boundary + 1 >= counts.length)
    throw new StatisticsError(
      'bunchingMass',
      `no window at ${String(boundary)}`,
      'pass a whole boundary, two scores from the lowest and one from the highest',
    )
  const level = rule.level ?? 0.95
  requireLevel('bunchingMass', level)
  requireCount('bunchingMass', rule.degree, 1, 'the degree')
  requireCount('bunchingMass', rule.bootstraps, 0, 'bootstraps')
  for (const minimum of [rule.minimumN, rule.minimumExpected])
    if (!(minimum >= 0))
      throw new StatisticsError('bunchingMass', `a minimum of ${minimum}`, 'pass minima ≥ 0')
  for (const count of counts) requireCount('bunchingMass', count)
  const n = sum(counts)
  requireCount('bunchingMass', n, 0, 'the sum of the counts')
  if (n < rule.minimumN) return null
  const found = massOf(counts, boundary, rule.degree)
  if (found === undefined || found.expected < rule.minimumExpected) return null
  const source = random(rule.seed)
  const indices: number[] = []
  for (let i = 0; i < rule.bootstraps; i++) {
    const drawn = massOf(multinomial(source, n, counts, n), boundary, rule.degree)
    if (drawn !== undefined) indices.push(drawn.index)
  }
  const interval =
    indices.length === 0
      ? null
      : { lo: ordered(indices, (1 - level) / 2), hi: ordered(indices, (1 + level) / 2) }
  return {
    ...found,
    interval,
    isFlagged: atLeast(found.index, rule.indexFrom) && interval !== null && interval.lo > 0,
  }
}

/** The value number (R + 1)·p of R, between its neighbours; the outermost where there is none. */
const ordered = (values: readonly number[], p: number): number => {
  const place = (values.length + 1) * p - 1
  return quantile(values, Math.min(1, Math.max(0, place / Math.max(1, values.length - 1))))
}

const massOf = (
  counts: readonly number[],
  boundary: number,
  degree: number,
): Omit<BunchingMass, 'interval' | 'isFlagged'> | undefined => {
  const fit = fitLogPolynomial(
    counts,
    counts.map((_, score) => score < boundary - 2 || score > boundary + 1),
    degree,
  )
  if (fit === undefined) return undefined
  const gap = (score: number): number => (counts[score] ?? 0) - (fit.mean[score] ?? 0)
  const excess = gap(boundary) + gap(boundary + 1)
  const expected = sum([-2, -1, 0, 1].map((step) => fit.mean[boundary + step] ?? 0)) / 4
  const index = excess / expected
  // A curve that vanishes in the window expects nobody there: nothing to compare with.
  if (!Number.isFinite(index)) return undefined
  return { excess, missing: -gap(boundary - 2) - gap(boundary - 1), expected, index }
}
