import { describe, expect, it } from 'vitest'
import {
  betaPrior,
  shrinkShares,
  type Count,
} from '../../../../transforms/methods/statistics/beta_binomial.ts'
import { betaCdf, logBeta } from '../../../../transforms/methods/statistics/distributions.ts'
import { betaHyperposterior } from '../../../../transforms/methods/statistics/beta_hyper.ts'
import {
  mixtureInterval,
  posteriorMixture,
} from '../../../../transforms/methods/statistics/beta_mixture.ts'
import { near } from './near.ts'

describe('a share averaged over what the groups say of their mean and spread', () => {
  it('has the standard error and the limit of the integral taken by brute force', () => {
    const rows: Count[] = [2, 3, 9, 1, 4, 6, 5].map((successes) => ({ successes, n: 15 }))
    const target = rows[2] ?? { successes: 0, n: 1 }
    const found = shrinkShares(rows, betaPrior(rows))[2]
    const steps = 160
    let [mass, first, second, below] = [0, 0, 0, 0]
    for (let i = 0; i < steps; i++) {
      // The weight n̄/(M + n̄) is uniform, the mean has Jeffreys’ prior: even steps of both and of the arcsine.
      const weight = (i + 0.5) / steps
      const precision = 15 / weight - 15
      if (1 / precision > 99) continue
      for (let j = 0; j < steps; j++) {
        const mean = Math.sin((Math.PI * (j + 0.5)) / steps / 2) ** 2
        const [a, b] = [mean * precision, (1 - mean) * precision]
        const log = rows.reduce(
          (sum, { successes, n }) =>
            sum + logBeta(a + successes, b + n - successes) - logBeta(a, b),
          60,
        )
        if (log < -30) continue
        const density = Math.exp(log)
        const value = (a + target.successes) / (precision + target.n)
        mass += density
        first += density * value
        second += density * ((value * (1 - value)) / (precision + target.n + 1) + value ** 2)
        below +=
          density * betaCdf(found?.lo ?? 0, a + target.successes, b + target.n - target.successes)
      }
    }
    const centre = first / mass
    near(
      (found?.se ?? 0) ** 2,
      second / mass - centre ** 2 + (centre - (found?.value ?? 0)) ** 2,
      2e-3,
    )
    expect(below / mass).toBeCloseTo(0.025, 4)
  })

  /** P(share ≤ x) of the target by brute force: even steps of ln(1/M) and of the logit of μ. */
  const bruteForce = (rows: readonly Count[], target: Count) => {
    const typical = rows.length / rows.reduce((total, { n }) => total + 1 / n, 0)
    const [first, last] = [Math.log(1e-5 / typical), Math.log(99)]
    const [rowsOfNodes, wide] = [130, 520]
    const nodes: { readonly a: number; readonly b: number; readonly log: number }[] = []
    for (let i = 0; i <= rowsOfNodes; i++) {
      const logSpread = first + ((last - first) * i) / rowsOfNodes
      const spread = Math.exp(logSpread)
      const end = i === 0 || i === rowsOfNodes ? Math.log(0.5) : 0
      for (let j = 0; j < wide; j++) {
        const logit = -22 + (44 * (j + 0.5)) / wide
        const [mean, rest] = [1 / (1 + Math.exp(-logit)), 1 / (1 + Math.exp(logit))]
        const [a, b] = [mean / spread, rest / spread]
        const log = rows.reduce(
          (total, { successes, n }) =>
            total + logBeta(a + successes, b + n - successes) - logBeta(a, b),
          end +
            logSpread -
            2 * Math.log1p(typical * spread) +
            0.5 * (Math.log(mean) + Math.log(rest)),
        )
        nodes.push({ a: a + target.successes, b: b + target.n - target.successes, log })
      }
    }
    const top = nodes.reduce((most, { log }) => Math.max(most, log), -Infinity)
    const kept = nodes.filter(({ log }) => log > top - 15)
    const all = kept.reduce((total, { log }) => total + Math.exp(log - top), 0)
    return (x: number): number =>
      kept.reduce((below, { a, b, log }) => below + Math.exp(log - top) * betaCdf(x, a, b), 0) / all
  }

  it.each([
    { of: ['0/5', '0/5', '0/200'], school: 2, exact: 0.00526684 },
    { of: ['0/20', '0/20', '0/400'], school: 2, exact: 0.00292917 },
    { of: ['0/10', '0/12', '0/30'], school: 2, exact: 0.0379714 },
    { of: ['0/20', '0/20', '0/20', '0/20'], school: 0, exact: 0.0346316 },
    { of: ['0/100', '0/100', '1/100'], school: 0, exact: 0.0169325 },
    { of: ['0/20', '1/30'], school: 1, exact: 0.11115 },
    { of: ['0/5', '0/5', '2/200'], school: 0, exact: 0.155427 },
    { of: ['5/25', '1/60', '8/90', '3/300'], school: 1, exact: 0.0765954 },
    { of: ['1/1', '0/10000'], school: 1, exact: 9.13539e-5 },
    { of: ['2/2', '2/2', '0/3000'], school: 2, exact: 3.46058e-4 },
    { of: ['25/30', '28/30', '6/6'], school: 0, exact: 0.944371 },
  ])(
    'is off the exact integral by less than 0.1 %, as the page says: $of',
    ({ of, school, exact }) => {
      const rows = of.map((count): Count => {
        const [successes = 0, n = 0] = count.split('/').map(Number)
        return { successes, n }
      })
      const cdf = bruteForce(rows, rows[school] ?? { successes: 0, n: 1 })
      expect(cdf(exact * 0.997)).toBeLessThan(0.975)
      expect(cdf(exact * 1.003)).toBeGreaterThan(0.975)
      near(shrinkShares(rows, betaPrior(rows))[school]?.hi ?? 0, exact, 1e-3)
    },
  )

  /** Groups of `times` schools with one count. */
  type Group = readonly [times: number, successes: number, n: number]
  const groups = (...of: readonly Group[]) =>
    of.flatMap(([times, successes, n]) =>
      Array.from({ length: times }, (): Count => ({ successes, n })),
    )

  // Upper limits by SciPy 1.17: 220 rows of 1/M, 240 nodes in each about its own highest point down to e⁻²⁴ of it, betainc and Brent’s root.
  it.each([
    { of: [49, 0, 1000], and: [1, 500, 1000], hi: 7.8853734e-7 },
    { of: [9, 0, 10_000], and: [1, 5000, 10_000], hi: 1.2952028e-5 },
    { of: [29, 0, 100], and: [1, 60, 100], hi: 3.8623698e-4 },
    { of: [1, 0, 10_000], and: [1, 1, 1], hi: 9.1354698e-5 },
  ] as const)('holds where one school stands far from all others: $of and $and', (set) => {
    const rows = groups(set.of, set.and)
    const mixture = posteriorMixture(betaHyperposterior(rows), { successes: 0, n: set.of[2] })
    near(mixtureInterval(mixture, 0.025).hi, set.hi, 1e-4)
  })

  it('tells as much of schools where all succeed as of schools where none does', () => {
    const shares = (...of: readonly Group[]) => {
      const rows = groups(...of)
      return shrinkShares(rows, betaPrior(rows))
    }
    const none = shares([20, 0, 10_000], [1, 1, 10_000])
    const all = shares([20, 10_000, 10_000], [1, 9999, 10_000])
    for (const [i, { se, lo, hi }] of none.entries()) {
      near(all[i]?.se ?? 0, se, 1e-9)
      near(1 - (all[i]?.lo ?? 0), hi, 1e-9)
      near(1 - (all[i]?.hi ?? 0), lo, 1e-9)
    }
    expect(shares([200, 10_000, 10_000])[0]?.hi).toBe(1)
  })
})
