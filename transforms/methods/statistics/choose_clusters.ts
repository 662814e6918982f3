import { StatisticsError } from './errors.ts'
import type { Gap } from './gap.ts'
import { clusterCount } from './stability.ts'

/** A partition to choose from. */
export interface Candidate {
  /** n labels 0 … k − 1, every number used, k ≥ 2. */
  readonly labels: ArrayLike<number>
  /** Mean silhouette, −1 … 1. */
  readonly silhouette: number
}

export interface ChoiceRule {
  /** The least mean silhouette that is accepted. */
  readonly leastSilhouette: number
  /** The least size of the smallest cluster. */
  readonly leastSize: number
  /** Silhouettes that differ by no more than this are a tie, which the fewer clusters win. */
  readonly tie: number
}

export interface Judged {
  readonly k: number
  readonly silhouette: number
  readonly smallest: number
  /** Whether the gap statistic prefers k to one cluster; true where no gap was given. */
  readonly passesGap: boolean
  readonly accepted: boolean
}

/**
 * Chooses the number of clusters: of the partitions whose mean silhouette, smallest cluster and gap statistic
 * pass, the one with the largest silhouette, ties going to fewer clusters. The gap statistic passes k where gap(k)
 * exceeds gap(1) by more than the error of gap(k), that is, where the data hold in k clusters better than in one
 * and better than evenly spread points would.
 *
 * @param candidates partitions of the same rows
 * @returns k and every judgement; `k` undefined where none passes: the rows should not be clustered
 * @throws StatisticsError for no candidates, or labels with gaps
 */
export const chooseClusters = (
  candidates: readonly Candidate[],
  rule: ChoiceRule,
  gap?: Gap,
): { readonly k: number | undefined; readonly judged: readonly Judged[] } => {
  if (candidates.length === 0) {
    throw new StatisticsError(
      'chooseClusters',
      'there is nothing to choose from',
      'pass a partition',
    )
  }
  const judged = candidates
    .map(({ labels, silhouette }): Judged => {
      const k = clusterCount('chooseClusters', labels)
      const sizes = new Int32Array(k)
      for (let i = 0; i < labels.length; i++) sizes[labels[i]!]!++
      const smallest = Math.min(...sizes)
      const passesGap = gap === undefined || exceedsOne(gap, k)
      const accepted =
        k >= 2 && passesGap && silhouette >= rule.leastSilhouette && smallest >= rule.leastSize
      return { k, silhouette, smallest, passesGap, accepted }
    })
    .sort((a, b) => a.k - b.k)
  const accepted = judged.filter((candidate) => candidate.accepted)
  const best = Math.max(...accepted.map(({ silhouette }) => silhouette))
  return { k: accepted.find(({ silhouette }) => silhouette >= best - rule.tie)?.k, judged }
}

const exceedsOne = ({ gap, error }: Gap, k: number): boolean => {
  const own = gap[k - 1]
  const one = gap[0]
  if (own === undefined || one === undefined) {
    throw new StatisticsError('chooseClusters', `the gap is not known for ${k}`, 'measure it to k')
  }
  return own - (error[k - 1] ?? 0) > one
}
