import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { dimSchool } from '../core/dim_school.ts'
import { fctResult } from '../core/fct_result.ts'
import { fctResultGroup } from '../core/fct_result_group.ts'

/** Tolerance 0.1 percentage points (DOMAIN 2.13). */
export const deliveredDiffers = defineCheck(import.meta.url, {
  title: 'Готовый итог расходится со строками учеников',
  severity: 'warning',
  what: 'Доля отметки «2» в переданном итоге школы (Ф3) отличается от посчитанной по ученикам (Ф1) больше чем на 0,1 п. п., или не совпадает число участников.',
  when: 'Важно всегда: один из двух файлов старее. Показатели посчитаны по строкам учеников.',
  remedy: 'Выгрузите оба отчёта заново в один день и загрузите их: mera refresh.',
  partition: ['procedure', 'school_year', 'grade'],
  about: fctResultGroup,
  select: () => sql`
    with counted as (
      select procedure, subject, grade, school_year, school_key as unit_key, count(*)::integer as n,
             count_if(mark = 2) / count(*) as share_2
      from ${fctResult}
      where attempt = 'main' and mark is not null
      group by all
    )
    select g.unit_key, s.short_name as school_name, g.level, g.procedure, g.subject, g.grade, g.school_year,
           g.participants, c.n, g.share_2 as delivered, c.share_2 as counted
    from ${fctResultGroup} as g
    join counted as c using (procedure, subject, grade, school_year, unit_key)
    left join ${dimSchool} as s on s.school_key = g.unit_key and s.is_current
    where g.level = 'school' and (g.participants <> c.n or round(abs(g.share_2 - c.share_2), 9) > 0.001)`,
})
