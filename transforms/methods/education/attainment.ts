import { StatisticsError } from '../statistics/errors.ts'
import { requireAnswer, requireFinite, sum, sumOf, sumOfProducts } from '../statistics/sums.ts'
import { atLeast, isAbove } from './threshold.ts'

/** Pupils by mark; `absent`: not attested (н/а). */
export interface MarkCounts {
  readonly 2: number
  readonly 3: number
  readonly 4: number
  readonly 5: number
  readonly absent?: number
}
/** Weights of marks in the СОУ; variants 0.12 and 0.14 for «2» and 0.07 for н/а are in use. */
export interface TrainedWeights {
  readonly 2: number
  readonly 3: number
  readonly 4: number
  readonly 5: number
  readonly absent: number
}
export interface MarkSummary {
  readonly n: number
  /** (n₃ + n₄ + n₅)/n, 0–1. */
  readonly passRate: number
  /** (n₄ + n₅)/n, 0–1. */
  readonly qualityRate: number
  /** Mean of marks, 2–5; of those attested. */
  readonly meanMark: number
  /** СОУ by Simonov, 0–1: Σ weight·count/n. */
  readonly trained: number
}

/**
 * Base indicators of a distribution of marks (DOMAIN 3.1). Not attested pupils count in n of the rates and of the СОУ.
 *
 * @throws StatisticsError for no pupils or a negative count
 */
export const markSummary = (counts: MarkCounts, weights: TrainedWeights): MarkSummary => {
  const absent = counts.absent ?? 0
  const marks = [counts[2], counts[3], counts[4], counts[5]]
  const attested = sum(marks)
  const n = attested + absent
  if ([...marks, absent].some((count) => !(count >= 0 && count < Infinity)) || !(attested > 0))
    throw new StatisticsError('markSummary', 'no pupils with a mark', 'pass counts ≥ 0, not all 0')
  requireAnswer('markSummary', [5 * n])
  return {
    n,
    passRate: (counts[3] + counts[4] + counts[5]) / n,
    qualityRate: (counts[4] + counts[5]) / n,
    meanMark: sumOfProducts([2, 3, 4, 5], marks) / attested,
    trained:
      sumOfProducts(
        [weights[2], weights[3], weights[4], weights[5], weights.absent],
        [...marks, absent],
      ) / n,
  }
}

/**
 * Dynamics of the share of «2» (DOMAIN 3.1): no rise is positive, a rise of `negativeFrom` or more negative, else neutral.
 *
 * @throws StatisticsError for a share that is not finite
 */
export const dynamicsOfTwos = (
  before: number,
  now: number,
  negativeFrom: number,
): 'positive' | 'neutral' | 'negative' => {
  requireFinite('dynamicsOfTwos', [before, now, negativeFrom])
  if (!isAbove(now, before)) return 'positive'
  return atLeast(now - before, negativeFrom) ? 'negative' : 'neutral'
}

/**
 * Tasks where a weaker group of pupils does better than a stronger one (DOMAIN 3.1): crossing curves need a look.
 *
 * @param curves completion by task (0–1) of the groups with marks 2, 3, 4, 5, weakest first
 * @param margin by how much the weaker group must be above
 * @returns indices of tasks with the groups that cross
 * @throws StatisticsError for a completion or margin that is not finite
 */
export const crossingCurves = (
  curves: readonly (readonly number[])[],
  margin: number,
): readonly { readonly task: number; readonly weaker: number; readonly stronger: number }[] => {
  requireFinite('crossingCurves', [...curves.flat(), margin])
  return curves.flatMap((weaker, i) =>
    curves
      .slice(i + 1)
      .flatMap((stronger, step) =>
        weaker.flatMap((share, task) =>
          isAbove(share, (stronger[task] ?? 1) + margin)
            ? [{ task, weaker: i, stronger: i + 1 + step }]
            : [],
        ),
      ),
  )
}

/** A school’s part of a municipality: pupils and value of two years. */
export interface Part {
  readonly before: { readonly n: number; readonly value: number }
  readonly after: { readonly n: number; readonly value: number }
}
/**
 * Change of an n-weighted mean (DOMAIN 3.5): within schools Σw̄Δθ and composition Σθ̄Δw; they add up to the change exactly.
 *
 * @throws StatisticsError where a year has no pupils, n is negative, or a part of the change is beyond the doubles
 */
export const decomposedChange = (
  parts: readonly Part[],
): { readonly total: number; readonly within: number; readonly composition: number } => {
  for (const { before, after } of parts)
    requireFinite('decomposedChange', [before.n, before.value, after.n, after.value])
  if (parts.some(({ before, after }) => before.n < 0 || after.n < 0))
    throw new StatisticsError('decomposedChange', 'a number of pupils is negative', 'pass n ≥ 0')
  const before = sumOf(parts.length, (i) => parts[i]?.before.n ?? 0)
  const after = sumOf(parts.length, (i) => parts[i]?.after.n ?? 0)
  if (!(before > 0) || !(after > 0))
    throw new StatisticsError('decomposedChange', 'a year has no pupils', 'pass two filled years')
  const shares = parts.map((part) => [part.before.n / before, part.after.n / after] as const)
  const within = sumOf(parts.length, (i) => {
    const [w0, w1] = shares[i] ?? [0, 0]
    const part = parts[i]
    return part === undefined ? 0 : ((w0 + w1) / 2) * (part.after.value - part.before.value)
  })
  const composition = sumOf(parts.length, (i) => {
    const [w0, w1] = shares[i] ?? [0, 0]
    const part = parts[i]
    return part === undefined ? 0 : (part.after.value / 2 + part.before.value / 2) * (w1 - w0)
  })
  const found = { total: within + composition, within, composition }
  requireAnswer('decomposedChange', Object.values(found))
  return found
}
