import { winsorisedMeanSquare } from '../statistics/funnel.ts'
import { random } from '../statistics/random.ts'
import { quantileSorted, sum } from '../statistics/sums.ts'

interface NullDistribution {
  readonly expected: number
  readonly critical: number
}
const kept = new Map<string, NullDistribution>()
const mostKept = 512

/**
 * Factor on the variance of peers, ≥ 1: the winsorised mean square of their z-scores over its expectation under N(0, 1) for that K, where
 * it exceeds the 0.95 quantile of the same null distribution; else 1 (DOMAIN 3.6, 3.16).
 *
 * As `dispersion` of methods/statistics/funnel.ts with a twentieth of its draws: a page has a cell for every number of peers, and an error of
 * the expectation below 1 % moves no limit that is read.
 *
 * @param scores z-scores against an outside or leave-one-out target; fewer than 2 give 1
 */
export const peerDispersion = (
  scores: readonly number[],
  rule: { readonly winsorShare: number; readonly seed: number },
): number => {
  if (scores.length < 2) return 1
  const raw = winsorisedMeanSquare(scores, rule.winsorShare)
  const { expected, critical } = nullDistribution(scores.length, rule.winsorShare, rule.seed)
  return raw > critical ? Math.max(1, raw / expected) : 1
}

const nullDistribution = (k: number, share: number, seed: number): NullDistribution => {
  const key = `${String(k)} ${String(share)} ${String(seed)}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const draws = Math.max(400, Math.min(2000, Math.floor(2_000_000 / k)))
  const source = random(seed)
  const row = new Float64Array(k)
  const statistics = new Float64Array(draws)
  for (let i = 0; i < draws; i++) {
    for (let j = 0; j < k; j++) row[j] = source.normal()
    statistics[i] = winsorisedMeanSquare(row, share)
  }
  statistics.sort()
  const made = { expected: sum(statistics) / draws, critical: quantileSorted(statistics, 0.95) }
  if (kept.size >= mostKept) kept.clear()
  kept.set(key, made)
  return made
}
