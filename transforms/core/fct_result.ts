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
  doc: 'Строка — ученик, процедура, предмет, учебный год и попытка; работа, которую принесли две формы, стоит один раз.',
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
  partition: ['procedure', 'school_year', 'programme_grade'],
  references: { procedure: dimProcedure, subject: dimSubject, school_version_key: dimSchool },
  columns: {
    school_key: text('школа'),
    school_version_key: text('версия школы в этом году'),
    pupil_key: text('ученик; коды ВПР каждый год новые и годы не связывают'),
    procedure: text('оценочная процедура'),
    subject: text('предмет'),
    grade: text('класс, в котором ученик учится'),
    programme_grade: text('класс, по программе которого работа'),
    school_year: integer('год окончания учебного года'),
    season: text('время проведения: spring — весна, autumn — осень'),
    attempt: text('период: main — основной, reserve — резервные дни, september — сентябрь'),
    held_on: nullable(date('день работы')),
    class_group: nullable(text('класс с буквой или номером, как напечатан')),
    test_form: nullable(text('вариант')),
    raw_score: nullable(decimal('первичный балл', 9, 2)),
    max_raw_score: nullable(decimal('максимальный первичный балл', 9, 2)),
    mark: nullable(integer('отметка от 2 до 5, как в файле')),
    test_score: nullable(decimal('тестовый балл, 0–100', 9, 2)),
    journal_mark: nullable(integer('отметка по журналу за последний период, от 2 до 5')),
    ...origin,
  },
  select: () => sql`
    with delivery as (
      select distinct r.procedure, subject.subject, r.programme_grade, r.school_year, r.season, r.attempt, ref.school_key, r.precedence
      from ${result} as r
      join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)
      join ${bridgeSubjectName} as subject on subject.printed = r.subject
      where r.precedence > 1
    ),
    superseded as (
      select distinct d.*
      from delivery as d
      join ${result} as r on r.procedure = d.procedure and r.programme_grade = d.programme_grade and r.school_year = d.school_year and r.season = d.season
       and r.attempt = d.attempt and r.precedence < d.precedence
      join ${bridgeSchoolRef} as ref on ref.school_ref_system = r.school_ref_system and ref.school_ref = r.school_ref and ref.school_key = d.school_key
      join ${bridgeSubjectName} as subject on subject.printed = r.subject and subject.subject = d.subject
    ),
    work as not materialized (
      select ref.school_key,
             school.school_version_key,
             case when starts_with(r.procedure, 'vpr') then concat(r.procedure, '-', r.school_year, '-', ref.school_key, '-', r.pupil_ref) else r.pupil_ref end as pupil_key,
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
             r._row,
             r.precedence
      from ${result} as r
      join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)
      join ${bridgeSubjectName} as subject on subject.printed = r.subject
      join ${dimSchool} as school
        on school.school_key = ref.school_key and school.valid_from_year <= r.school_year and r.school_year < school.valid_to_year
    )
    select * exclude (precedence) from work where precedence = 1
    union all
    select * exclude (precedence) from work
    anti join superseded as s
      on s.procedure = work.procedure and s.subject = work.subject and s.programme_grade::varchar = work.programme_grade
     and s.school_year = work.school_year and s.season = work.season and s.attempt = work.attempt
     and s.school_key = work.school_key and s.precedence = work.precedence
    where work.precedence > 1`,
})
