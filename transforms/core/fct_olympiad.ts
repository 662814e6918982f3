import { sql } from 'kysely'
import { decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { olympiad } from '../entities/olympiad.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'
import { dimSchool } from './dim_school.ts'
import { dimSubject } from './dim_subject.ts'

export const fctOlympiad = defineModel(import.meta.url, {
  doc: 'Строка — участник, предмет, этап олимпиады и учебный год.',
  grain: ['school_year', 'stage', 'subject', 'school_key', 'pupil_key'],
  references: { school_key: dimSchool, subject: dimSubject },
  columns: {
    school_key: text('школа'),
    pupil_key: text('участник'),
    school_year: integer('год окончания учебного года'),
    stage: text(
      'этап: school — школьный, municipal — муниципальный, regional — региональный, final — заключительный',
    ),
    subject: text('предмет'),
    grade: text('класс, за который выполнял работу, или all (не указан)'),
    score: nullable(decimal('балл', 9, 2)),
    max_score: nullable(decimal('максимально возможный балл', 9, 2)),
    status: text('статус: winner — победитель, prize_winner — призёр, participant — участник'),
    ...origin,
  },
  select: () => sql`
    select ref.school_key, o.pupil_ref as pupil_key, o.school_year, o.stage, subject.subject,
           coalesce(o.grade::varchar, 'all') as grade, o.score, o.max_score, o.status, o._file, o._sheet, o._row
    from ${olympiad} as o
    join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)
    join ${bridgeSubjectName} as subject on subject.printed = o.subject`,
})
