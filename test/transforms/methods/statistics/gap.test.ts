import { describe, expect, it } from 'vitest'
import { gapStatistic } from '../../../../transforms/methods/statistics/gap.ts'
import { matrixOf, takeRows } from '../../../../transforms/methods/statistics/matrix.ts'
import { clouds, permutation } from './points.ts'

describe('gapStatistic', () => {
  it('finds the number of clouds', () => {
    const points = clouds(
      [
        [0, 0],
        [9, 0],
        [0, 9],
      ],
      20,
      3,
    )
    expect(gapStatistic(points, 5, { seed: 1, references: 20 }).best).toBe(3)
  })

  it('finds one cluster in one cloud', () => {
    expect(gapStatistic(clouds([[0, 0]], 60, 8), 4, { seed: 1, references: 20 }).best).toBe(1)
  })

  it('takes the least k that the next one does not beat by its error', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const points = clouds(
        [
          [0, 0],
          [3, 0],
          [0, 3],
        ],
        10,
        seed,
      )
      const { gap, error, best } = gapStatistic(points, 4, { seed, references: 8, restarts: 3 })
      const holds = (k: number) => (gap[k - 1] ?? NaN) >= (gap[k] ?? NaN) - (error[k] ?? NaN)
      expect(best).toBe([1, 2, 3].find(holds) ?? 4)
    }
  })

  it('of a row of points is that of sixty thousand reference sets cut at their best place by numpy', () => {
    const values = [0, 0.3, 0.4, 0.9, 1.1, 4, 4.2, 4.7, 5, 5.5, 9, 9.2, 9.6, 10]
    const references = 1500
    const { gap, error } = gapStatistic(matrixOf(values.map((value) => [value])), 2, {
      seed: 5,
      references,
      restarts: 5,
    })
    const expected = [-0.5425, -0.7186]
    const spreads = [0.2808, 0.309]
    expected.forEach((value, k) => {
      expect(Math.abs((gap[k] ?? 0) - value)).toBeLessThan(0.03)
      const spread = (error[k] ?? 0) / Math.sqrt(1 + 1 / references)
      expect(Math.abs(spread / (spreads[k] ?? 1) - 1)).toBeLessThan(0.06)
    })
  })

  it('is the same for the same seed and rows in any order', () => {
    const points = clouds(
      [
        [0, 0],
        [5, 5],
      ],
      12,
      3,
    )
    const first = gapStatistic(points, 3, { seed: 4, references: 5 })
    const moved = takeRows(points, permutation(24, 2))
    expect(gapStatistic(moved, 3, { seed: 4, references: 5 })).toEqual(first)
    for (const error of first.error) expect(error).toBeGreaterThan(0)
  })

  it('refuses as many clusters as different rows', () => {
    const options = { seed: 1, references: 3 }
    expect(() => gapStatistic(matrixOf([[1], [2], [2]]), 2, options)).toThrow(/without remainder/)
    expect(() => gapStatistic(matrixOf([[1], [2]]), 0, options)).toThrow(/0 clusters/)
  })
})
