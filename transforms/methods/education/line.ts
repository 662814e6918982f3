import { StatisticsError } from '../statistics/errors.ts'
import { requireFinite } from '../statistics/sums.ts'

export interface WeightedPoint {
  readonly x: number
  readonly y: number
  /** > 0. */
  readonly weight: number
}
/**
 * Weighted least squares line y = intercept + slope·x.
 *
 * @throws StatisticsError where x does not vary
 */
export const leastSquaresLine = (
  points: readonly WeightedPoint[],
): { readonly slope: number; readonly intercept: number } => {
  for (const { x, y, weight } of points) {
    requireFinite('leastSquaresLine', [x, y, weight])
    if (!(weight > 0))
      throw new StatisticsError(
        'leastSquaresLine',
        `a weight is ${String(weight)}`,
        'weights are > 0',
      )
  }
  const total = points.reduce((sum, { weight }) => sum + weight, 0)
  const mx = points.reduce((sum, { x, weight }) => sum + weight * x, 0) / total
  const my = points.reduce((sum, { y, weight }) => sum + weight * y, 0) / total
  let xy = 0
  let xx = 0
  for (const { x, y, weight } of points) {
    xy += weight * (x - mx) * (y - my)
    xx += weight * (x - mx) ** 2
  }
  if (!(xx > 0))
    throw new StatisticsError('leastSquaresLine', 'x does not vary', 'pass points that differ in x')
  return { slope: xy / xx, intercept: my - (xy / xx) * mx }
}
