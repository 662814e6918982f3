import { sql } from 'kysely'
import { date, integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { dimSchool } from '../core/dim_school.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
import { fctResult } from '../core/fct_result.ts'
import { fctSchoolContext } from '../core/fct_school_context.ts'

export const martPublication = defineModel(import.meta.url, {
  doc: 'One row: what the numbers cover. An edition adds which generation it is and when it was published.',
  grain: ['first_year'],
  columns: {
    first_year: nullable(integer('First school year')),
    last_year: nullable(integer('Last school year')),
    last_year_label: text('«2025/26»'),
    schools: integer('Schools open in the last year'),
    pupils: nullable(integer('Pupils in the last year')),
    results: integer('Pupils’ results in all years'),
    data_as_of: nullable(date('Day of the latest work')),
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
