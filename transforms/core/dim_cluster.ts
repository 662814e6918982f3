import { sql } from 'kysely'
import { integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { contextMeasure } from '../parameters/context_measure.ts'
import { bridgeSchoolCluster } from './bridge_school_cluster.ts'
import { dimSchool } from './dim_school.ts'
import { fctSchoolContext } from './fct_school_context.ts'

/** «62 %» of a share, «да» and «нет» of one that is whole or nothing, else «473» or «0,8». */
const medianText = sql`case when is_share and median in (0, 1) then if(median = 0, 'нет', 'да')
                when is_share then round(100 * median)::bigint || chr(160) || '%'
                when median >= 10 or median = round(median) then round(median)::bigint::varchar
                else replace(round(median, 1)::varchar, '.', ',') end`

/** What a school teaches, as the name of a group of such schools; null: not told. Schools to the last class are plainly «школы». */
const stageOf = sql`case s.school_type
                when 'primary' then 'начальные школы' when 'elementary' then 'начальные школы'
                when 'lower_secondary' then 'основные школы'
                when 'secondary' then 'школы' when 'gymnasium' then 'школы' when 'lyceum' then 'школы' when 'advanced' then 'школы'
                when 'elementary_middle' then 'школы начальной и средней ступени' when 'middle' then 'школы средней ступени'
                when 'middle_high' then 'школы средней и старшей ступени' when 'high' then 'школы старшей ступени'
                when 'combined' then 'школы всех ступеней' end`

/**
 * Named by medians of size and place, never by «good» or «bad» (DOMAIN 3.8), measured against all schools of the same year. Where no place is known,
 * the stage stands for it, if nine schools in ten are of one. «Средние школы» would be secondary schools, so a middle size says of what. Where that
 * gives two clusters one name, the feature is added whose medians lie furthest apart in units of its spread; never a sensitive one, whose median
 * may be the number of one school.
 */
export const dimCluster = defineModel(import.meta.url, {
  doc: 'Строка — кластер: назван по тому, что общего у его школ в последнем году.',
  grain: ['cluster_key'],
  columns: {
    cluster_key: text('кластер'),
    name: text('название'),
    schools: integer('школ в последнем году кластера'),
  },
  select: () => sql`
    with member as (
      select c.cluster_key, c.school_key, c.school_year, c.cluster_number, c.algorithm, s.is_rural, ${stageOf} as stage,
             c.school_year = max(c.school_year) over (partition by c.cluster_key) as is_latest
      from ${bridgeSchoolCluster} as c
      join ${dimSchool} as s
        on s.school_key = c.school_key and s.valid_from_year <= c.school_year and c.school_year < s.valid_to_year
    ),
    feature as (
      select m.cluster_key, m.school_year, m.is_latest, k.measure, k.title, k.sort, k.divided_by <> '' or k.unit = 'share' as is_share, k.is_sensitive,
             case when k.divided_by = '' then x.value::double else x.value::double / nullif(d.value::double, 0) end as value
      from member as m
      join ${fctSchoolContext} as x on x.school_key = m.school_key and x.school_year = m.school_year and x.value is not null
      join ${contextMeasure} as k on k.measure = x.measure and k.is_feature
      left join ${fctSchoolContext} as d
        on d.school_key = x.school_key and d.school_year = x.school_year and d.measure = k.divided_by
    ),
    whole as (
      select school_year, measure, quantile_cont(value, [0.33, 0.67]) as thirds,
             coalesce(nullif(quantile_cont(value, 0.9) - quantile_cont(value, 0.1), 0), max(value) - min(value)) as spread
      from feature
      where value is not null
      group by all
    ),
    typical as (
      select f.cluster_key, f.measure, f.title, f.sort, f.is_share, f.is_sensitive, median(f.value) as median, any_value(w.thirds) as thirds, any_value(w.spread) as spread
      from feature as f
      join whole as w using (school_year, measure)
      where f.is_latest and f.value is not null
      group by all
    ),
    trait as (
      select cluster_key,
             max(case when median <= thirds[1] then 'Малые' when median <= thirds[2] then 'Средние по величине' else 'Крупные' end)
               filter (where measure = 'pupils')                                as size,
             coalesce(bool_or(median > thirds[2]) filter (where measure = 'sen_pupils'), false)        as is_sen,
             coalesce(bool_or(median > thirds[2]) filter (where measure = 'non_native_pupils'), false) as is_non_native
      from typical
      group by all
    ),
    cluster as (
      select cluster_key, min(cluster_number) as number, min(algorithm) as algorithm, count(*)::integer as schools,
             sum(is_rural::integer) / nullif(count(is_rural), 0) as rural
      from member
      where is_latest
      group by all
    ),
    stage as (
      select cluster_key,
             case when max(schools) filter (where stage is not null) >= 0.9 * sum(schools) then max_by(stage, schools) filter (where stage is not null)
                  when count(stage) > 1 then 'школы разных ступеней' else 'школы' end as stage
      from (select cluster_key, stage, count(*) as schools from member where is_latest group by all)
      group by all
    ),
    named as (
      select c.cluster_key, c.number, c.schools,
             case when c.algorithm = 'none' then 'Все школы'
                  else coalesce(t.size || ' ', '')
                    || case when rural is null then g.stage when rural >= 0.8 then 'сельские школы' when rural <= 0.2 then 'городские школы' else 'школы города и села' end
                    || case when t.is_sen then ', выше доля детей с ОВЗ' else '' end
                    || case when t.is_non_native then ', выше доля детей с неродным русским' else '' end
             end as name
      from cluster as c
      join stage as g using (cluster_key)
      left join trait as t using (cluster_key)
    ),
    told as (
      select n.name, t.measure
      from named as n
      join typical as t on t.cluster_key = n.cluster_key and not t.is_sensitive
      group by n.name, t.measure
      having count(*) > 1 and max(t.spread) > 0
      qualify row_number() over (
        partition by n.name order by (max(t.median) - min(t.median)) / max(t.spread) desc, min(t.sort)
      ) = 1
    ),
    distinguished as (
      select n.cluster_key, n.number, n.schools,
             n.name || coalesce(' (' || case when regexp_matches(t.title, '^[А-ЯЁ][а-яё ]') then lower(left(t.title, 1)) || substr(t.title, 2) else t.title end || ': ' || ${medianText} || ')', '') as name
      from named as n
      left join told on told.name = n.name
      left join typical as t on t.cluster_key = n.cluster_key and t.measure = told.measure
    )
    select cluster_key,
           upper(left(name, 1)) || substr(name, 2) || case when count(*) over (partition by name) > 1 then ', группа ' || number else '' end as name,
           schools
    from distinguished`,
})
