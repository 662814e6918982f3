import { describe, expect, it } from 'vitest'
import { logQuadrature } from '../../../../transforms/methods/statistics/log_quadrature.ts'
import { near } from './near.ts'

const momentsOf = (logDensity: (value: number) => number, low: number, high: number) => {
  const { points, shares } = logQuadrature(logDensity, low, high)
  const mean = points.reduce((sum, point, i) => sum + (shares[i] ?? 0) * point, 0)
  const square = points.reduce((sum, point, i) => sum + (shares[i] ?? 0) * point ** 2, 0)
  return {
    mean,
    variance: square - mean ** 2,
    total: shares.reduce((sum, share) => sum + share, 0),
  }
}

describe('logQuadrature', () => {
  it.each([0.7, 3, 40, 2000])(
    'has the mean and the variance of a gamma density of shape %d',
    (shape) => {
      const found = momentsOf((value) => shape * Math.log(value) - value, -40, 40)
      expect(found.total).toBeCloseTo(1, 12)
      near(found.mean, shape, 2e-5)
      near(found.variance, shape, 1e-3)
    },
  )

  it('does not change with a constant in the logarithm or the unit of the parameter', () => {
    const here = momentsOf((value) => 5 * Math.log(value) - value, -40, 40)
    near(momentsOf((value) => 5 * Math.log(value) - value + 900, -40, 40).mean, here.mean, 1e-9)
    near(
      momentsOf((value) => 5 * Math.log(value) - value / 1e6, -40, 40).mean,
      here.mean * 1e6,
      1e-5,
    )
  })

  it('stays within the range where the density is not proper', () => {
    const { points } = logQuadrature((value) => Math.log(value), -3, 2)
    expect(Math.max(...points)).toBeLessThanOrEqual(Math.exp(2) * (1 + 1e-12))
  })
})
