import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharedData } from '../../../support/shared-data.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import type { SeriesPoint } from '../../../../transforms/methods/statistics/kendall.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { theilSen } from '../../../../transforms/methods/statistics/theil_sen.ts'
import { near } from './near.ts'
import { number, readSeries, readSulphate, readTable, text } from './trend_reference.ts'

const points = (values: readonly number[]): SeriesPoint[] =>
  values.map((value, t) => ({ t, value }))

describe('Theil–Sen', () => {
  it('of three equally spaced points is half the difference of the ends, without an interval', () => {
    expect(theilSen(points([52, 47, 44]))).toEqual({ slope: -4, intercept: 51, pairs: 3 })
    expect(theilSen(points([1, 2, 3, 5])).interval).toBeUndefined()
    expect(theilSen(points([5, 5, 5])).interval).toBeUndefined()
    expect(theilSen(points([1, 2, 2, 5])).interval).toBeUndefined()
    expect(theilSen(points([1, 2, 2, 5, 5])).interval).toBeDefined()
    expect(theilSen(points([1, 2, 3, 5]), { level: 0.9 }).interval).toBeDefined()
  })

  it('is not moved by one wild value', () => {
    expect(theilSen(points([0, 1, 2, 3, 1000, 5, 6])).slope).toBe(1)
  })

  const rows = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 3, maxLength: 14 })

  it('does not see the order of rows, follows a line added to it, and lies in its interval', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: -8, max: 8 }), (values, b) => {
        const here = theilSen(points(values))
        expect(theilSen([...points(values)].reverse())).toEqual(here)
        const tilted = theilSen(points(values.map((value, t) => value + b * t)))
        expect(Math.abs(tilted.slope - here.slope - b)).toBeLessThan(1e-10)
        const scaled = theilSen(points(values.map((value) => 2 * value)))
        expect(scaled.slope).toBe(2 * here.slope)
        if (here.interval) {
          expect(here.interval.lo).toBeLessThanOrEqual(here.slope)
          expect(here.interval.hi).toBeGreaterThanOrEqual(here.slope)
        }
      }),
    )
  })

  it('has an interval that covers at small n', () => {
    const source = random(13)
    for (const n of [6, 8, 10]) {
      let covered = 0
      for (let round = 0; round < 1500; round++) {
        const { interval } = theilSen(
          points(Array.from({ length: n }, (_, t) => 2 * t + source.normal(0, 3))),
        )
        covered += interval && interval.lo <= 2 && 2 <= interval.hi ? 1 : 0
      }
      expect(covered / 1500).toBeGreaterThan(0.935)
    }
  })

  it('refuses one moment', () => {
    const still = [1, 2].map((value) => ({ t: 3, value }))
    expect(() => theilSen(still)).toThrow(/one moment/)
    expect(() => theilSen(points([1, 2]), { level: 1 })).toThrow(StatisticsError)
  })
})

const folder = sharedData('trend_reference')

describe.runIf(folder !== undefined)('Theil–Sen against R', () => {
  const at = folder ?? ''

  it('has the slope of every series, and the limits at the nearest ranks', () => {
    const series = readSeries(at)
    for (const row of readTable(at, 'reference_mk_sen.csv')) {
      const found = theilSen(series.get(text(row, 'series')) ?? [], { ranks: 'nearest' })
      near(found.slope, number(row, 'sen_slope'), 1e-12)
      const lower = text(row, 'sen_lcl95')
      if (lower === '' || lower === 'NA') {
        expect(found.interval).toBeUndefined()
        continue
      }
      expect(Math.abs((found.interval?.lo ?? Number.NaN) - Number(lower))).toBeLessThan(1e-10)
      near(found.interval?.hi ?? Number.NaN, number(row, 'sen_ucl95'), 1e-10)
    }
  })

  it('has the published slope, intercept and interpolated limits of EPA example 17-7', () => {
    const found = theilSen(readSulphate(at))
    near(found.slope, 26.6666667, 1e-8)
    near(found.intercept, -1909.3333333, 1e-10)
    expect(found.interval?.lo).toBeCloseTo(20, 5)
    expect(found.interval?.hi).toBeCloseTo(35.71182, 5)
  })
})
