import type { VprCell } from '../results.ts'
import { markOf } from '../scales.ts'
import type { Row } from '../../../warehouse/workbook.ts'
import { firstTask, isPupil, widthOf, withCell, type FaultyFiles } from './faulty_files.ts'

export interface SpoiledMark {
  readonly cell: VprCell
  readonly code: number
}

/**
 * Gives one pupil a mark that its primary score does not. Done before anything is counted, for a
 * mark is loaded as delivered.
 */
export const spoilMark = (cells: readonly VprCell[]): SpoiledMark | undefined => {
  const year = cells.at(-1)?.year
  const cell = cells.find((c) => c.year === year && c.subject === 'maths' && c.grade === 6)
  const place = cell?.results.findIndex((result) => result.mark === 4) ?? -1
  const result = cell?.results[place]
  if (!cell || !result) return undefined
  cell.results[place] = { ...result, mark: markOf(cell.scale.from5, cell.scale) }
  return { cell, code: result.enrolment.code }
}

// No pupil of grades 4–8 has it: codes begin with the grade.
const strangerCode = 90001
const groupCount = /(Кол-во участников: )(\d+)$/
const lineOf = ([first]: Row): string => (typeof first === 'string' ? first : '')

/** One more pupil of the last school, spoiled; the group line counts it. */
const addPupil = (
  into: FaultyFiles,
  place: number,
  spoil: (row: Row, width: number) => Row,
  fault: {
    readonly column: (width: number) => number
    readonly kind: string
    readonly note: string
  },
): void => {
  const sheet = into.sheetAt(place)
  const pattern = sheet.rows.findLast(isPupil)
  if (!pattern) return
  const width = widthOf(sheet)
  const group = sheet.rows.findLastIndex((row) => row.length === 1 && groupCount.test(lineOf(row)))
  const counted = sheet.rows.map((row, i) =>
    i === group
      ? [
          lineOf(row).replace(
            groupCount,
            (_, label: string, n: string) => label + String(Number(n) + 1),
          ),
        ]
      : row,
  )
  into.edit(
    place,
    () => ({ ...sheet, rows: [...counted, spoil(withCell(pattern, 4, strangerCode), width)] }),
    {
      row: sheet.rows.length + 1,
      column: fault.column(width),
      kind: fault.kind,
      expected: 'quarantined',
      note: fault.note,
    },
  )
}

const plantForQuarantine = (into: FaultyFiles): void => {
  const { last } = into
  const primary = (width: number): number => width - 2
  addPupil(
    into,
    into.place('vpr_individual', last, 'maths', 7),
    (row, width) => {
      const was = Number(row[primary(width) - 1])
      return withCell(row, primary(width), was > 0 ? was - 1 : 1)
    },
    { column: primary, kind: 'sum_of_tasks', note: 'task scores do not sum to the primary score' },
  )
  addPupil(
    into,
    into.place('vpr_individual', last, 'russian', 7),
    (row, width) => withCell(row, width - 1, 7),
    { column: (width) => width - 1, kind: 'impossible_mark', note: 'a mark 7' },
  )
  addPupil(
    into,
    into.place('vpr_individual', last, 'russian', 8),
    (row) => withCell(row, firstTask, 99),
    {
      column: () => firstTask,
      kind: 'task_above_maximum',
      note: 'a task score above the maximum of its header',
    },
  )
  addPupil(
    into,
    into.place('vpr_individual', last, 'maths', 8),
    (row, width) => withCell(row, primary(width), 'двадцать'),
    { column: primary, kind: 'words_for_number', note: 'a word where the primary score belongs' },
  )
}

/** The added pupil wrote the first part of the work alone: its first half of tasks. */
const plantOnePart = (into: FaultyFiles): void => {
  const place = into.place('vpr_individual', into.last, 'russian', 4)
  const { scale } = into.cellAt(place)
  addPupil(
    into,
    place,
    (row, width) => {
      const tasks = width - 3 - firstTask
      const second = firstTask + 1 + Math.ceil(tasks / 2)
      const cut = row.map((cell, i) => (i + 1 >= second && i < width - 3 ? 'X' : cell))
      const primary = cut
        .slice(firstTask, width - 3)
        .reduce<number>((sum, cell) => sum + (typeof cell === 'number' ? cell : 0), 0)
      const changed: readonly (readonly [column: number, value: string | number])[] = [
        [firstTask, 'отсутствовал'],
        [width - 2, primary],
        [width - 1, markOf(primary, scale)],
      ]
      return changed.reduce<Row>((half, [column, value]) => withCell(half, column, value), cut)
    },
    {
      column: () => firstTask,
      kind: 'one_part_only',
      note: 'a pupil who wrote one part of two: no score of the whole work',
    },
  )
}

const plantUnknownSchool = (into: FaultyFiles): void => {
  const place = into.find(
    (file) =>
      file.source === 'oge_protocol' && file.year === into.last && file.path.includes('резерв'),
  )
  const sheet = into.sheetAt(place)
  const after = sheet.rows.findLastIndex((row) => row.length > 10 && typeof row[0] === 'number')
  const pattern = sheet.rows[after]
  if (!pattern) return
  const changed: readonly (readonly [column: number, value: string | number])[] = [
    [1, Number(pattern[0]) + 1],
    [2, 9999],
    [6, '989999999'],
    [11, '999999'],
  ]
  const added = changed.reduce((row, [column, value]) => withCell(row, column, value), pattern)
  into.edit(place, () => ({ ...sheet, rows: sheet.rows.toSpliced(after + 1, 0, added) }), {
    row: after + 2,
    column: 2,
    kind: 'unknown_school',
    expected: 'warning',
    note: 'a school code that no register has; the row is loaded under an inferred school',
  })
  into.replace(place, { rows: into.at(place).rows + 1 })
}

/** Faults of single rows: added ones go to quarantine, so that what is loaded stays as it was. */
export const plantFaultsOfRows = (into: FaultyFiles, spoiled: SpoiledMark | undefined): void => {
  plantForQuarantine(into)
  plantOnePart(into)
  plantUnknownSchool(into)
  if (!spoiled) return
  const place = into.place('vpr_individual', into.last, spoiled.cell.subject, spoiled.cell.grade)
  const sheet = into.sheetAt(place)
  into.mark(place, {
    sheet: sheet.name,
    row: sheet.rows.findIndex((row) => row[3] === spoiled.code) + 1,
    column: widthOf(sheet) - 1,
    kind: 'mark_not_by_scale',
    expected: 'warning',
    note: 'the mark is 5 where the scale gives 4; it is loaded as delivered',
  })
}
