import { date, decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const result = defineEntity(import.meta.url, {
  doc: 'One row per pupil, procedure, subject, school year and attempt. The absent are not here.',
  grain: [
    'procedure',
    'subject',
    'grade',
    'school_year',
    'season',
    'attempt',
    'school_ref',
    'pupil_ref',
  ],
  columns: {
    procedure: text('vpr, oge, gve9, ege, ege_base, …: a code of parameters.procedure'),
    subject: text('Subject as printed'),
    grade: integer('Grade that the pupil is in'),
    programme_grade: integer('Grade whose programme is tested'),
    school_year: integer('Year in which the school year ends'),
    season: text('spring, autumn'),
    attempt: text('main, reserve, september'),
    held_on: nullable(date('Day of the work')),
    school_ref: text('The school as the form names it'),
    school_ref_system: text('fis_oko (login), ris_gia (code), register (code)'),
    pupil_ref: text('Participant’s code or keyed hash; never a name'),
    class_group: nullable(text('Class as printed')),
    test_form: nullable(text('Form (variant) of the test')),
    raw_score: nullable(decimal('Primary score', 9, 2)),
    max_raw_score: nullable(decimal('Greatest primary score possible', 9, 2)),
    mark: nullable(integer('Mark 2–5 as delivered')),
    test_score: nullable(decimal('Scaled score 0–100', 9, 2)),
    journal_mark: nullable(integer('Mark 2–5 that the teacher gave for the last term')),
    precedence: integer(
      'Where several forms deliver a school’s works of a subject and school year, those of the lowest stand',
    ),
    ...origin,
  },
})
