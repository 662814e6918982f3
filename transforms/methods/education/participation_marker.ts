import { StatisticsError } from '../statistics/errors.ts'
import { requireFinite } from '../statistics/sums.ts'
import { isAbove, isBelow } from './threshold.ts'

export interface ParticipationRule {
  readonly minimumEnrolled: number
  /** Participation below this, 0–1. */
  readonly participationBelow: number
  /** Core subjects differ in participants by more than this share of the largest. */
  readonly differenceAbove: number
}
export interface AbsenceMarker {
  readonly participation: number
  /** Journal mean of those absent less that of those present; null where it is not known. */
  readonly journalGap: number | null
  readonly subjectGap: number
  readonly isFlagged: boolean
}

/**
 * O11, absence of weak pupils (DOMAIN 3.2): participation below the limit and, where it is known, absentees with the lower journal mean;
 * or core subjects whose participants differ too much.
 *
 * @param participants of the core subjects of one grade
 * @throws StatisticsError for no pupils, participants beyond those enrolled, or a journal mean that is not finite
 */
export const absenceOfWeak = (
  input: {
    readonly enrolled: number
    readonly participants: readonly number[]
    readonly journal: { readonly absent: number; readonly present: number } | null
  },
  rule: ParticipationRule,
): AbsenceMarker => {
  const { enrolled, participants, journal } = input
  const most = Math.max(...participants)
  if (!(enrolled > 0) || participants.length === 0 || !(most > 0))
    throw new StatisticsError('absenceOfWeak', 'no pupils', 'pass enrolled and participants > 0')
  if (most > enrolled || Math.min(...participants) < 0)
    throw new StatisticsError(
      'absenceOfWeak',
      `${String(most)} participants of ${String(enrolled)} enrolled`,
      'pass participants among those enrolled',
    )
  requireFinite('absenceOfWeak', [enrolled, ...participants])
  if (journal !== null) requireFinite('absenceOfWeak', [journal.absent, journal.present])
  const least = Math.min(...participants)
  const participation = most / enrolled
  const subjectGap = (most - least) / most
  const journalGap = journal === null ? null : journal.absent - journal.present
  return {
    participation,
    journalGap,
    subjectGap,
    isFlagged:
      enrolled >= rule.minimumEnrolled &&
      ((isBelow(participation, rule.participationBelow) &&
        (journalGap === null || journalGap < 0)) ||
        isAbove(subjectGap, rule.differenceAbove)),
  }
}
