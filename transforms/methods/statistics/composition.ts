import { StatisticsError } from './errors.ts'
import { requireAnswer, sumOf } from './sums.ts'

/** A part of a whole at one moment: `weight` ≥ 0 (members) and `value`; absent where the part did not exist. */
export interface Part {
  readonly weight: number
  readonly value: number
}

/**
 * - `total`: change of the weighted mean
 * - `within`: Σ w̄·Δθ, what the parts changed themselves
 * - `composition`: Σ (θ̄ − θ̄_all)·Δw, what their growing, shrinking, coming and going changed
 */
export interface ChangeDecomposition {
  readonly total: number
  readonly within: number
  readonly composition: number
}

/**
 * Decomposition of the change of a weighted mean between two moments, total = within + composition, with shares of weight w and
 * bars for the mean of both moments. A part that exists at one moment only changes the composition alone.
 *
 * Source: E. Kitagawa, JASA 50 (1955) 1168–1194.
 *
 * @param parts each with its state before and after
 * @throws StatisticsError where a moment has no weight, or a number is not finite
 */
export const decomposeChange = (
  parts: readonly { readonly before?: Part; readonly after?: Part }[],
): ChangeDecomposition => {
  for (const part of parts.flatMap(({ before, after }) => [before, after])) {
    if (part === undefined) continue
    if (!(part.weight >= 0 && part.weight < Infinity) || !Number.isFinite(part.value)) {
      throw new StatisticsError(
        'decomposeChange',
        `weight ${part.weight}, value ${part.value}`,
        'pass finite values and weights ≥ 0',
      )
    }
  }
  const size = parts.length
  const at = (i: number) => parts[i] as { readonly before?: Part; readonly after?: Part }
  const weightBefore = sumOf(size, (i) => at(i).before?.weight ?? 0)
  const weightAfter = sumOf(size, (i) => at(i).after?.weight ?? 0)
  requireAnswer('decomposeChange', [weightBefore, weightAfter])
  if (!(weightBefore > 0 && weightAfter > 0)) {
    throw new StatisticsError(
      'decomposeChange',
      'a moment has no weight',
      'pass two moments with members',
    )
  }
  const shareBefore = (i: number) => (at(i).before?.weight ?? 0) / weightBefore
  const shareAfter = (i: number) => (at(i).after?.weight ?? 0) / weightAfter
  const valueBefore = (i: number) => (at(i).before ?? at(i).after)?.value ?? 0
  const valueAfter = (i: number) => (at(i).after ?? at(i).before)?.value ?? 0
  const meanBefore = sumOf(size, (i) => shareBefore(i) * valueBefore(i))
  const meanAfter = sumOf(size, (i) => shareAfter(i) * valueAfter(i))
  const centre = meanBefore / 2 + meanAfter / 2
  const found = {
    total: meanAfter - meanBefore,
    within: sumOf(
      size,
      (i) => ((shareBefore(i) + shareAfter(i)) / 2) * (valueAfter(i) - valueBefore(i)),
    ),
    composition: sumOf(
      size,
      (i) => (valueBefore(i) / 2 + valueAfter(i) / 2 - centre) * (shareAfter(i) - shareBefore(i)),
    ),
  }
  requireAnswer('decomposeChange', Object.values(found))
  return found
}
