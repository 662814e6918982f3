import { sql } from 'kysely'
import { boolean, double, integer, nullable, text } from '../contract/column.ts'
import { thresholdIn } from '../contract/parameter.ts'
import { defineModel } from '../contract/table.ts'
import { dimCluster } from '../core/dim_cluster.ts'
import { bridgeSchoolCluster } from '../core/bridge_school_cluster.ts'
import { clusterRule } from '../parameters/cluster_rule.ts'
import { martIndicator } from './mart_indicator.ts'
import { martIndicatorValue } from './mart_indicator_value.ts'

/**
 * Robust z by the median and 1.4826·MAD of the cluster (DOMAIN 3.8). What officials see is placed among what they see, so that no median or
 * place tells of a hidden number; what they do not see, among all.
 *
 * «Заметно» takes two such deviations and, as a deviation of few schools is small by chance too, an interval of the school that leaves the median
 * out; where there is no interval, z alone decides and the label says that chance was not judged.
 */
export const martClusterPosition = defineModel(import.meta.url, {
  doc: 'Строка — школа, показатель, процедура, предмет и учебный год: место среди школ со сходными условиями. Сводно по классам. Показанное должностным лицам сравнивается только с показанным им, скрытое от них — со всем.',
  grain: ['school_key', 'indicator', 'procedure', 'subject', 'school_year'],
  partition: ['school_year', 'subject'],
  through: (row) => ({ level: 'school', unit_key: row.school_key, grade: 'all' }),
  among: ['indicator', 'procedure', 'subject', 'school_year'],
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
    n: nullable(integer('n: сколько учеников за значением; пусто — не передано')),
    cluster_median: double('медиана кластера, по школам cluster_schools'),
    z: nullable(double('робастное z внутри кластера; пусто, если разброса нет')),
    percentile: double(
      'доля остальных школ кластера с меньшим значением, равные — наполовину, 0–1',
    ),
    cluster_schools: integer('школ кластера, с которыми сравнивается, вместе с ней самой'),
    position_label: text(
      'место в кластере словами: «заметно» — z не ближе 2 и 95 % интервал школы не накрывает медиану; накрывает — «может быть случайно»; интервала нет — «случайность не оценена», разброса нет — «у большинства школ значение одно»',
    ),
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
        and v.tier in ('low', 'approximate', 'informative', 'unknown')
    ),
    compared as (
      select cluster_key, indicator, procedure, subject, school_year, unit_key, value, is_suppressed, false as with_hidden
      from value
      where not is_suppressed
      union all
      select cluster_key, indicator, procedure, subject, school_year, unit_key, value, is_suppressed, true
      from value
    ),
    median as (
      select cluster_key, indicator, procedure, subject, school_year, with_hidden, median(value) as cluster_median, count(*)::integer as schools,
             list(value order by value) as rising
      from compared
      group by all
    ),
    spread as (
      select cluster_key, indicator, procedure, subject, school_year, with_hidden, 1.482602218505602 * median(abs(value - cluster_median)) as spread
      from compared
      join median using (cluster_key, indicator, procedure, subject, school_year, with_hidden)
      group by all
    ),
    placed as (
      select v.*, m.cluster_median, m.schools, (v.value - m.cluster_median) / nullif(s.spread, 0) as z,
             -- Those below and half of those equal: windows over a few hundred small groups take several times as long as the rest.
             (list_position(m.rising, v.value) + m.schools - list_position(list_reverse(m.rising), v.value) - 1) / 2
             / nullif(m.schools - 1, 0) as percentile
      from compared as v
      join median as m using (cluster_key, indicator, procedure, subject, school_year, with_hidden)
      join spread as s using (cluster_key, indicator, procedure, subject, school_year, with_hidden)
      where m.schools >= ${thresholdIn(clusterRule, 'smallest_cluster', sql`m.school_year`)}
    )
    select unit_key as school_key, unit_name as school_name, cluster_key, cluster_name, indicator, indicator_title,
           procedure, procedure_name, subject, subject_name, school_year, school_year_label,
           value, value_text, interval_text, n, cluster_median, z, percentile, schools as cluster_schools,
           case when value = cluster_median and z is null then 'как в группе'
                when value = cluster_median or abs(z) < 1 then 'в середине группы'
                else case when better = 'neither' or better = 'zero' then case when value > cluster_median then 'больше, чем обычно в группе' else 'меньше, чем обычно в группе' end
                          when (value > cluster_median) = (better = 'higher') then case when is_far then 'заметно лучше группы' else 'лучше середины группы' end
                          else case when is_far then 'заметно хуже группы' else 'хуже середины группы' end end
                     || case when cluster_median between lo and hi then ', может быть случайно'
                             when z is null then ', у большинства школ значение одно'
                             when lo is null or hi is null then ', случайность не оценена' else '' end end as position_label,
           is_suppressed, sort
    from (
      select v.*, p.cluster_median, p.schools, p.z, p.percentile,
             coalesce(abs(p.z) >= 2 and not coalesce(p.cluster_median between v.lo and v.hi, false), false) as is_far
      from value as v
      join placed as p using (indicator, procedure, subject, school_year, unit_key)
      where p.with_hidden = p.is_suppressed
    )`,
})
