import { StatisticsError } from './errors.ts'
import { requireFinite, sumOf } from './sums.ts'

/** One stage of sampling: how the units of this stage were drawn within those of the stage before. */
export interface SurveyStage {
  /** The sampled unit of each row, any numbers; at the last stage usually the row itself. */
  readonly units: ArrayLike<number>
  /** The stratum of each row; one stratum where left out. */
  readonly strata?: ArrayLike<number>
  /**
   * For each row the number of units in the population of its stratum, as `units` are counted; without it the stage counts as drawn with
   * replacement and the stages after it add nothing.
   */
  readonly populations?: ArrayLike<number>
}

export interface SurveyDesign {
  /** 1/P(sampled) of each row, > 0 (a factor common to all changes totals only). */
  readonly weights: ArrayLike<number>
  /** From the first stage on. */
  readonly stages: readonly SurveyStage[]
}

/** Sampled units and strata of the first stage. */
export interface FirstStage {
  readonly units: number
  readonly strata: number
}

const refuse = (reason: string, hint: string): never => {
  throw new StatisticsError('survey', reason, hint)
}

/** @throws StatisticsError for lengths that differ, weights that are not > 0, or no stage */
export const requireDesign = (rows: number, { weights, stages }: SurveyDesign): void => {
  if (rows < 1 || stages.length < 1)
    refuse(`${rows} rows, ${stages.length} stages`, 'pass at least one row and one stage')
  const columns = [
    weights,
    ...stages.flatMap(({ units, strata, populations }) => [
      units,
      ...(strata ? [strata] : []),
      ...(populations ? [populations] : []),
    ]),
  ]
  for (const column of columns) {
    if (column.length !== rows)
      refuse(`${column.length} and ${rows} rows`, 'pass columns of one length')
    requireFinite('survey', Array.from(column), 'number of the design')
  }
  for (let i = 0; i < rows; i++) {
    if (!(weights[i]! > 0)) refuse(`a weight is ${weights[i]!}`, 'weights are > 0')
  }
}

const groupsOf = (rows: readonly number[], column?: ArrayLike<number>): readonly number[][] => {
  if (column === undefined) return [[...rows]]
  const groups = new Map<number, number[]>()
  for (const row of rows) {
    const own = groups.get(column[row]!)
    if (own) own.push(row)
    else groups.set(column[row]!, [row])
  }
  return [...groups.values()]
}

/** Units in the population of a stratum: Infinity where the stage is drawn with replacement. */
const populationOf = (
  { populations }: SurveyStage,
  rows: readonly number[],
  sampled: number,
): number => {
  if (populations === undefined) return Infinity
  const size = populations[rows[0]!]!
  if (rows.some((row) => populations[row] !== size))
    refuse('a stratum has two sizes', 'pass one population size a stratum')
  if (size < sampled)
    refuse(`${sampled} units of ${size} sampled`, 'a stratum holds at least the units drawn')
  return size
}

/** Strata and units of the first stage of a design over so many rows; every row is a unit where none are named. */
export const firstStage = (rows: number, { stages }: SurveyDesign): FirstStage => {
  const [first] = stages
  const all = Array.from({ length: rows }, (_, i) => i)
  const strata = groupsOf(all, first?.strata)
  return {
    strata: strata.length,
    units: strata.reduce((total, own) => total + groupsOf(own, first?.units).length, 0),
  }
}

/**
 * The covariance of sample totals Σz, p of them, by linearisation: within a stratum of n of N units with totals t_i the first stage adds
 * (1 − n/N)·n/(n − 1)·Σ(t_i − t̄)(t_i − t̄)ᵀ, and the stages within the units what they add, times n/N. A stratum of one unit that is all of
 * it adds nothing.
 *
 * Source: C.-E. Särndal, B. Swensson, J. Wretman, Model Assisted Survey Sampling (1992), 4.3–4.5; T. Lumley, J. Stat. Softw. 9 (2004) 8.
 *
 * @param influence rows × p, row-major: w·z of each row, 0 for a row outside a domain
 * @returns p × p, row-major
 * @throws StatisticsError for a stratum of one unit out of several, or populations smaller than the sample
 */
export const covarianceOfTotals = (
  influence: Float64Array,
  p: number,
  design: SurveyDesign,
): Float64Array => {
  const stageOf = (rows: readonly number[], depth: number): Float64Array => {
    const covariance = new Float64Array(p * p)
    const stage = design.stages[depth]
    if (stage === undefined) return covariance
    const parts: Float64Array[] = []
    for (const stratum of groupsOf(rows, stage.strata)) {
      const units = groupsOf(stratum, stage.units)
      const n = units.length
      const size = populationOf(stage, stratum, n)
      const share = n / size
      if (n === 1 && size > 1)
        refuse(
          'a stratum has one sampled unit',
          'its variance cannot be told: join it to another stratum',
        )
      const totals = units.map((unit) =>
        Float64Array.from({ length: p }, (_, j) =>
          sumOf(unit.length, (i) => influence[unit[i]! * p + j]!),
        ),
      )
      const means = Float64Array.from({ length: p }, (_, j) => sumOf(n, (i) => totals[i]![j]!) / n)
      if (n > 1) {
        const factor = ((1 - share) * n) / (n - 1)
        const part = new Float64Array(p * p)
        for (let j = 0; j < p; j++) {
          for (let k = 0; k < p; k++) {
            part[j * p + k] =
              factor * sumOf(n, (i) => (totals[i]![j]! - means[j]!) * (totals[i]![k]! - means[k]!))
          }
        }
        parts.push(part)
      }
      if (share > 0) {
        for (const unit of units) {
          parts.push(stageOf(unit, depth + 1).map((value) => share * value))
        }
      }
    }
    return covariance.map((_, at) => sumOf(parts.length, (i) => parts[i]![at]!))
  }
  return stageOf(
    Array.from({ length: design.weights.length }, (_, i) => i),
    0,
  )
}
