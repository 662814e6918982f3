import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { varianceComponents } from '../../../../transforms/methods/statistics/variance_components.ts'
import { sharedData } from '../../../support/shared-data.ts'
import { permutation } from './points.ts'
import { digits, readReference } from './reference.ts'

describe('varianceComponents', () => {
  it('matches a table worked by hand', () => {
    const found = varianceComponents([1, 3, 4, 6, 8], [7, 7, 9, 9, 9])
    expect(found.meanSquareWithin).toBeCloseTo(10 / 3, 14)
    expect(found.meanSquareBetween).toBeCloseTo(19.2, 14)
    expect(found.effectiveSize).toBeCloseTo(2.4, 14)
    expect(found.varianceBetween).toBeCloseTo((19.2 - 10 / 3) / 2.4, 14)
    expect(found.etaSquared).toBeCloseTo(19.2 / 29.2, 14)
    expect([...found.means]).toEqual([2, 6])
    expect([...found.sizes]).toEqual([2, 3])
    expect(found.pValue).toBeCloseTo(0.096, 3)
  })

  it('does not depend on order or origin, and is never negative', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -40, max: 40 }), fc.nat(3)), {
          minLength: 4,
          maxLength: 30,
        }),
        fc.nat(1000),
        (pairs, seed) => {
          const rows: [number, number][] = [[1, 0], [5, 1], [2, 0], ...pairs]
          const order = permutation(rows.length, seed)
          const values = rows.map(([value]) => value)
          const groups = rows.map(([, group]) => group)
          const straight = varianceComponents(values, groups)
          const moved = varianceComponents(
            order.map((i) => (values[i] ?? NaN) + 64),
            order.map((i) => groups[i] ?? NaN),
          )
          expect(moved.squaresWithin).toBeCloseTo(straight.squaresWithin, 8)
          expect(moved.squaresBetween).toBeCloseTo(straight.squaresBetween, 8)
          expect(straight.varianceBetween).toBeGreaterThanOrEqual(0)
          expect(straight.intraclassCorrelation).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  it('gives the same shares in any unit, and refuses where the squares are beyond the doubles', () => {
    const values = [1, 3, 4, 6, 8]
    const groups = [7, 7, 9, 9, 9]
    const plain = varianceComponents(values, groups)
    for (const power of [-500, -300, 300, 505]) {
      const found = varianceComponents(
        values.map((value) => value * 2 ** power),
        groups,
      )
      expect(found).toEqual({
        ...plain,
        means: plain.means.map((value) => value * 2 ** power),
        grandMean: plain.grandMean * 2 ** power,
        squaresBetween: plain.squaresBetween * 2 ** (2 * power),
        squaresWithin: plain.squaresWithin * 2 ** (2 * power),
        meanSquareBetween: plain.meanSquareBetween * 2 ** (2 * power),
        meanSquareWithin: plain.meanSquareWithin * 2 ** (2 * power),
        varianceBetween: plain.varianceBetween * 2 ** (2 * power),
      })
    }
    for (const unit of [1e308 / 8, 1e200, 1e-200, 5e-324])
      expect(() =>
        varianceComponents(
          values.map((value) => value * unit),
          groups,
        ),
      ).toThrow(StatisticsError)
  })

  it.each([
    ['between groups', [0, 0, 0, 0, 1e308, 1e308]],
    ['of an F', [1e154, 1e154, 1e-300, 0.3, 1e-300, 5e-324]],
    ['within groups', [1, 1, 1, 1, 1e-300, 2e-300]],
    ['of everything', [0, 0, 0, 0, 1e-200, 1e-200]],
  ])('refuses numbers beyond the doubles %s', (_, values) => {
    expect(() => varianceComponents(values, [0, 0, 1, 1, 2, 2])).toThrow(/pass them in other units/)
  })

  it('gives each group its own mean, however far another lies', () => {
    const ones = [1, 1, 2, 2, 2]
    expect(varianceComponents([1e9, 1, 0.1, 0.2, 0.3], ones).means[1]).toBe(0.2)
    expect(varianceComponents([1e154, 1, 2, 3], [1, 1, 2, 2]).means[1]).toBe(2.5)
  })

  it('refuses squares within that leave the doubles though the squares between do not', () => {
    const near = [1e-150, 1e-150 * (1 + 1e-12), 2e-150, 2e-150 * (1 + 1e-12)]
    expect(() => varianceComponents(near, [1, 1, 2, 2])).toThrow(StatisticsError)
    expect(
      varianceComponents(
        near.map((value) => value * 1e20),
        [1, 1, 2, 2],
      ).groups,
    ).toBe(2)
  })

  it('answers where nothing varies, and refuses one group or groups of one', () => {
    const flat = varianceComponents([5, 5, 5], [1, 1, 2])
    expect([flat.fStatistic, flat.pValue, flat.etaSquared]).toEqual([undefined, undefined, 0])
    expect(() => varianceComponents([1, 2], [1, 1])).toThrow(/1 groups/)
    expect(() => varianceComponents([1, 2], [1, 2])).toThrow(/more values than groups/)
  })
})

const nist = sharedData('nist_strd')

describe.runIf(nist)('varianceComponents on the certified set of NIST', () => {
  // Seven digits are common to all values of AtmWtAgt, so the doubles of the file leave about 9 of 16.
  it('gives F and R² of AtmWtAgt to 9 digits', () => {
    const rows = readReference(nist ?? '', 'original/AtmWtAgt.dat')
      .split(/\r?\n/)
      .slice(60)
      .map((line) => line.trim().split(/\s+/).map(Number))
      .filter((row) => row.length === 2 && row.every((value) => value > 100))
    expect(rows).toHaveLength(24)
    const found = varianceComponents(
      rows.flat(),
      rows.flatMap(() => [1, 2]),
    )
    expect(digits(found.fStatistic ?? NaN, 15.946733567793)).toBeGreaterThan(9)
    expect(digits(found.etaSquared, 0.257426544538321)).toBeGreaterThan(9)
    expect(digits(Math.sqrt(found.meanSquareWithin), 1.5104831444641e-5)).toBeGreaterThan(9)
  })
})
