import { StatisticsError } from '../statistics/errors.ts'
import { wilson, type Interval } from '../statistics/interval.ts'
import { mean, sum } from '../statistics/sums.ts'

/** Weights of the indicators within each criterion: criterion → indicator code → weight; the weights of a criterion make 1. */
export type CriterionWeights = ReadonlyMap<string, ReadonlyMap<string, number>>
export interface ServiceQuality {
  /** K1…K5, 0–100. */
  readonly criteria: ReadonlyMap<string, number>
  /** S, the mean of the criteria, 0–100. */
  readonly total: number
}

/**
 * НОКО by the unified order (DOMAIN 3.13): a criterion is the weighted sum of its indicators, the total the mean of the criteria.
 *
 * @param indicators 0–100 by code, 1.1 … 5.3
 * @throws StatisticsError for a missing indicator, one outside 0–100, or weights that do not make 1
 */
export const serviceQuality = (
  indicators: ReadonlyMap<string, number>,
  weights: CriterionWeights,
): ServiceQuality => {
  const criteria = new Map(
    [...weights].map(([criterion, own]) => {
      const whole = sum([...own.values()])
      if (!(Math.abs(whole - 1) <= 1e-9))
        throw new StatisticsError(
          'serviceQuality',
          `weights of ${criterion} make ${String(whole)}`,
          'they must make 1',
        )
      const parts: number[] = []
      for (const [code, weight] of own) {
        const indicator = indicators.get(code)
        if (indicator === undefined || !(indicator >= 0 && indicator <= 100))
          throw new StatisticsError(
            'serviceQuality',
            `indicator ${code} is ${String(indicator)}`,
            'pass a value from 0 to 100',
          )
        parts.push(weight * indicator)
      }
      return [criterion, sum(parts)] as const
    }),
  )
  if (criteria.size === 0)
    throw new StatisticsError('serviceQuality', 'no criteria', 'pass the weights')
  return {
    criteria,
    total: mean([...criteria.values()]),
  }
}

/**
 * A satisfaction indicator with the interval of its respondents, 0–100.
 *
 * @throws StatisticsError for no respondents, or satisfied ones that are not among them
 */
export const satisfaction = (
  satisfied: number,
  respondents: number,
): { readonly value: number } & Interval => {
  const { lo, hi } = wilson(satisfied, respondents)
  return { value: (100 * satisfied) / respondents, lo: 100 * lo, hi: 100 * hi }
}

/** Mean over organisations assessed in one cycle; other years are left out, never carried forward. Null where none was. */
export const municipalServiceQuality = (
  organisations: readonly { readonly year: number; readonly total: number }[],
  cycle: { readonly from: number; readonly to: number },
): { readonly mean: number; readonly organisations: number } | null => {
  const own = organisations.filter(({ year }) => year >= cycle.from && year <= cycle.to)
  return own.length === 0
    ? null
    : {
        mean: mean(own.map(({ total }) => total)),
        organisations: own.length,
      }
}
