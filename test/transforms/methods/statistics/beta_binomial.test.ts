import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  betaPrior,
  holdShares,
  shrinkShares,
} from '../../../../transforms/methods/statistics/beta_binomial.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { wilson } from '../../../../transforms/methods/statistics/interval.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { near } from './near.ts'

const counts = [2, 3, 9, 1, 4, 6].map((successes, i) => ({
  successes,
  n: [12, 40, 25, 8, 60, 15][i] ?? 1,
}))

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
      const rounds = 1000
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
      { numRuns: 40 },
    )
  })

  it('tells of failures what it tells of successes', () => {
    fc.assert(
      fc.property(table, (rows) => {
        fc.pre(rows.some(({ n }) => n > 1))
        const mirrored = rows.map(({ n, successes }) => ({ n, successes: n - successes }))
        const failures = shrinkShares(mirrored, betaPrior(mirrored))
        shrinkShares(rows, betaPrior(rows)).forEach(({ value, lo, hi }, i) => {
          expect(failures[i]?.value).toBeCloseTo(1 - value, 12)
          if (hi < 1 - 1e-9) near(failures[i]?.lo ?? 0, 1 - hi, 1e-5)
          if (lo > 1e-9) near(1 - (failures[i]?.hi ?? 0), lo, 1e-5)
        })
      }),
      { numRuns: 40 },
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

describe('the interval of a share under a prior estimated from the groups', () => {
  const region = (schools: number, n: number, rho: number, source: ReturnType<typeof random>) => {
    const precision = (1 - rho) / rho
    const truths = Array.from({ length: schools }, () =>
      source.beta(0.15 * precision, 0.85 * precision),
    )
    return { truths, rows: truths.map((truth) => ({ successes: source.binomial(n, truth), n })) }
  }

  it('covers where the spread between schools drowns in chance', () => {
    const source = random(131)
    let covered = 0
    let total = 0
    for (let round = 0; round < 120; round++) {
      const { truths, rows } = region(30, 5, 0.05, source)
      shrinkShares(rows, betaPrior(rows)).forEach(({ lo, hi }, i) => {
        const truth = truths[i] ?? 0
        covered += lo <= truth && truth <= hi ? 1 : 0
        total++
      })
    }
    expect(covered / total).toBeGreaterThan(0.94)
  })

  it('covers small schools beside a great one', () => {
    const source = random(149)
    const precision = 1 / 0.05 - 1
    let covered = 0
    const rounds = 250
    for (let round = 0; round < rounds; round++) {
      const sizes = [10, 10, 10, 10, 10, 400]
      const truths = sizes.map(() => source.beta(0.1 * precision, 0.9 * precision))
      const rows = sizes.map((n, i) => ({ n, successes: source.binomial(n, truths[i] ?? 0) }))
      const small = holdShares(truths, rows.slice(0, 5), betaPrior(rows))
      covered += small.filter((holds) => holds).length
    }
    expect(covered / (5 * rounds)).toBeGreaterThan(0.93)
  })

  it('is what it was, to the last digits', () => {
    const expected = [
      [0.1629898668736824, 0.08230536860734304, 0.051357882559430405, 0.3649891788202867],
      [0.08642714010342332, 0.04828900986695316, 0.032679173202109335, 0.20410983843890088],
      [0.31771870629463517, 0.08530156551531225, 0.15580439925623396, 0.47873472358734154],
      [0.1390635703125641, 0.09062617988806483, 0.03213950733803139, 0.36814647456756683],
      [0.07547924155824114, 0.03943573915574329, 0.03198219723802371, 0.1720037969730485],
      [0.3259422326704825, 0.1030345857106282, 0.138623871449201, 0.5264264417744413],
    ]
    shrinkShares(counts, betaPrior(counts)).forEach(({ value, se, lo, hi }, i) => {
      ;[value, se, lo, hi].forEach((number, j) => {
        near(number, expected[i]?.[j] ?? 0, 1e-11)
      })
    })
  })

  it('holds a true share by its distribution function as by its ends', () => {
    const source = random(151)
    let missed = 0
    for (const [schools, n, rho, level] of [
      [30, 5, 0.05, 0.95],
      [12, 40, 0.3, 0.95],
      [20, 20, 0.1, 0.5],
      [6, 10, 0.01, 0.8],
    ] as const) {
      const { truths, rows } = region(schools, n, rho, source)
      for (const formula of ['corrected', 'raw'] as const) {
        const prior = betaPrior(rows, formula)
        const held = shrinkShares(rows, prior, level).map(
          ({ lo, hi }, i) => lo <= (truths[i] ?? 0) && (truths[i] ?? 0) <= hi,
        )
        expect(holdShares(truths, rows, prior, level)).toEqual(held)
        missed += held.filter((holds) => !holds).length
      }
    }
    expect(missed).toBeGreaterThan(10)
  })

  it('holds the estimate where the quantiles pass it by', () => {
    const sure = {
      ...betaPrior(counts),
      posterior: {
        alphas: Float64Array.of(500),
        betas: Float64Array.of(500),
        shares: Float64Array.of(1),
      },
    }
    const target = { successes: 3, n: 40 }
    const [row] = shrinkShares([target], sure)
    if (row === undefined) throw new Error('one row expected')
    expect(row.lo).toBe(row.value)
    for (const [truth, holds] of [
      [row.value - 1e-9, false],
      [row.value, true],
      [(row.value + row.hi) / 2, true],
      [row.hi + 1e-9, false],
    ] as const)
      expect(holdShares([truth], [target], sure)).toEqual([holds])
  })

  it('does not tell a school without one success that it has no risk', () => {
    const none = [10, 12, 30].map((n) => ({ successes: 0, n }))
    const [first, second, third] = shrinkShares(none, betaPrior(none))
    for (const [row, n] of [
      [first, 10],
      [second, 12],
      [third, 30],
    ] as const) {
      expect(row?.lo).toBe(0)
      expect(row?.hi).toBeGreaterThan(0.03)
      expect(row?.hi).toBeLessThan(wilson(0, n).hi)
    }
    expect(first?.hi).toBeGreaterThan(third?.hi ?? 1)
    const one = [0, 0, 0, 0, 0, 0, 0, 1].map((successes) => ({ successes, n: 25 }))
    shrinkShares(one, betaPrior(one)).forEach(({ value, hi }) => {
      expect(hi).toBeGreaterThan(4 * value)
      expect(hi).toBeLessThan(0.2)
    })
  })

  it('covers rare outcomes of few small schools', () => {
    const source = random(139)
    for (const [schools, n, mean, rho] of [
      [8, 10, 0.02, 0.02],
      [8, 10, 0.05, 0.05],
      [5, 8, 0.05, 0.05],
    ] as const) {
      const precision = 1 / rho - 1
      let covered = 0
      const rounds = 100
      for (let round = 0; round < rounds; round++) {
        const truths = Array.from({ length: schools }, () =>
          source.beta(mean * precision, (1 - mean) * precision),
        )
        const rows = truths.map((truth) => ({ successes: source.binomial(n, truth), n }))
        shrinkShares(rows, betaPrior(rows)).forEach(({ lo, hi }, i) => {
          const truth = truths[i] ?? 0
          covered += lo <= truth && truth <= hi ? 1 : 0
        })
      }
      expect(covered / (rounds * schools)).toBeGreaterThan(0.92)
    }
  })

  it('is wider than that of a prior taken as known', () => {
    const source = random(137)
    const { rows } = region(12, 20, 0.1, source)
    const prior = betaPrior(rows)
    if (prior.kind !== 'beta') throw new Error('over-dispersion expected')
    const { posterior, ...known } = prior
    expect(posterior?.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
    const narrow = shrinkShares(rows, known)
    const wide = shrinkShares(rows, prior)
    expect(wide.map(({ value }) => value)).toEqual(narrow.map(({ value }) => value))
    const width = (shrunk: typeof wide) => shrunk.reduce((sum, { lo, hi }) => sum + hi - lo, 0)
    expect(width(wide)).toBeGreaterThan(1.02 * width(narrow))
  })
})
