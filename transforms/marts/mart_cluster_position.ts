import { sql } from 'kysely'
import { boolean, double, integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { dimCluster } from '../core/dim_cluster.ts'
import { bridgeSchoolCluster } from '../core/bridge_school_cluster.ts'
import { clusterRule } from '../parameters/cluster_rule.ts'
import { martIndicator } from './mart_indicator.ts'
import { martIndicatorValue } from './mart_indicator_value.ts'

/** Robust z by the median and 1.4826·MAD of the cluster (DOMAIN 3.8). */
export const martClusterPosition = defineModel(import.meta.url, {
  doc: 'Строка — школа, показатель, процедура, предмет и учебный год: место среди школ со сходными условиями. Сводно по классам.',
  grain: ['school_key', 'indicator', 'procedure', 'subject', 'school_year'],
  columns: {
    school_key: text('школа'),
    school_name: text('краткое название'),
    cluster_key: text('кластер'),
    cluster_name: text('название кластера'),
    indicator: text('показатель: имя его таблицы'),
    indicator_title: text('название показателя'),
    procedure: text('оценочная процедура'),
    procedure_name: text('название процедуры'),
    subject: text('предмет'),
    subject_name: text('название предмета'),
    school_year: integer('год окончания учебного года'),
    school_year_label: text('учебный год словами: «2025/26»'),
    value: double('значение'),
    value_text: text('значение, как на страницах'),
    interval_text: text('интервал, как на страницах'),
    n: integer('n: сколько учеников за значением'),
    cluster_median: double('медиана кластера'),
    z: nullable(double('робастное z внутри кластера; пусто, если разброса нет')),
    percentile: double(
      'доля остальных школ кластера с меньшим значением, равные — наполовину, 0–1',
    ),
    cluster_schools: integer('школ кластера со значением'),
    position_label: text('место в кластере словами'),
    is_suppressed: boolean(
      'скрыто в издании для руководителей: само значение (marts.mart_suppression) или показатель о чувствительном признаке',
    ),
    sort: integer('порядок строк'),
  },
  select: () => sql`
    with value as (
      select v.*, v.suppression <> '' or i.is_sensitive as is_suppressed, c.cluster_key, d.name as cluster_name
      from ${martIndicatorValue} as v
      join ${martIndicator} as i using (indicator)
      join ${bridgeSchoolCluster} as c on c.school_key = v.unit_key and c.school_year = v.school_year
      join ${dimCluster} as d using (cluster_key)
      where v.level = 'school' and v.grade = 'all' and v.value is not null
        and v.tier in ('low', 'approximate', 'informative')
    ),
    median as (
      select cluster_key, indicator, procedure, subject, school_year, median(value) as cluster_median, count(*)::integer as schools
      from value
      group by all
    ),
    spread as (
      select cluster_key, indicator, procedure, subject, school_year, 1.482602218505602 * median(abs(value - cluster_median)) as spread
      from value
      join median using (cluster_key, indicator, procedure, subject, school_year)
      group by all
    ),
    placed as (
      select v.*, m.cluster_median, m.schools, (v.value - m.cluster_median) / nullif(s.spread, 0) as z,
             (rank() over (partition by v.cluster_key, v.indicator, v.procedure, v.subject, v.school_year order by v.value) - 1
              + (count(*) over (partition by v.cluster_key, v.indicator, v.procedure, v.subject, v.school_year, v.value) - 1) / 2)
             / nullif(m.schools - 1, 0) as percentile
      from value as v
      join median as m using (cluster_key, indicator, procedure, subject, school_year)
      join spread as s using (cluster_key, indicator, procedure, subject, school_year)
      where m.schools >= (select value from ${clusterRule} where name = 'smallest_cluster')
    )
    select unit_key as school_key, unit_name as school_name, cluster_key, cluster_name, indicator, indicator_title,
           procedure, procedure_name, subject, subject_name, school_year, school_year_label,
           value, value_text, interval_text, n, cluster_median, z, percentile, schools as cluster_schools,
           case when value = cluster_median and z is null then 'как в кластере'
                when value = cluster_median or abs(z) < 1 then 'в середине кластера'
                when better = 'neither' or better = 'zero' then case when value > cluster_median then 'больше, чем обычно в кластере' else 'меньше, чем обычно в кластере' end
                when (value > cluster_median) = (better = 'higher') then case when abs(z) >= 2 then 'заметно лучше кластера' else 'лучше середины кластера' end
                else case when abs(z) >= 2 then 'заметно хуже кластера' else 'хуже середины кластера' end end as position_label,
           is_suppressed, sort
    from placed`,
})
