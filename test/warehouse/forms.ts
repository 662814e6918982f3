import { calendarDate, decimalNumber, oneOf, wholeNumber } from '../../transforms/contract/shape.ts'
import { defineSource, field } from '../../transforms/contract/source.ts'

const year = wholeNumber({ min: 2000, max: 2100 })

/** A form with values above the header, headers by year, repeated columns and people in it. */
export const scores = defineSource('file:///forms/sources/scores.ts', {
  title: 'Баллы',
  version: 1,
  recognise: { title: /^Результаты/, headers: ['school', 'pupil'] },
  headers: [
    { since: 2015, map: { Школа: 'school', Код: 'pupil', Итог: 'total', Заметка: 'note' } },
    { since: 2020, map: { 'Код ОО': 'school', Заметка: 'level', Примечание: 'note' } },
  ],
  above: [
    /^Результаты.* (?<year>\d{4})/,
    /^Предмет:[ |]*(?<subject>\S+)/,
    /^Дата: (?<made_on>\S+)/,
  ],
  sheetName: /^(?<subject>\S+) \d/,
  path: /(?<subject>русский|математика)[^/]*$/,
  year: 'year',
  repeated: { header: /^№ ?\d+/, shape: wholeNumber({ min: 0, max: 9 }), doc: 'A task' },
  skip: [/^Итого/],
  end: /^Исполнитель/,
  rules: [
    {
      code: 'sum',
      at: 'total',
      broken: ({ fields, repeated }) =>
        fields['total'] !== null &&
        repeated.reduce((sum, { value }) => sum + Number(value), 0) !== Number(fields['total'])
          ? 'сумма не сходится'
          : undefined,
    },
  ],
  personal: [
    { headers: ['ФИО'], action: 'refuse' },
    { headers: ['Пол'], action: 'drop' },
    { headers: ['Серия', 'Номер'], action: 'hash', into: 'person', system: 'document' },
  ],
  delivery: ['year', 'subject', 'school'],
  deliveredOn: 'made_on',
  fields: {
    year: field('Year', year, { required: true }),
    subject: field('Subject', undefined, { required: true, harmless: true }),
    made_on: field('Day of the report', calendarDate),
    school: field('School', wholeNumber(), { required: true }),
    pupil: field('Pupil', undefined, { required: true }),
    total: field('Total', wholeNumber({ min: 0, max: 50 })),
    note: field('Note'),
    level: field('Level', oneOf('низкий', 'высокий')),
    person: field('Keyed hash'),
  },
})

/** Several tables in a sheet, each opened by a line. */
export const protocol = defineSource('file:///forms/sources/protocol.ts', {
  title: 'Протокол',
  version: 1,
  recognise: { headers: ['school', 'mark'] },
  headers: [{ since: 2000, map: { ОО: 'school', Оценка: 'mark' } }],
  block: /^(?<code>\d\d) - (?<exam>\S+) (?<held_on>[\d.]+)$/,
  delivery: ['exam', 'school'],
  fields: {
    code: field('Code', undefined, { required: true, harmless: true }),
    exam: field('Exam', undefined, { required: true, harmless: true }),
    held_on: field('Day', calendarDate, { required: true }),
    school: field('School', wholeNumber(), { required: true }),
    mark: field('Mark', wholeNumber({ min: 2, max: 5 }), { required: true }),
  },
})

/** Headers that some year exchanged: letters under the score's. */
export const grades = defineSource('file:///forms/sources/grades.ts', {
  title: 'Оценки',
  version: 1,
  recognise: { headers: ['unit', 'grade', 'score'] },
  headers: [
    { since: 2000, map: { unit: 'unit', 'Reading Grade': 'grade', 'Reading Score': 'score' } },
  ],
  path: /\/(?<year>\d{4})\/[^/]*$/,
  year: 'year',
  exchanged: [['grade', 'score']],
  delivery: ['year'],
  fields: {
    year: field('Year', year, { required: true }),
    unit: field('Unit', undefined, { required: true, harmless: true }),
    grade: field('Letter', oneOf('A', 'B', 'C', 'D', 'F')),
    score: field('Score', decimalNumber({ min: 0, max: 100 })),
  },
})

export const forms = [scores, protocol, grades]

/** The same without tasks: of a work its total alone. */
export const totals = defineSource('file:///forms/sources/scores.ts', {
  ...scores.form,
  repeated: undefined,
  rules: [],
} as unknown as typeof scores.form)
