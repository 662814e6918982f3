import { sql } from 'kysely'
import { decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { olympiad } from '../entities/olympiad.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'
import { dimSchool } from './dim_school.ts'
import { dimSubject } from './dim_subject.ts'

export const fctOlympiad = defineModel(import.meta.url, {
  doc: 'One row per participant, subject and stage of the olympiad in a school year.',
  grain: ['school_year', 'stage', 'subject', 'school_key', 'pupil_key'],
  references: { school_key: dimSchool, subject: dimSubject },
  columns: {
    school_key: text('School'),
    pupil_key: text('Participant'),
    school_year: integer('Year in which the school year ends'),
    stage: text('school, municipal, regional, final'),
    subject: text('Subject'),
    grade: text('Grade for which the pupil wrote, or all'),
    score: nullable(decimal('Score', 9, 2)),
    max_score: nullable(decimal('Greatest score possible', 9, 2)),
    status: text('winner, prize_winner, participant'),
    ...origin,
  },
  select: () => sql`
    select ref.school_key, o.pupil_ref as pupil_key, o.school_year, o.stage, subject.subject,
           coalesce(o.grade::varchar, 'all') as grade, o.score, o.max_score, o.status, o._file, o._sheet, o._row
    from ${olympiad} as o
    join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)
    join ${bridgeSubjectName} as subject on subject.printed = o.subject`,
})
