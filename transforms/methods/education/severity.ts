import { normalQuantile } from '../statistics/distributions.ts'
import { StatisticsError } from '../statistics/errors.ts'

/** Below the first |z| a marker weighs nothing, from the second on all (DOMAIN 3.2: 1.96 and 3.09). */
export interface SeverityScale {
  readonly from: number
  readonly to: number
}

/**
 * Severity of a marker, 0–1: clamp((|z| − from)/(to − from)).
 *
 * @throws StatisticsError for a z that is not a number or a scale that does not rise
 */
export const severityOfZ = (z: number, scale: SeverityScale): number => {
  if (Number.isNaN(z) || !(scale.to > scale.from))
    throw new StatisticsError(
      'severityOfZ',
      `z ${String(z)} on a scale ${String(scale.from)}–${String(scale.to)}`,
      'pass a number and a scale that rises',
    )
  return Math.min(1, Math.max(0, (Math.abs(z) - scale.from) / (scale.to - scale.from)))
}

/** The z whose upper tail is p: 0.025 → 1.96; p of 0 takes the smallest positive number. */
export const equivalentZ = (p: number): number =>
  p >= 1 ? -8 : Math.max(-8, -normalQuantile(Math.max(p, Number.MIN_VALUE)))

/**
 * Severity of a one-sided p-value by its equivalent z; 0 above one half.
 *
 * @throws StatisticsError for a p outside 0–1 or a scale that does not rise
 */
export const severityOfP = (p: number, scale: SeverityScale): number => {
  if (!(p >= 0 && p <= 1))
    throw new StatisticsError('severityOfP', `p is ${String(p)}`, 'pass a p-value from 0 to 1')
  return severityOfZ(Math.max(0, equivalentZ(p)), scale)
}
