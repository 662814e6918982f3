import { normalPdf, normalQuantile } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import { normalisedShares } from './ridit.ts'
import { requireAnswer, requireFinite, sum, sumOf, type Numbers } from './sums.ts'

/** The category's bounds on the latent scale; the first opens at −∞, the last at +∞. */
interface Band {
  readonly low: number
  readonly high: number
  readonly share: number
}

const bandsOf = (referenceShares: Numbers): Band[] => {
  const shares = normalisedShares(referenceShares)
  const bound = (below: number, above: number): number =>
    below <= 0
      ? -Infinity
      : above <= 0
        ? Infinity
        : below <= above
          ? normalQuantile(below)
          : -normalQuantile(above)
  return Array.from(shares, (share, k) => ({
    low: bound(
      sumOf(k, (i) => shares[i] as number),
      sumOf(shares.length - k, (i) => shares[k + i] as number),
    ),
    high: bound(
      sumOf(k + 1, (i) => shares[i] as number),
      sumOf(shares.length - k - 1, (i) => shares[k + 1 + i] as number),
    ),
    share,
  }))
}

/**
 * Normal scores of the categories of a reference: the mean of N(0, 1) between the category's bounds,
 * a_k = (φ(c_{k−1}) − φ(c_k))/π_k with c_k = Φ⁻¹(Σ_{l≤k} π_l).
 *
 * @param referenceShares shares, percents or counts, lowest category first; divided by their sum first
 * @returns one score a category, undefined where the reference has no members
 */
export const normalScores = (referenceShares: Numbers): readonly (number | undefined)[] =>
  bandsOf(referenceShares).map(({ low, high, share }) => {
    if (!(share > 0) || !(low < high)) return undefined
    const score = (normalPdf(low) - normalPdf(high)) / share
    return Math.min(high, Math.max(low, score))
  })

/** - 'no score': the group has members in a category (counted from 0) where the reference has none. */
export type NormalScoreMean =
  | { readonly kind: 'estimate'; readonly mean: number; readonly n: number }
  | { readonly kind: 'no score'; readonly category: number }

/**
 * Mean normal score of a group: μ ≈ Σp_k·a_k, in standard deviations of the reference, shrunk toward 0 against the ordered probit.
 *
 * @param counts members by category, ≥ 0
 * @throws StatisticsError for an empty group or rows that do not match
 */
export const normalScoreMean = (counts: Numbers, referenceShares: Numbers): NormalScoreMean => {
  if (counts.length !== referenceShares.length) {
    throw new StatisticsError(
      'normalScoreMean',
      `${counts.length} categories against ${referenceShares.length}`,
      'pass both over the same categories',
    )
  }
  requireFinite('normalScoreMean', counts, 'count')
  for (const count of counts) {
    if (count < 0)
      throw new StatisticsError('normalScoreMean', `a count is ${count}`, 'counts are ≥ 0')
  }
  const n = sum(counts)
  if (!(n > 0))
    throw new StatisticsError('normalScoreMean', 'the group is empty', 'pass at least one member')
  const scores = normalScores(referenceShares)
  const category = scores.findIndex((score, k) => score === undefined && (counts[k] as number) > 0)
  if (category >= 0) return { kind: 'no score', category }
  const mean = sumOf(counts.length, (k) => (counts[k] as number) * (scores[k] ?? 0)) / n
  requireAnswer('normalScoreMean', [mean, n])
  return { kind: 'estimate', mean, n }
}

/**
 * Cut points of a reference on the latent scale N(0, 1), c_k = Φ⁻¹(Σ_{l≤k} π_l), K − 1 of them for K categories.
 *
 * @throws StatisticsError where the first or last categories of the reference are empty, which would put a cut at ±∞
 */
export const cutPoints = (referenceShares: Numbers): Float64Array => {
  const cuts = Float64Array.from(bandsOf(referenceShares).slice(0, -1), ({ high }) => high)
  if (!cuts.every((cut) => Number.isFinite(cut))) {
    throw new StatisticsError(
      'cutPoints',
      'an end category of the reference is empty',
      'join it with its neighbour first',
    )
  }
  return cuts
}
