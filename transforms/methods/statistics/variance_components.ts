import { betaTail } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import { unitTo } from './power_of_two.ts'
import {
  mean,
  requireAnswer,
  requireFinite,
  squaresAboutMean,
  sumOf,
  type Numbers,
} from './sums.ts'

/** The analysis of variance of one factor with random groups. */
export interface VarianceComponents {
  /** Rows N. */
  readonly rows: number
  /** Groups S. */
  readonly groups: number
  /** Rows of each group, in order of first appearance. */
  readonly sizes: Int32Array
  /** Mean of each group. */
  readonly means: Float64Array
  /** Mean over all rows. */
  readonly grandMean: number
  /** Σ n(ȳ_g − ȳ)² and its mean square over S − 1. */
  readonly squaresBetween: number
  readonly meanSquareBetween: number
  /** ΣΣ(y − ȳ_g)² and its mean square over N − S: the variance within groups. */
  readonly squaresWithin: number
  readonly meanSquareWithin: number
  /** (N − Σn²/N)/(S − 1): the size that stands for unequal groups. */
  readonly effectiveSize: number
  /** max(0, (MSB − MSW)/n₀): the variance between groups. */
  readonly varianceBetween: number
  /** varianceBetween/(varianceBetween + MSW), 0–1; 0 where nothing varies. */
  readonly intraclassCorrelation: number
  /** MSB/MSW; undefined where nothing varies within groups. */
  readonly fStatistic: number | undefined
  /** P(F ≥ fStatistic) under equal group means. */
  readonly pValue: number | undefined
  /** η² = SSB/(SSB + SSW), 0–1: the share of the variance that lies between groups; 0 where nothing varies. */
  readonly etaSquared: number
}

/** Values by group, groups in order of first appearance. */
export const grouped = (
  values: ArrayLike<number>,
  groups: ArrayLike<number>,
): ReadonlyMap<number, readonly number[]> => {
  const members = new Map<number, number[]>()
  for (let i = 0; i < values.length; i++) {
    const group = members.get(groups[i]!)
    if (group) group.push(values[i]!)
    else members.set(groups[i]!, [values[i]!])
  }
  return members
}

/** The smallest double that holds all its digits. */
const LEAST = 2 ** -1022

/**
 * Variance within and between groups by the moments of the one-way analysis of variance (Searle, Casella &
 * McCulloch 1992, 3.6), the values taken from their mean first, so that a large common part loses no digits.
 *
 * @param values N finite numbers, in any unit
 * @param groups the group of each value, any numbers; at least two groups and N > S
 * @throws StatisticsError for one group, or groups of one row each, or where the squares or F are beyond the doubles
 */
export const varianceComponents = (
  values: Numbers,
  groups: ArrayLike<number>,
): VarianceComponents => {
  requireFinite('varianceComponents', values)
  const n = values.length
  const members = grouped(values, groups)
  const count = members.size
  if (groups.length !== n || count < 2 || n <= count) {
    throw new StatisticsError(
      'varianceComponents',
      `${n} values, ${groups.length} group numbers, ${count} groups`,
      'pass one group a value, at least two groups, and more values than groups',
    )
  }
  // Near 2⁴⁰⁰ no square overflows, and none that counts beside the largest vanishes.
  const unit = unitTo(400, values)
  const scaled = (part: Numbers): Float64Array =>
    Float64Array.from(part, (value: number) => value * unit)
  const squared = (value: number): number => value / unit / unit
  const grandMean = mean(scaled(values))
  const own = [...members.values()]
  const parts = own.map(scaled)
  const sizes = Int32Array.from(parts, (part) => part.length)
  const shifts = Float64Array.from(parts, (part) => mean(part.map((value) => value - grandMean)))
  const shift = sumOf(count, (g) => sizes[g]! * shifts[g]!) / n
  const squaresBetween = sumOf(count, (g) => sizes[g]! * (shifts[g]! - shift) ** 2)
  const squares = Float64Array.from(parts, squaresAboutMean)
  const squaresWithin = sumOf(count, (g) => squares[g]!)
  const dfBetween = count - 1
  const dfWithin = n - count
  const meanSquareBetween = squaresBetween / dfBetween
  const meanSquareWithin = squaresWithin / dfWithin
  const effectiveSize = (n - sumOf(count, (g) => sizes[g]! ** 2) / n) / dfBetween
  const varianceBetween = Math.max(0, (meanSquareBetween - meanSquareWithin) / effectiveSize)
  const whole = varianceBetween + meanSquareWithin
  const all = squaresBetween + squaresWithin
  const comparable = meanSquareWithin > 0
  const fStatistic = comparable ? meanSquareBetween / meanSquareWithin : undefined
  const differ = own.some((part) => part.some((value) => value !== part[0]))
  const components = [squaresBetween, squaresWithin, varianceBetween]
  const hasVanished =
    components.some((value) => value > 0 && squared(value) < LEAST) || (differ && !comparable)
  requireAnswer('varianceComponents', [
    squared(all),
    ...components.map(squared),
    fStatistic ?? 0,
    hasVanished ? NaN : 0,
  ])
  return {
    rows: n,
    groups: count,
    sizes,
    means: Float64Array.from(own, mean),
    grandMean: mean(values),
    squaresBetween: squared(squaresBetween),
    meanSquareBetween: squared(meanSquareBetween),
    squaresWithin: squared(squaresWithin),
    meanSquareWithin: squared(meanSquareWithin),
    effectiveSize,
    varianceBetween: squared(varianceBetween),
    intraclassCorrelation: whole > 0 ? varianceBetween / whole : 0,
    fStatistic,
    pValue: comparable ? betaTail(squaresBetween / all, dfBetween / 2, dfWithin / 2) : undefined,
    etaSquared: all > 0 ? squaresBetween / all : 0,
  }
}
