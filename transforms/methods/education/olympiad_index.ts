import { StatisticsError } from '../statistics/errors.ts'
import { spearman } from '../statistics/correlation.ts'
import { mean, requireAnswer, requireFinite, sum, variance } from '../statistics/sums.ts'
import { atLeast, isBelow } from './threshold.ts'

/** One participant’s results in shares of the maximum, 0–1; municipal null: did not take part in that stage. */
export interface StagePair {
  readonly school: number
  readonly municipal: number | null
}
export interface ConfirmationRule {
  /** School-stage result from which a pupil is counted (0.70), and municipal result that confirms it (0.30). */
  readonly schoolFrom: number
  readonly municipalFrom: number
  readonly minimumN: number
  /** Drop is flagged where z against the municipality is not above −this (1.96). */
  readonly z: number
  readonly correlationBelow: number
}
export interface Confirmation {
  /** C, 0–1 of those above the limit who reached the municipal stage; null: nobody. */
  readonly confirmed: number | null
  readonly confirmable: number
  /** Mean school − municipal, in shares; z against the municipality’s pairs. */
  readonly drop: number | null
  readonly z: number | null
  /** Spearman’s ρ of the two stages; null with fewer than `minimumN` pairs or no spread. */
  readonly correlation: number | null
  readonly isFlagged: boolean
}

/**
 * Confirmation of the school stage of ВсОШ by the municipal stage (DOMAIN 3.4): C, drop against the municipality’s mean drop, rank
 * agreement. Pool three years; fewer than `minimumN` pairs are never flagged.
 *
 * @param all pairs of the whole municipality
 * @throws StatisticsError for a share that is not finite
 */
export const olympiadConfirmation = (
  pairs: readonly StagePair[],
  all: readonly StagePair[],
  rule: ConfirmationRule,
): Confirmation => {
  const both = complete(pairs)
  const others = complete(all)
  const strong = both.filter(({ school }) => atLeast(school, rule.schoolFrom))
  const drops = both.map(({ school, municipal }) => school - municipal)
  const allDrops = others.map(({ school, municipal }) => school - municipal)
  const drop = drops.length === 0 ? null : mean(drops)
  const spread = allDrops.length < 2 ? 0 : variance(allDrops)
  const z =
    drop === null || !(spread > 0)
      ? null
      : (mean(allDrops) - drop) / Math.sqrt(spread / drops.length)
  const correlation =
    both.length < Math.max(3, rule.minimumN)
      ? null
      : rankAgreement(
          both.map(({ school }) => school),
          both.map(({ municipal }) => municipal),
        )
  return {
    confirmed:
      strong.length === 0
        ? null
        : strong.filter(({ municipal }) => atLeast(municipal, rule.municipalFrom)).length /
          strong.length,
    confirmable: strong.length,
    drop,
    z,
    correlation,
    isFlagged:
      both.length >= rule.minimumN &&
      ((z !== null && atLeast(-z, rule.z)) ||
        (correlation !== null && isBelow(correlation, rule.correlationBelow))),
  }
}
const complete = (
  pairs: readonly StagePair[],
): readonly { readonly school: number; readonly municipal: number }[] =>
  pairs.flatMap(({ school, municipal }) => {
    requireFinite('olympiadConfirmation', [school, municipal ?? 0])
    return municipal === null ? [] : [{ school, municipal }]
  })
const rankAgreement = (a: readonly number[], b: readonly number[]): number | null => {
  try {
    return spearman(a, b).r
  } catch (error) {
    if (error instanceof StatisticsError) return null
    throw error
  }
}

/** A participant with the result of one event; level and result are keys of the weights. */
export interface Achievement {
  readonly pupil: string
  readonly event: string
  readonly subject: string
  readonly level: string
  readonly result: string
}
/**
 * Weighted achievements for 100 pupils (DOMAIN 3.4): Σ level weight × result weight; one pupil, event and subject counts once, by the best.
 *
 * @throws StatisticsError for a level or result without a weight ≥ 0, or no pupils
 */
export const weightedAchievements = (
  achievements: readonly Achievement[],
  pupils: number,
  levels: ReadonlyMap<string, number>,
  results: ReadonlyMap<string, number>,
): number => {
  if (!(pupils > 0 && pupils < Infinity))
    throw new StatisticsError('weightedAchievements', 'no pupils', 'pass the pupils of the school')
  const best = new Map<string, number>()
  for (const { pupil, event, subject, level, result } of achievements) {
    const [a, b] = [levels.get(level), results.get(result)]
    if (a === undefined || b === undefined)
      throw new StatisticsError(
        'weightedAchievements',
        `no weight for «${a === undefined ? level : result}»`,
        'add it to the table of weights',
      )
    const key = JSON.stringify([pupil, event, subject])
    if (!(a >= 0 && b >= 0))
      throw new StatisticsError(
        'weightedAchievements',
        `weights are ${String(a)} and ${String(b)}`,
        'pass weights ≥ 0',
      )
    best.set(key, Math.max(best.get(key) ?? 0, a * b))
  }
  const weighted = (100 * sum([...best.values()])) / pupils
  requireAnswer('weightedAchievements', [weighted])
  return weighted
}

/**
 * Home-jury effect: mean residual of works marked by jurors of the pupil’s own school less that of the others, with its standard error;
 * null with fewer than two works on either side.
 *
 * @param residual municipal-stage share less what the school stage foretells
 * @throws StatisticsError for a residual that is not finite
 */
export const homeJuryEffect = (
  works: readonly { readonly residual: number; readonly ownJuror: boolean }[],
): { readonly effect: number; readonly se: number; readonly z: number } | null => {
  const own = works.filter(({ ownJuror }) => ownJuror).map(({ residual }) => residual)
  const other = works.filter(({ ownJuror }) => !ownJuror).map(({ residual }) => residual)
  if (own.length < 2 || other.length < 2) return null
  const effect = mean(own) - mean(other)
  const se = Math.sqrt(variance(own) / own.length + variance(other) / other.length)
  return se > 0 ? { effect, se, z: effect / se } : null
}
