import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decomposeChange } from '../../../../transforms/methods/statistics/composition.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'

const part = fc.record({
  weight: fc.integer({ min: 0, max: 300 }),
  value: fc.integer({ min: 0, max: 100 }),
})

describe('decomposeChange', () => {
  it('tells growth within from a change of composition', () => {
    const grown = decomposeChange([
      { before: { weight: 10, value: 40 }, after: { weight: 10, value: 50 } },
      { before: { weight: 30, value: 60 }, after: { weight: 30, value: 60 } },
    ])
    expect(grown).toEqual({ total: 2.5, within: 2.5, composition: 0 })
    const moved = decomposeChange([
      { before: { weight: 10, value: 40 }, after: { weight: 30, value: 40 } },
      { before: { weight: 30, value: 60 }, after: { weight: 10, value: 60 } },
    ])
    expect(moved).toEqual({ total: -10, within: 0, composition: -10 })
  })

  it('counts a part that came or went as composition', () => {
    const found = decomposeChange([
      { before: { weight: 10, value: 50 }, after: { weight: 10, value: 50 } },
      { after: { weight: 10, value: 90 } },
    ])
    expect(found).toEqual({ total: 20, within: 0, composition: 20 })
  })

  it('adds up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ before: part, after: part }), { minLength: 1, maxLength: 20 }),
        (parts) => {
          fc.pre(
            parts.some(({ before }) => before.weight > 0) &&
              parts.some(({ after }) => after.weight > 0),
          )
          const { total, within, composition } = decomposeChange(parts)
          const mean = (moment: 'before' | 'after') =>
            parts.reduce((sum, each) => sum + each[moment].weight * each[moment].value, 0) /
            parts.reduce((sum, each) => sum + each[moment].weight, 0)
          expect(total).toBeCloseTo(mean('after') - mean('before'), 10)
          expect(Math.abs(total - within - composition)).toBeLessThan(1e-11)
        },
      ),
    )
  })

  it('refuses weights whose sum is beyond the doubles, which would make no change of any', () => {
    const whole = { weight: 1e308, value: 1 }
    const parts = [1, 2].map((value) => ({ before: whole, after: { weight: 1e308, value } }))
    expect(() => decomposeChange(parts)).toThrow(StatisticsError)
  })

  it('refuses a change that is beyond the doubles and answers one that is within', () => {
    const of = (before: number, after: number) =>
      decomposeChange([
        { before: { weight: 1, value: before }, after: { weight: 3, value: after } },
        { before: { weight: 1, value: before }, after: { weight: 1, value: after } },
      ])
    expect(() => of(1.7e308, -1.7e308)).toThrow(StatisticsError)
    expect(of(1.7e308, 1.7e308)).toEqual({ total: 0, within: 0, composition: 0 })
  })

  it('refuses a moment without members', () => {
    expect(() => decomposeChange([{ before: { weight: 1, value: 2 } }])).toThrow(/no weight/)
    expect(() => decomposeChange([{ before: { weight: -1, value: 2 } }])).toThrow(StatisticsError)
  })
})
