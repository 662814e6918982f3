import { describe, expect, it } from 'vitest'
import {
  betaEvidence,
  type Count,
} from '../../../../transforms/methods/statistics/beta_evidence.ts'
import { logBeta } from '../../../../transforms/methods/statistics/distributions.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { near } from './near.ts'

const bySchool = (counts: readonly Count[], alpha: number, beta: number): number =>
  counts.reduce(
    (sum, { successes, n }) =>
      sum + logBeta(alpha + successes, beta + n - successes) - logBeta(alpha, beta),
    0,
  )

describe('the evidence of a beta distribution of shares', () => {
  it('is the likelihood of school after school, in schools of any size', () => {
    const source = random(149)
    for (const largest of [5, 50, 2000]) {
      const counts = Array.from({ length: 25 }, () => {
        const n = 1 + source.integer(largest)
        return { successes: source.binomial(n, 0.3), n }
      })
      const evidence = betaEvidence(counts)
      for (const [alpha, beta] of [
        [0.01, 0.4],
        [1.5, 8.2],
        [300, 700],
      ] as const)
        near(evidence(alpha + beta)(alpha, beta), bySchool(counts, alpha, beta), 1e-11)
    }
  })

  it('takes successes that are not whole', () => {
    const counts = [
      { successes: 2.5, n: 7 },
      { successes: 0, n: 3 },
      { successes: 4.25, n: 7 },
    ]
    near(betaEvidence(counts)(5)(2, 3), bySchool(counts, 2, 3), 1e-12)
  })

  it('keeps its digits where the schools hardly differ', () => {
    // Near a binomial distribution: x·ln μ + (n − x)·ln(1 − μ), short of it by less than n²/M.
    const evidence = betaEvidence([{ successes: 3, n: 10 }])
    const precision = 1e13
    near(
      evidence(precision)(0.3 * precision, 0.7 * precision),
      3 * Math.log(0.3) + 7 * Math.log(0.7),
      1e-11,
    )
  })

  it('does not depend on the order of the schools', () => {
    const counts = [2, 3, 9, 1, 4, 6].map((successes, i) => ({ successes, n: 10 + 7 * i }))
    expect(betaEvidence([...counts].reverse())(6)(2, 4)).toBe(betaEvidence(counts)(6)(2, 4))
  })
})
