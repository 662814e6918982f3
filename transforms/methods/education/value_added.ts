import { StatisticsError } from '../statistics/errors.ts'
import { linearRegression } from '../statistics/linear_regression.ts'
import { weightedLeverages } from '../statistics/leverage.ts'
import { matrixOfColumns } from '../statistics/matrix.ts'
import { morris } from '../statistics/shrinkage.ts'
import {
  mean,
  requireAnswer,
  requireFinite,
  sum,
  sumOfProducts,
  weightedMean,
} from '../statistics/sums.ts'
import { grouped, varianceComponents } from '../statistics/variance_components.ts'
import { multiplierOf } from '../statistics/interval.ts'
import { atLeast, isAbove, isBelow } from './threshold.ts'

/** Pupils in columns of one length. */
export interface ValueAddedInput {
  readonly outcome: ArrayLike<number>
  readonly prior: ArrayLike<number>
  /** School number of each pupil. */
  readonly schools: ArrayLike<number>
  /** School or pupil context, columns. */
  readonly context?: readonly ArrayLike<number>[]
}
export interface SchoolValueAdded {
  readonly school: number
  readonly n: number
  /** Mean residual, in units of the outcome. */
  readonly raw: number
  /** û_s, shrunk towards 0. */
  readonly value: number
  readonly se: number
  readonly lo: number
  readonly hi: number
  /** ē_s/√(MSW/n_s): the TVAAS index. */
  readonly index: number
}
export interface ValueAdded {
  readonly schools: readonly SchoolValueAdded[]
  readonly varianceBetween: number
  readonly varianceWithin: number
  /** Within-school slope of the outcome on the prior. */
  readonly slope: number
}

/**
 * Contextual value added of pupils with a prior result (DOMAIN 3.9 with 3.16): least squares on the prior centred in the school and the
 * school’s mean prior (without the latter ē_s would be the raw school mean), then moments: σ_u² = max(0, (MSB − MSW)/n₀),
 * û_s = (ē_s − ē)·σ_u²/(σ_u² + MSW/n_s). SE² is that of `morris` for u_s, with the error of σ_u² in it, the error (1 − B̂)²·w_s·(σ_u² + MSW/n_s) of
 * the line between schools, and the squared distance of Morris’s estimate from û_s.
 *
 * @throws StatisticsError for fewer than 2 schools, no pupil over, context that is a combination of the rest, or numbers of so many orders
 *   of magnitude that an estimate is beyond the doubles
 */
export const valueAdded = (input: ValueAddedInput, level = 0.95): ValueAdded => {
  const multiplier = multiplierOf(level)
  const { outcome, prior, schools, context = [] } = input
  const n = outcome.length
  const lengths = [prior, schools, ...context].map((column) => column.length)
  if (lengths.some((length) => length !== n))
    throw new StatisticsError('valueAdded', 'columns differ in length', 'pass one row a pupil')
  requireFinite('valueAdded', Array.from(schools), 'school number')
  const means = groupMeans(prior, schools)
  const centred = Float64Array.from(
    { length: n },
    (_, i) => (prior[i] ?? 0) - (means.get(schools[i] ?? 0) ?? 0),
  )
  const ofSchool = Float64Array.from({ length: n }, (_, i) => means.get(schools[i] ?? 0) ?? 0)
  const varies = new Set(means.values()).size > 1
  const fit = linearRegression(
    matrixOfColumns([centred, ...(varies ? [ofSchool] : []), ...context]),
    outcome,
  )
  const parts = varianceComponents(Array.from(fit.residuals), schools)
  const { varianceBetween: between, meanSquareWithin: within } = parts
  const grand = mean(Array.from(fit.residuals))
  const noises = Float64Array.from(parts.sizes, (size) => within / size)
  const totals = noises.map((noise) => between + noise)
  const weights = totals.map((total) => (total > 0 ? 1 / total : 1))
  const ofSchools = [
    noises.map(() => 1),
    Float64Array.from(means.values()),
    ...context.map((column) => Float64Array.from(groupMeans(column, schools).values())),
  ]
  const { leverages, rank } = weightedLeverages(ofSchools, weights)
  const meanNoise = sumOfProducts(weights, noises) / sum(weights)
  const found: ValueAdded = {
    varianceBetween: between,
    varianceWithin: within,
    slope: fit.coefficients[1] ?? 0,
    schools: [...means.keys()].map((school, g): SchoolValueAdded => {
      const raw = (parts.means[g] ?? 0) - grand
      const noise = noises[g] ?? 0
      const total = totals[g] ?? 0
      const value = between > 0 ? (raw * between) / total : 0
      const estimate = morris({
        distance: raw,
        noise,
        between,
        meanNoise,
        leverage: 0,
        groups: means.size,
        coefficients: rank,
      })
      const own = 1 - estimate.pull
      const ofLine = own ** 2 * (leverages[g] ?? 0) * total
      const se = Math.sqrt(estimate.variance + ofLine + (raw * own - value) ** 2)
      return {
        school,
        n: parts.sizes[g] ?? 0,
        raw,
        value,
        se,
        lo: value - multiplier * se,
        hi: value + multiplier * se,
        index: noise > 0 ? raw / Math.sqrt(noise) : 0,
      }
    }),
  }
  requireAnswer('valueAdded', [between, within, found.slope])
  for (const school of found.schools) requireAnswer('valueAdded', Object.values(school))
  return found
}

/** Group means in order of first appearance, as `varianceComponents` orders groups. */
const groupMeans = (
  values: ArrayLike<number>,
  groups: ArrayLike<number>,
): ReadonlyMap<number, number> =>
  new Map([...grouped(values, groups)].map(([group, own]) => [group, mean(own)]))

/** TVAAS level of an index: 5 from 2, 4 from 1, 3 from −1, 2 from −2, else 1; a bound belongs to the higher level (DOMAIN 3.14). */
export const growthLevel = (index: number, bounds: readonly number[]): number =>
  1 + bounds.filter((bound) => atLeast(index, bound)).length

export interface ProgressBandRule {
  /** Size that «well above» and «well below» need (0.5). */
  readonly well: number
}
/** Band of a value added with its 95 % interval, as England’s Progress 8 words it (DOMAIN 3.14). */
export const progressBand = (
  value: { readonly value: number; readonly lo: number; readonly hi: number },
  rule: ProgressBandRule,
): 'well above' | 'above' | 'average' | 'below' | 'well below' =>
  value.lo > 0
    ? isAbove(value.value, rule.well)
      ? 'well above'
      : 'above'
    : value.hi < 0
      ? isBelow(value.value, -rule.well)
        ? 'well below'
        : 'below'
      : 'average'

/**
 * Half-width of the interval of a mean with a national spread: z·σ/√n.
 *
 * @throws StatisticsError for an n that is not > 0, a negative spread or a z that is not finite
 */
export const nationalHalfWidth = (sd: number, n: number, z: number): number => {
  if (!(n > 0) || !(sd >= 0) || !Number.isFinite(z))
    throw new StatisticsError(
      'nationalHalfWidth',
      `n ${String(n)}, sd ${String(sd)}`,
      'pass n > 0 and sd ≥ 0',
    )
  return (z * sd) / Math.sqrt(n)
}

/** A school’s cohort in a year: ridit now and earlier, 0–1, context, pupils. */
export interface CohortRow {
  readonly school: string
  readonly year: number
  readonly ridit: number
  /** Null: no prior, or one from a work whose objectivity is in doubt. */
  readonly prior: number | null
  readonly wellbeing: number
  readonly isRural: boolean
  readonly n: number
}
export interface CohortResidual {
  readonly school: string
  readonly year: number
  readonly residual: number
}
/**
 * Contextual value added of cohorts (DOMAIN 3.9): R = a + b·R_prior + c·ИСБШ + d·rural + years, weights n/(n + n₀*), n₀* = MSW/σ_u² — the
 * size at which sampling noise equals the variance between schools; residuals are the value added. Fewer than `minimumRows` rows with a
 * prior (30): of all rows, on ИСБШ alone.
 *
 * @param halfSize n₀*, from a pupil-level fit or `valueAdded`
 * @throws StatisticsError for as few rows as coefficients, nothing that varies to explain by, or columns that are combinations of one another
 */
export const cohortValueAdded = (
  rows: readonly CohortRow[],
  halfSize: number,
  minimumRows: number,
): { readonly usesPrior: boolean; readonly residuals: readonly CohortResidual[] } => {
  const complete = rows.filter(({ prior }) => prior !== null)
  const usesPrior = complete.length >= minimumRows
  const used = usesPrior ? complete : rows
  const years = [...new Set(used.map(({ year }) => year))].sort((a, b) => a - b)
  const columns = [
    used.map(({ wellbeing }) => wellbeing),
    ...(usesPrior
      ? [
          used.map(({ prior }) => prior ?? 0),
          used.map(({ isRural }) => Number(isRural)),
          ...years.slice(1).map((known) => used.map(({ year }) => Number(year === known))),
        ]
      : []),
  ].filter((column) => new Set(column).size > 1)
  const fit = linearRegression(
    matrixOfColumns(columns),
    used.map(({ ridit }) => ridit),
    { weights: used.map(({ n }) => n / (n + halfSize)) },
  )
  return {
    usesPrior,
    residuals: used.map(({ school, year }, i) => ({
      school,
      year,
      residual: fit.residuals[i] ?? 0,
    })),
  }
}

/**
 * Weighted mean of a school’s yearly residuals, as a panel of three years is read.
 *
 * @throws StatisticsError for no residuals, lengths that differ, or weights that are negative or all 0
 */
export const pooledResidual = (
  residuals: readonly number[],
  weights: readonly number[],
): number => {
  return weightedMean(residuals, weights)
}
