import { expect } from 'vitest'
import { bridgeSchoolUnit } from '../../transforms/core/bridge_school_unit.ts'
import { fctResult } from '../../transforms/core/fct_result.ts'
import { given, type Given } from './tables.ts'

/** A mark of one pupil of a school; pupils are told by their number within it. */
export interface Mark {
  readonly school: number
  readonly pupil: number
  readonly subject: string
  readonly grade: string
  readonly mark: number
}
export const key = (school: number): string => `s${String(school).padStart(3, '0')}`
export const factsOf = (marks: readonly Mark[]): Given =>
  given(
    fctResult,
    ...marks.map(({ school, pupil, subject, grade, mark }) => ({
      school_key: key(school),
      pupil_key: `${key(school)}-${String(pupil)}`,
      procedure: 'vpr',
      subject,
      grade,
      school_year: 2026,
      attempt: 'main',
      mark,
    })),
  )
export const unitsOf = (schools: number): Given =>
  given(
    bridgeSchoolUnit,
    ...Array.from({ length: schools }, (_, school) =>
      [
        ['school', key(school)],
        ['municipality', '77'],
      ].map(([level = '', unit_key = '']) => ({
        school_key: key(school),
        school_year: 2026,
        level,
        unit_key,
      })),
    ).flat(),
  )
/** `counts[school]` pupils got the marks 2, 3, 4, 5 in one subject and grade. */
export const oneCell = (counts: readonly (readonly number[])[]): readonly Mark[] =>
  counts.flatMap((marks, school) =>
    marks
      .flatMap((count, i) => Array<number>(count).fill(i + 2))
      .map((mark, pupil) => ({ school, pupil, subject: 'russian', grade: '4', mark })),
  )
export const near = (actual: number | null | undefined, expected: number, digits = 9): void => {
  expect(actual).not.toBeNull()
  expect(actual).toBeCloseTo(expected, digits)
}
