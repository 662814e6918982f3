import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cohortNoise,
  noiseOfUnit,
  slopeOf,
  trendOf,
  type TrendRule,
  type YearValue,
} from '../../../../transforms/methods/education/trend_class.ts'

const rule: TrendRule = {
  significanceZ: 1.959963984540054,
  materialChange: 5,
  stableInterval: 10,
  minimumN: 10,
  better: 'higher',
}
const series = (
  values: readonly number[],
  se = 1,
  years?: readonly number[],
  n = 50,
): YearValue[] => values.map((value, i) => ({ year: years?.[i] ?? 2024 + i, value, se, n }))

describe('a trend class', () => {
  it('calls vector 7 of DOMAIN 3.15 uncertain: b −4, SE 2.7586, z −1.45', () => {
    const found = trendOf(
      [52, 47, 44].map((value, i) => ({
        year: 2024 + i,
        value,
        se: [4, 3.5, 3.8][i] ?? 0,
        n: 30,
      })),
      0,
      rule,
    )
    expect(found.slope?.slope).toBeCloseTo(-4, 12)
    expect(found.slope?.se).toBeCloseTo(2.7586, 4)
    expect(found.slope?.z).toBeCloseTo(-1.45, 2)
    expect(found.trendClass).toBe('uncertain')
  })

  it('is improved from a significant change of exactly five points, and turns with the good direction', () => {
    expect(trendOf(series([40, 42, 45]), 0, rule).trendClass).toBe('improved')
    expect(trendOf(series([40, 42, 45]), 0, { ...rule, better: 'lower' }).trendClass).toBe(
      'declined',
    )
    expect(
      trendOf(series([0.4, 0.42, 0.45], 0.01), 0, {
        ...rule,
        materialChange: 0.05,
        stableInterval: 0.1,
      }).trendClass,
    ).toBe('improved')
  })

  it('is stable only where the interval of the total change lies within the limits', () => {
    expect(trendOf(series([40, 41, 42]), 0, rule).trendClass).toBe('stable')
    expect(trendOf(series([40, 41, 42], 6), 0, rule).trendClass).toBe('uncertain')
  })

  it('judges the total change over the window, not the change a year', () => {
    expect(trendOf(series([40, 43, 46], 0.5), 0, rule).trendClass).toBe('improved')
    expect(trendOf(series([40, 42, 44], 0.5), 0, rule).trendClass).toBe('stable')
  })

  it('speaks no word of a trend with two years and keeps the slope with too few pupils', () => {
    expect(trendOf(series([40, 60]), 0, rule).trendClass).toBe('difference')
    const few = trendOf(series([40, 50, 60], 1, undefined, 9), 0, rule)
    expect(few.trendClass).toBe('insufficient')
    expect(few.slope?.total).toBeCloseTo(20, 12)
    expect(trendOf(series([40]), 0, rule)).toMatchObject({
      trendClass: 'insufficient',
      slope: null,
    })
  })

  it('looks at n in the end years only, and not at an n that was not delivered', () => {
    const middle = series([40, 50, 60]).map((point, i) => (i === 1 ? { ...point, n: 3 } : point))
    expect(trendOf(middle, 0, rule).trendClass).toBe('improved')
    const delivered = series([40, 50, 60]).map((point) => ({ ...point, se: null, n: null }))
    expect(trendOf(delivered, 9, rule).trendClass).toBe('improved')
    expect(trendOf(delivered, 0, rule)).toMatchObject({ trendClass: 'uncertain', hasError: false })
  })

  it('keeps the true distance of a gap year', () => {
    const gap = trendOf(series([40, 44, 52], 1, [2022, 2023, 2026]), 0, rule)
    const slope = ((-5 / 3) * 40 + (-2 / 3) * 44 + (7 / 3) * 52) / (25 / 9 + 4 / 9 + 49 / 9)
    expect(gap.slope?.slope).toBeCloseTo(slope, 10)
    expect(gap.slope?.total).toBeCloseTo(4 * slope, 10)
    expect(gap.hasCurvature).toBe(false)
  })

  it('tells a V that the slope hides', () => {
    const vee = trendOf(series([50, 38, 50]), 0, rule)
    expect(vee.slope?.slope).toBeCloseTo(0, 12)
    expect(vee.hasCurvature).toBe(true)
    expect(trendOf(series([50, 49, 50]), 0, rule).hasCurvature).toBe(false)
  })

  it('gives the mirrored class to the mirrored series', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 2, maxLength: 6 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (values, se) => {
          const one = trendOf(series(values, se), 1, rule).trendClass
          const other = trendOf(
            series(
              values.map((value) => -value),
              se,
            ),
            1,
            { ...rule, better: 'lower' },
          ).trendClass
          expect(other).toBe(one)
        },
      ),
    )
  })

  it('does not depend on the unit in which all is measured', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 3, maxLength: 5 }),
        fc.integer({ min: 1, max: 8 }),
        (values, se) => {
          const points = trendOf(series(values, se), 4, rule)
          const shares = trendOf(
            series(
              values.map((value) => value / 128),
              se / 128,
            ),
            4 / 128 ** 2,
            { ...rule, materialChange: 5 / 128, stableInterval: 10 / 128 },
          )
          expect(shares.trendClass).toBe(points.trendClass)
        },
      ),
    )
  })

  it('weighs every year alike where no error is known', () => {
    const all = series([10, 12, 11, 15]).map((point) => ({ ...point, se: null }))
    expect(slopeOf(all, 0).slope).toBeCloseTo((-1.5 * 10 - 0.5 * 12 + 0.5 * 11 + 1.5 * 15) / 5, 12)
  })
})

describe('cohort noise', () => {
  const five = [
    [52, 40, 44],
    [60, 72, 55],
    [41, 45, 30],
    [70, 61, 77],
    [55, 43, 58],
  ] as const
  const errors = [
    [4, 3.5, 3.8],
    [5, 5, 5],
    [3, 3, 3],
    [6, 5.5, 6],
    [4, 4, 4.2],
  ] as const
  const schools = five.map((values, s) =>
    values.map((value, i) => ({ year: 2024 + i, value, se: errors[s]?.[i] ?? 0, n: 40 })),
  )

  it('is that of vector 8 of DOMAIN 3.15 when five schools are enough, else the declared one', () => {
    const pooled = cohortNoise(schools, { minimumSchools: 5, minimumN: 10, declaredVariance: 9 })
    expect(pooled.variance).toBeCloseTo(74.5973, 4)
    expect(pooled).toMatchObject({ source: 'pooled', schools: 5 })
    expect(cohortNoise(schools, { minimumSchools: 8, minimumN: 10, declaredVariance: 9 })).toEqual({
      variance: 9,
      source: 'declared',
      schools: 5,
    })
  })

  it('takes no triple with a gap and no year of a few pupils', () => {
    const gap = schools.map((years) =>
      years.map((point, i) => ({ ...point, year: 2020 + 2 * i * i })),
    )
    const few = schools.map((years) => years.map((point) => ({ ...point, n: 4 })))
    for (const none of [gap, few])
      expect(
        cohortNoise(none, { minimumSchools: 1, minimumN: 10, declaredVariance: 9 }).source,
      ).toBe('declared')
  })

  it('of a municipality falls with the number of its schools', () => {
    expect(noiseOfUnit(9, [50, 50, 50])).toBeCloseTo(3, 12)
    expect(noiseOfUnit(9, [0, 0])).toBeCloseTo(4.5, 12)
    expect(noiseOfUnit(9, [])).toBe(9)
    expect(noiseOfUnit(9, [1000, 1])).toBeGreaterThan(8.9)
  })
})
