import { sql } from 'kysely'
import { date, integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { dimSchool } from '../core/dim_school.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
import { fctResult } from '../core/fct_result.ts'
import { fctSchoolContext } from '../core/fct_school_context.ts'

export const martPublication = defineModel(import.meta.url, {
  doc: 'Строка — весь выпуск (единственная): что охватывают числа. Издание добавляет номер выпуска и дату публикации.',
  grain: ['first_year'],
  columns: {
    first_year: nullable(integer('первый учебный год: год окончания')),
    last_year: nullable(integer('последний учебный год: год окончания')),
    last_year_label: text('последний учебный год словами: «2025/26»'),
    schools: integer('школ, открытых в последнем году'),
    pupils: nullable(integer('учеников в последнем году')),
    results: integer('результатов учеников за все годы'),
    data_as_of: nullable(date('день последней работы')),
  },
  select: () => sql`
    select min(school_year) as first_year, max(school_year) as last_year,
           coalesce(max(label) filter (where is_last), '—') as last_year_label,
           (select count(*) from ${dimSchool} where is_current and not is_inferred and closed_on is null)::integer as schools,
           (select sum(value) from ${fctSchoolContext} where measure = 'pupils' and school_year = (select max(school_year) from ${dimSchoolYear}))::integer as pupils,
           (select count(*) from ${fctResult})::integer as results,
           (select max(held_on) from ${fctResult}) as data_as_of
    from ${dimSchoolYear}`,
})
