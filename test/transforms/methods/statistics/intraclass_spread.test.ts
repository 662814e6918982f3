import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import {
  intraclassSpread,
  spreadBelow,
} from '../../../../transforms/methods/statistics/intraclass_spread.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

const groups = (k: number, n: number, rho: number, seed: number) => {
  const source = random(seed)
  const precision = 1 / rho - 1
  return Array.from({ length: k }, () => ({
    n,
    target: 0.3,
    successes: source.binomial(n, rho === 0 ? 0.3 : source.beta(0.3 * precision, 0.7 * precision)),
  }))
}

describe('intraclassSpread', () => {
  it('finds the intraclass correlation that made the counts', () => {
    expect(Math.abs(intraclassSpread(groups(3000, 60, 0.04, 5), { seed: 1 }) - 0.04)).toBeLessThan(
      0.012,
    )
    expect(intraclassSpread(groups(3000, 60, 0, 5), { seed: 1 })).toBeLessThan(0.001)
  })

  it('is not moved by a tenth of groups that are raised', () => {
    const honest = groups(400, 100, 0.03, 7)
    const torn = honest.map((group, i) => (i % 10 === 0 ? { ...group, successes: 90 } : group))
    const [before, after] = [
      intraclassSpread(honest, { seed: 1 }),
      intraclassSpread(torn, { seed: 1 }),
    ]
    expect(Math.abs(after - before)).toBeLessThan(0.012)
  })

  it('does not change with the order of the groups and lies in 0–0.99', () => {
    const group = fc.integer({ min: 1, max: 60 }).chain((n) =>
      fc.record({
        n: fc.constant(n),
        successes: fc.integer({ min: 0, max: n }),
        target: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    )
    fc.assert(
      fc.property(fc.array(group, { maxLength: 12 }), (rows) => {
        const rho = intraclassSpread(rows, { seed: 3 })
        expect(rho).toBeGreaterThanOrEqual(0)
        expect(rho).toBeLessThanOrEqual(0.99)
        expect(intraclassSpread([...rows].reverse(), { seed: 3 })).toBe(rho)
      }),
      { numRuns: 60 },
    )
  })

  it('says nothing of fewer than five groups or targets without variance', () => {
    const apart = [0, 50, 0, 50].map((successes) => ({ successes, n: 50, target: 0.5 }))
    expect(intraclassSpread(apart, { seed: 1 })).toBe(0)
    expect(intraclassSpread([...apart, { successes: 1, n: 9, target: 0 }], { seed: 1 })).toBe(0)
    expect(spreadBelow([3, 3, 3])).toBe(0)
  })

  it('refuses counts that cannot be', () => {
    const wrong = (group: { successes: number; n: number; target: number }) => () =>
      intraclassSpread([group], { seed: 1 })
    expect(wrong({ successes: 5, n: 4, target: 0.5 })).toThrow(StatisticsError)
    expect(wrong({ successes: 1, n: 0, target: 0.5 })).toThrow(StatisticsError)
    expect(wrong({ successes: 1, n: 4, target: NaN })).toThrow(StatisticsError)
  })
})
