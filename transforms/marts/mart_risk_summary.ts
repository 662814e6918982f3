import { sql } from 'kysely'
import { integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
import { martIndicator } from './mart_indicator.ts'
import { martRiskZone } from './mart_risk_zone.ts'

/** Subjects of a procedure that are named; one more is named too, not counted. */
const named = 3

/** What officials see of a school's headline indicator in one row: works that stand in several zones (pooled and by subject) count once. */
export const martRiskSummary = defineModel(import.meta.url, {
  doc: 'Строка — школа и основной показатель в последнем году: самая тяжёлая его зона, при равных — по всем предметам вместе. Скрытых значений нет.',
  grain: ['unit_key', 'indicator'],
  through: () => ({ procedure: undefined, subject: undefined, grade: 'all' }),
  columns: {
    unit_key: text('школа'),
    indicator: text('показатель'),
    procedure: text('оценочная процедура или all (не по процедурам)'),
    subject: text('предмет или all (сводно по предметам)'),
    school_year: integer('год окончания учебного года'),
    zone: text('зона, как в marts.mart_risk_zone'),
    zone_label: text('зона словами'),
    also: text(
      'где ещё показатель в красной или жёлтой зоне, словами: предметы, которые входят в сводную строку, и другие процедуры; пусто — нигде',
    ),
  },
  select: () => sql`
    with cell as (
      select z.*, case z.zone when 'red' then 1 when 'yellow' then 2 when 'watch' then 3 when 'green' then 4 else 5 end as severity,
             case when z.is_target_suppressed then 0 else abs(coalesce(z.z, 0)) end as strength
      from ${martRiskZone} as z
      join ${martIndicator} as i using (indicator)
      where i.is_headline and z.grade = 'all' and not z.is_suppressed and z.school_year = (select max(school_year) from ${dimSchoolYear})
    ),
    chief as (
      select distinct on (unit_key, indicator) * from cell order by severity, subject <> 'all', strength desc, procedure, subject
    ),
    other as (
      select c.unit_key, c.indicator, o.procedure = c.procedure as is_own, c.subject = 'all' as is_pooled, o.procedure_name as procedure,
             bool_or(o.subject = 'all') as has_all,
             coalesce(list(lower(o.subject_name) order by o.severity, o.strength desc, o.subject) filter (where o.subject <> 'all'), []) as subjects
      from chief as c
      join cell as o on o.unit_key = c.unit_key and o.indicator = c.indicator and o.severity <= 2
       and (o.procedure <> c.procedure or o.subject <> c.subject)
      group by all
    ),
    worded as (
      select *, case when len(subjects) <= ${sql.lit(named)} + 1 then array_to_string(subjects, ', ')
                     else array_to_string(subjects[1:${sql.lit(named)}], ', ') || ' и ещё ' || (len(subjects) - ${sql.lit(named)}) end as list
      from other
    ),
    said as (
      select unit_key, indicator,
             string_agg(case when is_own and is_pooled then 'в том числе: ' || list
                             else case when is_own then '' else procedure || ': ' end
                               || case when not has_all then list when list = '' then 'все предметы' else 'все предметы (' || list || ')' end end,
                        '; ' order by not is_own, procedure) as also
      from worded
      group by all
    )
    select c.unit_key, c.indicator, c.procedure, c.subject, c.school_year, c.zone, c.zone_label, coalesce(s.also, '') as also
    from chief as c
    left join said as s using (unit_key, indicator)`,
})
