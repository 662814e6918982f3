import { describe, expect, it } from 'vitest'
import type { Count } from '../../../../transforms/methods/statistics/beta_evidence.ts'
import { betaHyperposterior } from '../../../../transforms/methods/statistics/beta_hyper.ts'
import {
  mixtureCdf,
  mixtureInterval,
  placeInMixture,
  posteriorMixture,
} from '../../../../transforms/methods/statistics/beta_mixture.ts'
import { at } from '../../../../transforms/methods/statistics/sums.ts'

/** What is closer to an end counts as the end. */
const NEAREST = 1e-13

const regions = [
  [2, 3, 9, 1, 4, 6].map((successes, i) => ({ successes, n: at([12, 40, 25, 8, 60, 15], i) })),
  [0, 0, 1, 0, 0].map((successes) => ({ successes, n: 10 })),
  [5, 6, 5, 5, 6, 5, 5, 6].map((successes) => ({ successes, n: 50 })),
  [1, 19, 7, 14, 0, 20].map((successes) => ({ successes, n: 20 })),
]
const posteriors = regions.flatMap((counts) => {
  const prior = betaHyperposterior(counts)
  return counts.map((count) => posteriorMixture(prior, count))
})

describe('the posterior of a share as a mixture of beta distributions', () => {
  it('has 2.5 % below one end of its interval and 97.5 % below the other', () => {
    for (const posterior of posteriors) {
      const { lo, hi } = mixtureInterval(posterior, 0.025)
      if (lo > 0) expect(mixtureCdf(lo, posterior)).toBeCloseTo(0.025, 8)
      else expect(mixtureCdf(NEAREST, posterior)).toBeGreaterThan(0.025)
      expect(mixtureCdf(hi, posterior)).toBeCloseTo(0.975, 8)
    }
  })

  it('has its limits where they are, however uneven the groups', () => {
    const uneven: readonly (readonly Count[])[] = [
      [
        { successes: 529, n: 3704 },
        { successes: 0, n: 1 },
      ],
      [0, 2610].flatMap((successes) =>
        Array.from({ length: 30 }, () => ({ successes, n: successes === 0 ? 50 : 2610 })),
      ),
      [
        ...Array.from({ length: 52 }, (_, i) => ({ successes: i % 3, n: 5 + 19 * i })),
        { successes: 1, n: 4803 },
      ],
    ]
    for (const counts of uneven) {
      const prior = betaHyperposterior(counts)
      for (const count of [counts[0], counts.at(-1)]) {
        const posterior = posteriorMixture(prior, count ?? { successes: 0, n: 1 })
        const { lo, hi } = mixtureInterval(posterior, 0.025)
        if (lo > 0) expect(mixtureCdf(lo, posterior)).toBeCloseTo(0.025, 8)
        if (hi < 1) expect(mixtureCdf(hi, posterior)).toBeCloseTo(0.975, 8)
      }
    }
  })

  it('places a share by its distribution function as by the ends of the interval', () => {
    for (const posterior of posteriors) {
      for (const tail of [0.025, 0.2]) {
        const { lo, hi } = mixtureInterval(posterior, tail)
        const place = (x: number) => placeInMixture(x, posterior, tail)
        for (const part of [0.5, 1 - 1e-6])
          expect(place(lo * part)).toBe(lo > NEAREST ? 'below' : 'in')
        expect(place(lo * (1 + 1e-6))).toBe('in')
        expect(place((lo + hi) / 2)).toBe('in')
        expect(place(hi * (1 - 1e-6))).toBe('in')
        expect(place(hi * (1 + 1e-6))).toBe('above')
        expect([place(0), place(1)]).toEqual([lo === 0 ? 'in' : 'below', 'above'])
      }
    }
  })

  it('has 0 within an interval that begins there', () => {
    const heap = {
      alphas: Float64Array.of(0.001),
      betas: Float64Array.of(1),
      shares: Float64Array.of(1),
    }
    expect(mixtureInterval(heap, 0.025).lo).toBe(0)
    expect(placeInMixture(0, heap, 0.025)).toBe('in')
    expect(placeInMixture(1, heap, 0.025)).toBe('above')
  })

  it('comes with the likeliest points of the prior first', () => {
    for (const counts of regions) {
      const { shares } = betaHyperposterior(counts)
      expect([...shares]).toEqual([...shares].sort((a, b) => b - a))
    }
  })
})
