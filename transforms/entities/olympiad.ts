import { decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const olympiad = defineEntity(import.meta.url, {
  doc: 'One row per participant, subject and stage of the olympiad in a school year.',
  grain: ['school_year', 'stage', 'subject', 'school_ref', 'pupil_ref'],
  columns: {
    school_year: integer('Year in which the school year ends'),
    stage: text('school, municipal, regional, final'),
    subject: text('Subject as printed'),
    school_ref: text('The school as the form names it'),
    school_ref_system: text('fis_oko, ris_gia, register'),
    pupil_ref: text('Participant’s code or keyed hash'),
    grade: nullable(integer('Grade for which the pupil wrote')),
    score: nullable(decimal('Score', 9, 2)),
    max_score: nullable(decimal('Greatest score possible', 9, 2)),
    status: text('winner, prize_winner, participant'),
    ...origin,
  },
})
