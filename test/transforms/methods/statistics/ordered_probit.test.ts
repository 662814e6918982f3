import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import {
  cutPoints,
  normalScoreMean,
  normalScores,
} from '../../../../transforms/methods/statistics/normal_scores.ts'
import {
  commonSpread,
  orderedProbit,
  type OrderedProbit,
} from '../../../../transforms/methods/statistics/ordered_probit.ts'
import {
  logNormalBetween,
  logNormalCdf,
} from '../../../../transforms/methods/statistics/probit_likelihood.ts'
import { random, type Random } from '../../../../transforms/methods/statistics/random.ts'
import { near } from './near.ts'

const reference = [5.06, 32.92, 44.33, 17.69]
const group = [2, 10, 15, 3]
const cuts = cutPoints(reference)

const estimate = (found: OrderedProbit) => {
  if (found.kind !== 'estimate') throw new Error(`an estimate expected, not ${found.kind}`)
  return found
}

const drawn = (source: Random, n: number, mean: number, sd: number): number[] => {
  const counts = [0, 0, 0, 0]
  for (let i = 0; i < n; i++) {
    const x = source.normal(mean, sd)
    const k = cuts.filter((cut) => x > cut).length
    counts[k] = (counts[k] ?? 0) + 1
  }
  return counts
}

describe('normal scores', () => {
  it('are the means of the bands of the reference', () => {
    ;[-1.639064, -0.306006, 0.927244].forEach((cut, k) => {
      expect(cuts[k]).toBeCloseTo(cut, 6)
    })
    ;[-2.057724, -0.840138, 0.273292, 1.467179].forEach((score, k) => {
      expect(normalScores(reference)[k]).toBeCloseTo(score, 6)
    })
    const found = normalScoreMean(group, reference)
    expect(found.kind === 'estimate' ? found.mean : Number.NaN).toBeCloseTo(-0.133864, 6)
  })

  it('have none for a category where the reference has no members', () => {
    expect(normalScores([0, 1, 1, 0])).toEqual([
      undefined,
      expect.any(Number),
      expect.any(Number),
      undefined,
    ])
    expect(normalScoreMean([0, 1, 1, 1], [0, 1, 1, 0])).toEqual({ kind: 'no score', category: 3 })
    expect(normalScoreMean([0, 1, 1, 0], [0, 1, 1, 0])).toMatchObject({ kind: 'estimate', n: 2 })
    expect(normalScores([0, 5, 0])).toEqual([undefined, 0, undefined])
  })

  it('average to 0 over the reference and rise', () => {
    const shares = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 9 })
    fc.assert(
      fc.property(shares, (row) => {
        const scores = normalScores(row).map((score) => score ?? Number.NaN)
        scores.slice(1).forEach((score, k) => {
          expect(score).toBeGreaterThan(scores[k] ?? Number.NaN)
        })
        const found = normalScoreMean(row, row)
        expect(Math.abs(found.kind === 'estimate' ? found.mean : 1)).toBeLessThan(1e-12)
      }),
    )
  })
})

describe('the likelihood of the ordered probit', () => {
  // mpmath at 40 digits
  it.each([
    [-40, -804.60844201375379],
    [-31, -484.85396362717929],
    [-29.5, -439.42947460915023],
    [-2, -3.7831843336820319],
    [6, -9.8658764552437573e-10],
  ])('log Φ(%d)', (x, value) => {
    near(logNormalCdf(x), value, 1e-12)
  })

  it.each([
    [40, 41, -804.60844201375379],
    [-1, 1, -0.38171514630212607],
    [3, 3.001, -12.328193603728506],
  ])('log of what lies between %d and %d', (low, high, value) => {
    near(logNormalBetween(low, high), value, 1e-11)
  })
})

describe('ordered probit', () => {
  it('finds mean and spread', () => {
    const found = estimate(orderedProbit(group, reference, { spread: 'free' }))
    expect(found.mean).toBeCloseTo(-0.155462, 6)
    expect(found.sd).toBeCloseTo(0.907276, 6)
  })

  it('finds the mean under a given spread', () => {
    const found = estimate(orderedProbit(group, reference, { spread: 1 }))
    expect(found.mean).toBeCloseTo(-0.154359, 6)
    expect(found).toMatchObject({ sd: 1, sdSe: 0, n: 30 })
  })

  it('has the standard errors of the observed information found by differentiation with 30 digits', () => {
    // mpmath: maximum by Newton, second derivatives of the log-likelihood in (μ, σ), inverted.
    const free = orderedProbit([2, 10, 15, 3], [5.06, 32.92, 44.33, 17.69], { spread: 'free' })
    if (free.kind !== 'estimate') throw new Error('an estimate expected')
    near(free.mean, -0.1554616894984, 1e-11)
    near(free.sd, 0.907276347831311, 1e-11)
    near(free.meanSe, 0.179633091810735, 1e-9)
    near(free.sdSe, 0.146062828272005, 1e-9)
    near(free.logLikelihood, -33.992675238092, 1e-12)
    const fixed = orderedProbit([2, 10, 15, 3], [5.06, 32.92, 44.33, 17.69], { spread: 1 })
    if (fixed.kind !== 'estimate') throw new Error('an estimate expected')
    near(fixed.mean, -0.154358671077429, 1e-11)
    near(fixed.meanSe, 0.196021661873104, 1e-11)
    near(fixed.logLikelihood, -34.1676675716898, 1e-12)
  })

  it('says that a group with everybody at one end is beyond the scale, and how far at least', () => {
    const found = orderedProbit([0, 0, 0, 12], reference, { spread: 0.8 })
    if (found.kind !== 'beyond scale') throw new Error('beyond scale expected')
    expect(found.side).toBe('above')
    const below = orderedProbit([9, 0, 0, 0], reference, { spread: 'free', boundSpread: 0.8 })
    if (below.kind !== 'beyond scale') throw new Error('beyond scale expected')
    expect(below.side).toBe('below')
    // At the bound the chance of everybody standing at the end is 1 − level.
    near(12 * logNormalCdf((found.bound - (cuts[2] ?? 0)) / 0.8), Math.log(0.05), 1e-11)
    near(9 * logNormalCdf(((cuts[0] ?? 0) - below.bound) / 0.8), Math.log(0.05), 1e-11)
  })

  it('bounds a group that stands where the end of the reference is empty', () => {
    const found = orderedProbit([0, 3, 6, 5], [10, 40, 50, 0], { spread: 0.9 })
    expect(found).toMatchObject({ kind: 'beyond scale', side: 'above', n: 14 })
    if (found.kind === 'beyond scale') expect(Number.isFinite(found.bound)).toBe(true)
    expect(orderedProbit([0, 3, 6, 0], [10, 40, 50, 0], { spread: 0.9 }).kind).toBe('estimate')
  })

  it('has no score for members in an inner category without a reference', () => {
    expect(orderedProbit([1, 2, 3, 4], [1, 0, 5, 4], { spread: 1 })).toEqual({
      kind: 'no score',
      category: 1,
    })
  })

  it('refuses what has no answer', () => {
    expect(() => orderedProbit([0, 0, 0, 0], reference, { spread: 1 })).toThrow(/empty/)
    expect(() => orderedProbit([0, 4, 5, 0], reference, { spread: 'free' })).toThrow(
      /three filled categories/,
    )
    expect(() => orderedProbit([1, 1], [0, 1], { spread: 1 })).toThrow(StatisticsError)
    expect(() => orderedProbit(group, reference, { spread: 0 })).toThrow(StatisticsError)
    expect(() => orderedProbit([1, 2], reference, { spread: 1 })).toThrow(StatisticsError)
    expect(() => cutPoints([0, 1, 1])).toThrow(StatisticsError)
  })

  const counts = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 4, maxLength: 4 })
  const spread = fc.double({ min: 0.2, max: 2, noNaN: true })

  it('never gives an infinity or NaN, mirrors with the scale, and rises with the group', () => {
    fc.assert(
      fc.property(counts, spread, (row, sd) => {
        fc.pre(row.some((count) => count > 0))
        const here = orderedProbit(row, reference, { spread: sd })
        const mirror = orderedProbit([...row].reverse(), [...reference].reverse(), { spread: sd })
        if (here.kind === 'beyond scale') {
          expect(Number.isFinite(here.bound)).toBe(true)
          expect(mirror.kind === 'beyond scale' ? mirror.bound : Number.NaN).toBeCloseTo(
            -here.bound,
            9,
          )
          return
        }
        const found = estimate(here)
        expect(Number.isFinite(found.mean + found.meanSe + found.logLikelihood)).toBe(true)
        expect(found.meanSe).toBeGreaterThan(0)
        expect(estimate(mirror).mean).toBeCloseTo(-found.mean, 7)
        const raised = orderedProbit(
          row.map((count, k) => (k === 3 ? count + 1 : count)),
          reference,
          { spread: sd },
        )
        expect(estimate(raised).mean).toBeGreaterThan(found.mean - 1e-9)
      }),
    )
  })

  it('is at a maximum that no other mean or spread betters', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0.6, max: 1.6, noNaN: true }), (row, factor) => {
        fc.pre(row.filter((count) => count > 0).length >= 3)
        const free = estimate(orderedProbit(row, reference, { spread: 'free' }))
        const other = estimate(orderedProbit(row, reference, { spread: free.sd * factor }))
        expect(other.logLikelihood).toBeLessThanOrEqual(free.logLikelihood + 1e-9)
        expect(Number.isFinite(free.meanSe + free.sdSe)).toBe(true)
        const same = estimate(orderedProbit(row, reference, { spread: free.sd }))
        expect(same.mean).toBeCloseTo(free.mean, 5)
      }),
    )
  })

  it('is exact for the reference itself', () => {
    const found = estimate(orderedProbit(reference, reference, { spread: 'free' }))
    expect(Math.abs(found.mean)).toBeLessThan(1e-8)
    expect(Math.abs(found.sd - 1)).toBeLessThan(1e-8)
  })
})

describe('a spread common to small groups', () => {
  it('takes away the bias that σ = 1 gives where groups are narrower than the reference', () => {
    const source = random(43)
    const within = 0.6
    const groups = Array.from({ length: 250 }, () => {
      const mean = source.normal(0, 0.8)
      return { mean, counts: drawn(source, 25, mean, within) }
    })
    const found = commonSpread(
      groups.map(({ counts: row }) => row),
      reference,
    )
    expect(Math.abs(found.spread - within)).toBeLessThan(0.03)
    const steepness = (sd: number) => {
      let products = 0
      let squares = 0
      for (const { mean, counts: row } of groups) {
        const placed = orderedProbit(row, reference, { spread: sd })
        if (placed.kind !== 'estimate') continue
        products += placed.mean * mean
        squares += mean * mean
      }
      return products / squares
    }
    expect(Math.abs(steepness(found.spread) - 1)).toBeLessThan(0.06)
    expect(Math.abs(steepness(1) - 1)).toBeGreaterThan(0.1)
  })

  it('is the maximum of the joint likelihood of three groups, by mpmath, times √(N/(N − G))', () => {
    const groups = [
      [2, 10, 15, 3],
      [6, 12, 5, 1],
      [0, 4, 9, 7],
    ]
    const found = commonSpread(groups, [5.06, 32.92, 44.33, 17.69])
    near(found.spread, 0.974328554898537, 1e-9)
    expect(found.groups).toBe(3)
  })

  it('refuses counts that are not numbers', () => {
    expect(() => commonSpread([[1, NaN, 2]], [1, 2, 1])).toThrow(StatisticsError)
  })

  it('is 1 only where there is nothing to estimate it from', () => {
    expect(commonSpread([], reference)).toEqual({ spread: 1, groups: 0 })
    expect(
      commonSpread(
        [
          [0, 0, 0, 5],
          [0, 7, 0, 0],
        ],
        reference,
      ),
    ).toEqual({ spread: 1, groups: 0 })
    expect(commonSpread([[3, 4]], [5, 5])).toEqual({ spread: 1, groups: 0 })
    expect(commonSpread([group], reference).groups).toBe(1)
  })

  it('stays in its bounds for groups that would make it 0', () => {
    const found = commonSpread(
      [
        [0, 5, 5, 0],
        [0, 4, 6, 0],
      ],
      reference,
    )
    expect(found.spread).toBeGreaterThanOrEqual(0.05)
    expect(found.groups).toBe(2)
  })

  it('gives an interval of the mean that covers', () => {
    const source = random(47)
    let covered = 0
    const rounds = 1500
    for (let i = 0; i < rounds; i++) {
      const placed = orderedProbit(drawn(source, 30, -0.3, 0.8), reference, { spread: 0.8 })
      if (placed.kind === 'estimate' && Math.abs(placed.mean + 0.3) <= 1.96 * placed.meanSe)
        covered++
    }
    expect(Math.abs(covered / rounds - 0.95)).toBeLessThan(0.015)
  })
})
