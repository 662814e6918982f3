import { sql } from 'kysely'
import { boolean, integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { result } from '../entities/result.ts'
import { resultGroup } from '../entities/result_group.ts'
import { schoolContext } from '../entities/school_context.ts'
import { staff } from '../entities/staff.ts'

export const dimSchoolYear = defineModel(import.meta.url, {
  doc: 'Строка — учебный год от первого до последнего, о которых есть данные.',
  grain: ['school_year'],
  columns: {
    school_year: integer('год окончания учебного года'),
    label: text('учебный год словами: «2025/26»'),
    is_last: boolean('последний год'),
  },
  select: () => sql`
    with known as (
      select school_year from ${result}
      union
      select school_year from ${resultGroup}
      union
      select school_year from ${schoolContext}
      union
      select school_year from ${staff}
    )
    select school_year::integer as school_year,
           (school_year - 1) || '/' || lpad((school_year % 100)::varchar, 2, '0') as label,
           school_year = (select max(school_year) from known) as is_last
    from range((select min(school_year) from known), (select max(school_year) from known) + 1) as year(school_year)`,
})
