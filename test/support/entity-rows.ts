import type { RowOf } from '../../transforms/contract/column.ts'
import type { result } from '../../transforms/entities/result.ts'
import type { resultGroup } from '../../transforms/entities/result_group.ts'
import { school } from '../../transforms/entities/school.ts'
import { given } from './tables.ts'

/** Small rows of entities: ВПР of 2026, Russian, fourth grade, one school, unless a test says otherwise. */
export type Group = RowOf<typeof resultGroup.columns>
export const group = (row: Partial<Group>): Partial<Group> => ({
  procedure: 'vpr',
  subject: 'Русский язык',
  grade: 4,
  school_year: 2026,
  level: 'country',
  unit_ref: 'Вся выборка',
  unit_ref_system: 'name',
  unit_name: row.unit_ref ?? 'Вся выборка',
  ...row,
})
export const shares = (two: number, three: number, four: number, five: number): Partial<Group> => ({
  share_2: two,
  share_3: three,
  share_4: four,
  share_5: five,
})
export type Result = RowOf<typeof result.columns>
export const pupil = (pupil_ref: string, row: Partial<Result> = {}): Partial<Result> => ({
  procedure: 'vpr',
  subject: 'Русский язык',
  grade: 4,
  programme_grade: 4,
  school_year: 2026,
  season: 'spring',
  attempt: 'main',
  school_ref: '21',
  school_ref_system: 'register',
  pupil_ref,
  precedence: 1,
  ...row,
})
export const register = given(school, {
  school_code: '21',
  short_name: 'СОШ № 21',
  snapshot_on: '2025-09-20',
})
