import { sql } from 'kysely'
import { double, integer, nullable, text } from '../contract/column.ts'
import { indicatorColumns } from '../contract/indicator.ts'
import { yearlyThresholds } from '../contract/parameter.ts'
import { defineModel } from '../contract/table.ts'
import { dimGrade } from '../core/dim_grade.ts'
import { dimProcedure } from '../core/dim_procedure.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
import { dimSubject } from '../core/dim_subject.ts'
import { dimUnit } from '../core/dim_unit.ts'
import { smallNumberRule } from '../parameters/small_number_rule.ts'
import { martEstimate } from './mart_estimate.ts'
import { martIndicator } from './mart_indicator.ts'
import { martRiskZone } from './mart_risk_zone.ts'
import { martSuppression } from './mart_suppression.ts'
import { intervalText, valueText } from './text/number.ts'

export const martIndicatorValue = defineModel(import.meta.url, {
  doc: 'Строка — показатель, единица, процедура, предмет, класс и учебный год: значение, его точность и зона.',
  grain: ['indicator', 'level', 'unit_key', 'procedure', 'subject', 'grade', 'school_year'],
  partition: ['school_year', 'subject', 'grade'],
  aside: [martSuppression, martRiskZone],
  columns: {
    ...indicatorColumns,
    parameter_version: text('версия порогов малых чисел: первые цифры хеша их строк'),
    tier: text(
      'что позволяет n: none — нет данных, hidden — не показывается, limited — выборка мала, low — малая выборка, approximate — приблизительно, informative — достаточно, unknown — n не передано (пороги — parameters.small_number_rule)',
    ),
    tier_note: text('что позволяет n, словами'),
    suppression: text(
      'почему скрыто в издании для руководителей: small — мало учеников, sensitive — чувствительный признак, complement — выдало бы скрытое рядом; пусто — не скрыто',
    ),
    suppression_note: text('почему скрыто, словами; пусто — не скрыто'),
    zone: text(
      'зона: red — красная, yellow — жёлтая, watch — под наблюдением, green — в пределах ожидаемого, grey — вывода нет',
    ),
    zone_label: text('зона словами'),
    indicator_title: text('название показателя'),
    unit: text(
      'единица: share — доля, points — баллы, mark — отметка, count — количество, ratio — отношение',
    ),
    better: text(
      'что лучше: higher — больше, lower — меньше, zero — ближе к нулю, neither — не оценивается',
    ),
    unit_name: text('название единицы'),
    procedure_name: text('название процедуры'),
    subject_name: text('название предмета'),
    grade_name: text('название класса'),
    school_year_label: text('учебный год словами: «2025/26»'),
    value_text: text('значение, как на страницах: «52,4 %»'),
    interval_text: text('интервал, как на страницах: «46,2–58,9 %»; пусто, если его нет'),
    unit_sort: integer('порядок единиц'),
    sort: integer('порядок строк внутри единицы'),
    weight: nullable(double('знаменатель: вес строки в среднем по единицам')),
  },
  select: () => sql`
    with tier as (
      select y.school_year,
             max(r.value) filter (where r.name = 'limited_from')     as limited_from,
             max(r.value) filter (where r.name = 'low_from')         as low_from,
             max(r.value) filter (where r.name = 'sensitive_from')   as sensitive_from,
             max(r.value) filter (where r.name = 'approximate_from') as approximate_from,
             max(r.value) filter (where r.name = 'informative_from') as informative_from,
             left(sha256(string_agg(r.name || '=' || r.value, ',' order by r.name)), 8) as parameter_version
      from ${dimSchoolYear} as y
      join (${yearlyThresholds(smallNumberRule)}) as r on y.school_year between r.from_year and r.to_year
      group by all
    ),
    estimate as (
      select e.*, t.parameter_version, t.limited_from, t.low_from, t.sensitive_from, i.title, i.unit, i.better, i.decimals, i.sort as indicator_sort,
             case when e.value is null then 'none'
                  when e.n is null then 'unknown'
                  when e.n < t.limited_from and not (i.counts_schools and e.level <> 'school' and e.numerator is not null) then 'hidden'
                  when e.n < t.low_from then 'limited'
                  when e.n < t.approximate_from then 'low'
                  when e.n < t.informative_from then 'approximate'
                  else 'informative' end as tier
      from ${martEstimate} as e
      join ${martIndicator} as i using (indicator)
      join tier as t using (school_year)
    )
    select e.indicator, e.level, e.unit_key, e.procedure, e.subject, e.grade, e.school_year,
           e.numerator, e.denominator, e.value, e.n, e.se, e.lo, e.hi, e.interval_basis, e.method_version, e.parameter_version,
           e.tier,
           case e.tier when 'none' then 'нет данных' when 'hidden' then 'меньше ' || e.limited_from::integer || ': не показывается' when 'limited' then 'n < ' || e.low_from::integer || ', выборка мала'
                       when 'low' then 'малая выборка' when 'approximate' then 'приблизительно' when 'unknown' then 'n не передано' else '' end as tier_note,
           coalesce(h.reason, '') as suppression,
           case h.reason when 'small' then 'меньше ' || e.limited_from::integer || ': не показывается'
                         when 'sensitive' then 'детей меньше ' || e.sensitive_from::integer || ': не показывается'
                         when 'complement' then 'не показывается, чтобы не вычислить скрытое рядом' else '' end as suppression_note,
           coalesce(z.zone, 'grey') as zone,
           coalesce(z.zone_label, 'не оценивается') as zone_label,
           e.title as indicator_title, e.unit, e.better,
           coalesce(u.name, e.unit_key) as unit_name,
           p.name as procedure_name, s.name as subject_name, g.name as grade_name, y.label as school_year_label,
           ${valueText('e.value', 'e.unit', 'e.decimals')} as value_text,
           ${intervalText('e.lo', 'e.hi', 'e.unit', 'e.decimals')} as interval_text,
           coalesce(u.sort, 0) as unit_sort,
           (e.indicator_sort * 100000 + p.sort * 10000 + s.sort * 100 + g.sort)::integer as sort,
           e.denominator as weight
    from estimate as e
    join ${dimProcedure} as p on p.procedure = e.procedure
    join ${dimSubject} as s on s.subject = e.subject
    join ${dimGrade} as g on g.grade = e.grade
    join ${dimSchoolYear} as y on y.school_year = e.school_year
    left join ${dimUnit} as u on u.level = e.level and u.unit_key = e.unit_key
    left join ${martSuppression} as h
      on h.level = e.level and h.unit_key = e.unit_key and h.indicator = e.indicator and h.procedure = e.procedure
     and h.subject = e.subject and h.grade = e.grade and h.school_year = e.school_year
    left join (select *, 'school' as level from ${martRiskZone}) as z
      on z.level = e.level and z.unit_key = e.unit_key and z.indicator = e.indicator and z.procedure = e.procedure
     and z.subject = e.subject and z.grade = e.grade and z.school_year = e.school_year`,
})
