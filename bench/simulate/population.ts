import { cutPoints } from '../../transforms/methods/statistics/normal_scores.ts'
import { normalCdf } from '../../transforms/methods/statistics/distributions.ts'
import type { Random } from '../../transforms/methods/statistics/random.ts'

/** Federal shares of marks 2–5 (Russian, grade 4): the reference of DOMAIN §3.15. */
export const REFERENCE: readonly number[] = [0.0506, 0.3292, 0.4433, 0.1769]
export const MARKS: readonly number[] = [2, 3, 4, 5]

const cuts = cutPoints(REFERENCE)

/** Shares of marks in a school of latent mean and spread, in standard deviations of the reference. */
export const sharesOf = (mean: number, sd: number): number[] => {
  const below = Array.from(cuts, (cut) => normalCdf((cut - mean) / sd))
  return [...below, 1].map((upper, k) => upper - (k === 0 ? 0 : (below[k - 1] as number)))
}

/** Index drawn with these probabilities, which make 1. */
export const drawCategory = (shares: readonly number[], source: Random): number => {
  let left = source.uniform()
  for (let k = 0; k < shares.length - 1; k++) {
    left -= shares[k] as number
    if (left < 0) return k
  }
  return shares.length - 1
}

/** Counts by category of n independent members. */
export const drawCounts = (n: number, shares: readonly number[], source: Random): number[] => {
  const counts = shares.map(() => 0)
  for (let i = 0; i < n; i++) {
    const k = drawCategory(shares, source)
    counts[k] = (counts[k] as number) + 1
  }
  return counts
}

/** Σ p_k·v_k. */
export const expectation = (shares: readonly number[], values: ArrayLike<number>): number => {
  let total = 0
  shares.forEach((share, k) => (total += share * (values[k] as number)))
  return total
}

export const normals = (n: number, source: Random, mean = 0, sd = 1): Float64Array =>
  Float64Array.from({ length: n }, () => source.normal(mean, sd))
