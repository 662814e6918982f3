import { cutsOf, federalShares, federalSize, regionMean, regionSize, sharesAt } from '../federal.ts'
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

export const marksTitle = 'Статистика по отметкам'

/** Two decimals, as the federal system prints them. */
export const percent = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((10000 * part) / whole) / 100

export const markCounts = (results: VprCell['results']): number[] =>
  [2, 3, 4, 5].map((mark) => results.filter((result) => result.mark === mark).length)

/** ВПР Ф3: the country, the region, the municipality, then its schools; percentages. */
export const vprMarks = (cell: VprCell, date = reportDate(cell)): Sheet => {
  const { subject, grade, year } = cell
  const shares = federalShares('vpr', subject, grade, year)
  const country = federalSize(subject, grade, year)
  const region = regionSize(subject, grade, year)
  const schools = bySchool(cell)
  const percents = (results: VprCell['results']): number[] =>
    markCounts(results).map((count) => percent(count, results.length))
  const rows: Row[] = [
    ...preamble(marksTitle, cell, date),
    [],
    ['Группы участников', 'Кол-во ОО', 'Кол-во участников', '2', '3', '4', '5'],
    ['Вся выборка', country.schools, country.pupils, ...shares],
    [municipality.region, region.schools, region.pupils, ...sharesAt(cutsOf(shares), regionMean)],
    [municipalityLabel, schools.length, cell.results.length, ...percents(cell.results)],
    ...schools.map(({ school, results }): Row => [
      schoolLabel(school, year),
      null,
      results.length,
      ...percents(results),
    ]),
  ]
  return { name: reportSheet(marksTitle, cell), rows }
}
