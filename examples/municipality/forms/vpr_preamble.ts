import { loginIn, municipality, nameIn, type School } from '../schools.ts'
import { sheetName, type Row } from '../../../warehouse/workbook.ts'
import { subjectOf, type ScaleRow, type SubjectCode } from '../scales.ts'
import type { VprCell } from '../results.ts'

export const municipalityLabel = `${municipality.name}(${municipality.code})`
export const schoolLabel = (school: School, year: number): string =>
  `${nameIn(school, year)}(${loginIn(school, year)})`

const subjectNameOf = (cell: VprCell): string => cell.printed ?? subjectOf(cell.subject).name

/** Rows 1–6 of every report of ФИС ОКО. */
export const preamble = (title: string, cell: VprCell, date: string): Row[] => [
  [title],
  [],
  [`ВПР ${cell.year} ${subjectNameOf(cell)} ${cell.grade} класс`],
  ['Предмет:', subjectNameOf(cell)],
  ['Максимальный первичный балл:', cell.scale.max],
  ['Дата:', date],
]

export const reportSheet = (title: string, cell: VprCell): string =>
  sheetName(`${subjectOf(cell.subject).letters} ${cell.grade} ${title}`)

/** Day on which a report was downloaded; the same for all reports of a cell. */
export const reportDate = (cell: VprCell): string => {
  const order = Object.keys({
    russian: 0,
    maths: 0,
    world: 0,
    history: 0,
    biology: 0,
  } satisfies Partial<Record<SubjectCode, number>>).indexOf(cell.subject)
  return `${String(10 + cell.grade + Math.max(0, order)).padStart(2, '0')}.06.${cell.year}`
}

export interface SchoolGroup {
  readonly school: School
  readonly results: VprCell['results']
}

/** Results of a cell by school, in the order of schools. */
export const bySchool = (cell: VprCell): SchoolGroup[] => {
  const groups = new Map<number, { school: School; results: VprCell['results'] }>()
  for (const result of cell.results) {
    const { school } = result.enrolment
    const group = groups.get(school.index) ?? { school, results: [] }
    group.results.push(result)
    groups.set(school.index, group)
  }
  return [...groups.values()]
}

export const maximumOf = (scale: ScaleRow, task: number, maxima: readonly number[]): number =>
  maxima[task] ?? scale.max
