import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { dimSchool } from '../core/dim_school.ts'
import { fctResult } from '../core/fct_result.ts'
import { fctSchoolContext } from '../core/fct_school_context.ts'

export const contextMissing = defineCheck(import.meta.url, {
  title: 'Нет контекста школы',
  severity: 'warning',
  what: 'У школы есть результаты за год, но нет числа обучающихся (у российских школ — из ОО-1) за тот же год.',
  when: 'Школа не попадает ни в какой кластер: сравнивать её не с кем.',
  remedy: 'Загрузите сведения об условиях этой школы за этот год (у российских школ — ОО-1).',
  partition: ['school_year'],
  about: fctResult,
  select: () => sql`
    select distinct r.school_key, s.short_name as school_name, r.school_year
    from ${fctResult} as r
    join ${dimSchool} as s using (school_version_key)
    left join ${fctSchoolContext} as c on c.school_key = r.school_key and c.school_year = r.school_year and c.measure = 'pupils'
    where not s.is_inferred and c.school_key is null`,
})
