import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { dimSchool } from '../core/dim_school.ts'
import { fctResult } from '../core/fct_result.ts'
import { fctSchoolContext } from '../core/fct_school_context.ts'

export const branchWithoutResults = defineCheck(import.meta.url, {
  title: 'У филиала нет своих результатов',
  severity: 'warning',
  what: 'В филиале учатся дети (у российских школ — по ОО-1), другие школы писали работу в тех же классах, а под филиалом нет ни одной: вероятно, они переданы под головной школой.',
  when: 'Важно всегда: показатели головной школы считают и детей филиала, а ряд филиала по годам оборван.',
  remedy:
    'Спросите головную школу, чьи работы она передала; у неё работ больше, чем учеников в классе. Если филиал писал под своим логином, выгрузите отчёты с ним и загрузите: mera refresh. Если все его работы идут под головной, сравнивайте её результаты с учётом филиала.',
  partition: ['school_year'],
  about: fctSchoolContext,
  select: () => sql`
    with pupil as (
      select school_key, school_year, substr(measure, length('pupils_grade_') + 1) as grade
      from ${fctSchoolContext}
      where starts_with(measure, 'pupils_grade_') and value > 0
    ),
    written as (
      -- The form that schools fill in tells of the same works as Ф1.
      select distinct if(procedure = 'vpr_collection', 'vpr', procedure) as procedure, school_year, grade, school_key from ${fctResult}
    )
    select distinct s.school_key, s.short_name as school_name, p.school_year, w.procedure
    from ${dimSchool} as s
    join pupil as p
      on p.school_key = s.school_key and s.valid_from_year <= p.school_year and p.school_year < s.valid_to_year
    join written as w on w.school_year = p.school_year and w.grade = p.grade
    where s.is_branch
      and not exists (
        from written as own
        where own.school_key = s.school_key and own.school_year = p.school_year and own.procedure = w.procedure
      )`,
})
