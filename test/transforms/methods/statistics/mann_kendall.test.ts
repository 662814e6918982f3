import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharedData } from '../../../support/shared-data.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import {
  discordantPairs,
  kendall,
  kendallTail,
  type SeriesPoint,
} from '../../../../transforms/methods/statistics/kendall.ts'
import { normalTwoSided } from '../../../../transforms/methods/statistics/distributions.ts'
import { mannKendall } from '../../../../transforms/methods/statistics/mann_kendall.ts'
import { near } from './near.ts'
import { number, readSeries, readSulphate, readTable, text } from './trend_reference.ts'

const points = (values: readonly number[]): SeriesPoint[] =>
  values.map((value, t) => ({ t, value }))

describe('Mann–Kendall', () => {
  it.each([
    [3, 1 / 3],
    [4, 1 / 12],
    [5, 1 / 60],
  ])('with %d points reaches p = %d at best', (n, p) => {
    near(mannKendall(points(Array.from({ length: n }, (_, i) => i))).p, p, 1e-14)
  })

  it('says p = 1 of equal values', () => {
    expect(mannKendall(points([5, 5, 5, 5]))).toMatchObject({
      s: 0,
      variance: 0,
      z: 0,
      p: 1,
      tau: 0,
    })
  })

  const rows = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 15 })

  it('sees ranks only, turns with the values and does not see the order of rows', () => {
    fc.assert(
      fc.property(rows, (values) => {
        const here = mannKendall(points(values))
        expect(mannKendall(points(values.map((value) => Math.exp(value / 10))))).toEqual(here)
        const turned = mannKendall(points(values.map((value) => -value)))
        expect(turned.s + here.s).toBe(0)
        expect(turned.p).toBe(here.p)
        expect(mannKendall([...points(values)].reverse())).toEqual(here)
        expect(here.p).toBeGreaterThan(0)
        expect(here.p).toBeLessThanOrEqual(1)
        expect(Math.abs(here.tau)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('has an exact distribution that is a distribution with the variance n(n − 1)(2n + 5)/18', () => {
    for (const n of [2, 3, 7, 20, 60]) {
      const masses = discordantPairs(n)
      const top = (n * (n - 1)) / 2
      near(
        masses.reduce((total, mass) => total + mass, 0),
        1,
        1e-12,
      )
      near(
        masses.reduce((total, mass, d) => total + mass * (top - 2 * d) ** 2, 0),
        (n * (n - 1) * (2 * n + 5)) / 18,
        1e-11,
      )
    }
  })

  it('with ties and up to ten points counts every order of the values', () => {
    const found = mannKendall(points([0, 0, 1, 1, 3, 2]))
    expect(found.method).toBe('exact')
    near(found.p, 2 / 45, 1e-14)
    const orders = (values: readonly number[]): number[][] =>
      values.length < 2
        ? [[...values]]
        : values.flatMap((value, i) =>
            orders([...values.slice(0, i), ...values.slice(i + 1)]).map((rest) => [value, ...rest]),
          )
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 6 }),
        (values) => {
          fc.pre(new Set(values).size < values.length)
          const { s, p } = mannKendall(points(values))
          const all = orders(values)
          const beyond = all.filter((row) => Math.abs(kendall(points(row)).s) >= Math.abs(s))
          near(p, beyond.length / all.length, 1e-14)
        },
      ),
      { numRuns: 40 },
    )
    const twice = mannKendall([...points([1, 3, 2]), { t: 2, value: 2 }])
    expect(twice.method).toBe('normal approximation')
  })

  it('refuses one point', () => {
    expect(() => kendall(points([1]))).toThrow(StatisticsError)
    expect(() => kendall(points([1, Number.NaN]))).toThrow(StatisticsError)
  })
})

const folder = sharedData('trend_reference')

describe.runIf(folder !== undefined)('Mann–Kendall against R', () => {
  const at = folder ?? ''

  it('has the exact p of every S for n = 3 … 10', () => {
    const rows = folder === undefined ? [] : readTable(at, 'exact_mann_kendall_p_n3_10.csv')
    expect(rows.length).toBeGreaterThan(50)
    for (const row of rows) {
      const tail = kendallTail(number(row, 'S'), number(row, 'n'))
      near(tail, number(row, 'p_one_sided'), 1e-13)
      near(Math.min(1, 2 * tail), number(row, 'p_two_sided'), 1e-13)
    }
  })

  it('has S, its variance, τ, z and p of every series', () => {
    const series = readSeries(at)
    const rows = readTable(at, 'reference_mk_sen.csv')
    expect(rows.length).toBeGreaterThan(10)
    for (const row of rows) {
      const found = mannKendall(series.get(text(row, 'series')) ?? [])
      expect(found.s).toBe(number(row, 'S'))
      near(found.variance, number(row, 'varS'), 1e-13)
      near(found.tau, number(row, 'tau'), 1e-12)
      near(found.z, number(row, 'z'), 1e-12)
      const exact = text(row, 'p_exact_no_ties')
      const hasExact = exact !== '' && exact !== 'NA'
      const isNormal = found.method === 'normal approximation'
      if (hasExact) near(found.p, Number(exact), 1e-11)
      else near(normalTwoSided(found.z), number(row, 'p_normal_continuity'), 1e-11)
      if (isNormal) near(found.p, number(row, 'p_normal_continuity'), 1e-11)
      expect(isNormal).toBe(!hasExact && found.n > 10)
    }
  })

  it('has the published z and p of EPA example 17-6, with ties in time and value', () => {
    const found = mannKendall(readSulphate(at))
    expect((2 * found.s) / (found.n * (found.n - 1))).toBeCloseTo(0.7667984, 7)
    expect(found.z).toBeCloseTo(5.107322, 6)
    near(found.p, 3.267574e-7, 1e-6)
  })
})
