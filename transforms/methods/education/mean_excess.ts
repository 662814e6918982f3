import { Z_95 } from '../statistics/distributions.ts'
import { StatisticsError } from '../statistics/errors.ts'
import { requireFinite } from '../statistics/sums.ts'

export interface MeanExcess {
  /** d = (x̄ − μ_ref)/σ_ref. */
  readonly effect: number
  readonly lo: number
  readonly hi: number
  readonly z: number
  readonly isFlagged: boolean
}

/**
 * O3, mean too high (DOMAIN 3.2): the lower limit of x̄ ± 1.96·σ_ref/√n lies above the upper limit of the reference’s mean, and
 * d > `effectAbove`; never for schools with advanced study, nor where ГИА confirms the level.
 *
 * @param reference mean, standard deviation > 0 and pupils of the federal (not a biased region’s) distribution
 */
export const meanExcess = (
  school: { readonly mean: number; readonly n: number },
  reference: { readonly mean: number; readonly sd: number; readonly n: number },
  guard: { readonly isAdvanced: boolean; readonly isConfirmed: boolean },
  rule: { readonly minimumN: number; readonly effectAbove: number },
): MeanExcess => {
  requireFinite('meanExcess', [school.mean, reference.mean])
  if (!(reference.sd > 0) || !(school.n > 0) || !(reference.n > 0))
    throw new StatisticsError(
      'meanExcess',
      `n ${String(school.n)}, reference sd ${String(reference.sd)}, n ${String(reference.n)}`,
      'all are > 0',
    )
  const effect = (school.mean - reference.mean) / reference.sd
  const half = (Z_95 * reference.sd) / Math.sqrt(school.n)
  const upper = reference.mean + (Z_95 * reference.sd) / Math.sqrt(reference.n)
  const lo = school.mean - half
  return {
    effect,
    lo,
    hi: school.mean + half,
    z: effect * Math.sqrt(school.n),
    isFlagged:
      school.n >= rule.minimumN &&
      !guard.isAdvanced &&
      !guard.isConfirmed &&
      lo > upper &&
      effect > rule.effectAbove,
  }
}
