import { sql } from 'kysely'
import { boolean, decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { medalContender } from '../entities/medal_contender.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'
import { dimSchool } from './dim_school.ts'
import { dimSubject } from './dim_subject.ts'

export const fctMedalContender = defineModel(import.meta.url, {
  doc: 'Строка — претендент на медаль, предмет ЕГЭ и учебный год.',
  grain: ['school_year', 'school_key', 'pupil_key', 'subject'],
  references: { school_key: dimSchool, subject: dimSubject },
  columns: {
    school_key: text('школа'),
    pupil_key: text('претендент на медаль'),
    school_year: integer('год окончания учебного года'),
    degree: integer('степень медали: 1 или 2'),
    subject: text('предмет ЕГЭ или all (результатов не передано)'),
    test_score: nullable(decimal('тестовый балл; у базовой математики — отметка', 9, 2)),
    is_awarded: nullable(boolean('медаль вручена')),
    ...origin,
  },
  select: () => sql`
    select ref.school_key, m.pupil_ref as pupil_key, m.school_year, m.degree, subject.subject, m.test_score, m.is_awarded,
           m._file, m._sheet, m._row
    from ${medalContender} as m
    join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)
    join ${bridgeSubjectName} as subject on subject.printed = m.subject`,
})
