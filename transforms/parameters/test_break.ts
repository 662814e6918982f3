import { integer, text } from '../contract/column.ts'
import { defineParameters } from '../contract/parameter.ts'

export const testBreak = defineParameters(import.meta.url, {
  doc: 'One row per procedure, subject, grade and school year from which results are not comparable with earlier ones.',
  grain: ['procedure', 'subject', 'grade', 'school_year'],
  columns: {
    procedure: text('Procedure'),
    subject: text('Subject, or all'),
    grade: text('Grade, or all'),
    school_year: integer('First school year of the new test'),
    note: text('Russian: what changed'),
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
