import { decimalNumber } from '../contract/shape.ts'
import { defineSource, field, type RowRule } from '../contract/source.ts'
import { participantCode } from './parts/code.ts'
import { journalMark, mark } from './parts/mark.ts'
import { schoolLogin } from './parts/school_reference.ts'
import {
  bothPartsWritten,
  isAbsent,
  taskColumns,
  tasksAddUp,
  taskWithinMaximum,
} from './parts/task_columns.ts'
import { vprPreamble, vprPreambleFields } from './parts/vpr_preamble.ts'

const hasScore: RowRule = {
  code: 'no-score',
  at: 'raw_score',
  broken: (row) =>
    (row.fields['raw_score'] ?? null) === null && !isAbsent(row)
      ? 'нет первичного балла, а участник не отмечен как отсутствовавший'
      : undefined,
}
const scoreWithinMaximum: RowRule = {
  code: 'score-over-maximum',
  at: 'raw_score',
  broken: ({ fields }) => {
    const score = Number(fields['raw_score'] ?? 0)
    const greatest = Number(fields['max_raw_score'] ?? Number.POSITIVE_INFINITY)
    return score > greatest
      ? `первичный балл ${String(score).replace('.', ',')} больше максимального ${String(greatest)}`
      : undefined
  },
}

/** Report Ф1 of ФИС ОКО: a row per pupil (DOMAIN §2.1.1). */
export const vprIndividual = defineSource(import.meta.url, {
  title: 'ВПР: индивидуальные результаты (Ф1)',
  version: 3,
  recognise: {
    title: /Индивидуальные результаты/i,
    headers: ['login', 'participant', 'raw_score'],
  },
  headers: [
    {
      since: 2018,
      map: {
        ОО: 'login',
        Логин: 'login',
        'Логин ОО': 'login',
        Муниципалитет: 'municipality',
        'Название ОО': 'school_name',
        'Код участника': 'participant',
        Класс: 'class_group',
        Вариант: 'test_form',
        'Вариант (часть 1)': 'test_form',
        'Вариант (часть 2)': 'second_form',
        'Первичный балл': 'raw_score',
        Отметка: 'mark',
        'Отметка по журналу': 'journal_mark',
      },
    },
  ],
  above: vprPreamble,
  year: 'year',
  repeated: taskColumns,
  /** Group lines of schools, totals, and formulas copied below the data. */
  skip: [/Кол-во участников\s*:/i, /^[\s|]*Итого/i, /^[\s|]*0?[\s|]*$/],
  rules: [
    bothPartsWritten,
    hasScore,
    scoreWithinMaximum,
    taskWithinMaximum,
    tasksAddUp('raw_score', 'первичный балл'),
  ],
  personal: [
    {
      headers: ['ФИО', 'Фамилия', 'Имя', 'Отчество', 'Пол', 'Дата рождения'],
      action: 'refuse',
    },
  ],
  delivery: ['year', 'subject', 'grade', 'login'],
  deliveredOn: 'reported_on',
  fields: {
    ...vprPreambleFields,
    login: field('логин школы', schoolLogin, { required: true }),
    municipality: field('муниципалитет, как напечатан', undefined, { harmless: true }),
    school_name: field('название школы с логином в скобках', undefined, { harmless: true }),
    participant: field('код участника; каждый год новый', participantCode, {
      required: true,
    }),
    class_group: field('номер класса в параллели', undefined, {
      harmless: true,
    }),
    test_form: field('вариант или «отсутствовал»', undefined, { harmless: true }),
    second_form: field('вариант второй части, если работа из двух', undefined, { harmless: true }),
    raw_score: field('первичный балл', decimalNumber({ min: 0 })),
    mark: field('отметка', mark),
    journal_mark: field('отметка по журналу за последний период', journalMark),
  },
})
