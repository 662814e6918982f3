import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import {
  rankIntervals,
  rankIntervalsOf,
} from '../../../../transforms/methods/statistics/rank_interval.ts'

describe('rank intervals', () => {
  const groups = [
    { value: 80, se: 2 },
    { value: 50, se: 6 },
    { value: 55, se: 6 },
    { value: 20, se: 2 },
  ]

  it('contain the rank and tell what is sure from what is not', () => {
    const found = rankIntervals(groups, { seed: 9 })
    expect(found.map(({ rank, lo, hi }) => [rank, lo, hi])).toEqual([
      [1, 1, 1],
      [3, 2, 3],
      [2, 2, 3],
      [4, 4, 4],
    ])
    expect(rankIntervals(groups, { seed: 9 })).toEqual(found)
    expect(found.reduce((total, { mean }) => total + mean, 0)).toBeCloseTo(10, 10)
  })

  it('cover the true rank', () => {
    const source = random(97)
    let covered = 0
    let total = 0
    for (let round = 0; round < 60; round++) {
      const truth = Array.from({ length: 15 }, () => source.normal(0, 1))
      const posterior = truth.map((own) => ({
        value: (own + source.normal(0, 1)) / 2,
        se: Math.SQRT1_2,
      }))
      rankIntervals(posterior, { seed: round, draws: 500 }).forEach(({ lo, hi }, i) => {
        const rank = 1 + truth.filter((other) => other > (truth[i] ?? 0)).length
        covered += lo <= rank && rank <= hi ? 1 : 0
        total++
      })
    }
    expect(covered / total).toBeGreaterThan(0.93)
  })

  it('take draws of any posterior', () => {
    const found = rankIntervalsOf(
      [0.9, 0.1],
      (i, source) => source.beta(i === 0 ? 90 : 10, i === 0 ? 10 : 90),
      { seed: 1 },
    )
    expect(found.map(({ lo, hi }) => [lo, hi])).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect(rankIntervals([], { seed: 1 })).toEqual([])
    expect(() => rankIntervals([{ value: 1, se: -1 }], { seed: 1 })).toThrow(StatisticsError)
  })
})
