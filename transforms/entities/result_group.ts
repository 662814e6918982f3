import { decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const resultGroup = defineEntity(import.meta.url, {
  doc: 'One row per group of pupils (country, region, municipality, school), procedure, subject, grade and school year, as delivered.',
  grain: ['procedure', 'subject', 'grade', 'school_year', 'level', 'unit_ref'],
  columns: {
    procedure: text('Code of parameters.procedure'),
    subject: text('Subject as printed, or all'),
    grade: nullable(integer('Grade; null where the procedure covers all')),
    school_year: integer('Year in which the school year ends'),
    level: text('country, region, municipality, school'),
    unit_ref: text('The unit as the form names it; страна — её название, регион — код, если лист его выдаёт, иначе название'),
    unit_ref_system: text('fis_oko, ris_gia, register; name for units that are no school'),
    unit_name: text('Единица, как она напечатана, без кода'),
    schools: nullable(integer('Number of schools in the group')),
    participants: nullable(integer('Number of pupils')),
    share_2: nullable(decimal('Share of marks 2, 0–1', 9, 6)),
    share_3: nullable(decimal('Share of marks 3', 9, 6)),
    share_4: nullable(decimal('Share of marks 4', 9, 6)),
    share_5: nullable(decimal('Share of marks 5', 9, 6)),
    mean_score: nullable(decimal('Mean score on the procedure’s scale', 12, 6)),
    grade_label: nullable(text('A letter or band that the authority gave to the group')),
    ...origin,
  },
})
