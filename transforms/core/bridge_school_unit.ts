import { integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { sql } from 'kysely'
import { bridgeSchoolCluster } from './bridge_school_cluster.ts'
import { dimSchool } from './dim_school.ts'
import { dimSchoolYear } from './dim_school_year.ts'

export const bridgeSchoolUnit = defineModel(import.meta.url, {
  doc: 'Строка — школа, учебный год и единица, в которую она входит: сама школа, её кластер, муниципалитет и регион (если известно больше одного его муниципалитета). Школа, которой нет в справочнике, входит в регион, если он в справочнике один.',
  grain: ['school_key', 'school_year', 'level', 'unit_key'],
  /** Only a cluster is computed; the rest stands in the register. */
  through: ({ level, unit_key }) =>
    level === 'cluster' ? { cluster_key: unit_key } : { school_year: null },
  references: { school_key: dimSchool },
  columns: {
    school_key: text('школа'),
    school_year: integer('год окончания учебного года'),
    level: text(
      'уровень: school — школа, cluster — кластер, municipality — муниципалитет, region — регион',
    ),
    unit_key: text('ключ единицы этого уровня'),
  },
  select: () => sql`
    with sole as (
      select min(region_key) as region_key from ${dimSchool} where not is_inferred
      having count(distinct region_key) = 1
    ),
    school as (
      select s.school_key, y.school_year, s.municipality_key, nullif(s.municipality_key, 'unknown') as known_municipality,
             case when s.is_inferred then coalesce((select region_key from sole), 'all') else s.region_key end as region_key
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
    qualify count(distinct known_municipality) over (partition by region_key) > 1`,
})
