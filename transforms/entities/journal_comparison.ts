import { integer, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const journalComparison = defineEntity(import.meta.url, {
  doc: 'One row per group of pupils, procedure, subject, grade and school year: external marks against journal marks, as delivered.',
  grain: ['procedure', 'subject', 'grade', 'school_year', 'level', 'unit_ref'],
  columns: {
    procedure: text('Code of parameters.procedure'),
    subject: text('Subject as printed'),
    grade: integer('Grade'),
    school_year: integer('Year in which the school year ends'),
    level: text('country, region, municipality, school'),
    unit_ref: text('The unit as the form names it'),
    unit_ref_system: text('fis_oko, ris_gia, register; name for units that are no school'),
    participants: integer('Pupils compared'),
    lowered: integer('External mark below the journal’s'),
    confirmed: integer('Equal'),
    raised: integer('External mark above the journal’s'),
    ...origin,
  },
})
