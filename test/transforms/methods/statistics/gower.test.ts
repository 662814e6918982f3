import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import {
  gowerDistances,
  nearestByGower,
  type GowerFeature,
} from '../../../../transforms/methods/statistics/gower.ts'

const size: GowerFeature = { kind: 'numeric', values: [100, 300, 500, NaN] }
const kind: GowerFeature = { kind: 'category', values: [0, 0, 1, 1] }
const boarding: GowerFeature = { kind: 'presence', values: [0, 0, 1, 1] }

const arbitraryFeatures = fc
  .tuple(
    fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 6, maxLength: 6 }),
    fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 6, maxLength: 6 }),
    fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 6, maxLength: 6 }),
  )
  .map(([numeric, category, presence]): GowerFeature[] => [
    { kind: 'numeric', values: numeric },
    { kind: 'category', values: category, weight: 2 },
    { kind: 'presence', values: presence, weight: 0.5 },
  ])

describe('gowerDistances', () => {
  it('averages range-scaled differences and mismatches over what both rows have', () => {
    const { values } = gowerDistances([size, kind, boarding])
    expect(values[1]).toBeCloseTo((0.5 + 0) / 2, 15)
    expect(values[2]).toBeCloseTo((1 + 1 + 1) / 3, 15)
    expect(values[6]).toBeCloseTo((0.5 + 1 + 1) / 3, 15)
    expect(values[3]).toBeCloseTo((1 + 1) / 2, 15)
  })

  it('weighs features', () => {
    const { values } = gowerDistances([size, { ...kind, weight: 3 }])
    expect(values[2]).toBe(1)
    expect(values[1]).toBe(0.5 / 4)
  })

  it('weighs features by the ratio of their weights, however large or small', () => {
    const values = [
      [1, 2, 3],
      [5, 1, 9],
    ]
    for (const weight of [1, 1e308, 1e-308, 5e-324]) {
      const found = gowerDistances(
        values.map((column): GowerFeature => ({ kind: 'numeric', values: column, weight })),
      ).values
      expect([found[3], found[6], found[7]]).toEqual([0.5, 0.75, 0.75])
    }
    const unequal = gowerDistances([
      { kind: 'numeric', values: [0, 1e-300, 1e154, -1], weight: 1e308 },
      { kind: 'numeric', values: [1e308, 1e308, 1, 1e308], weight: 1 },
    ]).values
    expect([unequal[4], unequal[8], unequal[12]]).toEqual([0, 1, 1e-154])
    const lone: GowerFeature = { kind: 'numeric', values: [0, 1, 3], weight: 1e-300 }
    const absent: GowerFeature = { kind: 'numeric', values: [0, NaN, 1], weight: 1e308 }
    expect(gowerDistances([lone, absent]).values[3]).toBeCloseTo(1 / 3, 12)
    const least = gowerDistances([
      { ...lone, weight: 5e-324 },
      { ...absent, weight: 1.7e308 },
    ])
    expect(least.values[3]).toBe(1 / 3)
  })

  it('measures against a spread beyond the doubles', () => {
    const { values } = gowerDistances([{ kind: 'numeric', values: [-1.5e308, 0, 1.5e308] }])
    expect([values[3], values[6], values[7]]).toEqual([0.5, 1, 0.5])
  })

  it('measures against a declared range and cuts at 1', () => {
    const { values } = gowerDistances([{ kind: 'numeric', values: [0, 10, 30], range: 20 }])
    expect([values[1], values[2], values[5]]).toEqual([0.5, 1, 1])
  })

  it('gives 0 for a numeric feature without spread', () => {
    expect([...gowerDistances([{ kind: 'numeric', values: [7, 7] }]).values]).toEqual([0, 0, 0, 0])
  })

  it('is symmetric, within 0–1, and does not change with the unit or the origin', () => {
    fc.assert(
      fc.property(arbitraryFeatures, (features) => {
        const { values } = gowerDistances(features)
        const moved = features.map((feature) =>
          feature.kind === 'numeric'
            ? { ...feature, values: Array.from(feature.values, (x) => 4 * x + 1000) }
            : feature,
        )
        const again = gowerDistances(moved).values
        values.forEach((distance, at) => {
          expect(distance).toBeGreaterThanOrEqual(0)
          expect(distance).toBeLessThanOrEqual(1)
          expect(distance).toBe(values[(at % 6) * 6 + Math.floor(at / 6)])
          expect(again[at]).toBeCloseTo(distance, 6)
        })
      }),
    )
  })

  it('refuses rows with nothing in common, unequal lengths and stray codes', () => {
    const unknown: GowerFeature = { kind: 'numeric', values: [1, NaN] }
    expect(() => gowerDistances([unknown])).toThrow(/rows 1 and 0 have no feature known in both/)
    expect(() => gowerDistances([size, { kind: 'category', values: [1] }])).toThrow(StatisticsError)
    expect(() => gowerDistances([{ kind: 'presence', values: [2, 0] }])).toThrow(/presence/)
    expect(() => gowerDistances([])).toThrow(StatisticsError)
  })
})

describe('nearestByGower', () => {
  it('lists the nearest rows first, equals by row number, never the row itself', () => {
    const features: GowerFeature[] = [{ kind: 'numeric', values: [5, 0, 10, 6, 4] }]
    expect(nearestByGower(features, 0, 3)).toEqual([
      { row: 3, distance: 0.1 },
      { row: 4, distance: 0.1 },
      { row: 1, distance: 0.5 },
    ])
    expect(nearestByGower(features, 0, 9, [0, 1, 2]).map(({ row }) => row)).toEqual([1, 2])
  })

  it('agrees with the matrix of distances', () => {
    fc.assert(
      fc.property(arbitraryFeatures, fc.nat(5), (features, row) => {
        const { values } = gowerDistances(features)
        const found = nearestByGower(features, row, 5)
        expect(found).toHaveLength(5)
        for (const { row: other, distance } of found) expect(distance).toBe(values[row * 6 + other])
        found.slice(1).forEach(({ distance }, i) => {
          expect(distance).toBeGreaterThanOrEqual(found[i]?.distance ?? 2)
        })
      }),
    )
  })

  it('refuses a row that does not exist', () => {
    expect(() => nearestByGower([size], 4, 1)).toThrow(/no row 4/)
    expect(() => nearestByGower([size], 0, 0)).toThrow(StatisticsError)
  })
})
