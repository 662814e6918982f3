import { sql } from 'kysely'
import { integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { dimCluster } from './dim_cluster.ts'
import { dimMunicipality } from './dim_municipality.ts'
import { dimSchool } from './dim_school.ts'
import { fctResultGroup } from './fct_result_group.ts'

export const dimUnit = defineModel(import.meta.url, {
  doc: 'Строка — единица, о которой может быть число (школа, кластер, муниципалитет, регион, страна): её название на страницах.',
  grain: ['level', 'unit_key'],
  through: ({ level, unit_key }) =>
    level === 'school' || level === 'municipality' || level === 'cluster'
      ? { level: null, [`${level}_key`]: unit_key }
      : { region_key: unit_key },
  columns: {
    level: text(
      'уровень: school — школа, cluster — кластер, municipality — муниципалитет, region — регион, country — страна',
    ),
    unit_key: text('ключ единицы на её уровне'),
    name: text('название на страницах'),
    sort: integer('порядок на страницах: по алфавиту и номерам; чего нет в справочнике — в конце'),
  },
  select: () => sql`
    with unit as (
      select 'school' as level, school_key as unit_key, short_name as name, is_inferred from ${dimSchool} where is_current
      union all
      select distinct 'cluster', cluster_key, name, false from ${dimCluster}
      union all
      select 'municipality', municipality_key, name, municipality_key = 'unknown' from ${dimMunicipality}
      union all
      select distinct 'region', region_key, region_key, false from ${dimSchool} where region_key <> 'all'
      union all
      select distinct level, unit_key, unit_name, false from ${fctResultGroup} where level in ('country', 'region')
    ),
    one as (
      select level, unit_key, coalesce(min(name) filter (where name <> unit_key), unit_key) as name, bool_or(is_inferred) as is_inferred from unit group by level, unit_key
    )
    select level, unit_key, name,
           row_number() over (
             partition by level
             order by is_inferred, regexp_replace(translate(lower(name), 'ё«»"', 'е'), '\\d+.*$', ''),
                      try_cast(regexp_extract(name, '(\\d+)', 1) as integer) nulls first, lower(name), unit_key
           )::integer as sort
    from one`,
})
