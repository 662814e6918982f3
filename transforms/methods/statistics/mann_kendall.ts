import { normalCdf } from './distributions.ts'
import { kendall, kendallTail, tiedTwoSided, type Kendall, type SeriesPoint } from './kendall.ts'

/**
 * - `p`: two-sided p-value; `method` says how it was found
 * - `z`: (S − sign S)/√Var S with the continuity correction, 0 where S = 0
 */
export interface MannKendall extends Kendall {
  readonly z: number
  readonly p: number
  readonly method: 'exact' | 'normal approximation'
}

/** Without ties the null distribution is computed exactly up to this many points, with ties up to the second number. */
const EXACT_UP_TO = 100
const EXACT_WITH_TIES_UP_TO = 10

/**
 * Mann–Kendall test of a monotone trend. Without ties and up to 100 points p is exact; with ties p is exact up
 * to 10 points at different moments, over all orders of the values; else it is by the normal approximation with the variance corrected for
 * ties.
 *
 * The smallest two-sided p is 1/3 with three points and 1/12 with four: neither can reach 0.05. Where all values are equal p = 1.
 *
 * Source: H. Mann, Econometrica 13 (1945) 245–259; M. Kendall, Rank Correlation Methods (1975).
 *
 * @param points ≥ 2, in any order; the test uses their order in time, not the distances
 */
export const mannKendall = (points: readonly SeriesPoint[]): MannKendall => {
  const result = kendall(points)
  const { s, variance, ties, n } = result
  const z = s === 0 ? 0 : (s - Math.sign(s)) / Math.sqrt(variance)
  if (!ties && n <= EXACT_UP_TO) {
    return { ...result, z, p: Math.min(1, 2 * kendallTail(Math.abs(s), n)), method: 'exact' }
  }
  if (n <= EXACT_WITH_TIES_UP_TO && new Set(points.map(({ t }) => t)).size === n) {
    const values = points.map(({ value }) => value)
    return { ...result, z, p: tiedTwoSided(Math.abs(s), values), method: 'exact' }
  }
  return {
    ...result,
    z,
    p: Math.min(1, 2 * normalCdf(-Math.abs(z))),
    method: 'normal approximation',
  }
}
