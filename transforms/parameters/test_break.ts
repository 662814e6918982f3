import { integer, text } from '../contract/column.ts'
import { defineParameters } from '../contract/parameter.ts'

export const testBreak = defineParameters(import.meta.url, {
  doc: 'Строка — процедура, предмет, класс и учебный год, с которого результаты не сравнимы с прежними.',
  grain: ['procedure', 'subject', 'grade', 'school_year'],
  columns: {
    procedure: text('оценочная процедура'),
    subject: text('предмет или all (сводно по предметам)'),
    grade: text('класс или all (сводно по классам)'),
    school_year: integer('первый учебный год новой модели работы: год окончания'),
    note: text('что изменилось'),
  },
  rows: [
    {
      procedure: 'vpr',
      subject: 'all',
      grade: 'all',
      school_year: 2025,
      note: 'в 2025 году новая модель ВПР: другие число заданий, время и максимальные баллы',
      scope: 'all',
      valid_from: null,
      valid_to: null,
      source: 'DOMAIN 2.1.3',
      tag: 'W13',
    },
    {
      procedure: 'oge',
      subject: 'russian',
      grade: '9',
      school_year: 2025,
      note: 'в 2025 году новые максимальный балл и шкала ОГЭ по русскому языку',
      scope: 'all',
      valid_from: null,
      valid_to: null,
      source: 'DOMAIN 2.2.2: letter 04-41 of 13.02.2025',
      tag: 'W3',
    },
  ],
})
