import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquaredQuantile } from '../../../../transforms/methods/statistics/distributions.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import {
  beyond,
  dispersion,
  exactLimits,
  funnelLimits,
  funnelZ,
  leaveOneOut,
  waldLimits,
  winsorisedMeanSquare,
} from '../../../../transforms/methods/statistics/funnel.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

describe('limits', () => {
  it.each([
    [10, 0.3713, 0.4989, 0.4, 0.6],
    [20, 0.3065, 0.3967, 0.3, 0.45],
    [50, 0.249, 0.306, 0.26, 0.32],
    [100, 0.22, 0.2603, 0.22, 0.27],
  ])('above 0.15 at n = %d', (n, wald95, wald998, exact95, exact998) => {
    const target = 0.15
    expect(waldLimits({ target, n }).hi).toBeCloseTo(wald95, 4)
    expect(waldLimits({ target, n, level: 0.998 }).hi).toBeCloseTo(wald998, 4)
    expect(exactLimits({ target, n }).hi).toBe(exact95)
    expect(exactLimits({ target, n, level: 0.998 }).hi).toBe(exact998)
  })

  it.each([
    [0.15, 29, 'binomial'],
    [0.15, 33, 'binomial'],
    [0.15, 34, 'wald'],
    [0.5, 30, 'wald'],
    [0.95, 60, 'binomial'],
    [0.95, 120, 'wald'],
  ])('at target %d and n = %d are %s', (target, n, method) => {
    expect(funnelLimits({ target, n }).method).toBe(method)
  })

  it('do not jump at n = 30 under over-dispersion', () => {
    const before = funnelLimits({ target: 0.4, n: 29, dispersion: 3 })
    const after = funnelLimits({ target: 0.4, n: 30, dispersion: 3 })
    expect(before.method).toBe('beta-binomial')
    expect(after.method).toBe('wald')
    expect(Math.abs(before.hi - after.hi)).toBeLessThan(1 / 29)
    expect(Math.abs(before.lo - after.lo)).toBeLessThan(1 / 29)
    expect(exactLimits({ target: 0.4, n: 29 }).hi).toBeLessThan(before.hi - 0.08)
  })

  it.each([
    [0.15, 20, 2, [0, 0, 8, 12]],
    [0.4, 25, 3, [0, 2, 19, 23]],
    [0.9, 28, 1.5, [17, 21, 28, 28]],
  ])('at θ₀ = %d, n = %i, φ = %d are the quantiles of scipy’s betabinom', (target, n, phi, k) => {
    const inner = exactLimits({ target, n, dispersion: phi })
    const outer = exactLimits({ target, n, dispersion: phi, level: 0.998 })
    expect([outer.lo, inner.lo, inner.hi, outer.hi]).toEqual(k.map((count) => count / n))
  })

  it('keep their promise for small over-dispersed groups, where binomial limits do not', () => {
    const source = random(37)
    const [target, n, phi] = [0.3, 15, 2.5]
    const precision = (n - 1) / (phi - 1) - 1
    const wide = funnelLimits({ target, n, dispersion: phi })
    const narrow = funnelLimits({ target, n })
    const rounds = 20_000
    const crossed = { wide: 0, narrow: 0 }
    for (let i = 0; i < rounds; i++) {
      const share = source.beta(target * precision, (1 - target) * precision)
      const rate = source.binomial(n, share) / n
      crossed.wide += beyond(rate, wide) === 'inside' ? 0 : 1
      crossed.narrow += beyond(rate, narrow) === 'inside' ? 0 : 1
    }
    expect(crossed.wide / rounds).toBeLessThan(0.053)
    expect(crossed.narrow / rounds).toBeGreaterThan(0.12)
  })

  it('answer at the ends', () => {
    expect(funnelLimits({ target: 0, n: 12, dispersion: 2 })).toEqual({
      lo: 0,
      hi: 0,
      method: 'binomial',
    })
    expect(funnelLimits({ target: 1, n: 12 })).toEqual({ lo: 1, hi: 1, method: 'binomial' })
    expect(funnelLimits({ target: 0.4, n: 5, dispersion: 50 })).toEqual({
      lo: 0,
      hi: 1,
      method: 'beta-binomial',
    })
    expect(funnelLimits({ target: 0.01, n: 5, dispersion: 50 })).toEqual({
      lo: 0,
      hi: 0,
      method: 'beta-binomial',
    })
    expect(waldLimits({ target: 0.95, n: 10 }).hi).toBe(1)
  })

  it('are strict: a rate on the limit is inside', () => {
    const limits = exactLimits({ target: 0.15, n: 20 })
    expect(beyond(6 / 20, limits)).toBe('inside')
    expect(beyond(7 / 20, limits)).toBe('above')
    expect(beyond(0, { lo: 0.1, hi: 0.2 })).toBe('below')
  })

  const input = fc.record({
    target: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    n: fc.integer({ min: 1, max: 400 }),
    dispersion: fc.double({ min: 1, max: 20, noNaN: true }),
    level: fc.constantFrom(0.8, 0.95, 0.998),
  })

  it('lie in [0, 1], in order, and widen with the level', () => {
    fc.assert(
      fc.property(input, (given) => {
        const here = funnelLimits(given)
        expect(here.lo).toBeGreaterThanOrEqual(0)
        expect(here.hi).toBeLessThanOrEqual(1)
        expect(here.lo).toBeLessThanOrEqual(here.hi)
        const wider = funnelLimits({ ...given, level: 0.9995 })
        expect(wider.lo).toBeLessThanOrEqual(here.lo)
        expect(wider.hi).toBeGreaterThanOrEqual(here.hi)
      }),
    )
  })

  it('rise with the target', () => {
    fc.assert(
      fc.property(input, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const higher = given.target + (1 - given.target) * share * 0.99
        for (const limits of [exactLimits, waldLimits]) {
          const plain = { n: given.n, level: given.level }
          expect(limits({ ...plain, target: higher }).hi).toBeGreaterThanOrEqual(
            limits({ ...plain, target: given.target }).hi - 1e-12,
          )
        }
      }),
    )
  })

  it('are crossed no oftener than promised where Wald limits are', () => {
    const source = random(7)
    const rounds = 20_000
    const [target, n] = [0.95, 40]
    const exact = funnelLimits({ target, n, level: 0.998 })
    const wald = waldLimits({ target, n, level: 0.998 })
    let crossedExact = 0
    let crossedWald = 0
    for (let i = 0; i < rounds; i++) {
      const rate = source.binomial(n, target) / n
      crossedExact += beyond(rate, exact) === 'below' ? 1 : 0
      crossedWald += beyond(rate, wald) === 'below' ? 1 : 0
    }
    expect(crossedExact / rounds).toBeLessThanOrEqual(0.0015)
    expect(crossedWald / rounds).toBeGreaterThan(0.003)
  })

  it('refuse what has no limits', () => {
    expect(() => funnelLimits({ target: 0.5, n: 0 })).toThrow(StatisticsError)
    expect(() => funnelLimits({ target: 1.2, n: 10 })).toThrow(/target is 1.2/)
    expect(() => funnelLimits({ target: 0.5, n: 10, dispersion: 0.5 })).toThrow(StatisticsError)
    expect(() => funnelZ(0.5, { target: 0, n: 10 })).toThrow(StatisticsError)
  })
})

describe('a target from the others', () => {
  it('leaves the group out', () => {
    const found = leaveOneOut([
      { successes: 3, n: 10 },
      { successes: 10, n: 20 },
      { successes: 2, n: 20 },
    ])
    expect(found[0]).toEqual({ target: 12 / 40, rest: 40 })
    expect(() => leaveOneOut([{ successes: 1, n: 2 }])).toThrow(/no others/)
  })

  it('widens the standard error by √(1 + n/N₋s), without which too many cross', () => {
    const source = random(19)
    const factors = { with: 0, without: 0 }
    let total = 0
    for (let round = 0; round < 3000; round++) {
      const groups = Array.from({ length: 5 }, () => ({
        successes: source.binomial(60, 0.3),
        n: 60,
      }))
      leaveOneOut(groups).forEach(({ target, rest }, i) => {
        const rate = (groups[i]?.successes ?? 0) / 60
        factors.with += funnelZ(rate, { target, n: 60, rest }) ** 2
        factors.without += funnelZ(rate, { target, n: 60 }) ** 2
        total++
      })
    }
    expect(Math.abs(factors.with / total - 1)).toBeLessThan(0.04)
    expect(Math.abs(factors.without / total - 1.25)).toBeLessThan(0.05)
    expect(waldLimits({ target: 0.3, n: 60, rest: 240 }).hi - 0.3).toBeCloseTo(
      (waldLimits({ target: 0.3, n: 60 }).hi - 0.3) * Math.sqrt(1.25),
      12,
    )
  })
})

describe('over-dispersion', () => {
  const scores = [-2.5, -1.2, 0.3, 0.8, 1.9, -3.4, 0.1, 0.6, 2.2, -0.7]

  it('starts from the winsorised mean square', () => {
    expect(winsorisedMeanSquare(scores)).toBeCloseTo(2.3323, 10)
    const found = dispersion(scores, { seed: 1 })
    expect(found.raw).toBeCloseTo(2.3323, 10)
    expect(found.phi).toBeCloseTo(2.3323 / found.expected, 12)
    expect(found).toMatchObject({ significant: true, k: 10 })
    expect(found.factor).toBe(found.phi)
  })

  it.each([
    [10, 0.72182, 1.42025],
    [30, 0.69479, 1.07288],
  ])(
    'has for K = %i the null mean and 95 %% quantile of two million rows of numpy',
    (k, mean, top) => {
      const found = dispersion(
        Array.from({ length: k }, (_, i) => i / k),
        { seed: 77 },
      )
      expect(Math.abs(found.expected / mean - 1)).toBeLessThan(0.01)
      expect(Math.abs(found.critical / top - 1)).toBeLessThan(0.02)
    },
  )

  it('gives one answer for one seed and nearly that for another', () => {
    const here = dispersion(scores, { seed: 1 })
    expect(dispersion([...scores].reverse(), { seed: 1 })).toEqual(here)
    expect(Math.abs(dispersion(scores, { seed: 2 }).phi / here.phi - 1)).toBeLessThan(0.01)
  })

  it.each([10, 30, 100])(
    'at K = %d is found again, where the raw statistic is some 0.7 of it',
    (k) => {
      const source = random(29)
      const rounds = 2000
      let raw = 0
      let corrected = 0
      let fired = 0
      let firedByChi = 0
      for (let i = 0; i < rounds; i++) {
        const row = Float64Array.from({ length: k }, () => source.normal())
        const found = dispersion(row, { seed: 5 })
        raw += found.raw
        corrected += found.phi
        fired += found.significant ? 1 : 0
        firedByChi += k * found.raw > chiSquaredQuantile(0.95, k) ? 1 : 0
      }
      expect(raw / rounds).toBeGreaterThan(0.65)
      expect(raw / rounds).toBeLessThan(0.75)
      expect(Math.abs(corrected / rounds - 1)).toBeLessThan(0.03)
      expect(Math.abs(fired / rounds - 0.05)).toBeLessThan(0.015)
      expect(firedByChi / rounds).toBeLessThan(0.015)
    },
  )

  it('is noticed at φ = 1.5 far oftener than by χ² of the raw statistic', () => {
    const source = random(31)
    const rounds = 1000
    let fired = 0
    let firedByChi = 0
    for (let i = 0; i < rounds; i++) {
      const found = dispersion(
        Float64Array.from({ length: 40 }, () => source.normal(0, Math.sqrt(1.5))),
        { seed: 5 },
      )
      fired += found.significant ? 1 : 0
      firedByChi += 40 * found.raw > chiSquaredQuantile(0.95, 40) ? 1 : 0
    }
    expect(fired / rounds).toBeGreaterThan(0.4)
    expect(firedByChi / rounds).toBeLessThan(0.2)
  })

  it('multiplies by 1 where nothing is shown', () => {
    expect(dispersion([0.1, -0.2, 0.3, 0, 0.1], { seed: 1 })).toMatchObject({
      significant: false,
      factor: 1,
    })
    expect(() => dispersion([1], { seed: 1 })).toThrow(StatisticsError)
  })
})
