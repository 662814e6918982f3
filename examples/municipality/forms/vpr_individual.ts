import { taskCodes, taskLevels, taskMaxima } from '../scales.ts'
import { loginIn, municipality, nameIn } from '../schools.ts'
import type { VprCell } from '../results.ts'
import type { Row, Sheet } from '../../../warehouse/workbook.ts'
import { bySchool, preamble, reportDate, reportSheet, schoolLabel } from './vpr_preamble.ts'

export const individualTitle = 'Индивидуальные результаты'

/** ВПР Ф1: header in row 8, then for each school a group line and its pupils. */
export const vprIndividual = (cell: VprCell, date = reportDate(cell)): Sheet => {
  const maxima = taskMaxima(cell.scale)
  const codes = taskCodes(cell.scale)
  const rows: Row[] = [
    ...preamble(individualTitle, cell, date),
    ['Уровень сложности задания', null, null, null, null, null, ...taskLevels(cell.scale)],
    [
      'ОО',
      'Муниципалитет',
      'Название ОО',
      'Код участника',
      'Класс',
      'Вариант',
      ...codes.map((code, i) => `${code} (${maxima[i] ?? 0}б)`),
      'Первичный балл',
      'Отметка',
      'Отметка по журналу',
    ],
  ]
  for (const { school, results } of bySchool(cell)) {
    const login = loginIn(school, cell.year)
    const name = nameIn(school, cell.year)
    rows.push([`${schoolLabel(school, cell.year)} | Кол-во участников: ${results.length}`])
    for (const { enrolment, variant, tasks, primary, mark, journal } of results) {
      rows.push([
        login,
        municipality.name,
        `${name} (${login})`,
        enrolment.code,
        enrolment.classNumber,
        variant,
        ...tasks,
        primary,
        mark,
        journal,
      ])
    }
  }
  return { name: reportSheet(individualTitle, cell), rows }
}
