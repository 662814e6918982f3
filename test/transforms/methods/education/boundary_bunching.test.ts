import { describe, expect, it } from 'vitest'
import {
  boundaryCounts,
  boundaryExpectations,
  bunching,
  bunchingP,
  hasBoundaryGap,
  smoothReference,
} from '../../../../transforms/methods/education/boundary_bunching.ts'
import { bunchingMass } from '../../../../transforms/methods/education/bunching_mass.ts'
import { fitLogPolynomial } from '../../../../transforms/methods/education/log_polynomial.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random, type Random } from '../../../../transforms/methods/statistics/random.ts'

const scale = { from3: 14, from4: 24, from5: 33 }
const maximum = 38
const rule = { pOne: 0.01, pTwo: 0.05 }

/** Scores of n pupils; `bunch` lifts those one or two below the boundary to it. */
const histogram = (source: Random, n: number, mean: number, sd: number, bunch?: number) => {
  const counts = new Float64Array(maximum + 1)
  for (let i = 0; i < n; i++) {
    let score = Math.min(maximum, Math.max(0, Math.round(source.normal(mean, sd))))
    if (
      bunch !== undefined &&
      (score === bunch - 1 || score === bunch - 2) &&
      source.uniform() < 0.8
    )
      score = bunch
    counts[score] = (counts[score] ?? 0) + 1
  }
  return counts
}
const found = (own: Float64Array, reference: Float64Array) =>
  bunching(
    boundaryCounts(own, boundaryExpectations(smoothReference(reference, scale, 4), own), 10),
    rule,
  )

describe('bunching at a boundary', () => {
  it('has the exact p of vector 11 of DOMAIN 3.15: counts 3, 1, 9, 7 at q 0.52', () => {
    const [count] = boundaryCounts(
      [0, 0, 3, 1, 9, 7, 0],
      [{ mark: 4, boundary: 4, share: 0.52, variance: 0 }],
      10,
    )
    expect(count).toMatchObject({ above: 16, window: 20 })
    expect(bunchingP(count === undefined ? [] : [count])).toBeCloseTo(0.009603, 6)
  })

  it('says nothing of a boundary in whose window nobody is', () => {
    const empty = { mark: 3, boundary: 8, share: 0.5, variance: 0, above: 0, window: 0 } as const
    expect(bunching([empty], { pOne: 0.01, pTwo: 0.05 })).toBeUndefined()
  })

  it('leaves out a window with fewer works than the rule wants', () => {
    expect(
      boundaryCounts([0, 0, 3, 1, 3, 2], [{ mark: 4, boundary: 4, share: 0.5, variance: 0 }], 10),
    ).toEqual([])
  })

  it('is less sure where the expected share is itself an estimate', () => {
    const exact = { above: 16, window: 20, share: 0.52, variance: 0 }
    expect(bunchingP([{ ...exact, variance: 0.003 }])).toBeGreaterThan(bunchingP([exact]))
    expect(bunchingP([{ ...exact, variance: 1e-15 }])).toBeCloseTo(bunchingP([exact]), 10)
  })

  it('grows surer when several grades show the same', () => {
    const grade = { above: 16, window: 24, share: 0.52, variance: 0 }
    const one = bunchingP([grade])
    expect(bunchingP([grade, grade, grade])).toBeLessThan(one / 5)
    expect(bunchingP([grade, { ...grade, above: 12, share: 0.5 }])).toBeGreaterThan(one)
  })

  it('refuses to speak without a histogram', () => {
    expect(() => bunchingP([])).toThrow(StatisticsError)
  })

  it('finds planted bunching at «4» and hardly ever accuses honest schools, strong or weak', () => {
    const source = random(11)
    const reference = histogram(source, 3000, 23, 7)
    let planted = 0
    let honest = 0
    const schools = 120
    for (let s = 0; s < schools; s++) {
      const mean = 17 + (s % 13)
      if (found(histogram(source, 120, 23, 6, 24), reference)?.isFlagged === true) planted += 1
      if (found(histogram(source, 120, mean, 5.5), reference)?.isFlagged === true) honest += 1
    }
    expect(planted / schools).toBeGreaterThan(0.9)
    expect(honest / schools).toBeLessThan(0.06)
  })

  it('names the boundary that is bunched', () => {
    const source = random(12)
    const own = histogram(source, 300, 23, 6, 24)
    const [first] = found(own, histogram(source, 3000, 23, 7))?.boundaries ?? []
    expect(first).toMatchObject({ mark: 4, boundary: 24 })
  })

  it('uses the line from b − 3 to b + 2 where no curve can be fitted', () => {
    const reference = [0, 10, 0, 0, 0, 0, 20]
    const [only] = boundaryExpectations(
      smoothReference(reference, { from3: 4, from4: 90, from5: 91 }, 4),
    )
    // The line gives 12, 14, 16, 18 to the window.
    expect(only?.share).toBeCloseTo(34 / 60, 12)
  })

  it('sees nobody just below a boundary that many stand on', () => {
    expect(hasBoundaryGap([1, 1, 0, 9, 1, 0], 3)).toBe(true)
    expect(hasBoundaryGap([1, 1, 1, 9, 1, 0], 3)).toBe(false)
  })
})

describe('a log-polynomial', () => {
  it('returns the curve that made the counts, also where it did not look', () => {
    const counts = Array.from({ length: 31 }, (_, x) => Math.exp(4 - ((x - 15) / 8) ** 2))
    const fit = fitLogPolynomial(
      counts,
      counts.map((_, x) => x < 13 || x > 18),
      4,
    )
    counts.forEach((count, x) => {
      expect(fit?.mean[x]).toBeCloseTo(count, 5)
    })
  })

  it('tilts a distribution to the mean and variance of the counts', () => {
    const base = Array.from({ length: 21 }, (_, x) => Math.exp(-(((x - 10) / 6) ** 2)))
    const source = random(3)
    const counts = new Float64Array(21)
    for (let i = 0; i < 500; i++) {
      const score = Math.min(20, Math.max(0, Math.round(source.normal(13, 3))))
      counts[score] = (counts[score] ?? 0) + 1
    }
    const fit = fitLogPolynomial(
      counts,
      base.map(() => true),
      2,
      base.map(Math.log),
    )
    const moment = (values: ArrayLike<number>, k: number): number =>
      Array.from(values).reduce((sum, value, x) => sum + value * x ** k, 0)
    for (const k of [0, 1, 2])
      expect((fit === undefined ? 0 : moment(fit.mean, k)) / moment(counts, k)).toBeCloseTo(1, 6)
  })

  it('says nothing from too few scores', () => {
    expect(fitLogPolynomial([1, 2, 3, 4, 5], [true, true, true, true, true], 4)).toBeUndefined()
  })
})

describe('the municipal bunching index', () => {
  const massRule = {
    minimumN: 200,
    degree: 4,
    minimumExpected: 5,
    indexFrom: 0.5,
    bootstraps: 100,
    seed: 7,
  }
  it('measures what was lifted over the boundary and finds nothing where nothing was', () => {
    const source = random(5)
    const bunched = bunchingMass(Array.from(histogram(source, 3000, 23, 7, 24)), 24, massRule)
    expect(bunched?.isFlagged).toBe(true)
    expect((bunched?.excess ?? 0) / (bunched?.missing ?? 1)).toBeCloseTo(1, 0)
    expect(bunchingMass(Array.from(histogram(source, 3000, 23, 7)), 24, massRule)?.isFlagged).toBe(
      false,
    )
    expect(bunchingMass(Array.from(histogram(source, 100, 23, 7)), 24, massRule)).toBeNull()
  })
  it('refuses a boundary that is not whole or has no window', () => {
    const counts = Array.from(histogram(random(5), 3000, 23, 7))
    for (const boundary of [NaN, 5.5, Infinity, 1, -3, maximum])
      expect(() => bunchingMass(counts, boundary, massRule)).toThrow(/pass a whole boundary/)
  })
  it('answers for any number of works that is a safe integer, and refuses more', () => {
    const ofScale = (works: number) =>
      Array.from({ length: maximum + 1 }, (_, x) =>
        Math.round(works * Math.exp(-(((x - 20) / 6) ** 2))),
      )
    const found = bunchingMass(ofScale(1e14), 24, massRule)
    expect(found?.index).toBeCloseTo(0, 6)
    expect(found?.interval?.lo).toBeLessThan(found?.interval?.hi ?? 0)
    expect(() => bunchingMass(ofScale(9e15), 24, massRule)).toThrow(/the sum of the counts/)
  })
  it('says nothing where its curve vanishes in the window', () => {
    const counts = [
      1077396561049, 1, 3803782257942, 1171, 152, 1, 11, 1, 1, 605, 1, 225882175011161,
    ]
    const whole = [...counts, 192533510563, 1, 1, 1]
    expect(bunchingMass(whole, 2, { ...massRule, degree: 2, minimumExpected: 0 })).toBeNull()
  })
  it('says nothing where its curve expects next to nobody in the window', () => {
    // A smooth tail: the index would be 34, with an interval above 0.
    const counts = [0, 0, 0, 0, 1, 4, 4, 21, 56, 145, 237, 332, 364, 303, 219, 115, 49, 12, 2, 0]
    expect(bunchingMass(counts, 4, massRule)).toBeNull()
    expect(bunchingMass(counts, 4, { ...massRule, minimumExpected: 0 })?.expected).toBeLessThan(1)
    expect(bunchingMass(counts, 12, massRule)?.expected).toBeGreaterThan(100)
  })
  it('has the outermost of 39 drawn indices as its 95 % limits, and the next ones as its 90 % limits', () => {
    const counts = Array.from(histogram(random(5), 3000, 23, 7, 24))
    const limits = (level: number, bootstraps: number) =>
      bunchingMass(counts, 24, { ...massRule, bootstraps, level })?.interval
    expect(limits(0.95, 39)).toEqual(limits(0.9999, 39))
    const inner = limits(0.9, 39)
    expect(inner?.lo).toBeGreaterThan(limits(0.95, 39)?.lo ?? Infinity)
    expect(inner?.hi).toBeLessThan(limits(0.95, 39)?.hi ?? -Infinity)
    const one = limits(0.95, 1)
    expect(one?.lo).toBe(one?.hi)
  })
})
