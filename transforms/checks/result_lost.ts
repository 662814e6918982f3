import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { bridgeSchoolRef } from '../core/bridge_school_ref.ts'
import { bridgeSubjectName } from '../core/bridge_subject_name.ts'
import { fctResult } from '../core/fct_result.ts'
import { result } from '../entities/result.ts'

export const resultLost = defineCheck(import.meta.url, {
  title: 'Результаты потеряны между слоями',
  severity: 'error',
  what: 'Загруженный результат не стал строкой факта, хотя более полная форма его не заменяет: школа или предмет не нашлись ни в одном измерении.',
  when: 'Всегда: средние посчитаны не по всем ученикам.',
  remedy:
    'Проверьте справочник школ и settings/school-aliases.json; mera describe fct_result говорит, с чем соединяется факт.',
  partition: ['school_year'],
  about: result,
  select: () => sql`
    with incomplete as (
      select _file
      from (select _file, count(*) as n from ${result} group by all) as delivered
      left join (select _file, count(*) as n from ${fctResult} group by all) as kept using (_file)
      where kept.n is distinct from delivered.n
    ),
    lost as (
      select r.*, ref.school_key, subject.subject as subject_key
      from (from ${result} semi join incomplete using (_file)) as r
      left join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)
      left join ${bridgeSubjectName} as subject on subject.printed = r.subject
      anti join ${fctResult} as f
        on f._file = r._file and f._sheet = r._sheet and f._row = r._row and f.attempt = r.attempt and f.subject = subject.subject
    )
    select procedure, subject, grade, school_year, season, attempt, school_ref_system, school_ref, pupil_ref
    from lost
    where not exists (
        from ${result} as richer
        join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)
        join ${bridgeSubjectName} as subject on subject.printed = richer.subject
        where richer.precedence < lost.precedence and ref.school_key = lost.school_key and subject.subject = lost.subject_key
          and richer.procedure = lost.procedure and richer.programme_grade = lost.programme_grade and richer.school_year = lost.school_year
          and richer.season = lost.season and richer.attempt = lost.attempt
      )`,
})
