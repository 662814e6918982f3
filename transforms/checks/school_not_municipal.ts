import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { dimSchool } from '../core/dim_school.ts'
import { fctResult } from '../core/fct_result.ts'

export const schoolNotMunicipal = defineCheck(import.meta.url, {
  title: 'Частная или федеральная школа среди муниципальных',
  severity: 'warning',
  what: 'У школы с результатами за год учредитель по справочнику частный или федеральный. Её ученики вошли в средние по муниципалитету. Каждый год считается отдельно.',
  when: 'Когда по средним судят о работе муниципалитета: за такую школу отвечает не он.',
  remedy:
    'На странице школы и в столбце founder таблицы core.dim_school сказано, чья она. Если учредитель указан неверно, исправьте справочник школ и загрузите его снова; если верно — оговорите это рядом со средними.',
  partition: ['school_year'],
  about: fctResult,
  select: () => sql`
    select distinct r.school_key, s.short_name as school_name, s.founder, r.school_year
    from ${fctResult} as r
    join ${dimSchool} as s using (school_version_key)
    where s.founder in ('private', 'federal')`,
})
