import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalTwoSided } from '../../../../transforms/methods/statistics/distributions.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import {
  benjaminiHochberg,
  stouffer,
} from '../../../../transforms/methods/statistics/multiple_testing.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { near } from './near.ts'

describe('Benjamini–Hochberg', () => {
  it('rejects four of six at q = 0.10', () => {
    const found = benjaminiHochberg([0.001, 0.012, 0.03, 0.04, 0.2, 0.5], 0.1)
    expect(found.count).toBe(4)
    expect(found.rejected).toEqual([true, true, true, true, false, false])
    expect(found.threshold).toBe(0.04)
    // scipy.stats.false_discovery_control
    ;[0.006, 0.036, 0.06, 0.06, 0.24, 0.5].forEach((p, i) => {
      near(found.adjusted[i] ?? 0, p, 1e-14)
    })
  })

  it('steps up: a p above its own line is rejected where a larger one is under its', () => {
    expect(benjaminiHochberg([0.06, 0.05, 0.07], 0.1).count).toBe(3)
    expect(benjaminiHochberg([], 0.1)).toMatchObject({ count: 0, threshold: 0 })
    expect(benjaminiHochberg([0, 1], 0.1).rejected).toEqual([true, false])
  })

  const row = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 })

  it('rejects the smallest, more at a larger q, and in whatever order they come', () => {
    fc.assert(
      fc.property(row, (ps) => {
        const here = benjaminiHochberg(ps, 0.1)
        expect(benjaminiHochberg(ps, 0.2).count).toBeGreaterThanOrEqual(here.count)
        expect([...benjaminiHochberg([...ps].reverse(), 0.1).rejected].reverse()).toEqual(
          here.rejected,
        )
        ps.forEach((p, i) => {
          expect(here.rejected[i]).toBe(here.count > 0 && p <= here.threshold)
          expect(here.rejected[i]).toBe((here.adjusted[i] ?? 1) <= 0.1)
          expect(here.adjusted[i]).toBeGreaterThanOrEqual(p)
          expect(here.adjusted[i]).toBeLessThanOrEqual(1)
        })
      }),
    )
  })

  it('keeps the share of false rejections under q', () => {
    const source = random(23)
    let share = 0
    let power = 0
    const rounds = 1500
    for (let i = 0; i < rounds; i++) {
      const ps = Array.from({ length: 50 }, (_, j) =>
        normalTwoSided(source.normal(j < 10 ? 3.5 : 0)),
      )
      const { rejected, count } = benjaminiHochberg(ps, 0.1)
      const wrong = rejected.filter((yes, j) => yes && j >= 10).length
      share += count === 0 ? 0 : wrong / count
      power += (count - wrong) / 10
    }
    expect(Math.abs(share / rounds - 0.08)).toBeLessThan(0.012)
    expect(power / rounds).toBeGreaterThan(0.8)
  })

  it('refuses what is not a probability', () => {
    expect(() => benjaminiHochberg([1.1], 0.1)).toThrow(StatisticsError)
    expect(() => benjaminiHochberg([Number.NaN], 0.1)).toThrow(StatisticsError)
    expect(() => benjaminiHochberg([0.1], 0)).toThrow(StatisticsError)
  })
})

describe('stouffer', () => {
  it('adds z-scores over √m', () => {
    expect(stouffer([-1.2, -2.1, -0.4])).toBeCloseTo(-2.1362, 4)
    expect(stouffer([1.7])).toBe(1.7)
    near(stouffer([1, 2], [3, 4]), 11 / 5, 1e-15)
  })

  it('is its own under equal weights of any size', () => {
    const scores = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 1000 }), (zs, weight) => {
        expect(
          Math.abs(
            stouffer(
              zs,
              zs.map(() => weight),
            ) - stouffer(zs),
          ),
        ).toBeLessThan(1e-12)
      }),
    )
  })

  it('refuses no scores and weights that do not fit', () => {
    expect(() => stouffer([])).toThrow(StatisticsError)
    expect(() => stouffer([1, 2], [1])).toThrow(StatisticsError)
    expect(() => stouffer([1, 2], [0, 0])).toThrow(StatisticsError)
    expect(() => stouffer([1, 2], [1, -1])).toThrow(StatisticsError)
  })
})
