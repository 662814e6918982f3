import { sql } from 'kysely'
import { text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { dimSchool } from './dim_school.ts'

export const dimMunicipality = defineModel(import.meta.url, {
  doc: 'Строка — муниципалитет: назван, как в последнем справочнике школ.',
  grain: ['municipality_key'],
  columns: {
    municipality_key: text('код; если его нет — название'),
    name: text('название'),
    region_key: text('регион или all (не указан)'),
  },
  select: () => sql`
    select municipality_key, max_by(municipality_name, (valid_from_year, school_key)) as name,
           max_by(region_key, (valid_from_year, school_key)) as region_key
    from ${dimSchool}
    group by municipality_key`,
})
