import { boolean, decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const medalContender = defineEntity(import.meta.url, {
  doc: 'One row per medal contender and exam subject in a school year; a contender without exams has one row with subject all.',
  grain: ['school_year', 'school_ref', 'pupil_ref', 'subject'],
  columns: {
    school_year: integer('Year in which the school year ends'),
    school_ref: text('The school as the form names it'),
    school_ref_system: text('fis_oko, ris_gia, register'),
    pupil_ref: text('Participant’s code'),
    degree: integer('1 or 2'),
    subject: text('Exam subject as printed; «Математика базовая» has a mark instead of a score'),
    test_score: nullable(decimal('Test score 0–100, or the mark 2–5 of base mathematics', 9, 2)),
    is_awarded: nullable(boolean('The medal was given')),
    ...origin,
  },
})
