import {
  matchedDifferenceInDifferences,
  type MatchedDifference,
} from '../statistics/difference_in_differences.ts'
import { StatisticsError } from '../statistics/errors.ts'
import { nearestByGower, type GowerFeature } from '../statistics/gower.ts'
import { mean, requireAnswer, requireFinite, sum } from '../statistics/sums.ts'
import { multiplierOf } from '../statistics/interval.ts'
import { atLeast, atMost } from './threshold.ts'

/**
 * What is known of schools without the measures: mean μ before them with its variance, τ² of observed true values, τ_c² the part that does not
 * last, and the change of the whole from t to t + 1 with its variance (0 where it is exact).
 *
 * All of it comes from schools that the measures do not reach and that were not chosen by their results, as the rest of a region: a change
 * that holds the recipients holds a part of the effect, and one of those left over when the lowest were taken falls by itself.
 */
export interface EffectPrior {
  readonly mean: number
  readonly meanVariance: number
  readonly tau2: number
  readonly cohortVariance: number
  readonly change: number
  readonly changeVariance: number
}
export interface MeasureEffect {
  /** What was to be expected without measures, in the units of the values. */
  readonly expected: number
  readonly effect: number
  readonly se: number
  readonly lo: number
  readonly hi: number
  readonly lambda: number
  /** The interval leaves out 0. */
  readonly isClaimed: boolean
}

/**
 * Effect of measures on one school chosen because it was low (DOMAIN 3.11 with 3.16): expected = μ + λ(y_t − μ) + the change of the whole,
 * λ = (τ² − τ_c²)/(τ² + σ_t²): only what lasts is carried over (τ² holds the lasting τ_u² and the cohort’s τ_c²). By the same model
 * SE² = σ²_{t+1} + τ_c² + τ_u²(1 − λ) + (1 − λ)²·Var(μ̂) + Var(change). What the spreads themselves are unsure of is not in it.
 *
 * @throws StatisticsError for a number that is not finite, a negative variance or error, or a level outside 0–1
 */
export const measureEffect = (
  before: { readonly value: number; readonly se: number },
  after: { readonly value: number; readonly se: number },
  prior: EffectPrior,
  level = 0.95,
): MeasureEffect => {
  const { mean: centre, tau2, cohortVariance, change } = prior
  requireFinite('measureEffect', [before.value, before.se, after.value, after.se])
  requirePrior('measureEffect', prior)
  if (before.se < 0 || after.se < 0)
    throw new StatisticsError(
      'measureEffect',
      'a variance or an error is negative',
      'variances and errors are ≥ 0',
    )
  const lasting = Math.max(0, tau2 - cohortVariance)
  const total = tau2 + before.se ** 2
  const lambda = total > 0 ? lasting / total : 0
  const expected = centre + lambda * (before.value - centre) + change
  const effect = after.value - expected
  const se = Math.sqrt(
    after.se ** 2 + cohortVariance + lasting * (1 - lambda) + sharedVariance(1 - lambda, prior),
  )
  const half = multiplierOf(level) * se
  const [lo, hi] = [effect - half, effect + half]
  requireAnswer('measureEffect', [expected, lo, hi])
  return { expected, effect, se, lo, hi, lambda, isClaimed: lo > 0 || hi < 0 }
}

/** Of effects that are pulled to the same mean and moved by the same change. */
const sharedVariance = (pull: number, { meanVariance, changeVariance }: EffectPrior): number =>
  pull ** 2 * meanVariance + changeVariance

const requirePrior = (method: string, prior: EffectPrior): void => {
  requireFinite(method, Object.values(prior))
  const { meanVariance, tau2, cohortVariance, changeVariance } = prior
  if (Math.min(meanVariance, tau2, cohortVariance, changeVariance) < 0)
    throw new StatisticsError(method, 'a variance of the prior is negative', 'variances are ≥ 0')
}

export interface ProgrammeEffect {
  /** Mean effect over recipients; null below `leastRecipients`: report cases. */
  readonly mean: {
    readonly effect: number
    readonly se: number
    readonly lo: number
    readonly hi: number
  } | null
  readonly cases: number
}
/**
 * Mean effect of a programme over its recipients; with too few of them only cases are told (5). What the prior’s mean and change are unsure of
 * is common to all recipients and does not become less with their number; the rest is independent.
 *
 * @param prior the one that the effects were found with
 * @throws StatisticsError for an effect or error that is not finite, a negative variance, or a level outside 0–1
 */
export const programmeEffect = (
  effects: readonly MeasureEffect[],
  prior: EffectPrior,
  leastRecipients: number,
  level = 0.95,
): ProgrammeEffect => {
  for (const { effect, se, lambda } of effects)
    requireFinite('programmeEffect', [effect, se, lambda])
  requirePrior('programmeEffect', prior)
  const cases = effects.length
  if (cases < Math.max(1, leastRecipients)) return { mean: null, cases }
  const effect = mean(effects.map((one) => one.effect))
  const own = effects.map(({ se: whole, lambda }) =>
    Math.max(0, whole ** 2 - sharedVariance(1 - lambda, prior)),
  )
  const pull = mean(effects.map(({ lambda }) => 1 - lambda))
  const se = Math.sqrt(sum(own) / cases ** 2 + sharedVariance(pull, prior))
  requireAnswer('programmeEffect', [se])
  const half = multiplierOf(level) * se
  return { mean: { effect, se, lo: effect - half, hi: effect + half }, cases }
}

/**
 * Second estimate: difference in differences against matched non-recipients, the `matches` nearest by Gower distance on baseline and
 * context, with replacement.
 *
 * @param features of all units, recipients and others
 * @param changes after − before of all units
 * @param treated whether the unit received the measures
 * @throws StatisticsError for fewer than two recipients, fewer than two different others to match, or features as `nearestByGower`
 * refuses them
 */
export const matchedEffect = (
  features: readonly GowerFeature[],
  changes: readonly number[],
  treated: readonly boolean[],
  matches: number,
): MatchedDifference => {
  const rows = changes.map((_, i) => i)
  const recipients = rows.filter((row) => treated[row] === true)
  const others = rows.filter((row) => treated[row] !== true)
  const place = new Map(others.map((row, i) => [row, i]))
  return matchedDifferenceInDifferences(
    recipients.map((row) => changes[row] ?? 0),
    others.map((row) => changes[row] ?? 0),
    recipients.map((row) =>
      nearestByGower(features, row, matches, others).map((near) => place.get(near.row) ?? 0),
    ),
  )
}

/** Exit from the list of schools with low results counts only where objectivity did not worsen (DOMAIN 3.11). */
export const countsAsExit = (
  before: { readonly isListed: boolean; readonly biasIndex: number | null },
  after: { readonly isListed: boolean; readonly biasIndex: number | null },
): boolean =>
  before.isListed &&
  !after.isListed &&
  (after.biasIndex === null || before.biasIndex === null || after.biasIndex <= before.biasIndex)

/** Share of a programme’s indicators whose fact reaches the target, 0–1; null without indicators. */
export const fulfilment = (
  indicators: readonly {
    readonly target: number
    readonly fact: number | null
    readonly better: 'higher' | 'lower'
  }[],
): number | null =>
  indicators.length === 0
    ? null
    : indicators.filter(
        ({ target, fact, better }) =>
          fact !== null && (better === 'higher' ? atLeast(fact, target) : atMost(fact, target)),
      ).length / indicators.length
