import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalCdf } from '../../../../transforms/methods/statistics/distributions.ts'
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

  it('have the mean place of the definition: 1 + Σ Φ((μ_j − μ_i)/√(s_i² + s_j²))', () => {
    const found = rankIntervals(groups, { seed: 12, draws: 40_000 })
    groups.forEach((own, i) => {
      const expected = groups.reduce(
        (place, other, j) =>
          j === i
            ? place
            : place + normalCdf((other.value - own.value) / Math.hypot(own.se, other.se)),
        1,
      )
      expect(Math.abs((found[i]?.mean ?? 0) - expected)).toBeLessThan(0.01)
    })
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

  it('give equal values one rank and one interval', () => {
    const four = rankIntervals(
      Array.from({ length: 4 }, () => ({ value: 0.1, se: 0.05 })),
      { seed: 3 },
    )
    expect(new Set(four.map((row) => JSON.stringify(row))).size).toBe(1)
    expect(four[0]).toMatchObject({ rank: 1, lo: 1, hi: 4, mean: 2.5 })
    const certain = [0.3, 0.1, 0.3, 0.3].map((value) => ({ value, se: 0 }))
    expect(rankIntervals(certain, { seed: 3 })).toEqual([
      { rank: 1, lo: 1, hi: 3, mean: 2 },
      { rank: 4, lo: 4, hi: 4, mean: 4 },
      { rank: 1, lo: 1, hi: 3, mean: 2 },
      { rank: 1, lo: 1, hi: 3, mean: 2 },
    ])
  })

  it('do not depend on the order of the groups, and equal groups stand alike', () => {
    const group = fc.record({
      value: fc.integer({ min: 0, max: 4 }),
      se: fc.constantFrom(0, 0.5, 2),
    })
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 8 }), fc.nat(100), (rows, seed) => {
        const found = rankIntervals(rows, { seed, draws: 200 })
        const turned = rankIntervals([...rows].reverse(), { seed, draws: 200 })
        expect([...turned].reverse()).toEqual(found)
        rows.forEach((row, i) => {
          rows.forEach((other, j) => {
            if (row.value === other.value) expect(found[i]?.rank).toBe(found[j]?.rank)
            if (row.value === other.value && row.se === other.se) expect(found[i]).toEqual(found[j])
          })
        })
      }),
      { numRuns: 60 },
    )
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
