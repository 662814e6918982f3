import { integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const task = defineEntity(import.meta.url, {
  doc: 'Строка — работа, как она напечатана над таблицей листа (процедура, предмет, класс, учебный год, список заданий), и задание.',
  grain: [
    'procedure',
    'subject',
    'grade',
    'school_year',
    'task_list',
    'task_order',
    '_file',
    '_sheet',
  ],
  partition: ['_file'],
  columns: {
    procedure: text('процедура: код из parameters.procedure'),
    subject: text('предмет, как напечатан'),
    grade: integer('класс, в котором ученик учится'),
    school_year: integer('год окончания учебного года'),
    task_list: text('список заданий: одинаковый у таблиц с одними заголовками'),
    task_order: integer('место в работе, с единицы'),
    task_code: text('задание: номер без максимума (9.1, 4К1)'),
    max_score: integer('максимальный балл'),
    difficulty: nullable(
      text(
        'сложность: basic — базовая, advanced — повышенная, high — высокая; пусто — в форме не указана',
      ),
    ),
    ...origin,
  },
})
