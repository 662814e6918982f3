import { integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { sql } from 'kysely'
import { bridgeSchoolCluster } from './bridge_school_cluster.ts'
import { dimSchool } from './dim_school.ts'
import { dimSchoolYear } from './dim_school_year.ts'

export const bridgeSchoolUnit = defineModel(import.meta.url, {
  doc: 'One row per school, school year and unit that the school counts in: itself, its cluster, its municipality, its region where more than one municipality of it is known.',
  grain: ['school_key', 'school_year', 'level', 'unit_key'],
  references: { school_key: dimSchool },
  columns: {
    school_key: text('School'),
    school_year: integer('Year in which the school year ends'),
    level: text('school, cluster, municipality, region'),
    unit_key: text('Key of the unit at that level'),
  },
  select: () => sql`
    with school as (
      select s.school_key, y.school_year, s.municipality_key, s.region_key
      from ${dimSchool} as s
      join ${dimSchoolYear} as y on s.valid_from_year <= y.school_year and y.school_year < s.valid_to_year
    )
    select school_key, school_year, 'school' as level, school_key as unit_key from school
    union all
    select school_key, school_year, 'cluster', cluster_key from ${bridgeSchoolCluster}
    union all
    select school_key, school_year, 'municipality', municipality_key from school
    union all
    select school_key, school_year, 'region', region_key from school
    where region_key <> 'all'
    qualify count(distinct municipality_key) over (partition by region_key) > 1`,
})
