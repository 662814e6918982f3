import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import {
  derSimonianLaird,
  morris,
  shareVariance,
  shrinkNormal,
} from '../../../../transforms/methods/statistics/shrinkage.ts'
import { near } from './near.ts'

const percents = [62, 55, 48, 80, 58, 30]
const sizes = [12, 40, 25, 30, 60, 35]
const variances = percents.map((p, i) => (p * (100 - p)) / (sizes[i] ?? 1))

describe('DerSimonian–Laird', () => {
  const prior = derSimonianLaird(percents, variances)

  it('finds the spread between groups and shrinks by it', () => {
    expect(prior.tau2).toBeCloseTo(244.8424, 4)
    expect(prior.mean).toBeCloseTo(55.4256, 4)
    const shrunk = shrinkNormal(percents, variances, prior, { prior: 'known' })
    ;[0.555, 0.7983, 0.7103, 0.8211, 0.8578, 0.8032].forEach((lambda, i) => {
      expect(shrunk[i]?.lambda).toBeCloseTo(lambda, 4)
    })
    ;[59.07, 55.09, 50.15, 75.6, 57.63, 35.0].forEach((value, i) => {
      expect(shrunk[i]?.value).toBeCloseTo(value, 2)
    })
  })

  it('agrees with statsmodels to 12 digits, the error of the mean and Q too', () => {
    // combine_effects(percents, variances, method_re='chi2')
    near(prior.tau2, 244.8423542187146, 1e-12)
    near(prior.mean, 55.42560976657477, 1e-12)
    near(Math.sqrt(prior.meanVariance), 7.33913195697892, 1e-12)
    near(prior.q, 23.005737291039793, 1e-12)
  })

  it('keeps an error where nothing lies between the groups', () => {
    const level = derSimonianLaird([50, 51, 50], [9, 9, 9])
    expect(level.tau2).toBe(0)
    const [first] = shrinkNormal([50, 51, 50], [9, 9, 9], level, {
      prior: 'known',
    })
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

  /** In 4,000 samples: the mean variance in units of the true one, and the share of ±1.96 errors that hold the true share. */
  const simulated = (share: number, n: number, of: (x: number) => number) => {
    const source = random(20260901)
    const rounds = 4000
    let [total, covered] = [0, 0]
    for (let round = 0; round < rounds; round++) {
      const x = source.binomial(n, share)
      const variance = of(x)
      total += variance
      covered += Math.abs(x / n - share) <= 1.96 * Math.sqrt(variance) ? 1 : 0
    }
    return { ratio: total / rounds / ((share * (1 - share)) / n), coverage: covered / rounds }
  }

  it.each([0.02, 0.1, 0.3, 0.5, 0.98])(
    'has on average the variance it must at a share of %d',
    (p) => {
      for (const n of [5, 10, 20, 30, 50]) {
        const own = simulated(p, n, (x) => shareVariance(x, n))
        const plain = simulated(p, n, (x) => ((x / n) * (1 - x / n)) / n)
        const unit = p * (1 - p)
        near(own.ratio, (n * (n - 1) * unit + n / 2 + 0.25) / (n + 1) ** 2 / unit, 0.04)
        near(plain.ratio, 1 - 1 / n, 0.1)
        expect(own.coverage).toBeGreaterThanOrEqual(plain.coverage)
      }
    },
  )

  it('holds a rare share that x/n, without an error at 0, misses four times in five', () => {
    expect(simulated(0.02, 10, (x) => shareVariance(x, 10)).coverage).toBeGreaterThan(0.98)
    expect(simulated(0.02, 10, (x) => ((x / 10) * (1 - x / 10)) / 10).coverage).toBeLessThan(0.22)
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
      mean: found.mean,
      tau2: 45,
      meanVariance: 0,
      transient: 9,
    })
    near((one?.se ?? 0) ** 2, 36 * (1 - 36 / 61), 1e-12)
  })
})

describe('a prior estimated from the groups', () => {
  /** Hits in the first 45 at bats of eighteen players, 1970: the example of Efron and Morris. */
  const hits = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
  const printed = [
    0.294, 0.289, 0.285, 0.28, 0.275, 0.275, 0.27, 0.266, 0.261, 0.261, 0.256, 0.256, 0.256, 0.256,
    0.256, 0.252, 0.247, 0.242,
  ]

  it('gives the James–Stein estimates of the published example', () => {
    const averages = hits.map((count) => count / 45)
    const mean = averages.reduce((sum, value) => sum + value, 0) / 18
    const variance = (mean * (1 - mean)) / 45
    const variancesOfAll = averages.map(() => variance)
    const shrunk = shrinkNormal(
      averages,
      variancesOfAll,
      derSimonianLaird(averages, variancesOfAll),
    )
    shrunk.forEach(({ value }, i) => {
      expect(Math.abs(value - (printed[i] ?? 0))).toBeLessThan(6e-4)
    })
    expect(shrunk[0]?.lambda).toBeCloseTo(0.212, 3)
  })

  it('has the variance of the posterior under flat priors of the mean and of τ²', () => {
    const [groups, distance, noise, squares] = [20, 9, 4, 400]
    const between = squares / (groups - 1) - noise
    const steps = 20_000
    let [mass, first, second] = [0, 0, 0]
    for (let i = 0; i < steps; i++) {
      const pull = (i + 0.5) / steps
      const weight = pull ** ((groups - 3) / 2 - 1) * Math.exp((-pull * squares) / (2 * noise))
      mass += weight
      first += weight * pull
      second += weight * pull ** 2
    }
    const mean = first / mass
    const spread = second / mass - mean ** 2
    const found = morris({
      distance,
      noise,
      between,
      meanNoise: noise,
      leverage: 1 / groups,
      groups,
      coefficients: 1,
    })
    near(found.pull, mean, 1e-6)
    near(found.variance, noise * (1 - (1 - 1 / groups) * mean) + spread * distance ** 2, 1e-6)
  })

  it.each([
    [30, 3, 5],
    [8, 6, 5],
    [8, 6, 20],
  ])('covers with %i schools, τ = %i and %i pupils', (schools, tau, n) => {
    const source = random(167)
    let covered = 0
    let total = 0
    for (let round = 0; round < 6000 / schools; round++) {
      const truths = Array.from({ length: schools }, () => source.normal(50, tau))
      const values = truths.map((truth) => source.normal(truth, 20 / Math.sqrt(n)))
      const errors = truths.map(() => 400 / n)
      shrinkNormal(values, errors, derSimonianLaird(values, errors)).forEach(({ lo, hi }, i) => {
        const truth = truths[i] ?? 0
        covered += lo <= truth && truth <= hi ? 1 : 0
        total++
      })
    }
    expect(covered / total).toBeGreaterThan(0.94)
  })

  it('shrinks nothing when three groups or fewer are all it has', () => {
    const [first] = shrinkNormal([40, 50, 63], [9, 9, 9], derSimonianLaird([40, 50, 63], [9, 9, 9]))
    expect(first).toMatchObject({ value: 40, lambda: 1, se: 3 })
  })

  it('comes to the known prior as groups grow many', () => {
    const source = random(173)
    const values = Array.from({ length: 4000 }, () => source.normal(50, 7))
    const errors = values.map(() => 9)
    const prior = derSimonianLaird(values, errors)
    const known = shrinkNormal(values, errors, prior, { prior: 'known' })
    shrinkNormal(values, errors, prior).forEach(({ value, se }, i) => {
      near(value, known[i]?.value ?? 0, 1e-3)
      near(se, known[i]?.se ?? 0, 5e-3)
    })
  })
})
