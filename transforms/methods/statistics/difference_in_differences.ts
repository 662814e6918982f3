import { tQuantile } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import type { Estimate } from './interval.ts'
import {
  mean,
  requireAnswer,
  requireFinite,
  requireLevel,
  sumOf,
  variance,
  type Numbers,
} from './sums.ts'

/** The mean of a group at one time, its standard deviation (n − 1) and its number of units. */
export interface Cell {
  readonly mean: number
  readonly sd: number
  readonly n: number
}

export interface Difference extends Estimate {
  /** Standard error, in units of the outcome. */
  readonly se: number
  /** Degrees of freedom of t in the interval; Infinity where nothing varies. */
  readonly df: number
}

/** A variance that is part of a squared standard error, and the degrees of freedom it was estimated with. */
interface Part {
  readonly variance: number
  readonly df: number
}

/** (Σv)²/Σ(v²/df): F. Satterthwaite, Biometrics Bull. 2 (1946) 110–114. */
const freedom = (parts: readonly Part[]): number => {
  const most = parts.reduce((top, part) => Math.max(top, part.variance), 0)
  if (!(most > 0)) return Infinity
  const total = sumOf(parts.length, (i) => parts[i]!.variance / most)
  return total ** 2 / sumOf(parts.length, (i) => (parts[i]!.variance / most) ** 2 / parts[i]!.df)
}

const withInterval = (estimate: number, parts: readonly Part[], level: number): Difference => {
  requireLevel('differenceInDifferences', level)
  const se = Math.sqrt(sumOf(parts.length, (i) => parts[i]!.variance))
  const df = freedom(parts)
  const half = se === 0 ? 0 : se * tQuantile((1 + level) / 2, df)
  requireAnswer('differenceInDifferences', [estimate - half, estimate + half])
  return { estimate, se, df, lo: estimate - half, hi: estimate + half }
}

/**
 * Difference in differences of four independent samples: (treated after − treated before) − (control after −
 * control before), with SE² = Σ sd²/n and t by Satterthwaite's degrees of freedom. Where the same units are seen twice use
 * `pairedDifferenceInDifferences`, whose error is smaller and right.
 *
 * @param level coverage of the interval
 * @throws StatisticsError for a cell of fewer than two units, or numbers that are not finite
 */
export const differenceInDifferences = (
  cells: Readonly<
    Record<'treatedBefore' | 'treatedAfter' | 'controlBefore' | 'controlAfter', Cell>
  >,
  level = 0.95,
): Difference => {
  const { treatedBefore, treatedAfter, controlBefore, controlAfter } = cells
  const all = [treatedBefore, treatedAfter, controlBefore, controlAfter]
  for (const cell of all) {
    if (!(Number.isFinite(cell.mean) && cell.sd >= 0 && cell.sd < Infinity && cell.n >= 2)) {
      throw new StatisticsError(
        'differenceInDifferences',
        `a cell has mean ${cell.mean}, sd ${cell.sd}, n ${cell.n}`,
        'pass finite means, sd ≥ 0 and n ≥ 2',
      )
    }
  }
  const signs = [-1, 1, 1, -1]
  const estimate = sumOf(4, (i) => signs[i]! * all[i]!.mean)
  const parts = all.map(({ sd, n }) => ({ variance: sd ** 2 / n, df: n - 1 }))
  return withInterval(estimate, parts, level)
}

/**
 * Difference in differences of units seen before and after: the mean change of the treated less the mean change of
 * the controls, SE² = s²_T/n_T + s²_C/n_C of the changes, t with Welch's degrees of freedom: for two groups this is the few-clusters
 * correction of R. Bell, D. McCaffrey, Survey Methodology 28 (2002) 169–181. B. Welch, Biometrika 34 (1947) 28–35.
 *
 * @param treated changes (after − before) of treated units, at least two
 * @param control changes of control units, at least two
 * @throws StatisticsError for fewer than two units on a side
 */
export const pairedDifferenceInDifferences = (
  treated: Numbers,
  control: Numbers,
  level = 0.95,
): Difference => {
  const parts = [treated, control].map((side) => ({
    variance: variance(side) / side.length,
    df: side.length - 1,
  }))
  return withInterval(mean(treated) - mean(control), parts, level)
}

export interface MatchedDifference extends Difference {
  /** (Σw)²/Σw² of the weights the controls get: how many different controls the comparison rests on. */
  readonly effectiveControls: number
  /** The change of each treated unit less the mean change of its controls. */
  readonly effects: Float64Array
}

/**
 * Difference in differences against matched controls: the change of each treated unit less the mean change of the
 * controls matched to it, averaged over the treated. A control may serve several; the error counts it as often as
 * it serves: SE² = s²_T/n_T + s²_C·Σ_c w_c², w_c = Σ over the treated it serves of 1/(n_T·m), with s²_C over the
 * different controls used (Abadie & Imbens 2006, one variance a side; the matching taken as given), t with Satterthwaite's degrees of
 * freedom.
 *
 * @param treated changes of n_T ≥ 2 treated units
 * @param control changes of all controls
 * @param matches for each treated unit the numbers of its controls, at least one; at least two different controls
 * in all
 * @throws StatisticsError for a treated unit without controls, or a control that does not exist
 */
export const matchedDifferenceInDifferences = (
  treated: Numbers,
  control: Numbers,
  matches: readonly ArrayLike<number>[],
  level = 0.95,
): MatchedDifference => {
  const method = 'matchedDifferenceInDifferences'
  requireFinite(method, treated)
  requireFinite(method, control)
  const n = treated.length
  const weights = new Float64Array(control.length)
  const wrong = matches.findIndex(
    (match) =>
      match.length === 0 || Array.from(match).some((c) => !Number.isInteger(c) || !(c in weights)),
  )
  if (matches.length !== n || n < 2 || wrong >= 0) {
    throw new StatisticsError(
      method,
      wrong >= 0
        ? `treated unit ${wrong} has no valid controls`
        : `${matches.length} matches for ${n}`,
      'pass two treated units or more, each with the numbers of its controls',
    )
  }
  const effects = Float64Array.from(matches, (match, i) => {
    for (let at = 0; at < match.length; at++) weights[match[at]!]! += 1 / (n * match.length)
    return treated[i]! - sumOf(match.length, (at) => control[match[at]!]!) / match.length
  })
  const used = Float64Array.from(control).filter((_, c) => weights[c]! > 0)
  if (used.length < 2) {
    throw new StatisticsError(method, 'one control serves all', 'match at least two controls')
  }
  const squares = sumOf(weights.length, (c) => weights[c]! ** 2)
  const parts = [
    { variance: variance(treated) / n, df: n - 1 },
    { variance: variance(used) * squares, df: used.length - 1 },
  ]
  return { ...withInterval(mean(effects), parts, level), effectiveControls: 1 / squares, effects }
}
