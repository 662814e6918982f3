import { individualTitle, vprIndividual } from '../forms/vpr_individual.ts'
import { marksTitle, vprMarks } from '../forms/vpr_marks.ts'
import { reportSheet } from '../forms/vpr_preamble.ts'
import { render } from '../plan.ts'
import type { VprCell } from '../results.ts'
import { markOf, vprScale, type SubjectCode } from '../scales.ts'
import type { Row } from '../../../warehouse/workbook.ts'
import {
  firstTask,
  headerRow,
  isPupil,
  widthOf,
  withCell,
  type FaultyFiles,
} from './faulty_files.ts'

const plantCorrection = (into: FaultyFiles): void => {
  const { last } = into
  const place = into.place('vpr_individual', last, 'russian', 6)
  const cell = into.cellAt(place)
  const { scale } = cell
  const sheet = into.sheetAt(place)
  const width = widthOf(sheet)
  // The first upload has a point too few, and so a lower mark; the correction is what the truth tells.
  const wrong = sheet.rows.findIndex(
    (row) => isPupil(row) && Number(row[firstTask - 1]) > 0 && row[width - 3] === scale.from4,
  )
  const right = sheet.rows[wrong]
  if (!right) return
  const primary = scale.from4 - 1
  const earlier = [
    [firstTask, Number(right[firstTask - 1]) - 1] as const,
    [width - 2, primary] as const,
    [width - 1, markOf(primary, scale)] as const,
  ].reduce<Row>((row, [column, value]) => withCell(row, column, value), right)
  into.edit(place, () => ({ ...sheet, rows: sheet.rows.with(wrong, earlier) }))
  into.add(
    'Индивидуальные результаты (исправлено).xlsx',
    { kind: 'xlsx', sheets: () => [vprIndividual(cell, `29.06.${last}`)] },
    {
      sheet: sheet.name,
      row: wrong + 1,
      column: firstTask,
      kind: 'correction',
      expected: 'warning',
      note: `a later upload with one pupil corrected; stands instead of ${into.at(place).path}`,
    },
    { source: 'vpr_individual', year: last, rows: into.at(place).rows },
  )
}

const plantRepetitions = (into: FaultyFiles): void => {
  const { first, last } = into
  const misnamed = into.place('vpr_individual', first, 'russian', 4)
  into.replace(misnamed, {
    path: into.at(misnamed).path.replace(/[^/]+$/, `ВПР_${last + 1}_РУ_4.xlsx`),
  })
  into.mark(misnamed, {
    kind: 'wrong_year_in_name',
    expected: 'warning',
    note: `the name says ${last + 1}, the content ${first}; content stands`,
  })
  const before = Math.max(first, last - 1)
  const doubled = into.place('vpr_individual', before, 'maths', 6)
  into.add(
    'Индивидуальные результаты (повторно).xlsx',
    { kind: 'xlsx', sheets: () => [vprIndividual(into.cellAt(doubled), `30.06.${before}`)] },
    {
      sheet: into.sheetAt(doubled).name,
      kind: 'duplicate_later_date',
      expected: 'warning',
      note: `the same rows downloaded again on another day; repeats ${into.at(doubled).path}`,
    },
    { source: 'vpr_individual', year: before, rows: into.at(doubled).rows },
  )
  const copied = into.at(into.place('vpr_marks', first, 'maths', 4))
  into.add(
    'Копия.xlsx',
    { kind: 'bytes', bytes: () => render(copied) },
    { kind: 'same_bytes', expected: 'ignored', note: `the same bytes as ${copied.path}` },
    { source: 'vpr_marks', year: first, rows: copied.rows },
  )
  const subject: SubjectCode = last % 2 === 1 ? 'biology' : 'history'
  const nobody: VprCell = {
    year: last,
    subject,
    grade: 6,
    scale: vprScale(subject, 6, last),
    results: [],
  }
  into.add(
    '2700001.xlsx',
    { kind: 'xlsx', sheets: () => [vprIndividual(nobody)] },
    {
      sheet: reportSheet(individualTitle, nobody),
      kind: 'zero_participants',
      expected: 'warning',
      note: 'a report without a single participant: delivered and zero, not missing',
    },
    { source: 'vpr_individual', year: last, rows: 0 },
  )
}

const plantRefusals = (into: FaultyFiles): void => {
  const { last } = into
  const world = into.at(into.place('vpr_individual', last, 'world', 4))
  const worldCell = into.cellAt(into.place('vpr_individual', last, 'world', 4))
  const people = new Map(
    worldCell.results.map(({ enrolment }) => [enrolment.code, enrolment.pupil.person]),
  )
  const named = (row: Row, i: number): Row => {
    if (i < headerRow - 2 || row.length === 1) return row
    const person = people.get(Number(row[3]))
    const name = person ? `${person.surname} ${person.name} ${person.patronymic}` : null
    return [...row.slice(0, 4), i === headerRow - 1 ? 'ФИО' : name, ...row.slice(4)]
  }
  const plain = vprIndividual(worldCell, `28.06.${last}`)
  into.add(
    'Результаты с фамилиями.xlsx',
    { kind: 'xlsx', sheets: () => [{ ...plain, rows: plain.rows.map(named) }] },
    {
      sheet: plain.name,
      row: headerRow,
      column: 5,
      kind: 'personal_column',
      expected: 'refused',
      note: 'a column ФИО in a report that must not name anybody',
    },
  )
  const marks = vprMarks(into.cellAt(into.place('vpr_marks', last, 'maths', 5)), `28.06.${last}`)
  into.add(
    'Статистика без численности.xlsx',
    {
      kind: 'xlsx',
      sheets: () => [
        {
          ...marks,
          rows: marks.rows.map((row) => (row.length < 7 ? row : row.toSpliced(2, 1))),
        },
      ],
    },
    {
      sheet: marks.name,
      row: headerRow,
      kind: 'percent_without_counts',
      expected: 'refused',
      note: `${marksTitle} without numbers of participants: counts cannot be rebuilt`,
    },
  )
  into.add(
    'Пустая книга.xlsx',
    { kind: 'xlsx', sheets: () => [{ name: 'Лист1', rows: [] }] },
    {
      sheet: 'Лист1',
      kind: 'empty_workbook',
      expected: 'refused',
      note: 'nothing in it says what it is',
    },
  )
  into.add(
    'Недокачанный файл.xlsx',
    { kind: 'bytes', bytes: () => render(world).slice(0, 4000) },
    { kind: 'truncated', expected: 'refused', note: 'the download broke off' },
  )
  into.add(
    'Испорченный файл.xlsx',
    {
      kind: 'bytes',
      bytes: () => render(world).map((byte, i) => (i > 700 && i < 1900 ? byte ^ 0x5a : byte)),
    },
    { kind: 'corrupt', expected: 'refused', note: 'bytes inside the archive are damaged' },
  )
  const menu: Row[] = [
    ['Меню школьной столовой на неделю'],
    ['День', 'Блюдо', 'Выход, г', 'Цена, руб.'],
    ['Понедельник', 'Каша гречневая', 200, 34.5],
    ['Вторник', 'Суп гороховый', 250, 41],
  ]
  into.add(
    'Столовая.xlsx',
    { kind: 'xlsx', sheets: () => [{ name: 'Меню', rows: menu }] },
    {
      sheet: 'Меню',
      kind: 'unknown_form',
      expected: 'refused',
      note: 'a form that no source knows',
    },
  )
}

/** Faults of whole files: repeated, corrected, misnamed, empty, and those to be refused. */
export const plantFaultsOfFiles = (into: FaultyFiles): void => {
  plantCorrection(into)
  plantRepetitions(into)
  plantRefusals(into)
}
