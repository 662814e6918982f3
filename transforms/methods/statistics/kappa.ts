import { Z_95 } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import type { Interval } from './interval.ts'
import { requireAnswer, sumOf, type Numbers } from './sums.ts'

/**
 * - `kappa`: 1 full agreement, 0 what chance gives, may be negative
 * - `se`: large-sample standard error (not under κ = 0)
 * - `observed`, `expected`: weighted agreement, 0–1
 */
export interface Kappa {
  readonly kappa: number
  readonly se: number
  readonly observed: number
  readonly expected: number
  readonly n: number
}

/**
 * Weighted κ of two ratings on one ordered scale of c categories: κ = (p_o − p_e)/(1 − p_e) with agreement weights
 * 1 − (i − j)²/(c − 1)² (quadratic), 1 − |i − j|/(c − 1) (linear) or 1 on the diagonal only (none).
 *
 * Source: J. Cohen, Psychol. Bull. 70 (1968) 213–220; standard error by J. Fleiss, J. Cohen, B. Everitt, ibid. 72 (1969) 323–327.
 *
 * @param table c × c counts ≥ 0, rows the first rating, columns the second
 * @throws StatisticsError for a table that is not square or is empty, or where both ratings use one and the same category only
 */
export const weightedKappa = (
  table: readonly Numbers[],
  weights: 'quadratic' | 'linear' | 'none' = 'quadratic',
): Kappa => {
  const c = table.length
  for (const row of table) {
    if (row.length !== c)
      throw new StatisticsError(
        'weightedKappa',
        'the table is not square',
        'pass both ratings over one scale',
      )
    for (const count of row) {
      if (!(count >= 0 && count < Infinity)) {
        throw new StatisticsError(
          'weightedKappa',
          `a count is ${count}`,
          'counts are finite and ≥ 0',
        )
      }
    }
  }
  const over = (term: (i: number, j: number) => number): number =>
    sumOf(c * c, (cell) => term(Math.floor(cell / c), cell % c))
  const count = (i: number, j: number) => (table[i] as Numbers)[j] as number
  const n = over(count)
  requireAnswer('weightedKappa', [n])
  if (!(n > 0))
    throw new StatisticsError(
      'weightedKappa',
      'the table is empty',
      'pass at least one pair of ratings',
    )
  const agreement = (i: number, j: number): number => {
    if (i === j) return 1
    if (weights === 'none') return 0
    const distance = Math.abs(i - j) / (c - 1)
    return 1 - (weights === 'quadratic' ? distance * distance : distance)
  }
  const p = (i: number, j: number) => count(i, j) / n
  const indices = Array.from({ length: c }, (_, i) => i)
  const rows = indices.map((i) => sumOf(c, (j) => p(i, j)))
  const columns = indices.map((j) => sumOf(c, (i) => p(i, j)))
  const row = (i: number) => rows[i] as number
  const column = (j: number) => columns[j] as number
  const observed = over((i, j) => agreement(i, j) * p(i, j))
  const disagreement = over((i, j) => (1 - agreement(i, j)) * row(i) * column(j))
  if (!(disagreement > 0)) {
    throw new StatisticsError(
      'weightedKappa',
      'both ratings use one category',
      'κ needs ratings that vary',
    )
  }
  const expected = 1 - disagreement
  const kappa = 1 - over((i, j) => (1 - agreement(i, j)) * p(i, j)) / disagreement
  const rowMeans = indices.map((i) => sumOf(c, (j) => agreement(i, j) * column(j)))
  const columnMeans = indices.map((j) => sumOf(c, (i) => agreement(i, j) * row(i)))
  const spread = over((i, j) => {
    const mean = (rowMeans[i] as number) + (columnMeans[j] as number)
    return p(i, j) * (agreement(i, j) - mean * (1 - kappa)) ** 2
  })
  const centre = kappa - expected * (1 - kappa)
  const se = Math.sqrt(Math.max(0, spread - centre * centre) / n) / disagreement
  return { kappa, se, observed, expected, n }
}

/** Works added to the table for the interval, half of them in agreement and half as chance would have them. */
const ADDED = 2

/** Rows and columns of the table as shares, one work spread evenly over the categories added to each: none is 0. */
const margins = (table: readonly Numbers[]): { rows: number[]; columns: number[]; n: number } => {
  const c = table.length
  const cell = (i: number, j: number): number => (table[i] as Numbers)[j] as number
  const n = sumOf(c * c, (at) => cell(Math.floor(at / c), at % c))
  const indices = Array.from({ length: c }, (_, i) => i)
  return {
    rows: indices.map((i) => (sumOf(c, (j) => cell(i, j)) + 1 / c) / (n + 1)),
    columns: indices.map((j) => (sumOf(c, (i) => cell(i, j)) + 1 / c) / (n + 1)),
    n,
  }
}

/**
 * 95 % interval of κ for few works: tanh(atanh κ̃ ± z·s̃/(1 − κ̃²)), with κ̃ and its standard error from the table to which two works are
 * added, one shared out as independent ratings with these margins would fall and one along the diagonal (pseudo-Bayes estimates of the
 * cells); widened to κ where that lies outside. Full agreement has a lower limit below 1, and the interval lies in [−1, 1].
 *
 * Sources: S. Fienberg, P. Holland, J. Am. Stat. Assoc. 68 (1973) 683–691; the transform for a quadratic κ, which is a concordance
 * correlation: L. Lin, Biometrics 45 (1989) 255–268.
 *
 * @throws StatisticsError as `weightedKappa`, and for a multiplier z that is not finite and ≥ 0
 */
export const kappaInterval = (
  table: readonly Numbers[],
  weights: 'quadratic' | 'linear' | 'none' = 'quadratic',
  z: number = Z_95,
): Interval => {
  const { kappa } = weightedKappa(table, weights)
  const { rows, columns, n } = margins(table)
  const smoothed = table.map((row, i) =>
    Array.from(row, (count, j) => {
      const [first, second] = [rows[i] as number, columns[j] as number]
      const along = i === j ? (first + (columns[i] as number)) / 2 : 0
      return count + (ADDED / 2) * (first * second + along)
    }),
  )
  const found = weightedKappa(smoothed, weights)
  const se = found.se * Math.sqrt((n + ADDED) / n)
  if (!(z >= 0 && z < Infinity))
    throw new StatisticsError('kappaInterval', `multiplier z is ${z}`, 'pass a finite z ≥ 0')
  // So many works that the two added ones are lost: κ̃ is ±1 and has no transform.
  if (Math.abs(found.kappa) === 1) return { lo: kappa, hi: kappa }
  const half = (z * se) / (1 - found.kappa ** 2)
  const centre = Math.atanh(found.kappa)
  return {
    lo: Math.min(kappa, Math.tanh(centre - half)),
    hi: Math.max(kappa, Math.tanh(centre + half)),
  }
}
