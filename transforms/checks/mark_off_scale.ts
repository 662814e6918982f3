import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { dimSchool } from '../core/dim_school.ts'
import { dimTestVersion } from '../core/dim_test_version.ts'
import { fctResult } from '../core/fct_result.ts'

export const markOffScale = defineCheck(import.meta.url, {
  title: 'Отметка не по шкале',
  severity: 'warning',
  what: 'Отметка за ВПР не та, которую даёт первичный балл по шкале этого года.',
  when: 'Школа могла сдвинуть шкалу или ошибиться при вводе. Для ОГЭ не проверяется: там отметка зависит не только от суммы.',
  remedy: 'Сверьте строки с протоколом: mera trace core.fct_result показывает ячейки.',
  partition: ['procedure', 'school_year', 'grade'],
  about: fctResult,
  select: () => sql`
    select r.school_key, s.short_name as school_name, r.pupil_key, r.procedure, r.subject, r.grade, r.school_year, r.season, r.attempt,
           r.raw_score, r.mark,
           2 + (r.raw_score >= t.from_3)::integer + (r.raw_score >= t.from_4)::integer + (r.raw_score >= t.from_5)::integer as mark_by_scale
    from ${fctResult} as r
    join ${dimTestVersion} as t using (procedure, subject, grade, school_year)
    left join ${dimSchool} as s on s.school_version_key = r.school_version_key
    where r.procedure = 'vpr' and r.mark is not null and r.raw_score is not null and t.from_3 is not null
      and r.mark <> mark_by_scale`,
})
