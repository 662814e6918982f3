import { integer, nullable, double, text } from '../contract/column.ts'
import { defineParameters } from '../contract/parameter.ts'

export const norm = defineParameters(import.meta.url, {
  doc: 'Строка — показатель, процедура, предмет, класс и первый учебный год нормы, утверждённой документом. Пока норм нет, таблица пуста.',
  grain: ['indicator', 'procedure', 'subject', 'grade', 'from_year'],
  columns: {
    indicator: text('показатель: имя его таблицы'),
    procedure: text(
      'оценочная процедура, all (не по процедурам) или any (каждая, где нормы точнее нет)',
    ),
    subject: text(
      'предмет, all (сводно по предметам) или any (каждый и сводно, где нормы точнее нет)',
    ),
    grade: text('класс, all (сводно по классам) или any (каждый и сводно, где нормы точнее нет)'),
    from_year: integer('первый учебный год действия: год окончания'),
    to_year: nullable(integer('последний учебный год действия: год окончания')),
    value: double('норма в единицах показателя'),
    document: text('документ, которым утверждена'),
  },
  rows: [],
})
