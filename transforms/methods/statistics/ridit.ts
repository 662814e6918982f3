import { normalQuantile } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import { requireAnswer, requireFinite, sum, sumOf, sumOfProducts, type Numbers } from './sums.ts'

/**
 * - `value`: R, the chance that a random member of the group stands above a random member of the reference plus half the
 *   chance of a tie; 0–1, 0.5 like the reference
 * - `se`: standard error of R under the null hypothesis that the group is a sample of the reference
 * - `z`: (R − 0.5)/se
 * - `n`: Σ counts
 * - `beyond`: the group has members in a category where the reference has none; R still stands (such a category has the
 *   ridit of the point where it lies in the reference), the null error does not describe the group
 */
export interface Ridit {
  readonly value: number
  readonly se: number
  readonly z: number
  readonly n: number
  readonly beyond: boolean
}

/**
 * Reference counts or shares divided by their sum, so that they make 1 exactly as given they did nearly.
 *
 * @throws StatisticsError for a share that is negative or not finite, or shares that make 0
 */
export const normalisedShares = (shares: Numbers): Float64Array => {
  requireFinite('normalisedShares', shares, 'share')
  const total = sum(shares)
  requireAnswer('normalisedShares', [total])
  for (const share of shares) {
    if (share < 0)
      throw new StatisticsError('normalisedShares', `a share is ${share}`, 'shares are ≥ 0')
  }
  if (!(total > 0)) {
    throw new StatisticsError(
      'normalisedShares',
      'the shares make 0',
      'pass a reference that has members',
    )
  }
  return Float64Array.from(shares, (share) => share / total)
}

/**
 * Ridit scores of the categories of a reference: r_k = Σ_{l<k} π_l + π_k/2, in ascending order of category.
 *
 * @param referenceShares shares, percents or counts; divided by their sum first
 */
export const riditScores = (referenceShares: Numbers): Float64Array => {
  const shares = normalisedShares(referenceShares)
  return shares.map((share, k) => Math.min(1, sumOf(k, (i) => shares[i] as number) + share / 2))
}

/** The null variance of one member's ridit: (1 − Σπ_k³)/12; 0 where the reference has one category only. */
export const riditVariance = (referenceShares: Numbers): number => {
  const shares = normalisedShares(referenceShares)
  return Math.max(0, (1 - sum(shares.map((share) => share ** 3))) / 12)
}

/**
 * Ridit index of a group against a reference over ordered categories: R = Σ p_k r_k with null standard error
 * √((1 − Σπ_k³)/(12n)).
 *
 * Source: I. Bross, Biometrics 14 (1958) 18–38; the variance with ties is that of the Wilcoxon rank sum against a fixed
 * reference.
 *
 * @param counts members of the group by category, lowest first; whole or weighted, ≥ 0
 * @param referenceShares shares, percents or counts of the reference over the same categories; divided by their sum first
 * @throws StatisticsError for an empty group, a reference of one filled category (no spread, no index) or rows that do not match
 */
export const ridit = (counts: Numbers, referenceShares: Numbers): Ridit => {
  if (counts.length !== referenceShares.length) {
    throw new StatisticsError(
      'ridit',
      `${counts.length} categories against ${referenceShares.length}`,
      'pass both over the same categories',
    )
  }
  requireFinite('ridit', counts, 'count')
  for (const count of counts) {
    if (count < 0) throw new StatisticsError('ridit', `a count is ${count}`, 'counts are ≥ 0')
  }
  const n = sum(counts)
  if (!(n > 0)) throw new StatisticsError('ridit', 'the group is empty', 'pass at least one member')
  const scores = riditScores(referenceShares)
  const spread = riditVariance(referenceShares)
  if (!(spread > 0)) {
    throw new StatisticsError(
      'ridit',
      'the reference has one filled category',
      'pass a reference that varies',
    )
  }
  const value = Math.min(1, Math.max(0, sumOfProducts(counts, scores) / n))
  const se = Math.sqrt(spread / n)
  requireAnswer('ridit', [value, se, (value - 0.5) / se])
  const beyond = Array.from(counts).some(
    (count, k) => count > 0 && !((referenceShares[k] as number) > 0),
  )
  return { value, se, z: (value - 0.5) / se, n, beyond }
}

/**
 * - `difference`: first − second
 * - `se`: √(v₁/n₁ + v₂/n₂)
 * - `z`: difference/se
 */
export interface RiditDifference {
  readonly difference: number
  readonly se: number
  readonly z: number
}

/**
 * Difference of two independent ridit indices, each with the variance of one member under its own reference.
 *
 * @throws StatisticsError for n ≤ 0 or a variance that is not positive
 */
export const riditDifference = (
  first: { readonly value: number; readonly n: number; readonly variance: number },
  second: { readonly value: number; readonly n: number; readonly variance: number },
): RiditDifference => {
  for (const { value, n, variance } of [first, second]) {
    requireFinite('riditDifference', [value, n, variance])
    if (!(n > 0) || !(variance > 0)) {
      throw new StatisticsError('riditDifference', `n ${n}, variance ${variance}`, 'both are > 0')
    }
  }
  const difference = first.value - second.value
  const se = Math.sqrt(first.variance / first.n + second.variance / second.n)
  requireAnswer('riditDifference', [difference, se, difference / se])
  return { difference, se, z: difference / se }
}

/** - `kind` 'beyond scale': R is 0 or 1, the effect has no finite value; `side` says on which end. */
export type RiditEffect =
  | { readonly kind: 'effect'; readonly value: number }
  | { readonly kind: 'beyond scale'; readonly side: 'below' | 'above' }

/**
 * Effect size of a ridit index in standard deviations of the reference, under normal spreads of one width: √2·Φ⁻¹(R).
 *
 * @param value R in [0, 1]
 * @throws StatisticsError for R outside 0–1
 */
export const riditEffect = (value: number): RiditEffect => {
  if (!(value >= 0 && value <= 1)) {
    throw new StatisticsError('riditEffect', `R is ${value}`, 'pass R in [0, 1]')
  }
  if (value === 0) return { kind: 'beyond scale', side: 'below' }
  if (value === 1) return { kind: 'beyond scale', side: 'above' }
  return { kind: 'effect', value: Math.SQRT2 * normalQuantile(value) }
}
