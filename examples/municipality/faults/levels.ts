import { vprCell, type VprCell } from '../results.ts'
import { breakYear, subjectOf } from '../scales.ts'
import type { Enrolment, World } from '../world.ts'
import type { FaultyFiles } from './faulty_files.ts'

const grade = 7

/**
 * Maths of grade 7 at two levels, as since 2025: the first class of the lyceum writes the advanced one, everybody else the basic one.
 * The cell that this adds comes last, so that no other file is named otherwise.
 */
export const splitByLevel = (world: World, cells: readonly VprCell[]): VprCell[] => {
  const year = world.last
  if (year < breakYear) return [...cells]
  const isAdvanced = ({ school, classNumber }: Enrolment): boolean =>
    school.type === 'лицей' && classNumber === 1
  const whole = cells.find((c) => c.year === year && c.subject === 'maths' && c.grade === grade)
  if (!whole) return [...cells]
  const pupils = (world.enrolments.get(year) ?? []).filter(isAdvanced)
  const basic = {
    ...whole,
    printed: `${subjectOf('maths').name} (базовый уровень)`,
    results: whole.results.filter(({ enrolment }) => !isAdvanced(enrolment)),
  }
  return [
    ...cells.map((cell) => (cell === whole ? basic : cell)),
    vprCell(world.seed, year, { subject: 'maths_advanced', grade }, pupils),
  ]
}

export const tellOfLevels = (into: FaultyFiles): void => {
  if (into.last < breakYear) return
  const place = into.place('vpr_individual', into.last, 'maths_advanced', grade)
  into.mark(place, {
    sheet: into.sheetAt(place).name,
    row: 4,
    column: 2,
    kind: 'subject_level',
    expected: 'ignored',
    note: `a class wrote at the advanced level, the others at the basic one in ${into.at(into.place('vpr_individual', into.last, 'maths', grade)).path}; the levels are two subjects`,
  })
}
