import { sql } from 'kysely'
import { boolean, decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { medalContender } from '../entities/medal_contender.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'
import { dimSchool } from './dim_school.ts'
import { dimSubject } from './dim_subject.ts'

export const fctMedalContender = defineModel(import.meta.url, {
  doc: 'One row per medal contender and exam subject in a school year.',
  grain: ['school_year', 'school_key', 'pupil_key', 'subject'],
  references: { school_key: dimSchool, subject: dimSubject },
  columns: {
    school_key: text('School'),
    pupil_key: text('Contender'),
    school_year: integer('Year in which the school year ends'),
    degree: integer('1 or 2'),
    subject: text('Exam subject, or all: no exam delivered'),
    test_score: nullable(decimal('Test score, or the mark of base mathematics', 9, 2)),
    is_awarded: nullable(boolean('The medal was given')),
    ...origin,
  },
  select: () => sql`
    select ref.school_key, m.pupil_ref as pupil_key, m.school_year, m.degree, subject.subject, m.test_score, m.is_awarded,
           m._file, m._sheet, m._row
    from ${medalContender} as m
    join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)
    join ${bridgeSubjectName} as subject on subject.printed = m.subject`,
})
