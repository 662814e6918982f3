import type { Random } from './random.ts'

/**
 * A multinomial draw of n by conditional binomials, cell after cell.
 *
 * @param weights of the cells, ≥ 0
 * @param total of the weights; where they leave out a part of it, that part of the n falls into none of the cells
 * @returns whole numbers, one a cell
 */
export const multinomial = (
  source: Pick<Random, 'binomial'>,
  n: number,
  weights: readonly number[],
  total: number,
): number[] => {
  let left = n
  let rest = total
  return weights.map((weight) => {
    const drawn = rest > 0 && left > 0 ? source.binomial(left, Math.min(1, weight / rest)) : 0
    rest -= weight
    left -= drawn
    return drawn
  })
}
