import { StatisticsError } from '../statistics/errors.ts'
import { mean } from '../statistics/sums.ts'
import { atLeast } from './threshold.ts'

export interface RecheckRule {
  readonly minimumWorks: number
  /** Mean shift from, in shares of the maximum. */
  readonly meanFrom: number
  /** A work is changed by at least this share of the maximum. */
  readonly changedBy: number
  /** Share of changed works from. */
  readonly changedFrom: number
}
export interface Recheck {
  /** Mean (first − second)/X: above 0 the school’s checking was generous (IND-OBJ-09). */
  readonly shift: number
  readonly changed: number
  readonly works: number
  readonly isFlagged: boolean
}
/**
 * O12, re-check discrepancy (DOMAIN 3.2) of works checked twice, on one maximum X > 0.
 *
 * @throws StatisticsError for no works, a maximum that is not > 0, or a score that is not finite
 */
export const recheck = (
  works: readonly { readonly first: number; readonly second: number }[],
  maximum: number,
  rule: RecheckRule,
): Recheck => {
  if (works.length === 0 || !(maximum > 0 && maximum < Infinity))
    throw new StatisticsError('recheck', 'no works', 'pass works checked twice and a maximum > 0')
  const shifts = works.map(({ first, second }) => (first - second) / maximum)
  const shift = mean(shifts)
  const changed =
    shifts.filter((value) => atLeast(Math.abs(value), rule.changedBy)).length / works.length
  return {
    shift,
    changed,
    works: works.length,
    isFlagged:
      works.length >= rule.minimumWorks &&
      (atLeast(shift, rule.meanFrom) || atLeast(changed, rule.changedFrom)),
  }
}
