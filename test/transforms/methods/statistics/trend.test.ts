import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import {
  cohortVariance,
  curvature,
  slope,
  type TrendPoint,
} from '../../../../transforms/methods/statistics/trend.ts'
import { near } from './near.ts'

const series = (
  values: readonly number[],
  errors: readonly number[],
  times?: readonly number[],
): TrendPoint[] =>
  values.map((value, i) => ({ t: times?.[i] ?? 2023 + i, value, se: errors[i] ?? errors[0] ?? 1 }))

const five: readonly TrendPoint[][] = [
  series([52, 40, 44], [4, 3.5, 3.8]),
  series([60, 72, 55], [5, 5, 5]),
  series([41, 45, 30], [3, 3, 3]),
  series([70, 61, 77], [6, 5.5, 6]),
  series([55, 43, 58], [4, 4, 4.2]),
]

describe('slope', () => {
  it('of three equally spaced years is half the difference of the ends', () => {
    const found = slope(series([52, 47, 44], [4, 3.5, 3.8]), 0)
    near(found.slope, -4, 1e-14)
    expect(found.se).toBeCloseTo(2.7586, 4)
    expect(found.z).toBeCloseTo(-1.45, 4)
    expect(found).toMatchObject({ method: 'least squares', window: 2 })
    expect(found.total).toBeCloseTo(-8, 12)
    const noisy = slope(series([52, 99, 44], [4, 50, 3.8]), 9)
    near(noisy.slope, -4, 1e-13)
    near(noisy.se, 0.5 * Math.sqrt(16 + 3.8 ** 2 + 18), 1e-13)
  })

  it('of three years with a gap is unweighted least squares over true time', () => {
    const found = slope(series([50, 56, 58], [1, 2, 3], [2021, 2023, 2024]), 0)
    const c = [-5 / 3, 1 / 3, 4 / 3]
    const spread = (25 + 1 + 16) / 9
    near(found.slope, ((c[0] ?? 0) * 50 + (c[1] ?? 0) * 56 + (c[2] ?? 0) * 58) / spread, 1e-13)
    near(found.se, Math.hypot((c[0] ?? 0) * 1, (c[1] ?? 0) * 2, (c[2] ?? 0) * 3) / spread, 1e-13)
    expect(found.window).toBe(3)
  })

  it('of two years is their difference over the time between', () => {
    const found = slope(series([40, 46], [3, 4], [2019, 2021]), 0)
    near(found.slope, 3, 1e-14)
    near(found.se, 2.5, 1e-14)
    expect(found.method).toBe('difference')
  })

  it('of four years and more is weighted by 1/(σ² + τ²)', () => {
    const points = series([10, 12, 11, 15], [1, 2, 1, 3], [0, 1, 2, 3])
    const found = slope(points, 1)
    const w = [1 / 2, 1 / 5, 1 / 2, 1 / 10]
    const total = w.reduce((a, b) => a + b, 0)
    const centre = w.reduce((a, weight, i) => a + weight * i, 0) / total
    const spread = w.reduce((a, weight, i) => a + weight * (i - centre) ** 2, 0)
    const expected =
      points.reduce((a, { value, t }, i) => a + (w[i] ?? 0) * (t - centre) * value, 0) / spread
    near(found.slope, expected, 1e-13)
    near(found.se, 1 / Math.sqrt(spread), 1e-13)
    expect(found.method).toBe('weighted least squares')
  })

  const points = fc
    .uniqueArray(fc.integer({ min: 2000, max: 2040 }), { minLength: 2, maxLength: 9 })
    .chain((times) =>
      fc.tuple(
        ...times.map((t) =>
          fc.record({
            t: fc.constant(t),
            value: fc.integer({ min: 0, max: 100 }),
            se: fc.integer({ min: 1, max: 20 }),
          }),
        ),
      ),
    )

  it('does not depend on order, follows the unit, and lies in its interval', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 50 }), (row, noise) => {
        const here = slope(row, noise)
        expect(slope([...row].reverse(), noise)).toEqual(here)
        const scaled = slope(
          row.map(({ t, value, se }) => ({ t, value: 4 * value, se: 4 * se })),
          16 * noise,
        )
        expect(Math.abs(scaled.slope - 4 * here.slope)).toBeLessThan(1e-10)
        near(scaled.se, 4 * here.se, 1e-12)
        expect(here.interval.lo).toBeLessThanOrEqual(here.slope)
        expect(here.interval.hi).toBeGreaterThanOrEqual(here.slope)
        expect(here.se).toBeGreaterThan(0)
      }),
    )
  })

  it('of five years with a gap is the weighted fit of statsmodels with errors known', () => {
    // WLS(value, [1, t], weights = 1/(se² + 9)); the error from normalized_cov_params
    const found = slope(
      series([52, 47, 44, 49, 40], [4, 3.5, 3.8, 2, 5], [2019, 2020, 2022, 2023, 2025]),
      9,
    )
    near(found.slope, -1.2045534065511538, 1e-12)
    near(found.se, 1.0661793774654444, 1e-12)
  })

  it('is exact on a line and ignores the level', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: -9, max: 9 }), (row, b) => {
        const line = row.map(({ t, se }) => ({ t, value: 1e6 + b * (t - 2020), se }))
        expect(Math.abs(slope(line, 3).slope - b)).toBeLessThan(1e-9)
      }),
    )
  })

  it('refuses a series without an answer', () => {
    expect(() => slope(series([1], [1]), 0)).toThrow(StatisticsError)
    expect(() => slope(series([1, 2], [1, 1], [5, 5]), 0)).toThrow(/two points at t = 5/)
    expect(() => slope(series([1, 2], [0, 1]), 0)).toThrow(/no variance/)
    expect(() => slope(series([1, 2], [1, 1]), -1)).toThrow(StatisticsError)
    expect(slope(series([1, 2], [0, 0]), 4).se).toBeCloseTo(Math.sqrt(8), 12)
  })
})

describe('cohort noise', () => {
  it('is pooled over the second differences', () => {
    const found = cohortVariance(five)
    near(found.variance, 74.59733333333334, 1e-12)
    expect(found.triples).toBe(5)
    expect(five.map((row) => curvature(row, 0).difference)).toEqual([16, -29, -19, 25, 27])
  })

  it('rests on equally spaced triples only', () => {
    const gap = series([1, 90, 1], [1, 1, 1], [2019, 2021, 2022])
    expect(cohortVariance([...five, gap])).toEqual(cohortVariance(five))
    expect(() => cohortVariance([gap])).toThrow(/no equally spaced triple/)
    expect(() => curvature(gap, 0)).toThrow(StatisticsError)
  })

  it('is never negative', () => {
    expect(cohortVariance([series([1, 2, 3], [5, 5, 5])]).variance).toBe(0)
  })

  it('is found again in simulated series with slopes of their own, and then the slope covers', () => {
    const source = random(303)
    const tau = 3
    const rows = Array.from({ length: 3000 }, () => {
      const own = source.normal(0, 4)
      const errors = [4, 3, 5]
      return {
        own,
        row: series(
          errors.map((se, i) => 50 + own * i + source.normal(0, Math.hypot(tau, se))),
          errors,
        ),
      }
    })
    const found = cohortVariance(rows.map(({ row }) => row)).variance
    expect(Math.abs(found - tau * tau)).toBeLessThan(1.5)
    const share = (noise: number) =>
      rows.filter(({ own, row }) => {
        const { lo, hi } = slope(row, noise).interval
        return lo <= own && own <= hi
      }).length / rows.length
    expect(Math.abs(share(found) - 0.95)).toBeLessThan(0.013)
    expect(share(0)).toBeLessThan(0.92)
  })
})

describe('curvature', () => {
  it('shows a turn that the slope hides', () => {
    const turn = series([60, 40, 60], [2, 2, 2])
    expect(slope(turn, 0).slope).toBe(0)
    expect(curvature(turn, 0)).toMatchObject({ difference: 40, curved: true })
    expect(curvature(turn, 100).curved).toBe(false)
    near(curvature(turn, 9).se, Math.sqrt(4 + 16 + 4 + 54), 1e-14)
  })
})
