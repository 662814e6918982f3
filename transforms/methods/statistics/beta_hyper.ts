import { logBeta } from './distributions.ts'
import { logQuadrature } from './log_quadrature.ts'
import { sum, sumOf } from './sums.ts'

/** A group's count. */
export interface Count {
  readonly successes: number
  readonly n: number
}

/** Beta(alpha, beta) priors of shares with how likely each is, given the groups; the `shares` make 1. */
export interface BetaMixture {
  readonly alphas: Float64Array
  readonly betas: Float64Array
  readonly shares: Float64Array
}

/** Intraclass correlations beyond it are not looked at. */
export const LARGEST_RHO = 0.99
const LEAST_SHRINKAGE = 1e-5
/** Of the points of 1/M every second is enough for a smooth density. */
const STRIDE = 2
/** Nodes of μ on its logit, in its own standard deviations about the estimate: the left tail of a rare outcome is the longer one. */
const STEPS = Float64Array.from({ length: 19 }, (_, i) => i - 11)
/** Points that make less than this of the whole are left out. */
const NEGLIGIBLE = 1e-7

interface Kind extends Count {
  readonly times: number
}

const kindsOf = (counts: readonly Count[]): readonly Kind[] => {
  const kinds = new Map<string, { readonly count: Count; times: number }>()
  for (const count of counts) {
    const key = `${count.successes} ${count.n}`
    const known = kinds.get(key)
    if (known === undefined) kinds.set(key, { count, times: 1 })
    else known.times++
  }
  return [...kinds.values()]
    .map(({ count, times }) => ({ ...count, times }))
    .sort((a, b) => a.n - b.n || a.successes - b.successes)
}

/**
 * What K counts say of the beta distribution their true shares come from: the posterior of its mean μ and of 1/M, M = α + β, as
 * weighted points. Priors: Jeffreys’ Beta(½, ½) for μ; for 1/M that of a uniform weight n̄/(M + n̄) of a school of average size, so that
 * groups without a single success do not speak for schools that are all at 0 or all at 1.
 *
 * Source: C. Christiansen, C. Morris, JASA 92 (1997) 618–632; M. Daniels, Canad. J. Statist. 27 (1999) 567–578.
 *
 * @param counts K ≥ 2 groups, n ≥ 1 each
 */
export const betaHyperposterior = (counts: readonly Count[]): BetaMixture => {
  const kinds = kindsOf(counts)
  const members = sumOf(kinds.length, (i) => (kinds[i] as Kind).n * (kinds[i] as Kind).times)
  const average = members / counts.length
  const centreAt = (spread: number): { readonly logit: number; readonly sd: number } => {
    const rho = spread / (1 + spread)
    const weight = ({ n, times }: Kind): number => (times * n) / (1 + (n - 1) * rho)
    const total = 1 + sumOf(kinds.length, (i) => weight(kinds[i] as Kind))
    const successes =
      0.5 +
      sumOf(kinds.length, (i) => {
        const kind = kinds[i] as Kind
        return (weight(kind) * kind.successes) / kind.n
      })
    const share = successes / total
    return {
      logit: Math.log(successes / (total - successes)),
      sd: 1 / Math.sqrt(total * share * (1 - share)),
    }
  }
  const logDensity = (spread: number, logit: number): number => {
    const mean = 1 / (1 + Math.exp(-logit))
    const alpha = mean / spread
    const beta = 1 / (1 + Math.exp(logit)) / spread
    const prior = logBeta(alpha, beta)
    return (
      Math.log(spread) -
      2 * Math.log1p(average * spread) -
      0.5 * (Math.log1p(Math.exp(-logit)) + Math.log1p(Math.exp(logit))) +
      sumOf(kinds.length, (i) => {
        const { successes, n, times } = kinds[i] as Kind
        return times * (logBeta(alpha + successes, beta + n - successes) - prior)
      })
    )
  }
  const laplace = (spread: number): number => {
    const { logit, sd } = centreAt(spread)
    return logDensity(spread, logit) + Math.log(sd)
  }
  const { points } = logQuadrature(
    laplace,
    Math.log(LEAST_SHRINKAGE / average),
    Math.log(LARGEST_RHO / (1 - LARGEST_RHO)),
  )
  const alphas: number[] = []
  const betas: number[] = []
  const logs: number[] = []
  for (let i = 0; i < points.length; i += STRIDE) {
    const spread = points[i] as number
    const { logit, sd } = centreAt(spread)
    const end = i === 0 || i + STRIDE >= points.length ? Math.log(0.5) : 0
    for (const step of STEPS) {
      const at = logit + step * sd
      alphas.push(1 / (1 + Math.exp(-at)) / spread)
      betas.push(1 / (1 + Math.exp(at)) / spread)
      logs.push(logDensity(spread, at) + Math.log(sd) + end)
    }
  }
  const top = logs.reduce((most, log) => Math.max(most, log), -Infinity)
  const kept = logs.flatMap((log, i) => (Math.exp(log - top) > NEGLIGIBLE ? [i] : []))
  const take = (values: readonly number[]) => Float64Array.from(kept, (i) => values[i] as number)
  const weights = take(logs).map((log) => Math.exp(log - top))
  const total = sum(weights)
  return { alphas: take(alphas), betas: take(betas), shares: weights.map((w) => w / total) }
}
