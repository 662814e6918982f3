import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharedData } from '../../../support/shared-data.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import {
  autocorrelation,
  mean,
  median,
  quantile,
  squaresAboutMean,
  standardDeviation,
  sum,
  sumOfProducts,
  variance,
  weightedMean,
} from '../../../../transforms/methods/statistics/sums.ts'
import { near } from './near.ts'

const ordinary = fc
  .double({ min: -1e12, max: 1e12, noNaN: true })
  .map((value) => (Math.abs(value) < 1e-30 ? 0 : value))
const values = fc.array(ordinary, { minLength: 1, maxLength: 60 })
const anyFinite = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
  minLength: 1,
  maxLength: 30,
})
const shuffled = (row: readonly number[]): fc.Arbitrary<number[]> =>
  fc.shuffledSubarray([...row], { minLength: row.length, maxLength: row.length })

describe('sum', () => {
  it('keeps what cancels', () => {
    expect(sum([1e100, 1, -1e100])).toBe(1)
    expect(sum([1, 1e100, 1, -1e100])).toBe(2)
    expect(sum(Array.from({ length: 10 }, () => 0.1))).toBe(1)
  })

  it('rounds halfway cases as the exact sum does', () => {
    expect(sum([1, 2 ** -53, 2 ** -106])).toBe(1 + 2 ** -52)
    expect(sum([1, 2 ** -53])).toBe(1)
    expect(sum([2 ** 53, 1, 2 ** -60])).toBe(2 ** 53 + 2)
  })

  it('survives partial sums beyond the doubles', () => {
    expect(sum([1e308, 1e308, -1e308])).toBe(1e308)
  })

  it('of nothing is nothing', () => {
    expect(sum([])).toBe(0)
  })

  it('is one double in whatever order the terms come', () => {
    fc.assert(
      fc.property(
        anyFinite.chain((row) => fc.tuple(fc.constant(row), shuffled(row))),
        ([row, other]) => {
          expect(Object.is(sum(row) + 0, sum(other) + 0)).toBe(true)
        },
      ),
    )
  })

  it('is not NaN for finite input', () => {
    fc.assert(
      fc.property(anyFinite, (row) => !Number.isNaN(sum(row)) && Number.isFinite(mean(row))),
    )
  })
})

describe('mean and spread', () => {
  it('lie in their range and do not depend on order', () => {
    fc.assert(
      fc.property(
        values.chain((row) => fc.tuple(fc.constant(row), shuffled(row))),
        ([row, other]) => {
          expect(mean(row)).toBe(mean(other))
          expect(squaresAboutMean(row)).toBe(squaresAboutMean(other))
          expect(mean(row)).toBeGreaterThanOrEqual(Math.min(...row))
          expect(mean(row)).toBeLessThanOrEqual(Math.max(...row))
        },
      ),
    )
  })

  it('scale with the unit of the values', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: -20, max: 20 }), (row, power) => {
        const unit = 2 ** power
        const scaled = row.map((value) => value * unit)
        expect(mean(scaled)).toBe(mean(row) * unit)
        near(squaresAboutMean(scaled), squaresAboutMean(row) * unit * unit, 1e-12)
      }),
    )
  })

  it('see a spread of one ulp on a large level', () => {
    near(variance([1e15, 1e15 + 1, 1e15 + 2]), 1, 1e-15)
    expect(variance([0.1, 0.1, 0.1])).toBe(0)
  })

  it('refuse too few values and values that are missing', () => {
    expect(() => mean([])).toThrow(StatisticsError)
    expect(() => variance([1])).toThrow(/1 values/)
    expect(() => mean([1, Number.NaN])).toThrow(StatisticsError)
    expect(() => autocorrelation([2, 2, 2])).toThrow(/all values are equal/)
    expect(() => squaresAboutMean([-1e200, 1e200])).toThrow(/exceed/)
  })

  it('say which method refused, why and what to do', () => {
    let caught: unknown
    try {
      mean([])
    } catch (error) {
      caught = error
    }
    expect(caught).toMatchObject({
      name: 'StatisticsError',
      method: 'mean',
      reason: '0 values',
      hint: 'at least 1 needed',
    })
  })
})

describe('weightedMean', () => {
  it('is the mean under equal weights and stays among the values', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 100, noNaN: true }), (row, weight) => {
        const found = weightedMean(
          row,
          row.map(() => weight),
        )
        const scale = Math.max(...row.map(Math.abs), 1e-300)
        expect(Math.abs(found - mean(row)) / scale).toBeLessThan(1e-14)
        expect(found).toBeGreaterThanOrEqual(Math.min(...row))
        expect(found).toBeLessThanOrEqual(Math.max(...row))
      }),
    )
  })

  it('does not lose its answer to weights near the ends of the doubles', () => {
    expect(weightedMean([1, 3], [1e308, 1e308])).toBe(2)
    expect(weightedMean([1, 3], [5e-324, 5e-324])).toBe(2)
    expect(weightedMean([1e308, 1e308, -1e308], [1e300, 1e300, 1e300])).toBeCloseTo(1e308 / 3, -294)
  })

  it('ignores a value without weight', () => {
    expect(weightedMean([1, 5, 1e300], [1, 1, 0])).toBe(3)
  })

  it('refuses weights that have no answer', () => {
    expect(() => weightedMean([1, 2], [0, 0])).toThrow(/all weights are 0/)
    expect(() => weightedMean([1, 2], [1])).toThrow(/1 weights for 2 values/)
    expect(() => weightedMean([1, 2], [1, -1])).toThrow(StatisticsError)
    expect(() => sumOfProducts([1, 2], [1])).toThrow(StatisticsError)
  })
})

describe('quantile', () => {
  it('is of type 7', () => {
    const z = [-2.5, -1.2, 0.3, 0.8, 1.9, -3.4, 0.1, 0.6, 2.2, -0.7]
    near(quantile(z, 0.1), -2.59, 1e-15)
    near(quantile(z, 0.9), 1.93, 1e-15)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(quantile([7], 0.3)).toBe(7)
  })

  it('rises with p and stays among the values', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(values, share, share, (row, p, q) => {
        const [low, high] = [quantile(row, Math.min(p, q)), quantile(row, Math.max(p, q))]
        expect(low).toBeLessThanOrEqual(high)
        expect(quantile(row, 0)).toBe(Math.min(...row) + 0)
        expect(quantile(row, 1)).toBe(Math.max(...row) + 0)
      }),
    )
  })

  it('of finite values is finite, however large they are', () => {
    fc.assert(fc.property(anyFinite, (row) => Number.isFinite(median(row))))
    expect(median([-1.7e308, 1.7e308])).toBe(0)
  })

  it('refuses p outside 0 … 1', () => {
    expect(() => quantile([1], 1.1)).toThrow(StatisticsError)
    expect(() => quantile([], 0.5)).toThrow(StatisticsError)
  })
})

const folder = sharedData('nist_strd')

/** Certified digits: mean, standard deviation, lag-1 autocorrelation; fewer where decimal input is not a double (see the comment). */
const digits: Readonly<Record<string, readonly [number, number, number]>> = {
  Lew: [14, 14, 14],
  Lottery: [14, 14, 14],
  Mavro: [14, 12, 12],
  Michelso: [14, 12, 12],
  NumAcc1: [14, 14, 14],
  NumAcc2: [14, 13, 13],
  // 1,000,000.2 and its like are rounded on reading: 0.1 of spread is known to 10 digits.
  NumAcc3: [14, 9, 9],
  // 10,000,000.2 likewise to 9 digits: ulp 1.9e-9 against 0.1; no double-precision program gets more from these doubles.
  NumAcc4: [14, 7.5, 7.5],
}

describe.runIf(folder !== undefined)('NIST StRD univariate sets', () => {
  const certified = new Map(
    folder === undefined
      ? []
      : readFileSync(resolve(folder, 'certified_values.csv'), 'utf8')
          .trim()
          .split('\n')
          .map((line): [string, number] => {
            const [name, parameter, value] = line.trim().split(',')
            return [`${name} ${parameter}`, Number(value)]
          }),
  )
  const read = (name: string): number[] => {
    const lines = readFileSync(resolve(folder ?? '', 'original', `${name}.dat`), 'utf8').split(
      /\r?\n/,
    )
    return lines
      .slice(lines.findIndex((line) => /^\s*-{5,}/.test(line)) + 1)
      .map((line) => line.trim())
      .filter((line) => /^[-+.\dEe]+$/.test(line))
      .map(Number)
  }
  it.each(Object.entries(digits))('%s is certified', (name, [ofMean, ofSd, ofLag]) => {
    const data = read(name)
    expect(data).toHaveLength(certified.get(`${name} n`) ?? 0)
    const expected = (parameter: string) => certified.get(`${name} ${parameter}`) ?? Number.NaN
    near(mean(data), expected('mean'), 10 ** -ofMean)
    near(standardDeviation(data), expected('sd'), 10 ** -ofSd)
    near(autocorrelation(data), expected('autocorr_lag1'), 10 ** -ofLag)
  })

  it.each([
    ['NumAcc3', 1_000_000.2],
    ['NumAcc4', 10_000_000.2],
  ])('%s is certified to all digits once its tenths are whole numbers', (name, centre) => {
    const tenths = read(name).map((value) => Math.round(value * 10))
    expect(mean(tenths)).toBe(Math.round(centre * 10))
    near(standardDeviation(tenths), 1, 1e-15)
    near(autocorrelation(tenths), -0.999, 1e-15)
  })
})
