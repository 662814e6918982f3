import { integer, text } from '../contract/column.ts'
import { defineParameters } from '../contract/parameter.ts'

const order = {
  from_year: 2019,
  base_mark_from: 5,
  document: 'приказ № 730 от 29.09.2023',
  scope: 'all',
  valid_from: null,
  valid_to: null,
  source: 'DOMAIN 3.3',
  tag: 'W17',
} as const

export const medalRule = defineParameters(import.meta.url, {
  doc: 'Строка — степень медали и первый учебный год: баллы ЕГЭ, которыми она подтверждается.',
  grain: ['degree', 'from_year'],
  columns: {
    degree: integer('степень медали: 1 или 2'),
    from_year: integer('первый учебный год действия: год окончания'),
    russian_from: integer('наименьший балл по русскому языку'),
    second_from: integer('наименьший балл по ещё одному предмету'),
    base_mark_from: integer('наименьшая отметка по базовой математике, если сдавали только её'),
    document: text('документ'),
  },
  rows: [
    { degree: 1, russian_from: 70, second_from: 70, ...order },
    { degree: 2, russian_from: 60, second_from: 60, ...order },
  ],
})
