import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import {
  normalisedShares,
  ridit,
  riditDifference,
  riditEffect,
  riditScores,
  riditVariance,
} from '../../../../transforms/methods/statistics/ridit.ts'
import { near } from './near.ts'

const reference = [5.06, 32.92, 44.33, 17.69]

describe('ridit', () => {
  it('scores the reference', () => {
    const scores = riditScores(reference)
    ;[0.0253, 0.2152, 0.60145, 0.91155].forEach((score, k) => {
      near(scores[k] ?? 0, score, 1e-14)
    })
    expect(riditVariance(reference)).toBeCloseTo(0.0726286, 7)
  })

  it('places a group against the reference', () => {
    const found = ridit([2, 10, 15, 3], reference)
    near(found.value, 0.4653, 1e-14)
    expect(found.se).toBeCloseTo(0.049203, 6)
    expect(found.z).toBeCloseTo(-0.7052, 4)
    expect(found).toMatchObject({ n: 30, beyond: false })
  })

  it('divides shares that do not make 100 by their sum', () => {
    const found = ridit([13.44, 44.15, 36.28, 6.14], reference)
    expect(found.value).toBeCloseTo(0.372549, 6)
    const effect = riditEffect(found.value)
    expect(effect.kind === 'effect' ? effect.value : Number.NaN).toBeCloseTo(-0.459774, 5)
    near(
      normalisedShares([1, 2, 1]).reduce((total, share) => total + share, 0),
      1,
      1e-15,
    )
  })

  it('says that the group has members where the reference has none', () => {
    const found = ridit([0, 3, 4, 2], [0.2, 0.5, 0.3, 0])
    expect(found.beyond).toBe(true)
    near(found.value, (3 * 0.45 + 4 * 0.85 + 2 * 1) / 9, 1e-14)
    expect(ridit([0, 3, 4, 0], [0.2, 0.5, 0.3, 0]).beyond).toBe(false)
  })

  it('puts an effect beyond the scale where R is at its end', () => {
    expect(riditEffect(1)).toEqual({ kind: 'beyond scale', side: 'above' })
    expect(riditEffect(0)).toEqual({ kind: 'beyond scale', side: 'below' })
    expect(riditEffect(0.5)).toEqual({ kind: 'effect', value: 0 })
  })

  it('compares two groups, each with its own variance', () => {
    const found = riditDifference(
      { value: 0.62, n: 28, variance: 0.0726 },
      { value: 0.44, n: 26, variance: 0.075 },
    )
    expect(found.difference).toBeCloseTo(0.18, 12)
    expect(found.se).toBeCloseTo(0.07401, 5)
    expect(found.z).toBeCloseTo(2.432, 3)
  })

  it('refuses what has no index', () => {
    expect(() => ridit([0, 0], [1, 1])).toThrow(/the group is empty/)
    expect(() => ridit([1, 1], [0, 1])).toThrow(/one filled category/)
    expect(() => ridit([1, 1, 1], [1, 1])).toThrow(StatisticsError)
    expect(() => ridit([1, -1], [1, 1])).toThrow(StatisticsError)
    expect(() => normalisedShares([0, 0])).toThrow(StatisticsError)
  })

  const table = fc.integer({ min: 2, max: 8 }).chain((k) =>
    fc.record({
      counts: fc.array(fc.integer({ min: 0, max: 50 }), { minLength: k, maxLength: k }),
      shares: fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: k, maxLength: k }),
    }),
  )

  it('is one half for the reference itself and mirrors with the scale', () => {
    fc.assert(
      fc.property(table, ({ counts, shares }) => {
        near(ridit(shares, shares).value, 0.5, 1e-13)
        fc.pre(counts.some((count) => count > 0))
        const here = ridit(counts, shares)
        const mirror = ridit([...counts].reverse(), [...shares].reverse())
        near(here.value + mirror.value, 1, 1e-12)
        near(
          ridit(
            counts,
            shares.map((share) => share * 7),
          ).value,
          here.value,
          1e-13,
        )
      }),
    )
  })

  it('rises when a member moves up a category', () => {
    fc.assert(
      fc.property(table, fc.nat(), ({ counts, shares }, choice) => {
        const from = choice % (counts.length - 1)
        fc.pre((counts[from] ?? 0) > 0)
        const moved = counts.map((count, k) =>
          k === from ? count - 1 : k === from + 1 ? count + 1 : count,
        )
        expect(ridit(moved, shares).value).toBeGreaterThan(ridit(counts, shares).value)
      }),
    )
  })

  it('has a standard error that is the spread of samples of the reference', () => {
    const source = random(17)
    const bounds = [0.0506, 0.3798, 0.8231]
    const scores = Array.from({ length: 4000 }, () => {
      const counts = [0, 0, 0, 0]
      for (let i = 0; i < 12; i++) {
        const u = source.uniform()
        const k = bounds.filter((bound) => u > bound).length
        counts[k] = (counts[k] ?? 0) + 1
      }
      return ridit(counts, reference).z
    })
    expect(scores.reduce((total, z) => total + z * z, 0) / 4000).toBeCloseTo(1, 1)
  })
})
