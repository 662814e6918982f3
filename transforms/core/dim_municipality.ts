import { sql } from 'kysely'
import { text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { dimSchool } from './dim_school.ts'

export const dimMunicipality = defineModel(import.meta.url, {
  doc: 'One row per municipality, named as the latest register names it.',
  grain: ['municipality_key'],
  columns: {
    municipality_key: text('Code, or the name where there is no code'),
    name: text('Name'),
    region_key: text('Region, or all'),
  },
  select: () => sql`
    select municipality_key, max_by(municipality_name, (valid_from_year, school_key)) as name,
           max_by(region_key, (valid_from_year, school_key)) as region_key
    from ${dimSchool}
    group by municipality_key`,
})
