import { integer, nullable, double, text } from '../contract/column.ts'
import { defineParameters } from '../contract/parameter.ts'

export const norm = defineParameters(import.meta.url, {
  doc: 'One row per indicator (and procedure, subject, grade) with a norm approved by a document. Empty until the office approves some.',
  grain: ['indicator', 'procedure', 'subject', 'grade', 'from_year'],
  columns: {
    indicator: text('Indicator'),
    procedure: text('Procedure, or all'),
    subject: text('Subject, or all'),
    grade: text('Grade, or all'),
    from_year: integer('First school year in force'),
    to_year: nullable(integer('Last school year in force')),
    value: double('The norm'),
    document: text('Russian: the document that approves it'),
  },
  rows: [],
})
