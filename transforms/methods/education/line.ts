import { StatisticsError } from '../statistics/errors.ts'
import { requireAnswer, requireFinite, sum } from '../statistics/sums.ts'

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
  const over = (term: (point: WeightedPoint) => number): number => sum(points.map(term))
  const total = over(({ weight }) => weight)
  const mx = over(({ x, weight }) => weight * x) / total
  const my = over(({ y, weight }) => weight * y) / total
  const xy = over(({ x, y, weight }) => weight * (x - mx) * (y - my))
  const xx = over(({ x, weight }) => weight * (x - mx) ** 2)
  requireAnswer('leastSquaresLine', [total, mx, my, xy, xx])
  if (!(xx > 0))
    throw new StatisticsError('leastSquaresLine', 'x does not vary', 'pass points that differ in x')
  const line = { slope: xy / xx, intercept: my - (xy / xx) * mx }
  requireAnswer('leastSquaresLine', [line.slope, line.intercept])
  return line
}
