/** A cell of ОО-1 that adds `value × factor` to a measure; a measure may be fed by several cells. */
export interface Oo1Cell {
  readonly section: string
  readonly line: string
  readonly column: string
  readonly measure: string
  readonly factor: number
}

const cell = (
  section: string,
  line: string,
  column: string,
  measure: string,
  factor = 1,
): Oo1Cell => ({
  section,
  line,
  column,
  measure,
  factor,
})

/** Weekly hours of a full post (DOMAIN §2.6): the form counts vacant posts, the measures are hours. */
const hoursOfPost = 18

const grades = Array.from({ length: 11 }, (_, i) => i + 1)

/**
 * Section 1: pupils by grade (lines 01–11, total 12). Section 2: teaching staff (total 07): a person counts as one post, as the vacancy rate’s
 * fallback of DOMAIN §3.13 does. Section 4: ages (04: 55 years and more). All staff measures describe the same people, line «Всего».
 */
export const oo1Cells: readonly Oo1Cell[] = [
  ...grades.map((grade) =>
    cell('1', String(grade).padStart(2, '0'), '3', `pupils_grade_${String(grade)}`),
  ),
  cell('1', '12', '3', 'pupils'),
  cell('1', '12', '4', 'class_sets'),
  cell('1', '12', '5', 'second_shift_pupils'),
  cell('1', '12', '6', 'sen_pupils'),
  cell('1', '12', '7', 'disabled_pupils'),
  cell('1', '12', '8', 'non_native_pupils'),
  cell('2', '07', '3', 'teachers'),
  cell('2', '07', '5', 'teachers_highest_category'),
  cell('2', '07', '7', 'teachers_novice'),
  cell('2', '07', '8', 'vacancies'),
  cell('2', '07', '8', 'vacant_hours', hoursOfPost),
  cell('2', '07', '8', 'planned_hours', hoursOfPost),
  cell('2', '07', '3', 'planned_hours', hoursOfPost),
  cell('4', '04', '3', 'teachers_ageing'),
]
