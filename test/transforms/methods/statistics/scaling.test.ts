import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import {
  empiricalLogit,
  inverseLogit,
  logarithms,
  logit,
  MAD_SCALE,
  medianAbsoluteDeviation,
  robustScale,
  robustScores,
  standardScores,
  winsorise,
} from '../../../../transforms/methods/statistics/scaling.ts'

const sample = fc
  .array(fc.integer({ min: -10_000, max: 10_000 }), { minLength: 1, maxLength: 40 })
  .map((values) => values.map((value) => value / 16))

describe('winsorise', () => {
  it('puts both tails at the quantiles', () => {
    const values = Array.from({ length: 41 }, (_, i) => i)
    const cut = winsorise(values, 0.025)
    expect([cut[0], cut[1], cut[2], cut[20], cut[40]]).toEqual([1, 1, 2, 20, 39])
  })

  it('keeps the order and stays within the values', () => {
    fc.assert(
      fc.property(sample, fc.double({ min: 0, max: 0.49, noNaN: true }), (values, share) => {
        const cut = winsorise(values, share)
        values.forEach((a, i) => {
          expect(cut[i]).toBeGreaterThanOrEqual(Math.min(...values))
          expect(cut[i]).toBeLessThanOrEqual(Math.max(...values))
          values.forEach((b, j) => {
            if (a <= b) expect(cut[i]).toBeLessThanOrEqual(cut[j] ?? NaN)
          })
        })
      }),
    )
  })

  it('refuses half of the values and more', () => {
    expect(() => winsorise([1], 0.5)).toThrow(StatisticsError)
    expect(() => winsorise([], 0.1)).toThrow(StatisticsError)
  })
})

describe('robustScale', () => {
  it('is the median and 1.4826 MAD, untouched by an outlier', () => {
    expect(robustScale([1, 2, 3, 4, 5])).toEqual({ centre: 3, scale: MAD_SCALE, basis: 'mad' })
    expect(robustScale([1, 2, 3, 4, 500])).toEqual({ centre: 3, scale: MAD_SCALE, basis: 'mad' })
    expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9])).toBe(1)
  })

  it('falls back on the standard deviation, and on 1 where nothing differs', () => {
    expect(robustScale([0, 0, 0, 4])).toEqual({ centre: 0, scale: 2, basis: 'sd' })
    expect(robustScale([7, 7, 7])).toEqual({ centre: 7, scale: 1, basis: 'none' })
    expect([...robustScores([7, 7])]).toEqual([0, 0])
    expect([...standardScores([7])]).toEqual([0])
  })

  it('gives scores that do not change with unit or origin', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const scores = robustScores(values)
        const moved = robustScores(values.map((value) => 8 * value - 32))
        scores.forEach((score, i) => {
          expect(moved[i]).toBeCloseTo(score, 9)
        })
      }),
    )
  })

  it('scores by a frozen scale', () => {
    expect([...robustScores([10], { centre: 4, scale: 3, basis: 'mad' })]).toEqual([2])
    expect(() => robustScores([1], { centre: 0, scale: 0, basis: 'mad' })).toThrow(/scale 0/)
  })
})

describe('logit', () => {
  it('is undone by its inverse', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (share) => {
        expect(inverseLogit(logit(share))).toBeCloseTo(share, 12)
        expect(logit(share)).toBeCloseTo(-logit(1 - share), 6)
      }),
    )
  })

  it('is finite at 0 and n from counts, and refused from shares', () => {
    expect(empiricalLogit(0, 20)).toBeCloseTo(Math.log(0.5 / 20.5), 14)
    expect(empiricalLogit(20, 20)).toBe(-empiricalLogit(0, 20))
    expect(empiricalLogit(0, 0)).toBe(0)
    expect(() => logit(0)).toThrow(/empiricalLogit/)
    expect(() => empiricalLogit(3, 2)).toThrow(StatisticsError)
  })
})

describe('logarithms', () => {
  it('takes natural logarithms with an offset', () => {
    expect([...logarithms([1, Math.E])]).toEqual([0, 1])
    expect([...logarithms([0], 1)]).toEqual([0])
    expect(() => logarithms([0])).toThrow(/no logarithm/)
  })
})
