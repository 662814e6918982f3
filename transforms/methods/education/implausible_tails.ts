import { StatisticsError } from '../statistics/errors.ts'
import { quantile, requireFinite } from '../statistics/sums.ts'
import { isAbove, isBelow } from './threshold.ts'

/** Limits of a plausible distribution in one subject and grade, shares 0–1. */
export interface TailLimits {
  /** Share of «2» below which it is implausible. */
  readonly fewestTwos: number
  /** Share of «5» above which it is implausible. */
  readonly mostFives: number
}

/**
 * Regional limits from schools with n ≥ 20 and no other markers: quantiles `tail` and 1 − `tail` (DOMAIN 3.2, O9: 0.05).
 *
 * @throws StatisticsError for no schools, a share that is not finite or a tail outside 0–1
 */
export const tailLimits = (
  schools: readonly { readonly twos: number; readonly fives: number }[],
  tail: number,
): TailLimits => {
  if (schools.length === 0)
    throw new StatisticsError('tailLimits', 'no schools', 'pass the shares of unflagged schools')
  return {
    fewestTwos: quantile(
      schools.map(({ twos }) => twos),
      tail,
    ),
    mostFives: quantile(
      schools.map(({ fives }) => fives),
      1 - tail,
    ),
  }
}

export interface ImplausibleTails {
  readonly fewTwos: boolean
  readonly manyFives: boolean
  readonly narrow: boolean
  readonly isFlagged: boolean
}
/**
 * O9: too few «2», too many «5», or a spread of scores below `narrowBelow` of the reference’s; from `minimumN` pupils.
 *
 * @throws StatisticsError for a number of the school or a limit that is not finite
 */
export const implausibleTails = (
  school: {
    readonly n: number
    readonly twos: number
    readonly fives: number
    readonly sd: number
  },
  referenceSd: number,
  limits: TailLimits,
  rule: { readonly minimumN: number; readonly narrowBelow: number },
): ImplausibleTails => {
  requireFinite('implausibleTails', [school.n, school.twos, school.fives, school.sd, referenceSd])
  requireFinite('implausibleTails', [limits.fewestTwos, limits.mostFives])
  const fewTwos = isBelow(school.twos, limits.fewestTwos)
  const manyFives = isAbove(school.fives, limits.mostFives)
  const narrow = isBelow(school.sd, rule.narrowBelow * referenceSd)
  return {
    fewTwos,
    manyFives,
    narrow,
    isFlagged: school.n >= rule.minimumN && (fewTwos || manyFives || narrow),
  }
}
