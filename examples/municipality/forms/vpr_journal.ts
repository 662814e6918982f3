import { federalSize, regionSize } from '../federal.ts'
import { Random } from '../random.ts'
import { municipality } from '../schools.ts'
import type { VprCell } from '../results.ts'
import type { Row, Sheet } from '../../../warehouse/workbook.ts'
import {
  bySchool,
  municipalityLabel,
  preamble,
  reportDate,
  reportSheet,
  schoolLabel,
} from './vpr_preamble.ts'
import { percent } from './vpr_marks.ts'

export const journalTitle = 'Сравнение отметок с отметками по журналу'

const lowered = 'Понизили (Отметка < Отметка по журналу)'
const confirmed = 'Подтвердили (Отметка = Отметке по журналу)'
const raised = 'Повысили (Отметка > Отметка по журналу)'

const line = (label: string, counts: readonly number[]): Row => {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return [label, total, ...counts.flatMap((count) => [percent(count, total), count])]
}

export const journalCounts = (results: VprCell['results']): [number, number, number] => {
  const counts: [number, number, number] = [0, 0, 0]
  for (const { mark, journal } of results) {
    if (journal !== null) counts[mark < journal ? 0 : mark === journal ? 1 : 2] += 1
  }
  return counts
}

/** The wide comparison of 2024: pupils without a mark in the journal are left out. */
export const vprJournal = (cell: VprCell, date = reportDate(cell)): Sheet => {
  const { subject, grade, year } = cell
  const random = new Random(0, 'journal', subject, grade, year)
  const estimated = (pupils: number): number[] => {
    const down = Math.round(pupils * (0.225 + 0.01 * random.normal()))
    const up = Math.round(pupils * (0.075 + 0.004 * random.normal()))
    return [down, pupils - down - up, up]
  }
  const rows: Row[] = [
    ...preamble(journalTitle, cell, date),
    [],
    [
      'Группы участников',
      'Кол-во участников(всего)',
      ...[lowered, confirmed, raised].flatMap((kind) => [`${kind} %`, `${kind} Кол-во участников`]),
    ],
    line('Вся выборка', estimated(federalSize(subject, grade, year).pupils)),
    line(municipality.region, estimated(regionSize(subject, grade, year).pupils)),
    line(municipalityLabel, journalCounts(cell.results)),
    ...bySchool(cell).map(({ school, results }) =>
      line(schoolLabel(school, year), journalCounts(results)),
    ),
  ]
  return { name: reportSheet(journalTitle, cell), rows }
}
