import {
  betaBinomialMasses,
  binomialQuantile,
  normalQuantile,
  quantileOfMasses,
} from './distributions.ts'
import { StatisticsError } from './errors.ts'
import type { Interval } from './interval.ts'
import { memory } from './memory.ts'
import { random } from './random.ts'
import {
  at,
  quantileSorted,
  requireAnswer,
  requireCount,
  requireFinite,
  requireLevel,
  sum,
  sumOf,
  type Numbers,
} from './sums.ts'

/**
 * - `target`: the rate θ₀ the group is judged by, 0–1
 * - `n`: members of the group, ≥ 1
 * - `dispersion`: φ ≥ 1, the factor on the variance (1 by default)
 * - `level`: coverage of the limits, 0.95 by default (0.998 for the outer pair)
 * - `rest`: members behind a target that leaves the group out; the variance is multiplied by 1 + n/rest for the target's own error
 */
export interface FunnelInput {
  readonly target: number
  readonly n: number
  readonly dispersion?: number
  readonly level?: number
  readonly rest?: number
}

/** Limits as shares in [0, 1]; a rate is beyond them when it is strictly outside. */
export interface FunnelLimits extends Interval {
  readonly method: 'wald' | 'binomial' | 'beta-binomial'
}

/** A group without the coverage of its limits. */
export type FunnelGroup = Omit<FunnelInput, 'level'>

interface Checked {
  readonly target: number
  readonly n: number
  readonly factor: number
}

const checked = ({ target, n, dispersion = 1, rest }: FunnelGroup): Checked => {
  requireCount('funnelLimits', n, 1, 'n')
  if (!(target >= 0 && target <= 1)) {
    throw new StatisticsError('funnelLimits', `target is ${target}`, 'pass a share in [0, 1]')
  }
  if (!(dispersion >= 1 && dispersion < Infinity)) {
    throw new StatisticsError(
      'funnelLimits',
      `dispersion is ${dispersion}`,
      'pass a finite factor ≥ 1',
    )
  }
  if (rest !== undefined && !(rest > 0 && rest < Infinity)) {
    throw new StatisticsError(
      'funnelLimits',
      `rest is ${rest}`,
      'pass the members behind the target, > 0',
    )
  }
  return { target, n, factor: dispersion * (rest === undefined ? 1 : 1 + n / rest) }
}

/** A coverage by what is left at each end: the tail, and z of its quantile. */
export interface FunnelLevel {
  readonly tail: number
  readonly z: number
}
/**
 * The level of that coverage, 0.95 by default.
 *
 * @throws StatisticsError for a coverage outside 0–1
 */
export const funnelLevel = (level = 0.95): FunnelLevel => {
  requireLevel('funnelLimits', level)
  const tail = (1 - level) / 2
  return { tail, z: -normalQuantile(tail) }
}
export type FunnelSide = 'lo' | 'hi'

/** As `waldLimits`: the limits of one side, level by level. */
export const waldSide = (
  group: FunnelGroup,
  side: FunnelSide,
  levels: readonly FunnelLevel[],
): number[] => {
  const { target, n, factor } = checked(group)
  const error = Math.sqrt((target * (1 - target) * factor) / n)
  return levels.map(({ z }) =>
    side === 'lo' ? Math.max(0, target - z * error) : Math.min(1, target + z * error),
  )
}

/** Wald limits θ₀ ± z√(θ₀(1 − θ₀)φ/n), clamped to [0, 1]; poor where n < 30, nθ₀ < 5 or n(1 − θ₀) < 5. */
export const waldLimits = (input: FunnelInput): FunnelLimits => {
  const levels = [funnelLevel(input.level)]
  return {
    lo: at(waldSide(input, 'lo', levels), 0),
    hi: at(waldSide(input, 'hi', levels), 0),
    method: 'wald',
  }
}

/** Quantiles of a group’s count, as shares: what the exact limits of all its levels and sides are taken from. */
const exactQuantiles = (
  group: FunnelGroup,
): { readonly of: (p: number) => number; readonly method: FunnelLimits['method'] } => {
  const { target, n, factor } = checked(group)
  const degenerate = target === 0 || target === 1
  if (factor === 1 || degenerate || n === 1)
    return { of: (p) => binomialQuantile(p, n, target) / n, method: 'binomial' }
  const intraclass = (factor - 1) / (n - 1)
  if (intraclass >= 1) return { of: (p) => (1 - target >= p ? 0 : 1), method: 'beta-binomial' }
  const precision = 1 / intraclass - 1
  const masses = betaBinomialMasses(n, target * precision, (1 - target) * precision)
  return { of: (p) => quantileOfMasses(p, masses) / n, method: 'beta-binomial' }
}

/** As `exactLimits`: the limits of one side, level by level, from one distribution. */
export const exactSide = (
  group: FunnelGroup,
  side: FunnelSide,
  levels: readonly FunnelLevel[],
): number[] => {
  const { of } = exactQuantiles(group)
  return levels.map(({ tail }) => of(side === 'lo' ? tail : 1 - tail))
}

/**
 * Limits from quantiles of the count: binomial at φ = 1; above, beta-binomial with the variance nθ₀(1 − θ₀)φ, so ρ = (φ − 1)/(n − 1).
 * At φ ≥ n (more than a count of n can vary) the count is 0 or n.
 */
export const exactLimits = (input: FunnelInput): FunnelLimits => {
  const { of, method } = exactQuantiles(input)
  const { tail } = funnelLevel(input.level)
  return { lo: of(tail), hi: of(1 - tail), method }
}

/**
 * Funnel limits of a proportion: exact where n < 30, nθ₀ < 5 or n(1 − θ₀) < 5, else Wald.
 *
 * Source: D. Spiegelhalter, Statist. Med. 24 (2005) 1185–1202; beta-binomial quantiles in the exact region keep the over-dispersed
 * limits together at n = 30.
 *
 * @throws StatisticsError for n < 1, a target outside [0, 1], a dispersion < 1
 */
export const funnelLimits = (input: FunnelInput): FunnelLimits => {
  const { target, n } = checked(input)
  const small = n < 30 || n * target < 5 || n * (1 - target) < 5
  return small ? exactLimits(input) : waldLimits(input)
}

/**
 * Where a rate lies: strictly outside the limits or inside (a rate on the limit is inside).
 *
 * @throws StatisticsError for a rate that is not finite
 */
export const beyond = (rate: number, limits: Interval): 'below' | 'inside' | 'above' => {
  requireFinite('beyond', [rate])
  return rate < limits.lo ? 'below' : rate > limits.hi ? 'above' : 'inside'
}

/** A rate of the others: `target` 0–1, `rest` the members behind it. */
export interface LeaveOneOut {
  readonly target: number
  readonly rest: number
}

/**
 * The target of each group from all the others, (Σx − x_s)/(Σn − n_s): a group is not its own norm.
 *
 * @param groups successes and members of each
 * @throws StatisticsError where a group has no others
 */
export const leaveOneOut = (
  groups: readonly { readonly successes: number; readonly n: number }[],
): LeaveOneOut[] => {
  for (const { successes: count, n } of groups) {
    if (!(Number.isFinite(n) && n >= 0 && count >= 0 && count <= n))
      throw new StatisticsError(
        'leaveOneOut',
        `${count} successes of ${n}`,
        'pass 0 ≤ successes ≤ n',
      )
  }
  const successes = sum(groups.map((group) => group.successes))
  const members = sum(groups.map((group) => group.n))
  return groups.map((group) => {
    const rest = members - group.n
    if (!(rest > 0))
      throw new StatisticsError(
        'leaveOneOut',
        'a group has no others',
        'pass at least two groups with members',
      )
    requireAnswer('leaveOneOut', [rest])
    return { target: Math.min(1, (successes - group.successes) / rest), rest }
  })
}

/**
 * Standardised distance of a rate from its target: (p − θ₀)/√(θ₀(1 − θ₀)φ/n), with the factor of `rest` as in `funnelLimits`.
 *
 * @throws StatisticsError for a target of 0 or 1, where the distance has no unit
 */
export const funnelZ = (rate: number, input: FunnelInput): number => {
  const { target, n, factor } = checked(input)
  requireLevel('funnelZ', input.level ?? 0.95)
  requireFinite('funnelZ', [rate])
  if (target === 0 || target === 1) {
    throw new StatisticsError(
      'funnelZ',
      `target is ${target}`,
      'use exact limits where the target has no variance',
    )
  }
  const z = (rate - target) / Math.sqrt((target * (1 - target) * factor) / n)
  requireAnswer('funnelZ', [z])
  return z
}

/**
 * Mean of squared z-scores winsorised at their type-7 quantiles `share` and 1 − `share`: the raw φ̂, which under N(0, 1) is on average
 * well below 1 and is not itself an estimate of φ.
 *
 * @throws StatisticsError for no scores, one that is not finite or a share outside 0 ≤ share < 0.5
 */
export const winsorisedMeanSquare = (scores: Numbers, share = 0.1): number => {
  requireFinite('winsorisedMeanSquare', scores, 'score')
  if (scores.length < 1 || !(share >= 0 && share < 0.5)) {
    throw new StatisticsError(
      'winsorisedMeanSquare',
      `${scores.length} scores, share ${share}`,
      'pass scores and a share in [0, 0.5)',
    )
  }
  const sorted = Float64Array.from(scores).sort()
  const low = quantileSorted(sorted, share)
  const high = quantileSorted(sorted, 1 - share)
  const square =
    sumOf(sorted.length, (i) => Math.min(high, Math.max(low, sorted[i] as number)) ** 2) /
    sorted.length
  requireAnswer('winsorisedMeanSquare', [square])
  return square
}

/**
 * - `raw`: winsorised mean square of the scores
 * - `expected`: its mean under N(0, 1) for this K
 * - `phi`: raw/expected, the estimate of φ
 * - `critical`: its null quantile at `level`; `significant`: raw > critical
 * - `factor`: what variances are multiplied by: φ where significant and above 1, else 1
 */
export interface Dispersion {
  readonly raw: number
  readonly expected: number
  readonly phi: number
  readonly critical: number
  readonly significant: boolean
  readonly factor: number
  readonly k: number
}

interface NullDistribution {
  readonly expected: number
  readonly sorted: Float64Array
}

/** The groups of one page share the draws. */
const remembered = memory<NullDistribution>(512)

const nullDistribution = (k: number, share: number, seed: number, most: number): NullDistribution =>
  remembered(`${k} ${share} ${seed} ${most}`, () => {
    const draws = Math.max(400, Math.min(most, Math.floor(2_000_000 / k)))
    const source = random(seed)
    const row = new Float64Array(k)
    const statistics = new Float64Array(draws)
    for (let i = 0; i < draws; i++) {
      for (let j = 0; j < k; j++) row[j] = source.normal()
      statistics[i] = winsorisedMeanSquare(row, share)
    }
    statistics.sort()
    return { expected: sum(statistics) / draws, sorted: statistics }
  })

/**
 * Over-dispersion of K z-scores. The winsorised mean square is divided by its expectation under N(0, 1) for that K, and judged
 * by the quantile of the same null distribution, simulated from `seed` (2·10⁶ normal draws, 400 … 40,000 rows): error of the
 * expectation below 0.5 %.
 *
 * Source: D. Spiegelhalter, Statist. Med. 24 (2005) 1185–1202, with the null distribution in place of χ², which does not hold after
 * winsorising.
 *
 * @param scores K ≥ 2 z-scores against an outside target
 * @param options share winsorised at each end (0.1), level of the test (0.95), seed of the null distribution, most rows it is drawn with
 *   (40,000; 2,000 keep the error of the expectation below 1 %, for pages with a cell for every K)
 * @throws StatisticsError for fewer than 2 scores, one that is not finite, or an option outside its range
 */
export const dispersion = (
  scores: Numbers,
  options: {
    readonly seed: number
    readonly share?: number
    readonly level?: number
    readonly draws?: number
  },
): Dispersion => {
  const { seed, share = 0.1, level = 0.95, draws = 40_000 } = options
  if (scores.length < 2)
    throw new StatisticsError('dispersion', `${scores.length} scores`, 'at least 2 needed')
  requireLevel('dispersion', level)
  requireCount('dispersion', draws, 1, 'draws')
  const raw = winsorisedMeanSquare(scores, share)
  const { expected, sorted } = nullDistribution(scores.length, share, seed, draws)
  const critical = quantileSorted(sorted, level)
  const phi = raw / expected
  const significant = raw > critical
  return {
    raw,
    expected,
    phi,
    critical,
    significant,
    factor: significant ? Math.max(1, phi) : 1,
    k: scores.length,
  }
}
