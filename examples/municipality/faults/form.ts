import { delimited } from '../delimited.ts'
import type { SourceName } from '../truth.ts'
import { columnName, type Row } from '../../../warehouse/workbook.ts'
import {
  firstPupil,
  firstTask,
  headerRow,
  isPupil,
  mapCells,
  widthOf,
  type FaultyFiles,
} from './faulty_files.ts'

const quotes = [
  ['“', '”'],
  ['"', '"'],
  ['', ''],
] as const

/** Column of the variant in Ф1. */
const variant = 6

/** A work of two parts, written on different days: a variant of each part, one score. */
const plantTwoParts = (into: FaultyFiles): void => {
  const place = into.place('vpr_individual', into.last, 'russian', 4)
  into.edit(
    place,
    (sheet) => ({
      ...sheet,
      rows: sheet.rows.map((row, i) =>
        row.length <= variant
          ? row
          : i + 1 === headerRow
            ? row.toSpliced(variant - 1, 1, 'Вариант (часть 1)', 'Вариант (часть 2)')
            : row.toSpliced(variant, 0, isPupil(row) ? 1 + (Number(row[3]) % 2) : null),
      ),
    }),
    {
      row: headerRow,
      column: variant + 1,
      kind: 'two_parts',
      expected: 'ignored',
      note: 'a work written in two parts on different days: two variants, one score a pupil',
    },
  )
}

const plantInCells = (into: FaultyFiles): void => {
  const { last } = into
  into.edit(
    into.place('vpr_individual', last, 'maths', 4),
    (sheet) => mapCells(sheet, 5, (cell) => (typeof cell === 'number' ? String(cell) : cell)),
    { kind: 'numbers_as_text', expected: 'ignored', note: 'every number of the sheet is a text' },
  )
  into.edit(
    into.place('vpr_marks', last, 'maths', 4),
    (sheet) =>
      mapCells(sheet, headerRow + 1, (cell, _, column) =>
        typeof cell === 'number' && column >= 4 ? cell.toFixed(2).replace('.', ',') : cell,
      ),
    {
      kind: 'decimal_comma',
      expected: 'ignored',
      note: 'percentages are texts with a decimal comma',
    },
  )
  into.edit(
    into.place('vpr_marks', last, 'russian', 5),
    (sheet) =>
      mapCells(sheet, headerRow, (cell, _, column) =>
        typeof cell === 'string'
          ? cell.replaceAll(' ', '\u00a0')
          : typeof cell === 'number' && column <= 3
            ? String(cell).replace(/\B(?=(\d{3})+$)/g, '\u00a0')
            : cell,
      ),
    {
      kind: 'nbsp',
      expected: 'ignored',
      note: 'no-break spaces in headers, names and between thousands',
    },
  )
  let crosses = 0
  into.edit(
    into.place('vpr_individual', last, 'russian', 5),
    (sheet) =>
      mapCells(sheet, firstPupil, (cell, row, column) => {
        const isTask = column >= firstTask && column <= widthOf(sheet) - 3
        if (!isTask || cell !== 0 || row % 3 !== 0) return cell
        crosses += 1
        return crosses % 2 === 0 ? 'X' : 'Х'
      }),
    {
      kind: 'not_attempted_letters',
      expected: 'ignored',
      note: 'tasks not attempted hold Latin X or Cyrillic Х instead of 0',
    },
  )
  into.edit(
    into.place('vpr_journal', last, 'russian', 4),
    (sheet) =>
      mapCells(sheet, headerRow + 4, (cell, row) => {
        const [open, close] = quotes[row % 3] ?? quotes[0]
        return typeof cell === 'string' ? cell.replaceAll('«', open).replaceAll('»', close) : cell
      }),
    {
      kind: 'changing_quotes',
      expected: 'ignored',
      note: 'names of schools in other quotes or none',
    },
  )
  into.edit(
    into.place('oge_protocol', last),
    (sheet) =>
      mapCells(sheet, 1, (cell, _, column) =>
        column === 14 && typeof cell === 'number' ? { formula: `${cell}+0`, value: cell } : cell,
      ),
    {
      column: 14,
      kind: 'formula_cells',
      expected: 'ignored',
      note: 'primary scores are formulas with stored values',
    },
  )
}

const plantInSheets = (into: FaultyFiles): void => {
  const { last } = into
  into.edit(
    into.place('vpr_individual', last, 'russian', 4),
    (sheet) => ({
      ...sheet,
      merges: sheet.rows.flatMap((row, i) =>
        row.length === 1 ? [`A${i + 1}:${columnName(widthOf(sheet))}${i + 1}`] : [],
      ),
    }),
    {
      kind: 'merged_cells',
      expected: 'ignored',
      note: 'title and group lines are merged over all columns',
    },
  )
  into.edit(
    into.place('vpr_marks', last, 'russian', 4),
    (sheet) => ({ ...sheet, hiddenColumns: [2] }),
    {
      column: 2,
      kind: 'hidden_column',
      expected: 'ignored',
      note: 'the column «Кол-во ОО» is hidden but filled',
    },
  )
  const formulas = into.place('vpr_individual', last, 'maths', 5)
  const data = into.sheetAt(formulas)
  const width = widthOf(data)
  into.edit(
    formulas,
    (sheet) => ({
      ...sheet,
      rows: [
        ...sheet.rows,
        ...Array.from({ length: 5 }, (_, i): Row => {
          const row = sheet.rows.length + i + 1
          const formula = `SUM(${columnName(firstTask)}${row}:${columnName(width - 3)}${row})`
          return Array.from({ length: width - 2 }, (__, column) =>
            column === width - 3 ? { formula, value: 0 } : null,
          )
        }),
      ],
    }),
    {
      row: data.rows.length + 1,
      column: width - 2,
      kind: 'trailing_formula_rows',
      expected: 'ignored',
      note: 'five rows below the data, from this one, hold nothing but a formula of 0',
    },
  )
  const beside = into.place('vpr_marks', last, 'russian', 6)
  const good = into.sheetAt(beside)
  into.replace(beside, {
    content: { kind: 'xlsx', sheets: () => [good, { name: 'Лист2', rows: [] }] },
  })
  into.mark(beside, {
    sheet: 'Лист2',
    kind: 'empty_second_sheet',
    expected: 'ignored',
    note: 'an empty sheet beside a good one',
  })
  const medals = into.place('medal_contenders', last)
  const contenders = into.sheetAt(medals).rows.length
  into.edit(
    medals,
    (sheet) => ({ ...sheet, rows: [...sheet.rows, ['Итого', null, null, null, contenders - 2]] }),
    {
      row: contenders + 1,
      kind: 'total_row_xlsx',
      expected: 'ignored',
      note: 'a row «Итого» below the data',
    },
  )
}

/** The last csv of a source; where there is none, its last workbook is turned into one. */
const csvOf = (into: FaultyFiles, source: SourceName): { place: number; rows: readonly Row[] } => {
  const isCsv = (file: FaultyFiles['files'][number]): boolean =>
    file.source === source && file.content.kind === 'csv'
  const found = into.files.findLastIndex(isCsv)
  const place = found >= 0 ? found : into.place(source, into.last)
  const { content } = into.at(place)
  const rows = content.kind === 'csv' ? content.rows() : into.sheetAt(place).rows
  into.replace(place, {
    path: into.at(place).path.replace(/\.xlsx$/, '.csv'),
    content: { kind: 'csv', rows: () => rows },
  })
  return { place, rows }
}

const plantInCsv = (into: FaultyFiles): void => {
  const register = csvOf(into, 'school_register')
  into.replace(register.place, {
    content: { kind: 'csv', rows: () => register.rows, trailing: true },
  })
  into.mark(register.place, {
    kind: 'trailing_semicolon',
    expected: 'ignored',
    note: 'every line ends with a semicolon',
  })
  const staff = csvOf(into, 'staff_register')
  const people = staff.rows.length - 2
  into.replace(staff.place, {
    content: { kind: 'csv', rows: () => [...staff.rows, ['Итого', null, null, null, people]] },
  })
  into.mark(staff.place, {
    row: staff.rows.length + 1,
    kind: 'total_row',
    expected: 'ignored',
    note: 'a row «Итого» below the data',
  })
  const year = into.at(staff.place).year ?? into.last
  const text = new TextDecoder('windows-1251').decode(delimited(staff.rows))
  into.add(
    'Кадры utf-8.csv',
    { kind: 'bytes', bytes: () => new TextEncoder().encode(`\ufeff${text}`) },
    {
      kind: 'other_encoding',
      expected: 'ignored',
      note: 'the same rows in UTF-8 with a byte order mark: the same delivery',
    },
    { source: 'staff_register', year, rows: people },
  )
}

/** Faults of form, in files of the sample itself: everything is to be read as meant. */
export const plantFaultsOfForm = (into: FaultyFiles): void => {
  plantTwoParts(into)
  plantInCells(into)
  plantInSheets(into)
  plantInCsv(into)
}
