import { decimalNumber, wholeNumber } from '../contract/shape.ts'
import { defineSource, field } from '../contract/source.ts'
import { subjectMeant } from '../parameters/subject_name.ts'
import { participantCode } from './parts/code.ts'
import { journalMark } from './parts/mark.ts'
import { schoolLogin } from './parts/school_reference.ts'
import {
  bothPartsWritten,
  taskColumns,
  tasksAddUp,
  taskWithinMaximum,
} from './parts/task_columns.ts'

/**
 * The form that schools fill in (DOMAIN §2.1.2). It does not say whose it is: subject, grade and year stand in its file’s name, the
 * school’s login comes with `--fact`, `delivery.json` or the name of the folder or file.
 */
export const vprCollection = defineSource(import.meta.url, {
  title: 'ВПР: форма сбора результатов',
  version: 3,
  recognise: { headers: ['participant', 'test_form', 'journal_mark', 'raw_score'] },
  headers: [
    {
      since: 2018,
      map: {
        'Код участника': 'participant',
        Код: 'participant',
        Вариант: 'test_form',
        'Вариант (часть 1)': 'test_form',
        'Вариант (часть 2)': 'second_form',
        'Порядковый номер класса': 'class_group',
        'Класс № (список формируется из листа "Классы")': 'class_group',
        'Отметка за предыдущий триместр/ четверть/полугодие': 'journal_mark',
        'Отметка за предыдущий триместр/четверть/полугодие': 'journal_mark',
        'Итого баллов': 'raw_score',
      },
    },
  ],
  path: /(?:.*(?<login>(?:edu|sch)\d{6}))?.*Форма[ _]сбора[ _]результатов[ _]+(?<subject>[^\\/]+?)[ _]+(?<grade>\d{1,2})[ _]+класс[ _]+ВПР[ _]+(?<year>\d{4})/i,
  year: 'year',
  repeated: taskColumns,
  /** Rows filled in advance have no participant: the formula of the total gives 0, or the lists of the right side follow at once. */
  skip: [/^(?:\d{0,3}|отсутствовал|нет отметки|[XХ])(?:\s*\||$)/i],
  rules: [bothPartsWritten, taskWithinMaximum, tasksAddUp('raw_score', 'итог')],
  personal: [
    { headers: ['ФИО', 'Фамилия', 'Имя', 'Отчество', 'Дата рождения'], action: 'refuse' },
    { headers: ['Пол'], action: 'drop' },
  ],
  delivery: ['year', 'subject', 'grade', 'login'],
  fields: {
    year: field('год проведения', wholeNumber({ min: 2015, max: 2100 }), { required: true }),
    subject: field('предмет', undefined, {
      required: true,
      harmless: true,
      meaning: subjectMeant,
    }),
    grade: field('класс (параллель)', wholeNumber({ min: 1, max: 11 }), { required: true }),
    login: field('логин школы', schoolLogin, { required: true }),
    participant: field('код участника; каждый год новый', participantCode, {
      required: true,
    }),
    test_form: field('вариант или «отсутствовал»', undefined, { harmless: true }),
    second_form: field('вариант второй части, если работа из двух', undefined, { harmless: true }),
    class_group: field('номер класса в параллели', undefined, {
      harmless: true,
    }),
    journal_mark: field('отметка по журналу за последний период', journalMark),
    raw_score: field('сумма баллов', decimalNumber({ min: 0 })),
  },
})
