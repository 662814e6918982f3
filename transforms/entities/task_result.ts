import { integer, list, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

interface Task {
  readonly code: string
  readonly place: number
  readonly maximum: number
  readonly difficulty: string | null
}

export const taskResult = defineEntity(import.meta.url, {
  doc: 'One row per pupil, procedure, subject, school year and attempt: the scores of the tasks.',
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
    tasks: list<Task>(
      'STRUCT(code VARCHAR, place INTEGER, maximum INTEGER, difficulty VARCHAR)',
      'Tasks of the work: code as printed without its maximum (9.1, 4К1), place from 1, greatest score, difficulty (basic, advanced, high; null: the form does not say)',
    ),
    scores: list<number | null>(
      'INTEGER',
      'Score of each task; 0 when not attempted, null where the form has no cell',
    ),
    attempted: list<boolean | null>('BOOLEAN', 'Of each task: false where the form has X'),
    ...origin,
  },
})
