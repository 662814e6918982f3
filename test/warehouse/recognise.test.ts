import { describe, expect, it } from 'vitest'
import { oo1Extract } from '../../transforms/sources/oo1_extract.ts'
import { vprMarks } from '../../transforms/sources/vpr_marks.ts'
import type { GridRow, Sheet } from '../../warehouse/readers/index.ts'
import { filledDown } from '../../warehouse/readers/sheet.ts'
import { claimants, recognise, type Context, type Recognised } from '../../warehouse/recognise.ts'
import { forms, grades, protocol, scores } from './forms.ts'

const sheet = (rows: readonly GridRow[], more: Partial<Sheet> = {}): Sheet => ({
  name: 'Лист1',
  hidden: false,
  rows,
  merges: [],
  hiddenColumns: [],
  ...more,
})
const context: Context = { facts: {}, path: '/in/2849657.xlsx', dropPersonal: new Set() }
const read = (table: Sheet, more: Partial<Context> = {}): Recognised => {
  const found = recognise(table, forms, { ...context, ...more })
  if (found.source === null) throw new Error(found.problems[0]?.message ?? 'not recognised')
  return found
}
const told = (found: Recognised, segment = 0): Record<string, string> =>
  Object.fromEntries(
    [...(found.segments[segment]?.told ?? [])].map(([name, { value, by }]) => [
      name,
      `${value} ${by}`,
    ]),
  )
const columns = (found: Recognised, segment = 0): Record<string, number> =>
  Object.fromEntries(found.segments[segment]?.columns ?? [])
const title = ['Результаты диагностики 2019']
const subject = ['Предмет:', null, 'Физика']

describe('recognise(sheet, sources, context)', () => {
  it('tells a form by its title and headers, wherever they stand and however they are spaced', () => {
    const found = read(
      sheet([
        [null, ...title],
        subject,
        [],
        [null, ' КОД', null, 'ШКОЛА\u00a0', 'Итог'],
        [null, 'п1', null, '7', '3'],
      ]),
    )
    expect(found.source).toBe(scores)
    expect(found.refused).toBeUndefined()
    expect(columns(found)).toEqual({ pupil: 1, school: 3, total: 4 })
  })

  it('does not look at names of files and sheets', () => {
    const found = recognise(sheet([['Меню'], ['Блюдо', 'Цена']], { name: 'Результаты' }), forms, {
      ...context,
      path: '/in/Результаты диагностики 2019.xlsx',
    })
    expect(found).toEqual({ source: null, problems: [], refused: undefined })
  })

  it('says which form a sheet resembles and what it lacks, and refuses it where the title is that of the form', () => {
    const found = recognise(sheet([title, ['Школа', 'Балл']]), forms, context)
    expect(found.source).toBeNull()
    expect(found.refused).toBe('похоже на форму «Баллы», но нет столбцов: «Код»')
    expect(found.problems).toMatchObject([{ code: 'header-drift' }])
  })

  it.each([
    [
      'numbers above columns',
      [
        ['1', '2', '3'],
        ['a', 'b', 'c'],
      ],
    ],
    [
      'a table of marks',
      [
        ['2', '3', '4', '5'],
        ['7', '8', '9', '1'],
      ],
    ],
    [
      'letters and numbers',
      [
        ['a', 'b', 'c'],
        ['1', '2', '3'],
      ],
    ],
    ['a title alone', [['Форма № ОО-1'], ['Блюдо', 'Цена']]],
  ])('names no form where too few of its headers are there: %s', (_, rows) => {
    expect(recognise(sheet(rows), [oo1Extract, vprMarks], context)).toEqual({
      source: null,
      problems: [],
      refused: undefined,
    })
  })

  it('names a form whose headers are all there under another title', () => {
    const found = recognise(sheet([['Наименование', '№ строки', '3']]), [oo1Extract], context)
    expect(found.problems[0]?.message).toContain('заголовок формы над таблицей другой')
  })

  it('never lets two forms claim one sheet silently', () => {
    const twin = [scores, scores]
    expect(claimants(sheet([title, ['Школа', 'Код']]), twin).claims).toHaveLength(2)
    expect(recognise(sheet([title, ['Школа', 'Код']]), twin, context)).toMatchObject({
      source: null,
      problems: [{ code: 'form-ambiguous' }],
    })
  })

  it('reads values above the header, across empty and merged cells', () => {
    const found = read(
      sheet([title, ['Предмет:', null, null, 'Физика'], ['Дата: 03.06.2019'], ['Школа', 'Код']]),
    )
    expect(told(found)).toEqual({
      year: '2019 above',
      subject: 'Физика above',
      made_on: '2019-06-03 above',
    })
    expect(found.year).toBe(2019)
  })

  it('falls back from above the header to the sheet’s name, to facts, to the path, and says which told', () => {
    const rows = [title, ['Школа', 'Код']]
    expect(told(read(sheet(rows, { name: 'Химия 8' })))['subject']).toBe('Химия sheet-name')
    expect(told(read(sheet(rows), { facts: { subject: 'История' } }))['subject']).toBe(
      'История fact',
    )
    expect(told(read(sheet(rows), { path: '/in/русский 8.xlsx' }))['subject']).toBe('русский path')
  })

  it('lets content stand over a fact and a name that disagree, with a warning', () => {
    const found = read(sheet([title, subject, ['Школа', 'Код']]), {
      facts: { year: '2021' },
      path: '/in/математика.xlsx',
    })
    expect(told(found)).toEqual({ year: '2019 above', subject: 'Физика above' })
    expect(found.problems.map(({ code, severity }) => [code, severity])).toEqual([
      ['told-otherwise', 'warning'],
      ['told-otherwise', 'warning'],
    ])
  })

  it('refuses a sheet of which nothing tells a required value, and says how to tell it', () => {
    const found = read(sheet([title, ['Школа', 'Код']]))
    expect(found.refused).toContain('неизвестно: subject')
    expect(found.problems[0]?.message).toContain('--fact subject=…')
  })

  it('refuses a fact that does not fit its field', () => {
    const found = read(sheet([title, ['Школа', 'Код']]), {
      facts: { subject: 'Химия', made_on: 'вчера' },
    })
    expect(found.problems).toMatchObject([{ code: 'fact-invalid', severity: 'error' }])
  })

  it('uses the headers of the sheet’s year: the same text may mean another field later', () => {
    const later = ['Результаты диагностики 2021']
    const header = ['Школа', 'Код', 'Заметка']
    expect(columns(read(sheet([title, subject, header])))).toEqual({ school: 0, pupil: 1, note: 2 })
    expect(columns(read(sheet([later, subject, header])))).toEqual({
      school: 0,
      pupil: 1,
      level: 2,
    })
  })

  it('refuses a header that its year did not have', () => {
    const found = read(sheet([title, subject, ['Код ОО', 'Код']]))
    expect(found.refused).toBe('нет обязательных столбцов: «Школа» (форма 2019 года)')
  })

  it('warns of an absent column when there are unknown ones beside', () => {
    const found = read(sheet([title, subject, ['Школа', 'Код', 'Сумма баллов', 'Заметка']]))
    expect(found.refused).toBeUndefined()
    expect(found.problems).toMatchObject([{ code: 'column-absent', severity: 'warning' }])
    expect(found.problems[0]?.message).toContain('«Итог»')
    expect(found.problems[0]?.message).toContain('«Сумма баллов»')
  })

  it('reads a header of two lines with cells joined down, and what stands above repeated columns', () => {
    const merges = [
      { top: 2, left: 0, bottom: 3, right: 0 },
      { top: 2, left: 1, bottom: 3, right: 1 },
      { top: 2, left: 2, bottom: 2, right: 3 },
    ]
    const rows = [
      title,
      subject,
      ['Школа', 'Код', 'Б'],
      [null, null, '№1', '№2'],
      ['7', 'п1', '1', '0'],
    ]
    const found = read(filledDown(sheet(rows, { merges })))
    expect(found.segments[0]).toMatchObject({ headerRow: 3, start: 4 })
    expect(found.segments[0]?.repeated).toEqual([
      { column: 2, header: '№1', above: 'Б' },
      { column: 3, header: '№2', above: 'Б' },
    ])
  })

  it('reads several tables of a sheet, with headers of their own or of the table before', () => {
    const found = read(
      sheet([
        ['20 - Регион'],
        ['02 - Математика 2026.06.02'],
        ['№', 'ОО', 'Оценка'],
        ['1', '101', '4'],
        ['03 - Физика 2026.06.05'],
        ['2', '102', '5'],
        ['04 - Химия 2026.06.09'],
        ['Оценка', 'ОО'],
        ['3', '103'],
      ]),
    )
    expect(found.source).toBe(protocol)
    expect(found.segments.map(({ start, end }) => [start, end])).toEqual([
      [3, 4],
      [5, 6],
      [8, 9],
    ])
    expect([0, 1, 2].map((i) => told(found, i)['exam'])).toEqual([
      'Математика block',
      'Физика block',
      'Химия block',
    ])
    expect([0, 1, 2].map((i) => columns(found, i))).toEqual([
      { school: 1, mark: 2 },
      { school: 1, mark: 2 },
      { school: 1, mark: 0 },
    ])
  })

  it('decides by values which of two exchanged headers is which, and leaves right ones alone', () => {
    const header = ['unit', 'Reading Grade', 'Reading Score']
    const right = read(sheet([header, ['1', 'A', '91'], ['2', 'B', '80']]), {
      path: '/nc/2015/spg.csv',
    })
    expect(columns(right)).toEqual({ unit: 0, grade: 1, score: 2 })
    expect(right.problems).toEqual([])
    const swapped = read(sheet([header, ['1', '91', 'A'], ['2', null, 'I'], ['3', '55', 'C']]), {
      path: '/nc/2016/spg.csv',
    })
    expect(swapped.source).toBe(grades)
    expect(columns(swapped)).toEqual({ unit: 0, grade: 2, score: 1 })
    expect(swapped.problems).toMatchObject([{ code: 'headers-exchanged', severity: 'warning' }])
  })

  it('refuses two columns for one field unless they say the same', () => {
    const rows = (second: string): GridRow[] => [
      ['Результаты 2021'],
      subject,
      ['Школа', 'Код', 'Код ОО'],
      ['7', 'п1', second],
    ]
    expect(read(sheet(rows('7'))).refused).toBeUndefined()
    expect(read(sheet(rows('8'))).problems).toMatchObject([{ code: 'header-twice', cell: 'C3' }])
  })
})

describe('people in columns', () => {
  const rows = (header: string): GridRow[] => [
    title,
    subject,
    ['Школа', 'Код', header],
    ['7', 'п1', 'Иванов Иван'],
  ]

  it.each([
    'ФИО',
    'Фамилия',
    'Имя',
    'Отчество ',
    'Ф.И.О. учащегося',
    'СНИЛС',
    'Дата рождения',
    'Серия паспорта',
    'Surname',
    'SurnameCell',
  ])(
    'refuses a sheet with the column «%s», declared or not, and never repeats what is in it',
    (header) => {
      const found = read(sheet(rows(header)))
      expect(found.refused).toContain('персональные данные')
      expect(found.problems).toMatchObject([{ code: 'personal-data', cell: 'C3' }])
      expect(JSON.stringify(found.problems)).not.toContain('Иванов')
    },
  )

  it.each(['Название ОО', 'Имя файла', 'Номер', 'Класс', 'Учитель', 'name', 'District Name'])(
    'lets the column «%s» pass',
    (header) => {
      expect(read(sheet(rows(header))).refused).toBeUndefined()
    },
  )

  it('drops such columns where the office allows it for the form', () => {
    const found = read(sheet(rows('ФИО')), { dropPersonal: new Set(['scores']) })
    expect(found.refused).toBeUndefined()
    expect(columns(found)).toEqual({ school: 0, pupil: 1 })
  })

  it('drops a declared column without a word', () => {
    const found = read(sheet(rows('Пол')))
    expect([found.refused, found.problems]).toEqual([undefined, []])
  })
})
