import { StatisticsError } from '../statistics/errors.ts'
import { riditDifference } from '../statistics/ridit.ts'
import { requireAnswer, requireFinite } from '../statistics/sums.ts'
import { atLeast, isAbove, isBelow } from './threshold.ts'

/** A ridit index of a group in one procedure: 0–1, pupils, variance of one pupil’s ridit (1 − Σπ³)/12. */
export interface RiditValue {
  readonly value: number
  readonly n: number
  readonly variance: number
}
export interface RiditMarker {
  readonly difference: number
  readonly se: number
  readonly z: number
  readonly isFlagged: boolean
}
interface RiditRule {
  readonly minimumN: number
  /** Smallest difference that is flagged, in ridits 0–1. */
  readonly from: number
  readonly z: number
}

/**
 * O4, not confirmed by ГИА (DOMAIN 3.2): cohort drop D = R_ВПР(8, y) − R_ОГЭ(9, y + 1), SE = √(v_V/n_V + v_O/n_O); flagged where D ≥ `from`
 * and D/SE ≥ `z`. Cohorts join on the year in which grade 9 ends: an autumn work is a year nearer.
 *
 * @throws StatisticsError for a ridit that is not finite, no pupils or a variance that is not > 0
 */
export const cohortDrop = (
  earlier: RiditValue,
  later: RiditValue,
  rule: RiditRule,
): RiditMarker => {
  const { difference, se, z } = riditDifference(earlier, later)
  return {
    difference,
    se,
    z,
    isFlagged: enough(earlier, later, rule) && atLeast(difference, rule.from) && atLeast(z, rule.z),
  }
}

/**
 * O4 by school: mean ЕГЭ ridit below `examBelow` while the ВПР ridit is above `testAbove`.
 *
 * @throws StatisticsError for a ridit that is not finite
 */
export const isUnconfirmedByExam = (
  test: number,
  exam: number,
  rule: { readonly testAbove: number; readonly examBelow: number },
): boolean => {
  requireFinite('isUnconfirmedByExam', [test, exam])
  return isBelow(exam, rule.examBelow) && isAbove(test, rule.testAbove)
}

/**
 * O5, jump of one cohort from grade to grade: ΔR = R(g + 1, y + 1) − R(g, y); flagged either way.
 *
 * @throws StatisticsError for a ridit that is not finite, no pupils or a variance that is not > 0
 */
export const cohortJump = (
  earlier: RiditValue,
  later: RiditValue,
  rule: RiditRule,
): RiditMarker => {
  const { difference, se, z } = riditDifference(later, earlier)
  return {
    difference,
    se,
    z,
    isFlagged:
      enough(earlier, later, rule) &&
      atLeast(Math.abs(difference), rule.from) &&
      atLeast(Math.abs(z), rule.z),
  }
}

/**
 * O6, jump of one grade from year to year: ΔR = R(g, y) − R(g, y − 1) with cohort noise, SE² = σ₁² + σ₂² + 2τ_c²; flagged where |z| ≥ `z`.
 *
 * @param cohortVariance τ_c² in squared ridits, from `cohortNoise`
 * @throws StatisticsError for a ridit that is not finite, no pupils, or a variance that is not > 0 (of cohorts: ≥ 0)
 */
export const gradeJump = (
  before: RiditValue,
  now: RiditValue,
  cohortVariance: number,
  rule: Omit<RiditRule, 'from'>,
): RiditMarker => {
  if (!(cohortVariance >= 0 && cohortVariance < Infinity))
    throw new StatisticsError(
      'gradeJump',
      `the cohort variance is ${String(cohortVariance)}`,
      'pass a finite variance ≥ 0',
    )
  const { difference, se: sampling } = riditDifference(now, before)
  const se = Math.sqrt(sampling ** 2 + 2 * cohortVariance)
  const z = difference / se
  requireAnswer('gradeJump', [se, z])
  return { difference, se, z, isFlagged: enough(before, now, rule) && atLeast(Math.abs(z), rule.z) }
}

const enough = (a: RiditValue, b: RiditValue, rule: { readonly minimumN: number }): boolean =>
  a.n >= rule.minimumN && b.n >= rule.minimumN
