import { requireCount, requireFinite } from '../statistics/sums.ts'
import { atLeast, atMost } from './threshold.ts'

/** A school’s context and result: ranks as shares of the region below it, 0–1; residuals of the latest years in SD. */
export interface ResilienceInput {
  readonly wellbeingRank: number
  readonly resultRank: number
  /** Standardised residual of the result on context, a year each, latest last; null: unknown. */
  readonly residuals: readonly (number | null)[]
  /** 95 % limits of the shrunk residual over the pool; null: not computed. */
  readonly pooled: { readonly lo: number; readonly hi: number } | null
  readonly objectivityFlags: number
}
export interface ResilienceRule {
  /** Adverse context: rank of ИСБШ up to this (0.25 or 1/3). */
  readonly adverseTo: number
  /** High result: rank from this (2/3). */
  readonly highFrom: number
  readonly residualFrom: number
  readonly years: number
}
export type ResilienceClass = 'resilient' | 'struggling' | 'coasting' | 'ordinary' | 'not objective'

/**
 * Resilient school (DOMAIN 3.7): high results in adverse conditions, or residuals of at least `residualFrom` in each of the latest `years`
 * with the shrunk residual’s interval above 0 – in adverse conditions, and without objectivity flags. Mirrored: low results for the context
 * are *struggling* where it is adverse and *coasting* where it is not.
 *
 * @throws StatisticsError for a rank, residual or limit that is not finite, or years that are not a whole number ≥ 1
 */
export const resilienceClass = (input: ResilienceInput, rule: ResilienceRule): ResilienceClass => {
  requireCount('resilienceClass', rule.years, 1, 'years')
  requireFinite('resilienceClass', [input.wellbeingRank, input.resultRank])
  requireFinite(
    'resilienceClass',
    input.residuals.filter((value) => value !== null),
  )
  if (input.pooled !== null)
    requireFinite('resilienceClass', [input.pooled.lo, input.pooled.hi], 'limit')
  const isAdverse = atMost(input.wellbeingRank, rule.adverseTo)
  const recent = input.residuals.slice(-rule.years)
  const lasting = (sign: 1 | -1): boolean =>
    recent.length >= rule.years &&
    recent.every((value) => value !== null && atLeast(sign * value, rule.residualFrom)) &&
    input.pooled !== null &&
    (sign === 1 ? input.pooled.lo > 0 : input.pooled.hi < 0)
  if (isAdverse && (atLeast(input.resultRank, rule.highFrom) || lasting(1)))
    return input.objectivityFlags > 0 ? 'not objective' : 'resilient'
  if (lasting(-1)) return isAdverse ? 'struggling' : 'coasting'
  return 'ordinary'
}
