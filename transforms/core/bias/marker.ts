import { boolean, double, integer, nullable, text, type RowOf } from '../../contract/column.ts'
import { grouped } from '../../contract/computation.ts'
import { Z_95, Z_998 } from '../../methods/statistics/distributions.ts'
import { benjaminiHochberg } from '../../methods/statistics/multiple_testing.ts'

export const severityScale = { from: Z_95, to: Z_998 }
export const columns = {
  school_key: text('школа'),
  procedure: text('оценочная процедура'),
  subject: text('предмет'),
  grade: text('класс или all (сводно по классам предмета)'),
  school_year: integer('год окончания учебного года'),
  marker: text(
    'признак: O1 — завышение отметок в журнале, O2 — расхождения с журналом на две отметки, O7 — пик на границе отметки',
  ),
  value: double('O1, O2 — доля учеников; O7 — −log₁₀ наименьшего p'),
  p: nullable(double('одностороннее p против эталона; у O7 умножено на число границ')),
  z: nullable(double('z: у O1 — критерия знаков, у остальных — соответствующее p')),
  is_flagged: boolean(
    'отмечен: правило признака выполнено и устояло среди всех проверок года (Бенджамини — Хохберг)',
  ),
  severity: double('выраженность, 0–1; 0, если не отмечен'),
  n: integer('сопоставлено учеников; в сводной строке — работ'),
  note: text('что наблюдалось и что ожидалось; это признак, а не вывод о нарушении'),
  own_note: text('то же без того, что ожидалось: только о самой школе'),
  is_against_schools: boolean('ожидалось то, что у других школ; иначе — то, что в строке региона'),
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
/** The rule of markers from the single numbers of a school year (parameters.objectivity_rule, parameters.small_number_rule). */
export const markerRuleOf = (
  of: (name: string) => number,
  number: (name: string) => number,
): MarkerRule => ({
  minimumN: number('low_from'),
  loweredShare: of('lowered_share'),
  gap2Share: of('gap2_share'),
  pOne: of('bunching_p'),
  pTwo: of('bunching_p_two'),
  falseDiscovery: of('false_discovery'),
  bunchingMinimumN: of('bunching_minimum_n'),
  bunchingApproximateN: number('approximate_from'),
  windowN: of('bunching_window_n'),
  degree: of('smoothing_degree'),
  negligibleShare: of('bunching_negligible'),
})
/** A row before it is known which of the year’s tests stand; p is that of the family. */
export interface Draft extends Omit<MarkerRow, 'p' | 'is_flagged' | 'severity'> {
  readonly p: number
  readonly holds: boolean
  readonly severity: number
}

/** What was observed, what was expected and of how many, in words; with and without what was expected. */
export const notesOf = (
  observed: string,
  expected: string,
  size: string,
): Pick<MarkerRow, 'note' | 'own_note'> => ({
  note: `${observed}, ${expected}; ${size}`,
  own_note: `${observed}; ${size}`,
})

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
    return family.map((draft, i): MarkerRow => {
      const isFlagged = draft.holds && rejected[i] === true
      return {
        school_key: draft.school_key,
        procedure: draft.procedure,
        subject: draft.subject,
        grade: draft.grade,
        school_year: draft.school_year,
        marker: draft.marker,
        value: draft.value,
        p: draft.p,
        z: draft.z,
        is_flagged: isFlagged,
        severity: isFlagged ? draft.severity : 0,
        n: draft.n,
        note: draft.note,
        own_note: draft.own_note,
        is_against_schools: draft.is_against_schools,
      }
    })
  })
