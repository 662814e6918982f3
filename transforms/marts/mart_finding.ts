import { sql } from 'kysely'
import { boolean, double, integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
import { dimUnit } from '../core/dim_unit.ts'
import { dimSubject } from '../core/dim_subject.ts'
import { trendRule } from '../parameters/trend_rule.ts'
import { martIndicator } from './mart_indicator.ts'
import { martQuarantine } from './mart_quarantine.ts'
import { martRiskZone } from './mart_risk_zone.ts'
import { martTrend } from './mart_trend.ts'
import { martTrendEvidence } from './mart_trend_evidence.ts'
import { martSuppression } from './mart_suppression.ts'
import { flaggedMarkers } from './suppression/flagged_marker.ts'
import { countText, intervalText } from './text/number.ts'

/** Pooled over grades: a school is named for a subject or as a whole, never for one small cell; once for each kind of finding. */
export const martFinding = defineModel(import.meta.url, {
  doc: 'Строка — вид вывода и школа в последнем году: кто улучшил результаты, кто снизил, кто в красной зоне, чью объективность проверить. Об ошибках в файлах — строка на вид ошибки.',
  grain: ['kind', 'school_key', 'indicator'],
  through: (row) => ({
    level: 'school',
    unit_key: row.school_key,
    marker: row.kind === 'objectivity' ? row.indicator : null,
    code: row.kind === 'quality' ? row.indicator : null,
    grade: 'all',
    school_year: sql`select max(school_year) from ${dimSchoolYear}`,
    zone: row.kind === 'risk' ? 'red' : null,
    basis: row.kind === 'improved' || row.kind === 'declined' ? undefined : null,
  }),
  aside: [martSuppression],
  columns: {
    kind: text(
      'вид вывода: improved — улучшение, declined — снижение, risk — зона риска, objectivity — объективность, quality — качество данных',
    ),
    kind_label: text('вид вывода словами'),
    school_key: text('школа или all (вывод не о школе)'),
    school_name: text('краткое название школы; «Все школы», если вывод не о школе'),
    indicator: text('показатель, признак необъективности или вид ошибки'),
    procedure: text('оценочная процедура или all (не по процедурам)'),
    subject: text('предмет или all (сводно по предметам)'),
    text: text('вывод словами'),
    more: integer('ещё выводов того же вида о школе'),
    is_tentative: boolean('предварительный: при стольких сравнениях бывает и случайно'),
    strength: double('сила вывода: сначала большие'),
    sort: integer('порядок: по виду, затем по доказанности; что может быть случайным — в конце'),
  },
  select: () => sql`
    with trend as (
      select case t.trend_class when 'improved' then 'improved' else 'declined' end as kind,
             t.unit_key as school_key, t.unit_name as school_name, t.indicator, t.procedure, t.subject,
             t.indicator_title || ' (' || t.procedure_name || ', ' || lower(t.subject_name) || '): ' || t.trend_label || ', ' || t.change_text
               || case when t.n_first is not null and t.n_last is not null then ', n = ' || ${countText('t.n_first')} || ' в ' || t.first_year || ' и ' || ${countText('t.n_last')} || ' в ' || t.last_year else '' end
               || case when e.q > r.value then '; вывод предварительный: среди стольких школ и предметов бывает и случайно' else '' end as text,
             coalesce(e.q > r.value, false) as is_tentative, abs(t.z) as strength
      from ${martTrend} as t
      join ${martIndicator} as i using (indicator)
      left join ${martTrendEvidence} as e using (indicator, level, unit_key, procedure, subject, grade, basis)
      cross join (select value from ${trendRule} where name = 'false_discovery') as r
      where t.level = 'school' and t.grade = 'all' and t.trend_class in ('improved', 'declined') and not t.is_suppressed
        and t.last_year = (select max(school_year) from ${dimSchoolYear})
        and i.is_headline and i.section = 'attainment'
    ),
    risk as (
      select 'risk' as kind, z.unit_key as school_key, z.unit_name as school_name, z.indicator, z.procedure, z.subject,
             z.indicator_title || ' (' || z.procedure_name || ', ' || lower(z.subject_name) || '): ' || z.value_text || ' ('
               || case when z.lo is null or z.hi is null then '' else '95 % ДИ ' || ${intervalText('z.lo', 'z.hi', 'i.unit', 'i.decimals')} || ', ' end
               || 'n = ' || coalesce(${countText('z.n')}, 'не передано') || '); '
               || case when z.is_target_suppressed then z.zone_label || '; среднее, с которым сравнивается, не показывается' else z.reason end as text,
             false as is_tentative, case when z.is_target_suppressed then 0 else abs(coalesce(z.z, 0)) end as strength
      from ${martRiskZone} as z
      join ${martIndicator} as i using (indicator)
      where z.grade = 'all' and z.zone = 'red' and not z.is_suppressed and i.is_headline
        and z.school_year = (select max(school_year) from ${dimSchoolYear})
    ),
    bias as (
      select 'objectivity' as kind, b.school_key, u.name as school_name, b.marker as indicator, b.procedure, b.subject,
             'Признак ' || b.marker || ' (' || lower(s.name) || '): ' || b.note as text, false as is_tentative, b.severity as strength
      from (${flaggedMarkers()}) as b
      join ${dimUnit} as u on u.level = 'school' and u.unit_key = b.school_key
      join ${dimSubject} as s on s.subject = b.subject
      where b.school_year = (select max(school_year) from ${dimSchoolYear})
    ),
    quality as (
      select 'quality' as kind, 'all' as school_key, 'Все школы' as school_name, code as indicator, 'all' as procedure, 'all' as subject,
             'Карантин: ' || message || ' — строк: ' || ${countText('count(*)')} as text, false as is_tentative, count(*)::double as strength
      from ${martQuarantine}
      group by code, message
    ),
    finding as (
      select * from trend union all select * from risk union all select * from bias union all select * from quality
    ),
    chief as (
      select *, (count(*) over whose - 1)::integer as more
      from finding
      window whose as (partition by kind, school_key, case kind when 'quality' then indicator else '' end)
      qualify row_number() over (
        partition by kind, school_key, case kind when 'quality' then indicator else '' end
        order by is_tentative, subject <> 'all', strength desc, indicator, procedure, subject, text
      ) = 1
    )
    select kind,
           case kind when 'improved' then 'Улучшение' when 'declined' then 'Снижение' when 'risk' then 'Зона риска'
                     when 'objectivity' then 'Объективность' else 'Качество данных' end as kind_label,
           school_key, school_name, indicator, procedure, subject,
           text || case when kind = 'quality' and more > 0 then '; других замечаний этого рода: ' || ${countText('more')} else '' end as text,
           more, is_tentative, strength::double as strength,
           row_number() over (
             order by case kind when 'risk' then 1 when 'declined' then 2 when 'objectivity' then 3 when 'improved' then 4 else 5 end,
                      is_tentative, strength desc, school_key, indicator
           )::integer as sort
    from chief`,
})
