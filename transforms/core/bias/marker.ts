import { boolean, double, integer, nullable, text, type RowOf } from '../../contract/column.ts'
import { grouped } from '../../contract/computation.ts'
import { Z_95, Z_998 } from '../../methods/statistics/distributions.ts'
import { benjaminiHochberg } from '../../methods/statistics/multiple_testing.ts'

export const severityScale = { from: Z_95, to: Z_998 }
export const columns = {
  school_key: text('School'),
  procedure: text('Procedure'),
  subject: text('Subject'),
  grade: text('Grade, or all: pooled over the grades of the subject'),
  school_year: integer('Year in which the school year ends'),
  marker: text('O1 journal inflation, O2 gaps of two marks, O7 bunching at a boundary'),
  value: double('O1, O2: share of pupils; O7: −log₁₀ of the smallest p'),
  p: nullable(
    double('One-sided p-value against the reference; O7: times the number of boundaries'),
  ),
  z: nullable(double('O1: of the sign test; else what p is equivalent to')),
  is_flagged: boolean(
    'The marker’s rule holds and it stands among all of the year’s tests (Benjamini–Hochberg)',
  ),
  severity: double('0–1; 0 where not flagged'),
  n: integer('Pupils compared; pooled: works'),
  note: text('Russian: what was seen and what was expected; a marker, never a violation'),
} as const
export type MarkerRow = RowOf<typeof columns>

export interface MarkerRule {
  readonly minimumN: number
  readonly loweredShare: number
  readonly gap2Share: number
  readonly pOne: number
  readonly pTwo: number
  readonly falseDiscovery: number
  readonly bunchingMinimumN: number
  readonly bunchingApproximateN: number
  readonly windowN: number
  readonly degree: number
  /** A school that gives less of all works than this share need not be taken out of its own reference. */
  readonly negligibleShare: number
}
/** A row before it is known which of the year’s tests stand; p is that of the family. */
export interface Draft extends Omit<MarkerRow, 'p' | 'is_flagged' | 'severity'> {
  readonly p: number
  readonly holds: boolean
  readonly severity: number
}

/**
 * Tests of one marker, procedure and year stand together: of those that the marker’s own rule flags, the ones that
 * Benjamini–Hochberg at `q` keeps. Cells and rows pooled over grades are families of their own.
 */
export const standing = (drafts: readonly Draft[], q: number): readonly MarkerRow[] =>
  [
    ...grouped(
      drafts,
      ({ marker, procedure, school_year, grade }) =>
        `${marker} ${procedure} ${String(school_year)} ${grade === 'all' ? 'pooled' : 'cell'}`,
    ).values(),
  ].flatMap((family) => {
    const { rejected } = benjaminiHochberg(
      family.map(({ p }) => p),
      q,
    )
    return family.map(({ holds, severity, ...row }, i): MarkerRow => {
      const isFlagged = holds && rejected[i] === true
      return { ...row, is_flagged: isFlagged, severity: isFlagged ? severity : 0 }
    })
  })
