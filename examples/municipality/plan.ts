import { delimited } from './delimited.ts'
import { examProtocol } from './forms/exam_protocol.ts'
import { medalContenders } from './forms/medal_contenders.ts'
import { olympiadProtocol } from './forms/olympiad_protocol.ts'
import { oo1, takeCensus } from './forms/oo1.ts'
import { schoolRegister } from './forms/school_register.ts'
import { staffRegister } from './forms/staff_register.ts'
import { vprIndividual } from './forms/vpr_individual.ts'
import { vprJournal } from './forms/vpr_journal.ts'
import { vprMarks } from './forms/vpr_marks.ts'
import { bySchool } from './forms/vpr_preamble.ts'
import { contenders } from './medals.ts'
import { olympiadResults } from './olympiad.ts'
import { Random } from './random.ts'
import { egeResults, ogeResults, type VprCell } from './results.ts'
import { isOpen, type School } from './schools.ts'
import { makeStaff } from './staff.ts'
import type { SourceName } from './truth.ts'
import { workbook, type Row, type Sheet } from '../../warehouse/workbook.ts'
import type { World } from './world.ts'

export type Content =
  | { readonly kind: 'xlsx'; readonly sheets: () => readonly Sheet[] }
  | { readonly kind: 'csv'; readonly rows: () => readonly Row[]; readonly trailing?: boolean }
  | { readonly kind: 'bytes'; readonly bytes: () => Uint8Array }

export interface PlannedFile {
  readonly path: string
  readonly source: SourceName | null
  readonly year: number | null
  /** Data rows to be loaded. */
  readonly rows: number
  /** False for a file whose rows another file delivers too, so that totals count them once. */
  readonly counted: boolean
  readonly cell?: VprCell
  readonly content: Content
}

export const render = ({ content }: PlannedFile): Uint8Array =>
  content.kind === 'xlsx'
    ? workbook(...content.sheets())
    : content.kind === 'csv'
      ? delimited(content.rows(), content.trailing)
      : content.bytes()

const groups = <T extends { readonly school: School }>(items: readonly T[]): Map<School, T[]> => {
  const map = new Map<School, T[]>()
  for (const item of items) {
    const group = map.get(item.school)
    if (group) group.push(item)
    else map.set(item.school, [item])
  }
  return map
}

/** Every file of the sample in the order of writing; contents are made when rendered. */
export const planFiles = (world: World, cells: readonly VprCell[]): PlannedFile[] => {
  const files: PlannedFile[] = []
  const names = new Random(world.seed, 'file names')
  const taken = new Set<string>()
  const staff = makeStaff(world)

  // Downloads keep the number of a request, or a title that says nothing of subject and year.
  const downloaded = (folder: string, title: string): string => {
    for (let copy = 0; ; copy += 1) {
      const name =
        copy === 0 && names.chance(0.65)
          ? String(names.integer(2_700_000, 2_999_999))
          : `${title}${copy === 0 ? '' : ` (${copy})`}`
      const path = `${folder}/${name}.xlsx`
      if (taken.has(path)) continue
      taken.add(path)
      return path
    }
  }
  const add = (
    path: string,
    source: SourceName,
    year: number,
    rows: number,
    content: Content,
    cell?: VprCell,
  ) => {
    files.push({ path, source, year, rows, counted: true, content, ...(cell ? { cell } : {}) })
  }
  /** A table with two rows above its data, as a workbook or as a csv export. */
  const table = (
    path: string,
    source: SourceName,
    year: number,
    sheet: string,
    csv: boolean,
    rows: Row[],
  ) => {
    add(
      `${path}.${csv ? 'csv' : 'xlsx'}`,
      source,
      year,
      rows.length - 2,
      csv
        ? { kind: 'csv', rows: () => rows }
        : { kind: 'xlsx', sheets: () => [{ name: sheet, rows }] },
    )
  }

  for (const year of world.years) {
    const folder = `${year - 1}-${year}`
    const csv = year % 2 === 0
    const enrolments = world.enrolments.get(year) ?? []
    const people = staff.get(year) ?? []
    const pupilsOf = groups(enrolments)
    const staffOf = groups(people)

    table(
      `${folder}/Справочник ОО`,
      'school_register',
      year,
      'Справочник',
      csv,
      schoolRegister(world.schools, year),
    )
    table(
      `${folder}/Кадры`,
      'staff_register',
      year,
      'Реестр',
      year % 4 === 0,
      staffRegister(people, year),
    )

    for (const school of world.schools) {
      if (!isOpen(school, year)) continue
      const census = takeCensus(school, year, pupilsOf.get(school) ?? [], staffOf.get(school) ?? [])
      const sheet = oo1(census)
      add(`${folder}/ОО-1/${school.code}.xlsx`, 'oo1', year, school.lastGrade + 17, {
        kind: 'xlsx',
        sheets: () => [sheet],
      })
    }

    for (const cell of cells) {
      if (cell.year !== year) continue
      const reportRows = bySchool(cell).length + 3
      const vpr = `${folder}/ВПР`
      const report = (
        title: string,
        source: SourceName,
        rows: number,
        sheet: (of: VprCell) => Sheet,
      ) => {
        add(
          downloaded(vpr, title),
          source,
          year,
          rows,
          { kind: 'xlsx', sheets: () => [sheet(cell)] },
          cell,
        )
      }
      report('Ф1_Индивидуальные результаты', 'vpr_individual', cell.results.length, vprIndividual)
      report('Ф3_Статистика по отметкам', 'vpr_marks', reportRows, vprMarks)
      report('Сравнение отметок с отметками по журналу', 'vpr_journal', reportRows, vprJournal)
    }

    const oge = ogeResults(world, year)
    for (const main of [true, false]) {
      const part = oge.filter((result) => (result.period === 'main') === main)
      const name = main ? 'ГИА-9 протоколы' : 'ГИА-9 резерв и сентябрь'
      add(`${folder}/${name}.xlsx`, 'oge_protocol', year, part.length, {
        kind: 'xlsx',
        sheets: () => [examProtocol('oge', part, year)],
      })
    }
    const ege = egeResults(world, year)
    add(`${folder}/ГИА-11 протоколы.xlsx`, 'ege_protocol', year, ege.length, {
      kind: 'xlsx',
      sheets: () => [examProtocol('ege', ege, year)],
    })
    table(
      `${folder}/Медалисты`,
      'medal_contenders',
      year,
      'Претенденты',
      false,
      medalContenders(contenders(ege, year), year),
    )

    const olympiad = olympiadResults(world, year)
    const protocol = {
      school: olympiadProtocol(olympiad.school, 'школьный', year),
      municipal: olympiadProtocol(olympiad.municipal, 'муниципальный', year),
    }
    table(
      `${folder}/ВсОШ школьный этап`,
      'olympiad_school',
      year,
      'Школьный этап',
      !csv,
      protocol.school,
    )
    table(
      `${folder}/ВсОШ муниципальный этап`,
      'olympiad_municipal',
      year,
      'Муниципальный этап',
      !csv,
      protocol.municipal,
    )
  }
  return files
}
