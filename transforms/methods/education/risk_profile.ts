import { StatisticsError } from '../statistics/errors.ts'

export type RiskLevel = 'low' | 'medium' | 'high'
export interface RiskProfile {
  readonly high: number
  readonly medium: number
  readonly unknown: number
  readonly needsProgramme: boolean
  /** Factors that a programme should answer: the high ones, then the medium ones. */
  readonly factors: readonly string[]
}
/**
 * School risk profile (DOMAIN 2.7, 3.7): ten factors each low, medium or high; a programme is due with `highFrom` high or `mediumFrom`
 * medium factors (1 and 3).
 *
 * @param levels by factor; null: the questionnaire gave none
 * @throws StatisticsError for no factors
 */
export const riskProfile = (
  levels: ReadonlyMap<string, RiskLevel | null>,
  rule: { readonly highFrom: number; readonly mediumFrom: number },
): RiskProfile => {
  if (levels.size === 0) throw new StatisticsError('riskProfile', 'no factors', 'pass the factors')
  const with_ = (level: RiskLevel | null): readonly string[] =>
    [...levels].filter(([, value]) => value === level).map(([factor]) => factor)
  const [high, medium] = [with_('high'), with_('medium')]
  return {
    high: high.length,
    medium: medium.length,
    unknown: with_(null).length,
    needsProgramme: high.length >= rule.highFrom || medium.length >= rule.mediumFrom,
    factors: [...high, ...medium],
  }
}
