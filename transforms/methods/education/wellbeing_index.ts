import { StatisticsError } from '../statistics/errors.ts'
import { linearRegression } from '../statistics/linear_regression.ts'
import { matrixOfColumns } from '../statistics/matrix.ts'
import { firstPrincipalComponent } from '../statistics/principal_component.ts'
import { mean, median, standardDeviation, sumOf } from '../statistics/sums.ts'
import { atMost } from './threshold.ts'

/** One context share of all schools: NaN where it is missing; `favourable`: whether more of it is good for learning. */
export interface WellbeingInput {
  readonly name: string
  readonly values: ArrayLike<number>
  readonly favourable: boolean
}
export interface WellbeingRule {
  readonly weighting: 'equal' | 'component' | 'regression'
  /** Fewest schools for a regression (60). */
  readonly regressionFrom: number
  /** Greatest share of inputs a school may miss (0.3). */
  readonly mostMissing: number
  readonly scale: 'minmax' | 't'
}
export interface Wellbeing {
  /** ИСБШ of each school, 0–100 (minmax) or 50 + 10z; null where too much is missing. */
  readonly values: readonly (number | null)[]
  readonly isImputed: readonly boolean[]
  readonly weights: ReadonlyMap<string, number>
  readonly weighting: 'equal' | 'component' | 'regression'
}

/**
 * Index of social well-being of a school, ИСБШ (DOMAIN 3.7): context shares standardised, signed so that + is favourable, weighted by a
 * regression of the regional result (from `regressionFrom` schools), the first principal component or equally. A missing input takes the
 * median of the school’s cluster.
 *
 * @param clusters number of each school’s cluster
 * @param results regional result of each school, for the regression; NaN where unknown
 * @throws StatisticsError for no inputs, inputs of different lengths, or an input without spread
 */
export const wellbeingIndex = (
  inputs: readonly WellbeingInput[],
  clusters: ArrayLike<number>,
  results: ArrayLike<number> | null,
  rule: WellbeingRule,
): Wellbeing => {
  const n = clusters.length
  if (inputs.length === 0 || inputs.some(({ values }) => values.length !== n))
    throw new StatisticsError('wellbeingIndex', 'inputs do not fit', 'pass inputs of one length')
  const missing = Array.from(
    { length: n },
    (_, i) => inputs.filter(({ values }) => Number.isNaN(values[i] ?? Number.NaN)).length,
  )
  const usable = indices(n, (i) => atMost(missing[i] ?? 0, rule.mostMissing * inputs.length))
  const columns = inputs.map((input) => standardised(input, clusters, usable))
  const { weights, weighting } = weightsOf(columns, usable, results, rule)
  const raw = usable.map((_, row) =>
    sumOf(columns.length, (j) => (weights[j] ?? 0) * (columns[j]?.[row] ?? 0)),
  )
  const scaled = scaledTo(raw, rule.scale)
  const values: (number | null)[] = Array.from({ length: n }, () => null)
  usable.forEach((i, row) => (values[i] = scaled[row] ?? null))
  return {
    values,
    isImputed: Array.from({ length: n }, (_, i) => values[i] !== null && (missing[i] ?? 0) > 0),
    weights: new Map(inputs.map(({ name }, j) => [name, weights[j] ?? 0])),
    weighting,
  }
}

const standardised = (
  { name, values, favourable }: WellbeingInput,
  clusters: ArrayLike<number>,
  usable: readonly number[],
): Float64Array => {
  const known = usable.filter((i) => !Number.isNaN(values[i] ?? Number.NaN))
  if (known.length === 0)
    throw new StatisticsError('wellbeingIndex', `«${name}» is known nowhere`, 'leave the input out')
  const overall = median(known.map((i) => values[i] ?? 0))
  const filled = usable.map((i) => {
    const value = values[i] ?? Number.NaN
    if (!Number.isNaN(value)) return value
    const own = known.filter((other) => clusters[other] === clusters[i])
    return own.length === 0 ? overall : median(own.map((other) => values[other] ?? 0))
  })
  const sd = filled.length < 2 ? 0 : standardDeviation(filled)
  if (!(sd > 0))
    throw new StatisticsError('wellbeingIndex', `«${name}» does not vary`, 'leave the input out')
  const centre = mean(filled)
  return Float64Array.from(filled, (value) => ((favourable ? 1 : -1) * (value - centre)) / sd)
}

const weightsOf = (
  columns: readonly Float64Array[],
  usable: readonly number[],
  results: ArrayLike<number> | null,
  rule: WellbeingRule,
): { readonly weights: readonly number[]; readonly weighting: Wellbeing['weighting'] } => {
  const equal = columns.map(() => 1 / columns.length)
  if (rule.weighting === 'regression' && results !== null) {
    const rows = indices(
      usable.length,
      (row) => !Number.isNaN(results[usable[row] ?? -1] ?? Number.NaN),
    )
    if (rows.length >= rule.regressionFrom) {
      const part = columns.map((column) => Float64Array.from(rows, (row) => column[row] ?? 0))
      const { coefficients } = linearRegression(
        matrixOfColumns(part),
        Float64Array.from(rows, (row) => results[usable[row] ?? -1] ?? 0),
      )
      return { weights: Array.from(coefficients.subarray(1)), weighting: 'regression' }
    }
  }
  if (rule.weighting === 'component' && columns.length > 1) {
    const { loadings } = firstPrincipalComponent(matrixOfColumns(columns))
    const sign = sumOf(loadings.length, (j) => loadings[j] ?? 0) < 0 ? -1 : 1
    return { weights: Array.from(loadings, (loading) => sign * loading), weighting: 'component' }
  }
  return { weights: equal, weighting: 'equal' }
}

const scaledTo = (raw: readonly number[], scale: WellbeingRule['scale']): readonly number[] => {
  if (raw.length === 0) return []
  if (scale === 't') {
    const sd = raw.length < 2 ? 0 : standardDeviation(raw)
    const centre = mean(raw)
    return raw.map((value) => (sd > 0 ? 50 + (10 * (value - centre)) / sd : 50))
  }
  const [low, high] = [Math.min(...raw), Math.max(...raw)]
  return raw.map((value) =>
    high > low ? Math.min(100, Math.max(0, (100 * (value - low)) / (high - low))) : 50,
  )
}
const indices = (n: number, holds: (i: number) => boolean): readonly number[] =>
  Array.from({ length: n }, (_, i) => i).filter(holds)
