import { boolean, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const taskResult = defineEntity(import.meta.url, {
  doc: 'One row per pupil, procedure, subject, school year, attempt and task.',
  grain: [
    'procedure',
    'subject',
    'grade',
    'school_year',
    'season',
    'attempt',
    'school_ref',
    'pupil_ref',
    'task_code',
  ],
  partition: '_file',
  columns: {
    procedure: text('Code of parameters.procedure'),
    subject: text('Subject as printed'),
    grade: integer('Grade that the pupil is in'),
    school_year: integer('Year in which the school year ends'),
    season: text('spring, autumn'),
    attempt: text('main, reserve, september'),
    school_ref: text('The school as the form names it'),
    school_ref_system: text('fis_oko, ris_gia, register'),
    pupil_ref: text('Participant’s code or keyed hash'),
    test_form: nullable(text('Form (variant) of the test')),
    task_code: text('Task as printed, without its maximum: 9.1, 4К1'),
    task_order: integer('Place in the work, from 1'),
    max_score: integer('Greatest score of the task'),
    difficulty: nullable(text('basic, advanced, high')),
    score: integer('Score; 0 when not attempted'),
    is_attempted: boolean('False where the form has X'),
    ...origin,
  },
})
