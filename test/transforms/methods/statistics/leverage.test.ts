import { describe, expect, it } from 'vitest'
import { weightedLeverages } from '../../../../transforms/methods/statistics/leverage.ts'
import { near } from './near.ts'

describe('weightedLeverages', () => {
  const x = [1, 2, 3, 4, 10]

  it('are 1/n + (x − x̄)²/Σ(x − x̄)² about a line', () => {
    const { leverages, rank } = weightedLeverages(
      [x.map(() => 1), x],
      x.map(() => 2),
    )
    expect(rank).toBe(2)
    x.forEach((value, i) => {
      near(leverages[i] ?? 0, 1 / 5 + (value - 4) ** 2 / 50, 1e-12)
    })
  })

  it('are the shares of the weights about a mean', () => {
    const { leverages } = weightedLeverages([x.map(() => 1)], x)
    x.forEach((weight, i) => {
      near(leverages[i] ?? 0, weight / 20, 1e-14)
    })
  })

  it('leave out a column that the others make', () => {
    const columns = [x.map(() => 1), x, x.map((value) => 3 - 2 * value), x.map(() => 0)]
    const { leverages, rank } = weightedLeverages(columns, [1, 2, 3, 4, 5])
    expect(rank).toBe(2)
    near(
      leverages.reduce((sum, value) => sum + value, 0),
      2,
      1e-12,
    )
  })
})
