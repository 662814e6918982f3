import { normalQuantile } from '../statistics/distributions.ts'
import { StatisticsError } from '../statistics/errors.ts'
import type { Interval } from '../statistics/interval.ts'
import { random } from '../statistics/random.ts'
import {
  mean,
  requireAnswer,
  requireCount,
  requireFinite,
  requireLevel,
  sum,
  weightedMean,
} from '../statistics/sums.ts'
import { atLeast } from './threshold.ts'

/** One indicator of a head’s school: null where it is not available. */
export interface ScorecardIndicator {
  readonly group: string
  readonly value: number | null
  /** 0: exact, as a count of a register is; null: not known. */
  readonly se: number | null
  /** Values that score 0 and 1: quantiles of the cluster over three years, fixed for the cycle; for «lower is better» from > to. */
  readonly from: number
  readonly to: number
}
export interface ScorecardRule {
  readonly weights: ReadonlyMap<string, number>
  /** Least share of the weight that must be available (0.6). */
  readonly leastWeight: number
  /** Lowest totals of bands A, B, C, descending, 0–1; below the last: D. */
  readonly bands: readonly number[]
  /** Sensitivity runs, each with weights of its own. */
  readonly bootstraps: number
  /** Weights are moved by up to this share in the sensitivity runs (0.5). */
  readonly weightChange: number
  readonly seed: number
  /** Coverage of the interval, 0.95 by default. */
  readonly level?: number
}
/** Objectivity gate: attainment does not count and the objectivity group is 0 (ИНО ≥ 50 or a federal marker). */
export interface ObjectivityGate {
  readonly isClosed: boolean
  readonly attainmentGroups: ReadonlySet<string>
  readonly objectivityGroup: string
}
export interface Scorecard {
  /** 0–1 by group; null: nothing available, or not counted for want of objectivity. */
  readonly groups: ReadonlyMap<string, number | null>
  /** 0–1; null with too little weight. */
  readonly total: number | null
  readonly availableWeight: number
  readonly band: string | null
  /** Of the total of the true values, by `totalInterval`; null where the error of a counted indicator is not known, or none has one,
   * which is not certainty. */
  readonly interval: Interval | null
  /** Share of runs with moved weights that keep the band, 0–1. */
  readonly stability: number | null
}

/**
 * Scorecard of a head (DOMAIN 3.12): an indicator scores (x − a)/(b − a) within 0–1, a group the mean of its available indicators, the
 * total the weighted mean of available groups. A band, never a rank; sensitivity by seeded changes of the weights.
 *
 * @throws StatisticsError for an indicator of a group without a weight, limits that are equal, an error or a weight that is negative, or
 * bootstraps that are not a whole number ≥ 0
 */
export const headScorecard = (
  indicators: readonly ScorecardIndicator[],
  gate: ObjectivityGate,
  rule: ScorecardRule,
): Scorecard => {
  const level = rule.level ?? 0.95
  requireLevel('headScorecard', level)
  requireRule(indicators, rule)
  const groups = groupScores(indicators, gate, rule)
  const { total, availableWeight } = totalOf(groups, rule.weights, rule.leastWeight)
  if (total === null)
    return { groups, total, availableWeight, band: null, interval: null, stability: null }
  const band = bandOf(total, rule.bands)
  const source = random(rule.seed)
  let kept = 0
  for (let i = 0; i < rule.bootstraps; i++) {
    const weights = new Map(
      [...rule.weights].map(([group, weight]) => [
        group,
        weight * (1 + rule.weightChange * (2 * source.uniform() - 1)),
      ]),
    )
    const other = totalOf(groups, weights, 0).total
    if (other !== null && bandOf(other, rule.bands) === band) kept += 1
  }
  return {
    groups,
    total,
    availableWeight,
    band,
    interval: totalInterval(partsOf(indicators, groups, gate, rule), total, level),
    stability: rule.bootstraps === 0 ? null : kept / rule.bootstraps,
  }
}

/** An indicator’s part of a total: its share of the weight, its score that is not clipped and the error of that, in units of the score. */
interface Part {
  readonly share: number
  readonly score: number
  readonly error: number
}

/**
 * An interval of Σ share·clip(true score). With S² = Σ share²·error² the upper limit is Σ share·clip(score; 0, 1 + error) + z·S, the lower
 * Σ share·clip(score; −error, 1) − z·S, both held to 0 … 1. Scores clipped on both sides stand too low at the cap and too high at the floor
 * on average, and vary too little; a score that is not clipped above is never too low on average, since max(0, x) is convex, and its
 * shortfall exceeds z·S no oftener than the normal tail: each one-sided error would be at most (1 − level)/2. Clipping one error beyond
 * the limit keeps an indicator far beyond it from making up for others, and leaves a mean bias of at most 0.083 errors.
 *
 * @returns null where no indicator has an error, or that of one is not known
 */
const totalInterval = (parts: readonly Part[], total: number, level: number): Interval | null => {
  if (parts.every(({ error }) => error === 0) || parts.some(({ error }) => error !== error))
    return null
  const variance = sum(parts.map(({ share, error }) => (share * error) ** 2))
  const half = normalQuantile((1 + level) / 2) * Math.sqrt(variance)
  if (!Number.isFinite(half)) return { lo: 0, hi: 1 }
  const centre = (below: number, above: number): number =>
    sum(
      parts.map(
        ({ share, score, error }) =>
          share * Math.min(1 + above * error, Math.max(-below * error, score)),
      ),
    )
  // A total at the edge is a weighted mean too: the limits may miss it by binary rounding.
  return {
    lo: Math.min(total, Math.max(0, centre(1, 0) - half)),
    hi: Math.max(total, Math.min(1, centre(0, 1) + half)),
  }
}

const partsOf = (
  indicators: readonly ScorecardIndicator[],
  groups: ReadonlyMap<string, number | null>,
  gate: ObjectivityGate,
  rule: ScorecardRule,
): Part[] => {
  const counted = new Map(
    [...rule.weights].filter(([group]) => (groups.get(group) ?? null) !== null),
  )
  const whole = sum([...counted.values()])
  return indicators.flatMap(({ group, value, se, from, to }) => {
    const weight = counted.get(group) ?? 0
    if (value === null || weight === 0 || (gate.isClosed && group === gate.objectivityGroup))
      return []
    const members = indicators.filter((other) => other.group === group && other.value !== null)
    return [
      {
        share: weight / whole / members.length,
        score: (value - from) / (to - from),
        error: (se ?? NaN) / Math.abs(to - from),
      },
    ]
  })
}

const requireRule = (indicators: readonly ScorecardIndicator[], rule: ScorecardRule): void => {
  requireCount('headScorecard', rule.bootstraps, 0, 'bootstraps')
  for (const { se } of indicators) {
    if (se !== null && !(se >= 0 && se < Infinity))
      throw new StatisticsError(
        'headScorecard',
        `a standard error is ${String(se)}`,
        'errors are ≥ 0',
      )
  }
  for (const weight of rule.weights.values()) {
    if (!(weight >= 0 && weight < Infinity))
      throw new StatisticsError('headScorecard', `a weight is ${String(weight)}`, 'weights are ≥ 0')
  }
}

/**
 * Score of one value, 0–1: (x − from)/(to − from), clipped.
 *
 * @throws StatisticsError for limits that are equal or a number that is not finite
 */
export const indicatorScore = (value: number, from: number, to: number): number => {
  requireFinite('indicatorScore', [value, from, to])
  if (from === to)
    throw new StatisticsError(
      'indicatorScore',
      `both limits are ${String(from)}`,
      'pass two limits that differ',
    )
  requireAnswer('indicatorScore', [value - from, to - from])
  return Math.min(1, Math.max(0, (value - from) / (to - from)))
}

const groupScores = (
  indicators: readonly ScorecardIndicator[],
  gate: ObjectivityGate,
  rule: ScorecardRule,
): ReadonlyMap<string, number | null> => {
  const scores = new Map<string, number[]>([...rule.weights.keys()].map((group) => [group, []]))
  for (const indicator of indicators) {
    const own = scores.get(indicator.group)
    if (own === undefined)
      throw new StatisticsError(
        'headScorecard',
        `group «${indicator.group}» has no weight`,
        'add it to the table of weights',
      )
    const { value } = indicator
    if (value !== null) own.push(indicatorScore(value, indicator.from, indicator.to))
  }
  return new Map(
    [...scores].map(([group, own]) => [
      group,
      gate.isClosed && group === gate.objectivityGroup
        ? 0
        : own.length === 0 || (gate.isClosed && gate.attainmentGroups.has(group))
          ? null
          : mean(own),
    ]),
  )
}

const totalOf = (
  groups: ReadonlyMap<string, number | null>,
  weights: ReadonlyMap<string, number>,
  leastWeight: number,
): { readonly total: number | null; readonly availableWeight: number } => {
  const parts = [...weights].flatMap(([group, weight]) => {
    const score = groups.get(group) ?? null
    return score === null ? [] : [{ weight, score }]
  })
  const whole = sum([...weights.values()])
  const available = sum(parts.map(({ weight }) => weight))
  const share = whole > 0 ? available / whole : 0
  return {
    total:
      available > 0 && atLeast(share, leastWeight)
        ? weightedMean(
            parts.map(({ score }) => score),
            parts.map(({ weight }) => weight),
          )
        : null,
    availableWeight: share,
  }
}

const bandOf = (total: number, bands: readonly number[]): string => {
  const place = bands.findIndex((from) => atLeast(total, from))
  return String.fromCharCode('A'.charCodeAt(0) + (place < 0 ? bands.length : place))
}
