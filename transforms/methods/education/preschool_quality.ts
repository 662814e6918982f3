import { StatisticsError } from '../statistics/errors.ts'
import { weightedKappa } from '../statistics/kappa.ts'
import { mean, requireFinite } from '../statistics/sums.ts'
import { atLeast } from './threshold.ts'

/** One item of a scale: null is N/A. */
export interface ScaleItem {
  readonly area: string
  readonly score: number | null
}
export interface EnvironmentRating {
  /** Mean of scored items by subscale; null where all are N/A. */
  readonly areas: ReadonlyMap<string, number | null>
  /** Mean of all scored items (not of subscales). */
  readonly total: number
  readonly level: 'inadequate' | 'adequate' | 'good'
}

/**
 * ECERS-R (DOMAIN 3.13): subscale and total are means of scored items, 1–7; adequate from `adequateFrom` (3), good from `goodFrom` (5).
 *
 * @throws StatisticsError for no scored item, or a score outside the scale
 */
export const environmentRating = (
  items: readonly ScaleItem[],
  rule: {
    readonly adequateFrom: number
    readonly goodFrom: number
    readonly scale: readonly [number, number]
  },
): EnvironmentRating => {
  const areas = areaMeans(items, rule.scale)
  const scored = items.flatMap(({ score }) => (score === null ? [] : [score]))
  const total = mean(scored)
  return {
    areas,
    total,
    level: atLeast(total, rule.goodFrom)
      ? 'good'
      : atLeast(total, rule.adequateFrom)
        ? 'adequate'
        : 'inadequate',
  }
}

const areaMeans = (
  items: readonly ScaleItem[],
  [lowest, highest]: readonly [number, number],
): ReadonlyMap<string, number | null> => {
  const byArea = new Map<string, number[]>()
  for (const { area, score } of items) {
    const own = byArea.get(area) ?? []
    byArea.set(area, own)
    if (score === null) continue
    if (!(score >= lowest && score <= highest))
      throw new StatisticsError(
        'preschoolQuality',
        `a score is ${String(score)}`,
        `the scale is ${String(lowest)}–${String(highest)}`,
      )
    own.push(score)
  }
  if ([...byArea.values()].every((own) => own.length === 0))
    throw new StatisticsError('preschoolQuality', 'no scored item', 'pass at least one score')
  return new Map([...byArea].map(([area, own]) => [area, own.length === 0 ? null : mean(own)]))
}

export interface ObserverAgreement {
  /** Share of items within one point, 0–1. */
  readonly withinOne: number
  /** Quadratic κ; null where both used one score only. */
  readonly kappa: number | null
  readonly isReliable: boolean
}
/**
 * Agreement of two observers of one group: reliable from `withinFrom` (0.85) and κ `kappaFrom` (0.6).
 *
 * @throws StatisticsError for no items, or a score that is not a whole number of the scale
 */
export const observerAgreement = (
  pairs: readonly (readonly [number, number])[],
  rule: {
    readonly withinFrom: number
    readonly kappaFrom: number
    readonly scale: readonly [number, number]
  },
): ObserverAgreement => {
  const [lowest, highest] = rule.scale
  if (pairs.length === 0)
    throw new StatisticsError('observerAgreement', 'no items', 'pass items that both scored')
  const size = highest - lowest + 1
  const table = Array.from({ length: size }, () => Array.from({ length: size }, () => 0))
  for (const [first, second] of pairs) {
    const row = table[first - lowest]
    if (row === undefined || row[second - lowest] === undefined)
      throw new StatisticsError(
        'observerAgreement',
        `a score is outside ${String(lowest)}–${String(highest)}`,
        'pass whole scores of the scale',
      )
    row[second - lowest] = (row[second - lowest] ?? 0) + 1
  }
  const withinOne = pairs.filter(([a, b]) => Math.abs(a - b) <= 1).length / pairs.length
  let kappa: number | null
  try {
    ;({ kappa } = weightedKappa(table))
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error
    kappa = null
  }
  return {
    withinOne,
    kappa,
    isReliable:
      atLeast(withinOne, rule.withinFrom) && kappa !== null && atLeast(kappa, rule.kappaFrom),
  }
}

export interface PreschoolMonitoring {
  /** Mean of the indicators of an area, 1–5; null where none was scored. */
  readonly areas: ReadonlyMap<string, number | null>
  readonly total: number
}
/**
 * МКДО of one group (DOMAIN 3.13): an area is the mean of its indicators, the total that of all.
 *
 * @throws StatisticsError for no scored item, or a score outside the scale
 */
export const preschoolMonitoring = (
  items: readonly ScaleItem[],
  scale: readonly [number, number],
): PreschoolMonitoring => ({
  areas: areaMeans(items, scale),
  total: mean(items.flatMap(({ score }) => (score === null ? [] : [score]))),
})

/**
 * Share of groups whose total reaches the basic level (3), 0–1; null without groups.
 *
 * @throws StatisticsError for a total or level that is not finite
 */
export const basicLevelShare = (totals: readonly number[], basicFrom: number): number | null => {
  requireFinite('basicLevelShare', [...totals, basicFrom])
  return totals.length === 0
    ? null
    : totals.filter((total) => atLeast(total, basicFrom)).length / totals.length
}

/**
 * Internal less external assessment of one organisation: an objectivity marker where it is `flagFrom` or more.
 *
 * @throws StatisticsError for a rating that is not finite
 */
export const selfAssessmentGap = (
  internal: number,
  external: number,
  flagFrom: number,
): { readonly gap: number; readonly isFlagged: boolean } => {
  requireFinite('selfAssessmentGap', [internal, external])
  return { gap: internal - external, isFlagged: atLeast(internal - external, flagFrom) }
}
