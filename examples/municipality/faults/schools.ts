import type { VprCell } from '../results.ts'
import type { School } from '../schools.ts'
import type { FaultyFiles } from './faulty_files.ts'

const withoutPlant = (school: School): boolean => school.plant === undefined
const isHeir = (school: School, schools: readonly School[]): boolean =>
  schools.some(({ merged }) => merged?.successor === school.code)

/** The last branch of the register; a short list has none, so a village school becomes one. */
const branchOf = (schools: readonly School[]): School | undefined =>
  schools.findLast(({ branch }) => branch) ??
  schools.findLast((s) => s.context.rural && withoutPlant(s) && !isHeir(s, schools))
const headOf = (branch: School, schools: readonly School[]): School | undefined =>
  schools.findLast(
    (s) => s.group === 'village_large' && withoutPlant(s) && s.index !== branch.index,
  ) ?? schools[0]

const privateName = 'Частное общеобразовательное учреждение'
const privateFounder = 'Автономная некоммерческая организация «Ступени»'

/** One school of the town is private in every register, and one of the villages is a branch. */
export const spoilSchools = (schools: readonly School[]): readonly School[] => {
  const own = schools.findLast((s) => !s.context.rural && withoutPlant(s))
  const branch = branchOf(schools)
  return schools.map((school) => ({
    ...school,
    ...(school === own
      ? {
          founder: privateFounder,
          fullName: school.fullName.replace(/^[^«]*(?= «)/, privateName),
          shortName: school.shortName.replace(/^МБОУ/, 'ЧОУ'),
        }
      : {}),
    branch: school.branch || school === branch,
  }))
}

/** Works of the branch's pupils in the last year, delivered as those of the head school. */
export const deliverUnderHead = (
  schools: readonly School[],
  cells: readonly VprCell[],
): VprCell[] => {
  const last = cells.at(-1)?.year
  const branch = branchOf(schools)
  const head = branch && headOf(branch, schools)
  return cells.map((cell) =>
    cell.year !== last || head === undefined
      ? cell
      : {
          ...cell,
          results: cell.results.map((result) =>
            result.enrolment.school === branch
              ? { ...result, enrolment: { ...result.enrolment, school: head } }
              : result,
          ),
        },
  )
}

/** What `spoilSchools` and `deliverUnderHead` did, told of the files where it is seen. */
export const tellOfSchools = (into: FaultyFiles, schools: readonly School[]): void => {
  const register = into.place('school_register', into.last)
  // Two rows stand above the data.
  const rowOf = (school: School): number => school.index + 3
  const own = schools.find(({ founder }) => founder === privateFounder)
  if (own)
    into.mark(register, {
      row: rowOf(own),
      column: 9,
      kind: 'private_school',
      expected: 'warning',
      note: `school ${own.code} of a private founder stands in the municipality's reports`,
    })
  const branch = branchOf(schools)
  const head = branch && headOf(branch, schools)
  const place = into.place('vpr_individual', into.last, 'russian', 6)
  if (head && into.cellAt(place).results.some(({ enrolment }) => enrolment.school === head))
    into.mark(register, {
      row: rowOf(branch),
      column: 11,
      kind: 'branch_under_head',
      expected: 'warning',
      note: `every ВПР of ${String(into.last)} counts the pupils of branch ${branch.code} under head school ${head.code}`,
    })
}
