import { StatisticsError } from '../statistics/errors.ts'
import { requireAnswer, requireFinite } from '../statistics/sums.ts'
import { multiplierOf } from '../statistics/interval.ts'
import { isAbove } from './threshold.ts'

export interface MeanExcess {
  /** d = (x̄ − μ_ref)/σ_ref. */
  readonly effect: number
  readonly lo: number
  readonly hi: number
  readonly z: number
  readonly isFlagged: boolean
}

/**
 * O3, mean too high (DOMAIN 3.2): the lower limit of x̄ ± z·σ_ref/√n lies above the upper limit of the reference’s mean, and
 * d > `effectAbove`; never for schools with advanced study, nor where ГИА confirms the level.
 *
 * @param reference mean, standard deviation > 0 and pupils of the federal (not a biased region’s) distribution
 * @throws StatisticsError for a number that is not finite, an n or a reference spread that is not > 0, or a level outside 0–1
 */
export const meanExcess = (
  school: { readonly mean: number; readonly n: number },
  reference: { readonly mean: number; readonly sd: number; readonly n: number },
  guard: { readonly isAdvanced: boolean; readonly isConfirmed: boolean },
  rule: {
    readonly minimumN: number
    readonly effectAbove: number
    /** Coverage of both intervals, 0.95 by default. */
    readonly level?: number
  },
): MeanExcess => {
  requireFinite('meanExcess', [school.mean, reference.mean, school.n, reference.n, reference.sd])
  const multiplier = multiplierOf(rule.level ?? 0.95)
  if (!(reference.sd > 0) || !(school.n > 0) || !(reference.n > 0))
    throw new StatisticsError(
      'meanExcess',
      `n ${String(school.n)}, reference sd ${String(reference.sd)}, n ${String(reference.n)}`,
      'all are > 0',
    )
  const effect = (school.mean - reference.mean) / reference.sd
  const half = (multiplier * reference.sd) / Math.sqrt(school.n)
  const upper = reference.mean + (multiplier * reference.sd) / Math.sqrt(reference.n)
  const lo = school.mean - half
  requireAnswer('meanExcess', [effect, lo, upper, half, effect * Math.sqrt(school.n)])
  return {
    effect,
    lo,
    hi: school.mean + half,
    z: effect * Math.sqrt(school.n),
    isFlagged:
      school.n >= rule.minimumN &&
      !guard.isAdvanced &&
      !guard.isConfirmed &&
      isAbove(lo, upper) &&
      isAbove(effect, rule.effectAbove),
  }
}
