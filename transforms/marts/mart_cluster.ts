import { sql } from 'kysely'
import { boolean, double, integer, nullable, text } from '../contract/column.ts'
import { thresholdIn } from '../contract/parameter.ts'
import { defineModel } from '../contract/table.ts'
import { bridgeSchoolCluster } from '../core/bridge_school_cluster.ts'
import { dimCluster } from '../core/dim_cluster.ts'
import { dimSchool } from '../core/dim_school.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
import { dimUnit } from '../core/dim_unit.ts'
import { fctSchoolContext } from '../core/fct_school_context.ts'
import { senShare } from '../indicators/sen_share.ts'
import { smallNumberRule } from '../parameters/small_number_rule.ts'
import { contextMeasure } from '../parameters/context_measure.ts'
import { martContextMap } from './mart_context_map.ts'
import { martSuppression } from './mart_suppression.ts'

/** «Во вторую смену» → «во вторую смену»; an abbreviation and a foreign name stay as they are. */
const midSentence = (title: string) => {
  const name = sql.ref(title)
  return sql`case when regexp_matches(${name}, '^[А-ЯЁ][а-яё ]') then lower(left(${name}, 1)) || substr(${name}, 2) else ${name} end`
}

export const martCluster = defineModel(import.meta.url, {
  doc: 'Строка — школа и учебный год с известными условиями: её кластер, место на карте условий и самые похожие школы.',
  grain: ['school_key', 'school_year'],
  aside: [martSuppression],
  columns: {
    school_key: text('школа'),
    school_name: text('краткое название'),
    school_year: integer('год окончания учебного года'),
    school_year_label: text('учебный год словами: «2025/26»'),
    is_last_year: boolean('последний год'),
    cluster_key: text('кластер'),
    cluster_name: text('название кластера'),
    algorithm: text(
      'алгоритм: k-medoids — k-медоидов, k-means — k средних, none — кластеры не строились',
    ),
    algorithm_label: text('как построены кластеры, по-русски'),
    clusters: integer('кластеров в этом году'),
    silhouette: nullable(double('средний силуэт, от −1 до 1')),
    stability: nullable(double('устойчивость: средний коэффициент Жаккара по бутстрепу, 0–1')),
    stability_label: text('устойчивость словами'),
    agreement: nullable(double('скорректированный индекс Рэнда с прошлым годом')),
    map_x: double('первая ось карты условий'),
    map_y: double('вторая ось карты условий'),
    pupils: nullable(integer('учеников')),
    is_rural: nullable(boolean('сельская школа')),
    locality_label: text('город, село или «не указано»'),
    sen_share: nullable(double('доля обучающихся с ОВЗ, 0–1')),
    non_native_share: nullable(double('доля обучающихся с неродным русским, 0–1')),
    second_shift_share: nullable(double('доля обучающихся во вторую смену, 0–1')),
    is_sensitive_suppressed: boolean(
      'доли детей с ОВЗ и с неродным русским скрыты в издании для руководителей',
    ),
    features_label: text('по каким признакам построены кластеры'),
    neighbours: text('самые похожие школы, ближайшие первыми'),
    sort: integer('порядок школ'),
  },
  select: () => sql`
    with measure as (
      select school_key, school_year,
             max(value::double) filter (where measure = 'pupils')              as pupils,
             max(value::double) filter (where measure = 'sen_pupils')          as sen,
             max(value::double) filter (where measure = 'non_native_pupils')   as non_native,
             max(value::double) filter (where measure = 'second_shift_pupils') as second_shift
      from ${fctSchoolContext}
      group by all
    ),
    neighbour as (
      select school_key, school_year, unnest(string_split(neighbours, ',')) as neighbour_key, generate_subscripts(string_split(neighbours, ','), 1) as place
      from ${martContextMap}
    ),
    neighbours as (
      select n.school_key, n.school_year, string_agg(u.name, '; ' order by n.place) as names
      from neighbour as n
      join ${dimUnit} as u on u.level = 'school' and u.unit_key = n.neighbour_key
      group by all
    ),
    feature as (
      select school_key, school_year, unnest(string_split(features, ',')) as measure
      from ${bridgeSchoolCluster}
      where features <> ''
    ),
    features as (
      select school_key, school_year, string_agg(label, '; ' order by place) as label
      from (
        select f.school_key, f.school_year, min(coalesce(m.sort, 0)) as place,
               case when m.measure is null then 'местность'
                    when m.divided_by = '' and m.unit = 'count' then 'число '
                    when m.divided_by = '' then ''
                    when m.divided_by = 'pupils' then 'доли обучающихся: '
                    else 'доли: ' end as kind,
               kind || coalesce(string_agg(${midSentence('m.title')}, ', ' order by m.sort), '') as label
        from feature as f
        left join ${contextMeasure} as m using (measure)
        group by f.school_key, f.school_year, kind
      )
      group by all
    )
    select c.school_key, u.name as school_name, c.school_year, y.label as school_year_label, y.is_last as is_last_year,
           c.cluster_key, d.name as cluster_name, c.algorithm,
           case c.algorithm when 'k-medoids' then 'k-медоидов по расстоянию Гауэра' when 'k-means' then 'k средних по робастным z'
                            else 'кластеры не строились: школ мало или устойчивых групп нет' end as algorithm_label,
           c.clusters, c.silhouette, c.stability,
           case when c.stability is null then '—' when c.stability >= 0.75 then 'устойчивы' else 'намечаются' end as stability_label,
           c.agreement, p.map_x, p.map_y,
           m.pupils::integer as pupils, s.is_rural,
           case when s.is_rural is null then 'не указано' when s.is_rural then 'село' else 'город' end as locality_label,
           m.sen / m.pupils as sen_share, m.non_native / m.pupils as non_native_share, m.second_shift / m.pupils as second_shift_share,
           h.reason is not null or coalesce(least(m.non_native, m.pupils - m.non_native) between 0.5 and r.few - 0.5, false) as is_sensitive_suppressed,
           coalesce(f.label, '') as features_label,
           coalesce(n.names, '') as neighbours,
           u.sort
    from ${bridgeSchoolCluster} as c
    join ${martContextMap} as p using (school_key, school_year)
    join ${dimCluster} as d using (cluster_key)
    join ${dimSchoolYear} as y using (school_year)
    join ${dimUnit} as u on u.level = 'school' and u.unit_key = c.school_key
    join ${dimSchool} as s
      on s.school_key = c.school_key and s.valid_from_year <= c.school_year and c.school_year < s.valid_to_year
    join (
      select school_year, ${thresholdIn(smallNumberRule, 'sensitive_from', sql`school_year`)} as few
      from ${dimSchoolYear}
    ) as r using (school_year)
    left join ${martSuppression} as h
      on h.indicator = ${sql.lit(senShare.name)} and h.level = 'school' and h.unit_key = c.school_key and h.school_year = c.school_year
    left join measure as m on m.school_key = c.school_key and m.school_year = c.school_year
    left join neighbours as n on n.school_key = c.school_key and n.school_year = c.school_year
    left join features as f on f.school_key = c.school_key and f.school_year = c.school_year`,
})
