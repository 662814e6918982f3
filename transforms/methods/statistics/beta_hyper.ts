import { betaEvidence, type Count } from './beta_evidence.ts'
import { logQuadrature } from './log_quadrature.ts'
import { sum } from './sums.ts'

/** Beta(alpha, beta) priors of shares with how likely each is, given the groups, the likeliest first; the `shares` make 1. */
export interface BetaMixture {
  readonly alphas: Float64Array
  readonly betas: Float64Array
  readonly shares: Float64Array
}

/** Intraclass correlations beyond it are not looked at. */
export const LARGEST_RHO = 0.99
const LEAST_SHRINKAGE = 1e-5
/** Nodes of μ lie so many standard deviations of its logit apart. */
const STEP = 0.8
/** Each row of nodes is shifted by so much of a step against the last: by the golden ratio, so that no two rows stand alike. */
const SHIFT = (Math.sqrt(5) - 1) / 2
/** Parabolas to the summit of a row at most; nodes to one side of it at most. */
const [ROUNDS, FARTHEST] = [30, 400]
/** Points below e⁻¹⁶ = 10⁻⁷ of the highest are left out. */
const FALL = 16
/** Gregory’s weights at the ends of the trapezium rule: at the largest 1/M the density may break off at its steepest. */
const END_WEIGHTS = [3 / 8, 7 / 6, 23 / 24] as const

/** The groups of one size. */
interface Size {
  readonly n: number
  readonly groups: number
  readonly successes: number
}

const sizesOf = (counts: readonly Count[]): readonly Size[] => {
  const successes = new Map<number, number[]>()
  for (const count of counts) {
    const own = successes.get(count.n)
    if (own === undefined) successes.set(count.n, [count.successes])
    else own.push(count.successes)
  }
  return [...successes]
    .map(([n, own]) => ({ n, groups: own.length, successes: sum(own) }))
    .sort((a, b) => a.n - b.n)
}

/** Where the logit of μ lies for one M, and how far it spreads. */
interface Centre {
  readonly logit: number
  readonly sd: number
}
interface Row extends Centre {
  readonly logDensity: (logit: number) => number
  readonly height: number
}

/** The highest point near a first guess, by parabolas through it and a standard deviation to both sides. */
const summitOf = (
  logDensity: (logit: number) => number,
  guess: Centre,
): Centre & { height: number } => {
  let { logit, sd } = guess
  let height = logDensity(logit)
  for (let round = 0; round < ROUNDS; round++) {
    const [below, above] = [logDensity(logit - sd), logDensity(logit + sd)]
    const bend = 2 * height - below - above
    const width = sd * Math.max(0.25, Math.min(4, bend > 0 ? 1 / Math.sqrt(bend) : 4))
    const aside = bend > 0 ? (0.5 * sd * (above - below)) / bend : above > below ? sd : -sd
    const move = Math.max(-3 * sd, Math.min(3 * sd, aside))
    const isThere = Math.abs(move) < 0.1 * width && width > 0.8 * sd && width < 1.25 * sd
    logit += move
    sd = width
    height = logDensity(logit)
    if (isThere) break
  }
  return { logit, sd, height }
}

/** Nodes from the summit outwards until they no longer count. */
const nodesOf = (
  { logDensity, logit, sd, height }: Row,
  shift: number,
): { readonly logit: number; readonly log: number }[] => {
  const nodes: { logit: number; log: number }[] = []
  // Mirrored for a likely outcome, so that failures tell what successes would.
  const step = STEP * sd * (logit < 0 ? 1 : -1)
  for (const [first, direction] of [
    [0, 1],
    [-1, -1],
  ] as const)
    for (let node = first; Math.abs(node) < FARTHEST; node += direction) {
      const at = logit + (node + shift) * step
      const log = logDensity(at)
      if (log < height - FALL) break
      nodes.push({ logit: at, log })
    }
  return nodes
}

/**
 * What K counts say of the beta distribution their true shares come from: the posterior of its mean μ and of 1/M, M = α + β, as
 * weighted points. Priors: Jeffreys’ Beta(½, ½) for μ; for 1/M that of a uniform weight n₀/(M + n₀) of a school of the harmonic mean size n₀,
 * so that groups without a single success do not speak for schools that are all at 0 or all at 1, and one great school does not say how
 * much the small ones differ.
 *
 * For each M the nodes of μ stand in a row about the likeliest one, even on its logit, as far as they count; each row is shifted against the
 * last, so that a school which nearly tells μ (a great one, few groups) has a smooth posterior too. Its limits and SE then differ from the
 * exact integral by less than 0.1 % of themselves, for 2–200 groups of 1–10,000 members.
 *
 * Source: C. Christiansen, C. Morris, JASA 92 (1997) 618–632; M. Daniels, Canad. J. Statist. 27 (1999) 567–578.
 *
 * @param counts K ≥ 2 groups, n ≥ 1 each
 */
export const betaHyperposterior = (counts: readonly Count[]): BetaMixture => {
  const sizes = sizesOf(counts)
  const typical = counts.length / sum(counts.map(({ n }) => 1 / n))
  const evidence = betaEvidence(counts)
  const centreAt = (spread: number): Centre => {
    const rho = spread / (1 + spread)
    const weight = ({ n, groups }: Size): number => (groups * n) / (1 + (n - 1) * rho)
    const total = 1 + sum(sizes.map(weight))
    const successes =
      0.5 + sum(sizes.map((size) => (weight(size) * size.successes) / (size.n * size.groups)))
    const share = successes / total
    return {
      logit: Math.log(successes / (total - successes)),
      sd: 1 / Math.sqrt(total * share * (1 - share)),
    }
  }
  const logDensityAt = (spread: number): ((logit: number) => number) => {
    const likelihood = evidence(1 / spread)
    const prior = Math.log(spread) - 2 * Math.log1p(typical * spread)
    return (logit) =>
      prior -
      0.5 * (Math.log1p(Math.exp(-logit)) + Math.log1p(Math.exp(logit))) +
      likelihood(1 / (1 + Math.exp(-logit)) / spread, 1 / (1 + Math.exp(logit)) / spread)
  }
  const rowAt = (spread: number): Row => {
    const logDensity = logDensityAt(spread)
    return { logDensity, ...summitOf(logDensity, centreAt(spread)) }
  }
  const { points } = logQuadrature(
    (spread) => {
      const { height, sd } = rowAt(spread)
      return height + Math.log(sd)
    },
    Math.log(LEAST_SHRINKAGE / typical),
    Math.log(LARGEST_RHO / (1 - LARGEST_RHO)),
  )
  const alphas: number[] = []
  const betas: number[] = []
  const logs: number[] = []
  points.forEach((spread, i) => {
    const row = rowAt(spread)
    const weight = END_WEIGHTS[Math.min(i, points.length - 1 - i)] ?? 1
    for (const { logit, log } of nodesOf(row, ((i * SHIFT) % 1) - 0.5)) {
      alphas.push(1 / (1 + Math.exp(-logit)) / spread)
      betas.push(1 / (1 + Math.exp(logit)) / spread)
      logs.push(log + Math.log(row.sd * weight))
    }
  })
  const top = logs.reduce((most, log) => Math.max(most, log), -Infinity)
  const kept = logs
    .flatMap((log, i) => (log > top - FALL ? [i] : []))
    .sort((a, b) => (logs[b] as number) - (logs[a] as number))
  const take = (values: readonly number[]) => Float64Array.from(kept, (i) => values[i] as number)
  const weights = take(logs).map((log) => Math.exp(log - top))
  const total = sum(weights)
  return { alphas: take(alphas), betas: take(betas), shares: weights.map((w) => w / total) }
}
