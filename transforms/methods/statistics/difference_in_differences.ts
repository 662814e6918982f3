import { Z_95 } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import type { Estimate } from './interval.ts'
import { mean, requireFinite, sumOf, variance, type Numbers } from './sums.ts'

/** The mean of a group at one time, its standard deviation (n − 1) and its number of units. */
export interface Cell {
  readonly mean: number
  readonly sd: number
  readonly n: number
}

export interface Difference extends Estimate {
  /** Standard error, in units of the outcome. */
  readonly se: number
}

const withInterval = (estimate: number, se: number, z: number): Difference => ({
  estimate,
  se,
  lo: estimate - z * se,
  hi: estimate + z * se,
})

/**
 * Difference in differences of four independent samples: (treated after − treated before) − (control after −
 * control before), with SE² = Σ sd²/n. Where the same units are seen twice use `pairedDifferenceInDifferences`,
 * whose error is smaller and right.
 *
 * @param z multiplier of the interval, 1.96 for 95 %
 * @throws StatisticsError for a cell of fewer than two units, or numbers that are not finite
 */
export const differenceInDifferences = (
  cells: Readonly<
    Record<'treatedBefore' | 'treatedAfter' | 'controlBefore' | 'controlAfter', Cell>
  >,
  z: number = Z_95,
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
  const se = Math.sqrt(sumOf(4, (i) => all[i]!.sd ** 2 / all[i]!.n))
  return withInterval(estimate, se, z)
}

/**
 * Difference in differences of units seen before and after: the mean change of the treated less the mean change of
 * the controls, SE² = s²_T/n_T + s²_C/n_C of the changes.
 *
 * @param treated changes (after − before) of treated units, at least two
 * @param control changes of control units, at least two
 * @throws StatisticsError for fewer than two units on a side
 */
export const pairedDifferenceInDifferences = (
  treated: Numbers,
  control: Numbers,
  z: number = Z_95,
): Difference => {
  const se = Math.sqrt(variance(treated) / treated.length + variance(control) / control.length)
  return withInterval(mean(treated) - mean(control), se, z)
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
 * different controls used (Abadie & Imbens 2006, one variance a side; the matching taken as given).
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
  z: number = Z_95,
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
  const se = Math.sqrt(variance(treated) / n + variance(used) * squares)
  return { ...withInterval(mean(effects), se, z), effectiveControls: 1 / squares, effects }
}
