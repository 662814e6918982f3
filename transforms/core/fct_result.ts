import { sql } from 'kysely'
import { date, decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { result } from '../entities/result.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'
import { dimProcedure } from './dim_procedure.ts'
import { dimSchool } from './dim_school.ts'
import { dimSubject } from './dim_subject.ts'

export const fctResult = defineModel(import.meta.url, {
  doc: 'One row per pupil, procedure, subject, school year and attempt; of works that two forms deliver, once.',
  grain: [
    'procedure',
    'subject',
    'grade',
    'school_year',
    'season',
    'attempt',
    'school_key',
    'pupil_key',
  ],
  partition: 'school_year',
  references: { procedure: dimProcedure, subject: dimSubject, school_version_key: dimSchool },
  columns: {
    school_key: text('School'),
    school_version_key: text('School as it was in that year'),
    pupil_key: text('Pupil; codes of ВПР are issued anew every year, so they never link years'),
    procedure: text('Procedure'),
    subject: text('Subject'),
    grade: text('Grade that the pupil is in'),
    programme_grade: text('Grade whose programme is tested'),
    school_year: integer('Year in which the school year ends'),
    season: text('spring, autumn'),
    attempt: text('main, reserve, september'),
    held_on: nullable(date('Day of the work')),
    class_group: nullable(text('Class as printed')),
    test_form: nullable(text('Form of the test')),
    raw_score: nullable(decimal('Primary score', 9, 2)),
    max_raw_score: nullable(decimal('Greatest primary score possible', 9, 2)),
    mark: nullable(integer('Mark 2–5 as delivered')),
    test_score: nullable(decimal('Scaled score 0–100', 9, 2)),
    journal_mark: nullable(integer('Mark 2–5 that the teacher gave for the last term')),
    ...origin,
  },
  select: () => sql`
    with delivery as (
      select distinct r.procedure, subject.subject, r.school_year, ref.school_key, r.precedence
      from ${result} as r
      join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)
      join ${bridgeSubjectName} as subject on subject.printed = r.subject
      where r.precedence > 1
    ),
    superseded as (
      select distinct d.*
      from delivery as d
      join ${result} as r on r.procedure = d.procedure and r.school_year = d.school_year and r.precedence < d.precedence
      join ${bridgeSchoolRef} as ref on ref.school_ref_system = r.school_ref_system and ref.school_ref = r.school_ref and ref.school_key = d.school_key
      join ${bridgeSubjectName} as subject on subject.printed = r.subject and subject.subject = d.subject
    )
    select ref.school_key,
           school.school_version_key,
           case when starts_with(r.procedure, 'vpr') then r.procedure || '-' || r.school_year || '-' || ref.school_key || '-' || r.pupil_ref else r.pupil_ref end as pupil_key,
           r.procedure,
           subject.subject,
           r.grade::varchar           as grade,
           r.programme_grade::varchar as programme_grade,
           r.school_year,
           r.season,
           r.attempt,
           r.held_on,
           r.class_group,
           r.test_form,
           r.raw_score,
           r.max_raw_score,
           r.mark,
           r.test_score,
           r.journal_mark,
           r._file,
           r._sheet,
           r._row
    from ${result} as r
    join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)
    join ${bridgeSubjectName} as subject on subject.printed = r.subject
    join ${dimSchool} as school
      on school.school_key = ref.school_key and school.valid_from_year <= r.school_year and r.school_year < school.valid_to_year
    anti join superseded as s
      on s.procedure = r.procedure and s.subject = subject.subject and s.school_year = r.school_year
     and s.school_key = ref.school_key and s.precedence = r.precedence`,
})
