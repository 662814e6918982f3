import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import {
  rankIntervals,
  rankIntervalsOf,
} from '../../../../transforms/methods/statistics/rank_interval.ts'
import {
  betaPrior,
  derSimonianLaird,
  shareVariance,
  shrinkNormal,
  shrinkShares,
} from '../../../../transforms/methods/statistics/shrinkage.ts'
import { near } from './near.ts'

const percents = [62, 55, 48, 80, 58, 30]
const sizes = [12, 40, 25, 30, 60, 35]
const variances = percents.map((p, i) => (p * (100 - p)) / (sizes[i] ?? 1))

const counts = [2, 3, 9, 1, 4, 6].map((successes, i) => ({
  successes,
  n: [12, 40, 25, 8, 60, 15][i] ?? 1,
}))

describe('DerSimonian–Laird', () => {
  const prior = derSimonianLaird(percents, variances)

  it('finds the spread between groups and shrinks by it', () => {
    expect(prior.tau2).toBeCloseTo(244.8424, 4)
    expect(prior.mean).toBeCloseTo(55.4256, 4)
    const shrunk = shrinkNormal(percents, variances, prior)
    ;[0.555, 0.7983, 0.7103, 0.8211, 0.8578, 0.8032].forEach((lambda, i) => {
      expect(shrunk[i]?.lambda).toBeCloseTo(lambda, 4)
    })
    ;[59.07, 55.09, 50.15, 75.6, 57.63, 35.0].forEach((value, i) => {
      expect(shrunk[i]?.value).toBeCloseTo(value, 2)
    })
  })

  it('keeps an error where nothing lies between the groups', () => {
    const level = derSimonianLaird([50, 51, 50], [9, 9, 9])
    expect(level.tau2).toBe(0)
    const [first] = shrinkNormal([50, 51, 50], [9, 9, 9], level)
    expect(first?.lambda).toBe(0)
    near(first?.se ?? 0, Math.sqrt(3), 1e-14)
  })

  it('refuses one group and a variance of 0', () => {
    expect(() => derSimonianLaird([1], [1])).toThrow(StatisticsError)
    expect(() => derSimonianLaird([1, 2], [1, 0])).toThrow(/shareVariance/)
    expect(() => shrinkNormal([1], [1], { mean: 0, tau2: -1, meanVariance: 0 })).toThrow(
      StatisticsError,
    )
  })

  it('has a variance of a share that is not 0 at 0 and 1', () => {
    near(shareVariance(0, 10), ((0.5 / 11) * (10.5 / 11)) / 10, 1e-15)
    near(shareVariance(0, 10), shareVariance(10, 10), 1e-12)
    expect(() => shareVariance(1, 0)).toThrow(StatisticsError)
  })

  const rows = fc.array(
    fc.record({
      y: fc.double({ min: 0, max: 100, noNaN: true }),
      v: fc.double({ min: 0.01, max: 400, noNaN: true }),
    }),
    { minLength: 2, maxLength: 25 },
  )

  it('puts every estimate between the raw value and the mean, whatever the order and the unit', () => {
    fc.assert(
      fc.property(rows, (row) => {
        const y = row.map((item) => item.y)
        const v = row.map((item) => item.v)
        const found = derSimonianLaird(y, v)
        const shrunk = shrinkNormal(y, v, found)
        shrunk.forEach(({ value, lambda, se, lo, hi }, i) => {
          const raw = y[i] ?? 0
          expect(value).toBeGreaterThanOrEqual(Math.min(raw, found.mean) - 1e-10)
          expect(value).toBeLessThanOrEqual(Math.max(raw, found.mean) + 1e-10)
          expect(lambda).toBeGreaterThanOrEqual(0)
          expect(lambda).toBeLessThanOrEqual(1)
          expect(se).toBeGreaterThan(0)
          expect(lo).toBeLessThan(value)
          expect(hi).toBeGreaterThan(value)
        })
        const back = derSimonianLaird([...y].reverse(), [...v].reverse())
        expect(back).toEqual(found)
        const scaled = derSimonianLaird(
          y.map((value) => value * 4),
          v.map((value) => value * 16),
        )
        expect(Math.abs(scaled.tau2 - 16 * found.tau2)).toBeLessThan(1e-8 * (1 + found.tau2))
      }),
    )
  })

  it('with the error of the mean in its SE covers where τ² is 0', () => {
    const source = random(61)
    let covered = 0
    let total = 0
    for (let round = 0; round < 800; round++) {
      const y = Array.from({ length: 6 }, () => source.normal(50, 4))
      const v = y.map(() => 16)
      for (const { lo, hi } of shrinkNormal(y, v, derSimonianLaird(y, v))) {
        covered += lo <= 50 && 50 <= hi ? 1 : 0
        total++
      }
    }
    expect(covered / total).toBeGreaterThan(0.94)
  })

  it('shrinks to what lasts, or the worst seem to improve by themselves', () => {
    const source = random(71)
    const [lasting, transient, error] = [6, 3, 4]
    const k = 20_000
    const first: number[] = []
    const second: number[] = []
    for (let i = 0; i < k; i++) {
      const own = source.normal(50, lasting)
      first.push(own + source.normal(0, transient) + source.normal(0, error))
      second.push(own + source.normal(0, transient) + source.normal(0, error))
    }
    const v = first.map(() => error ** 2)
    const found = derSimonianLaird(first, v)
    expect(Math.abs(found.tau2 - 45)).toBeLessThan(2)
    const cut = [...first].sort((a, b) => a - b)[Math.floor(k * 0.15)] ?? 0
    const worst = first.map((_, i) => i).filter((i) => (first[i] ?? 0) < cut)
    const gain = (transientVariance: number) => {
      const shrunk = shrinkNormal(first, v, { ...found, transient: transientVariance })
      return (
        worst.reduce((total, i) => total + (second[i] ?? 0) - (shrunk[i]?.value ?? 0), 0) /
        worst.length
      )
    }
    expect(Math.abs(gain(0) - 1.76)).toBeLessThan(0.35)
    expect(Math.abs(gain(transient ** 2))).toBeLessThan(0.3)
    const [one] = shrinkNormal(first.slice(0, 1), [error ** 2], {
      ...found,
      tau2: 45,
      meanVariance: 0,
      transient: 9,
    })
    near((one?.se ?? 0) ** 2, 36 * (1 - 36 / 61), 1e-12)
  })
})

describe('beta-binomial prior', () => {
  it('by the raw formula', () => {
    const prior = betaPrior(counts, 'raw')
    if (prior.kind !== 'beta') throw new Error('over-dispersion expected')
    expect(prior.mean).toBe(0.15625)
    expect(prior.v).toBeCloseTo(0.0167734, 7)
    expect(prior.precision).toBeCloseTo(9.72667, 5)
    expect(prior.alpha).toBeCloseTo(1.51979, 5)
    expect(prior.beta).toBeCloseTo(8.20688, 5)
    const shrunk = shrinkShares(counts, prior)
    ;[0.162, 0.0909, 0.3029, 0.1421, 0.0792, 0.3041].forEach((value, i) => {
      expect(shrunk[i]?.value).toBeCloseTo(value, 4)
    })
  })

  it('corrected is v·K/(K − 1) where all n are equal', () => {
    const even = [2, 5, 9, 1, 6].map((successes) => ({ successes, n: 20 }))
    const prior = betaPrior(even)
    if (prior.kind !== 'beta') throw new Error('over-dispersion expected')
    const m = prior.mean * (1 - prior.mean)
    const v = (prior.v * 5) / 4
    near(prior.precision, (m - v) / (v - m / 20), 1e-12)
  })

  it('corrected finds the spread that the raw formula loses between five groups', () => {
    const source = random(83)
    const rho = 0.048
    const precision = 1 / rho - 1
    const mean = (formula: 'raw' | 'corrected', n: readonly number[], seed: number) => {
      const draws = random(seed)
      let total = 0
      const rounds = 3000
      for (let i = 0; i < rounds; i++) {
        const rows = n.map((size) => ({
          n: size,
          successes: draws.binomial(size, draws.beta(0.3 * precision, 0.7 * precision)),
        }))
        const v = betaPrior(rows, formula)
        const m = v.mean * (1 - v.mean)
        const members = rows.reduce((sum, row) => sum + row.n, 0)
        const squares = rows.reduce((sum, row) => sum + (row.n / members) ** 2, 0)
        // The moment before it is held to [0, 0.99]: its average shows the bias.
        total +=
          m === 0
            ? 0
            : formula === 'raw'
              ? (v.v - (m * n.length) / members) / (m * (1 - n.length / members))
              : (v.v - (m * (n.length - 1)) / members) /
                (m * (1 - squares - (n.length - 1) / members))
      }
      return total / rounds
    }
    const seed = source.integer(1000)
    expect(mean('raw', [30, 30, 30, 30, 30], seed)).toBeLessThan(0.036)
    expect(Math.abs(mean('corrected', [30, 30, 30, 30, 30], seed) - rho)).toBeLessThan(0.005)
    expect(Math.abs(mean('corrected', [10, 20, 30, 40, 80], seed) - rho)).toBeLessThan(0.006)
  })

  it('says that groups differ no more than chance makes them', () => {
    const level = [3, 3, 3, 3].map((successes) => ({ successes, n: 10 }))
    const prior = betaPrior(level)
    expect(prior).toMatchObject({ kind: 'no over-dispersion', mean: 0.3 })
    for (const row of shrinkShares(level, prior)) {
      expect(row).toMatchObject({ value: 0.3, lambda: 0 })
      expect(row.se).toBeGreaterThan(0)
      expect(row.lo).toBeLessThan(0.3)
    }
    const none = shrinkShares(
      [{ successes: 0, n: 5 }],
      betaPrior([0, 0].map((successes) => ({ successes, n: 9 }))),
    )
    expect(none[0]).toMatchObject({ value: 0, lo: 0 })
  })

  it('holds when all groups are at 0 or all at n', () => {
    const torn = [0, 8, 0, 8].map((successes) => ({ successes, n: 8 }))
    for (const formula of ['raw', 'corrected'] as const) {
      const prior = betaPrior(torn, formula)
      expect(prior).toMatchObject({ kind: 'beta', rho: 0.99 })
      for (const row of shrinkShares(torn, prior))
        expect(Number.isFinite(row.value + row.se + row.lo + row.hi)).toBe(true)
    }
  })

  const table = fc.array(
    fc
      .integer({ min: 1, max: 120 })
      .chain((n) => fc.record({ n: fc.constant(n), successes: fc.integer({ min: 0, max: n }) })),
    { minLength: 2, maxLength: 20 },
  )

  it('puts every share between the raw share and the mean, and its interval round it', () => {
    fc.assert(
      fc.property(table, fc.constantFrom('raw' as const, 'corrected' as const), (rows, formula) => {
        fc.pre(rows.some(({ n }) => n > 1))
        const prior = betaPrior(rows, formula)
        shrinkShares(rows, prior).forEach(({ value, se, lo, hi }, i) => {
          const row = rows[i] ?? { successes: 0, n: 1 }
          const raw = row.successes / row.n
          expect(value).toBeGreaterThanOrEqual(Math.min(raw, prior.mean) - 1e-12)
          expect(value).toBeLessThanOrEqual(Math.max(raw, prior.mean) + 1e-12)
          expect(lo).toBeLessThanOrEqual(value)
          expect(hi).toBeGreaterThanOrEqual(value)
          expect(lo).toBeGreaterThanOrEqual(0)
          expect(hi).toBeLessThanOrEqual(1)
          expect(Number.isNaN(se)).toBe(false)
        })
      }),
    )
  })

  it('refuses one group and groups of one', () => {
    expect(() => betaPrior([{ successes: 1, n: 4 }])).toThrow(/wider pool/)
    expect(() => betaPrior([1, 0, 1].map((successes) => ({ successes, n: 1 })))).toThrow(
      StatisticsError,
    )
    expect(() =>
      betaPrior([
        { successes: 5, n: 4 },
        { successes: 1, n: 4 },
      ]),
    ).toThrow(StatisticsError)
  })

  it('shrinks a group without members to the mean', () => {
    const prior = betaPrior(counts)
    near(shrinkShares([{ successes: 0, n: 0 }], prior)[0]?.value ?? 0, prior.mean, 1e-14)
  })
})

describe('rank intervals', () => {
  const groups = [
    { value: 80, se: 2 },
    { value: 50, se: 6 },
    { value: 55, se: 6 },
    { value: 20, se: 2 },
  ]

  it('contain the rank and tell what is sure from what is not', () => {
    const found = rankIntervals(groups, { seed: 9 })
    expect(found.map(({ rank, lo, hi }) => [rank, lo, hi])).toEqual([
      [1, 1, 1],
      [3, 2, 3],
      [2, 2, 3],
      [4, 4, 4],
    ])
    expect(rankIntervals(groups, { seed: 9 })).toEqual(found)
    expect(found.reduce((total, { mean }) => total + mean, 0)).toBeCloseTo(10, 10)
  })

  it('cover the true rank', () => {
    const source = random(97)
    let covered = 0
    let total = 0
    for (let round = 0; round < 60; round++) {
      const truth = Array.from({ length: 15 }, () => source.normal(0, 1))
      const posterior = truth.map((own) => ({
        value: (own + source.normal(0, 1)) / 2,
        se: Math.SQRT1_2,
      }))
      rankIntervals(posterior, { seed: round, draws: 500 }).forEach(({ lo, hi }, i) => {
        const rank = 1 + truth.filter((other) => other > (truth[i] ?? 0)).length
        covered += lo <= rank && rank <= hi ? 1 : 0
        total++
      })
    }
    expect(covered / total).toBeGreaterThan(0.93)
  })

  it('take draws of any posterior', () => {
    const found = rankIntervalsOf(
      [0.9, 0.1],
      (i, source) => source.beta(i === 0 ? 90 : 10, i === 0 ? 10 : 90),
      { seed: 1 },
    )
    expect(found.map(({ lo, hi }) => [lo, hi])).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect(rankIntervals([], { seed: 1 })).toEqual([])
    expect(() => rankIntervals([{ value: 1, se: -1 }], { seed: 1 })).toThrow(StatisticsError)
  })
})
