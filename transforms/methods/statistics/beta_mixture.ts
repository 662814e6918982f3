import type { Count } from './beta_evidence.ts'
import type { BetaMixture } from './beta_hyper.ts'
import { betaCdf, logBeta } from './distributions.ts'
import type { Interval } from './interval.ts'
import { sumOf } from './sums.ts'

/** Logits beyond which a share is told from 0 or 1 by nobody: 10⁻¹³. */
const FARTHEST = 30
/** How many standard deviations of the widest component the search reaches. */
const REACH = 9
const NODES = 320
const ROUNDS = 200
const NEAR_ENOUGH = 1e-12

/** The mixture of the posteriors of a group’s share, one for each point of the prior. */
export const posteriorMixture = (prior: BetaMixture, { successes, n }: Count): BetaMixture => ({
  alphas: prior.alphas.map((alpha) => alpha + successes),
  betas: prior.betas.map((beta) => beta + (n - successes)),
  shares: prior.shares,
})

/** Mean and variance of a share under a mixture. */
export const mixtureMoments = ({
  alphas,
  betas,
  shares,
}: BetaMixture): { readonly mean: number; readonly variance: number } => {
  const values = alphas.map((alpha, i) => alpha / (alpha + (betas[i] as number)))
  const mean = sumOf(values.length, (i) => (shares[i] as number) * (values[i] as number))
  const variance = sumOf(values.length, (i) => {
    const value = values[i] as number
    const precision = (alphas[i] as number) + (betas[i] as number)
    return (shares[i] as number) * ((value * (1 - value)) / (precision + 1) + (value - mean) ** 2)
  })
  return { mean, variance }
}

/** P(share ≤ x) under a mixture. */
export const mixtureCdf = (x: number, { alphas, betas, shares }: BetaMixture): number =>
  sumOf(
    shares.length,
    (i) => (shares[i] as number) * betaCdf(x, alphas[i] as number, betas[i] as number),
  )

/**
 * How x stands to the interval of `mixtureInterval`: below it, in it or above it, by P(share ≤ x) alone. The components are added only
 * until what is left of them can change nothing: with the likeliest first, for most x some few of hundreds.
 */
export const placeInMixture = (
  x: number,
  { alphas, betas, shares }: BetaMixture,
  tail: number,
): 'below' | 'in' | 'above' => {
  const share = Math.min(shareOf(FARTHEST), Math.max(shareOf(-FARTHEST), x))
  let least = 0
  let most = 1
  for (let i = 0; i < shares.length; i++) {
    const weight = shares[i] as number
    const under = betaCdf(share, alphas[i] as number, betas[i] as number)
    least += weight * under
    most -= weight * (1 - under)
    if (most < tail) return 'below'
    if (least > 1 - tail) return 'above'
    if (least >= tail && most <= 1 - tail) return 'in'
  }
  return least < tail ? 'below' : least > 1 - tail ? 'above' : 'in'
}

/** The density of the logit of a share. */
const logitDensity = ({ alphas, betas, shares }: BetaMixture): ((logit: number) => number) => {
  const constants = shares.map(
    (share, i) => Math.log(share) - logBeta(alphas[i] as number, betas[i] as number),
  )
  return (logit) => {
    const below = -Math.log1p(Math.exp(-logit))
    const above = -Math.log1p(Math.exp(logit))
    let total = 0
    for (let i = 0; i < constants.length; i++)
      total += Math.exp(
        (constants[i] as number) + (alphas[i] as number) * below + (betas[i] as number) * above,
      )
    return total
  }
}

/** Where P(share ≤ x) is p: Newton's steps from `start`, halving the bracket where a step would leave it. */
const quantileLogit = (
  mixture: BetaMixture,
  density: (logit: number) => number,
  p: number,
  start: number,
): number => {
  let [below, above] = [-FARTHEST, FARTHEST]
  let logit = start
  for (let round = 0; round < ROUNDS && above - below > NEAR_ENOUGH; round++) {
    const excess = mixtureCdf(shareOf(logit), mixture) - p
    if (excess > 0) above = logit
    else below = logit
    const next = logit - excess / density(logit)
    const move = next > below && next < above ? next - logit : (below + above) / 2 - logit
    logit += move
    if (Math.abs(move) < NEAR_ENOUGH) break
  }
  return logit
}

/**
 * The quantiles `tail` and 1 − `tail` of a mixture of beta distributions: the cumulative trapezium rule over the logit says where to look,
 * P(share ≤ x) itself where they are. 0 (or 1) where that much of the mass is closer to the end than 10⁻¹³.
 */
export const mixtureInterval = (mixture: BetaMixture, tail: number): Interval => {
  const { alphas, betas } = mixture
  let from = FARTHEST
  let to = -FARTHEST
  alphas.forEach((alpha, i) => {
    const beta = betas[i] as number
    const centre = Math.log(alpha) - Math.log(beta)
    from = Math.min(
      from,
      centre - REACH * Math.sqrt(1 / alpha + 1 / (alpha + beta)) - REACH / alpha,
    )
    to = Math.max(to, centre + REACH * Math.sqrt(1 / beta + 1 / (alpha + beta)) + REACH / beta)
  })
  from = Math.max(-FARTHEST, from)
  to = Math.min(FARTHEST, to)
  const density = logitDensity(mixture)
  const step = (to - from) / NODES
  const heights = Float64Array.from({ length: NODES + 1 }, (_, i) => density(from + i * step))
  const masses = new Float64Array(NODES + 1)
  for (let i = 1; i <= NODES; i++)
    masses[i] =
      (masses[i - 1] as number) + (step * ((heights[i - 1] as number) + (heights[i] as number))) / 2
  const whole = masses[NODES] as number
  const [least, most] = [-FARTHEST, FARTHEST].map((end) => mixtureCdf(shareOf(end), mixture)) as [
    number,
    number,
  ]
  const at = (p: number): number => {
    if (least >= p) return 0
    if (most < p) return 1
    const place = masses.findIndex((mass) => mass >= p * whole)
    return shareOf(quantileLogit(mixture, density, p, from + step * place))
  }
  return { lo: at(tail), hi: at(1 - tail) }
}

const shareOf = (logit: number): number => 1 / (1 + Math.exp(-logit))
