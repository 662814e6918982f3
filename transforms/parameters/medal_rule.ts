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
  doc: 'One row per degree of the medal: scores of ЕГЭ that confirm it.',
  grain: ['degree', 'from_year'],
  columns: {
    degree: integer('1 or 2'),
    from_year: integer('First school year in force'),
    russian_from: integer('Lowest score in Russian'),
    second_from: integer('Lowest score in one more subject'),
    base_mark_from: integer('Lowest mark in base mathematics, where only that was taken'),
    document: text('Russian: the document'),
  },
  rows: [
    { degree: 1, russian_from: 70, second_from: 70, ...order },
    { degree: 2, russian_from: 60, second_from: 60, ...order },
  ],
})
