import { sql } from 'kysely'
import { double, integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
import { dimUnit } from '../core/dim_unit.ts'
import { fctBiasMarker } from '../core/fct_bias_marker.ts'
import { dimSubject } from '../core/dim_subject.ts'
import { martQuarantine } from './mart_quarantine.ts'
import { martRiskZone } from './mart_risk_zone.ts'
import { martTrend } from './mart_trend.ts'

/** Pooled over grades: a school is named for a subject or as a whole, never for one small cell; once for each kind of finding. */
export const martFinding = defineModel(import.meta.url, {
  doc: 'One row per kind of finding and school of the last year: who improved, who declined, who is in a red zone, whose results need a look. Faults of files: one row per fault.',
  grain: ['kind', 'school_key', 'indicator'],
  through: (row) => ({ level: 'school', unit_key: row.school_key }),
  columns: {
    kind: text('improved, declined, risk, objectivity, quality'),
    kind_label: text('Russian'),
    school_key: text('School, or all'),
    school_name: text('Short name'),
    indicator: text('Indicator, marker or fault'),
    procedure: text('Procedure, or all'),
    subject: text('Subject, or all'),
    text: text('Russian sentence'),
    more: integer('Further findings of the same kind about the school'),
    strength: double('Larger first'),
    sort: integer('Order: by kind, then by strength'),
  },
  select: () => sql`
    with trend as (
      select case trend_class when 'improved' then 'improved' else 'declined' end as kind,
             unit_key as school_key, unit_name as school_name, indicator, procedure, subject,
             indicator_title || ' (' || procedure_name || ', ' || lower(subject_name) || '): ' || trend_label || ', ' || change_text as text,
             abs(z) as strength
      from ${martTrend}
      where level = 'school' and grade = 'all' and trend_class in ('improved', 'declined')
        and last_year = (select max(school_year) from ${dimSchoolYear})
        and (indicator = 'ridit_index' or (basis = 'absolute' and indicator in ('pass_rate', 'delivered_score')))
    ),
    risk as (
      select 'risk' as kind, unit_key as school_key, unit_name as school_name, indicator, procedure, subject,
             indicator_title || ' (' || procedure_name || ', ' || lower(subject_name) || '): ' || value_text || '; ' || reason as text,
             abs(coalesce(z, 0)) as strength
      from ${martRiskZone}
      where grade = 'all' and zone = 'red' and school_year = (select max(school_year) from ${dimSchoolYear})
        and indicator in ('pass_rate', 'ridit_index', 'delivered_score', 'journal_lowered_share')
    ),
    bias as (
      select 'objectivity' as kind, b.school_key, u.name as school_name, b.marker as indicator, b.procedure, b.subject,
             'Признак ' || b.marker || ' (' || lower(s.name) || '): ' || b.note as text, b.severity as strength
      from ${fctBiasMarker} as b
      join ${dimUnit} as u on u.level = 'school' and u.unit_key = b.school_key
      join ${dimSubject} as s on s.subject = b.subject
      where b.is_flagged and b.grade = 'all' and b.school_year = (select max(school_year) from ${dimSchoolYear})
    ),
    quality as (
      select 'quality' as kind, 'all' as school_key, 'Все школы' as school_name, code as indicator, 'all' as procedure, 'all' as subject,
             'Карантин: ' || min(message) || ' — строк: ' || count(*) as text, count(*)::double as strength
      from ${martQuarantine}
      group by code
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
        order by subject <> 'all', strength desc, indicator, procedure, subject
      ) = 1
    )
    select kind,
           case kind when 'improved' then 'Улучшение' when 'declined' then 'Снижение' when 'risk' then 'Зона риска'
                     when 'objectivity' then 'Объективность' else 'Качество данных' end as kind_label,
           school_key, school_name, indicator, procedure, subject, text, more, strength::double as strength,
           row_number() over (
             order by case kind when 'risk' then 1 when 'declined' then 2 when 'objectivity' then 3 when 'improved' then 4 else 5 end,
                      strength desc, school_key, indicator
           )::integer as sort
    from chief`,
})
