import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { binomialPmf } from '../../../../transforms/methods/statistics/distributions.ts'
import {
  clopperPearson,
  levelOf,
  newcombe,
  pooledInterval,
  pooledWithinSd,
  tInterval,
  wilson,
} from '../../../../transforms/methods/statistics/interval.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { near } from './near.ts'

const count = fc
  .integer({ min: 1, max: 500 })
  .chain((n) => fc.record({ n: fc.constant(n), successes: fc.integer({ min: 0, max: n }) }))
const sample = fc.array(
  fc.integer({ min: -1e9, max: 1e9 }).map((value) => value / 1000),
  {
    minLength: 2,
    maxLength: 40,
  },
)

describe('wilson', () => {
  it.each([
    [3, 20, 0.052369, 0.360419],
    [0, 12, 0, 0.242494],
    [40, 89, 0.350324, 0.552737],
  ])('%d of %d', (successes, n, lo, hi) => {
    const found = wilson(successes, n)
    expect(found.lo).toBeCloseTo(lo, 6)
    expect(found.hi).toBeCloseTo(hi, 6)
  })

  it('contains the share, mirrors it and lies in [0, 1]', () => {
    fc.assert(
      fc.property(count, ({ successes, n }) => {
        const { lo, hi } = wilson(successes, n)
        expect(lo).toBeLessThanOrEqual(successes / n)
        expect(hi).toBeGreaterThanOrEqual(successes / n)
        expect(lo).toBeGreaterThanOrEqual(0)
        expect(hi).toBeLessThanOrEqual(1)
        const mirror = wilson(n - successes, n)
        expect(mirror.lo).toBeCloseTo(1 - hi, 12)
      }),
    )
  })

  it('rises with the successes and narrows with n', () => {
    fc.assert(
      fc.property(count, ({ successes, n }) => {
        const here = wilson(successes, n)
        if (successes < n) expect(wilson(successes + 1, n).lo).toBeGreaterThan(here.lo)
        const wider = wilson(successes * 4, n * 4)
        expect(wider.hi - wider.lo).toBeLessThan(here.hi - here.lo)
      }),
    )
  })

  it('is the share itself under multiplier 0', () => {
    expect(wilson(3, 20, 0)).toEqual({ lo: 0.15, hi: 0.15 })
  })

  it('refuses counts without a share', () => {
    expect(() => wilson(0, 0)).toThrow(StatisticsError)
    expect(() => wilson(5, 4)).toThrow(/5 successes of 4/)
    expect(() => wilson(-1, 4)).toThrow(StatisticsError)
    expect(() => wilson(1, 4, Number.NaN)).toThrow(StatisticsError)
  })
})

describe('newcombe', () => {
  it('is the published interval of 56/70 − 48/80', () => {
    const found = newcombe({ successes: 56, n: 70 }, { successes: 48, n: 80 })
    expect(found.estimate).toBeCloseTo(0.2, 12)
    expect(found.lo).toBeCloseTo(0.0524, 4)
    expect(found.hi).toBeCloseTo(0.3339, 4)
  })

  it('contains the difference and turns with it', () => {
    fc.assert(
      fc.property(count, count, (a, b) => {
        const here = newcombe(a, b)
        const turned = newcombe(b, a)
        expect(here.lo).toBeLessThanOrEqual(here.estimate)
        expect(here.hi).toBeGreaterThanOrEqual(here.estimate)
        expect(turned.lo).toBeCloseTo(-here.hi, 12)
        expect(here.lo).toBeGreaterThanOrEqual(-1)
        expect(here.hi).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('clopperPearson', () => {
  it.each([
    [3, 20, 0.032070937185463706, 0.3789268265453139],
    [0, 12, 0, 0.2646484693970512],
  ])('%d of %d', (successes, n, lo, hi) => {
    const found = clopperPearson(successes, n)
    near(found.lo, lo, 1e-13)
    near(found.hi, hi, 1e-13)
  })

  it('covers at least its level at every share', () => {
    for (const n of [5, 10, 20]) {
      const intervals = Array.from({ length: n + 1 }, (_, x) => clopperPearson(x, n))
      for (let p = 0.01; p < 1; p += 0.01) {
        let covered = 0
        intervals.forEach(
          ({ lo, hi }, x) => (covered += lo <= p && p <= hi ? binomialPmf(x, n, p) : 0),
        )
        expect(covered).toBeGreaterThanOrEqual(0.95)
      }
    }
  })

  it('contains the share', () => {
    fc.assert(
      fc.property(count, ({ successes, n }) => {
        const { lo, hi } = clopperPearson(successes, n)
        expect(lo).toBeLessThanOrEqual(successes / n)
        expect(hi).toBeGreaterThanOrEqual(successes / n)
      }),
    )
  })
})

describe('intervals of a mean', () => {
  it('by t', () => {
    const found = tInterval([1, 2, 3, 4, 5])
    expect(found.estimate).toBe(3)
    near(found.hi - 3, 2.7764451051977987 * Math.sqrt(0.5), 1e-13)
  })

  it('contain the mean and follow the unit', () => {
    fc.assert(
      fc.property(sample, (row) => {
        const found = tInterval(row)
        expect(found.lo).toBeLessThanOrEqual(found.estimate)
        expect(found.hi).toBeGreaterThanOrEqual(found.estimate)
        const double = tInterval(row.map((value) => 2 * value))
        expect(double.hi).toBe(2 * found.hi)
      }),
    )
  })

  it('pools the spread within groups, not between them', () => {
    near(pooledWithinSd([[1, 3], [101, 103], [7]]), Math.SQRT2, 1e-15)
    expect(pooledInterval(70, 25, 10).hi).toBeCloseTo(73.92, 2)
    expect(pooledInterval(0, 24, 1.25).hi).toBeCloseTo(0.5001, 4)
    expect(pooledInterval(0, 45, 1.25).hi).toBeCloseTo(0.3652, 4)
    expect(() => pooledWithinSd([[1], [2]])).toThrow(StatisticsError)
  })

  it('by the within-group spread cover where the spread of everybody is too wide', () => {
    const source = random(41)
    const within = 8
    let covered = 0
    let coveredByTotal = 0
    let total = 0
    for (let round = 0; round < 60; round++) {
      const means = Array.from({ length: 40 }, () => source.normal(50, 12))
      const groups = means.map((mean) =>
        Array.from({ length: 6 }, () => source.normal(mean, within)),
      )
      const pooled = pooledWithinSd(groups)
      const everybody = pooledWithinSd([groups.flat()])
      groups.forEach((group, i) => {
        const average = tInterval(group).estimate
        const own = means[i] ?? 0
        const narrow = pooledInterval(average, 6, pooled)
        const wide = pooledInterval(average, 6, everybody)
        covered += narrow.lo <= own && own <= narrow.hi ? 1 : 0
        coveredByTotal += wide.lo <= own && own <= wide.hi ? 1 : 0
        total++
      })
    }
    expect(Math.abs(covered / total - 0.95)).toBeLessThan(0.015)
    expect(coveredByTotal / total).toBeGreaterThan(0.99)
  })

  it('refuse one value and a negative spread', () => {
    expect(() => tInterval([1])).toThrow(StatisticsError)
    expect(() => pooledInterval(1, 5, -1)).toThrow(StatisticsError)
    expect(() => tInterval([1, 2], 1)).toThrow(StatisticsError)
  })

  it('know the level of a multiplier', () => {
    near(levelOf(1.959963984540054), 0.95, 1e-14)
    near(levelOf(3), 0.9973002039367398, 1e-14)
  })
})
