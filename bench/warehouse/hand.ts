/**
 * Three indicators by one hand-written script for DuckDB, the way an analyst who knows the data would write it: pupils joined with
 * schools once, one pass for all three, sums kept for each way of pooling. It reads entities.school, entities.result and
 * parameters.subject_name, and yields the numbers and intervals of the project's own tables.
 */
export const HAND_INDICATORS = ['pass_rate', 'quality_rate', 'mean_mark'] as const

const z = 1.959963984540054
const t = (df: string): string =>
  `(${z} + (${(z ** 3 + z) / 4} + (${(5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96} + (${(3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384} + ${(79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160} / ${df}) / ${df}) / ${df}) / ${df})`
const wilson = (sign: '-' | '+'): string =>
  `(value + ${(z * z) / 2} / size ${sign} ${z} * sqrt(value * (1 - value) / size + ${(z * z) / 4} / (size * size))) / (1 + ${z * z} / size)`

/** What of a result the hand-written fact holds: what the three indicators need, or the columns of core.fct_result. */
export type HandFact = 'needed' | 'whole'

const columns: Readonly<Record<HandFact, string>> = {
  needed: 'r.pupil_ref as pupil_key, r.mark, r.raw_score, r.max_raw_score',
  whole: `concat(r.procedure, '-', r.school_year, '-', s.school_code, '-', r.pupil_ref) as pupil_key, s.school_code || '-0' as school_version_key,
          r.procedure, r.programme_grade::varchar as programme_grade, r.season, r.attempt, r.held_on, r.class_group, r.test_form, r.raw_score,
          r.max_raw_score, r.mark, r.test_score, r.journal_mark, r._file, r._sheet, r._row`,
}

export const handStatements = (fact: HandFact): readonly string[] => [
  'create schema by_hand',
  `create table by_hand.fact as
   select s.school_code, s.municipality_code, s.region_code, r.school_year, n.subject, r.grade, ${columns[fact]}
   from entities.result as r
   join entities.school as s on replace(s.login, 'sch', 'edu') = replace(r.school_ref, 'sch', 'edu')
   join parameters.subject_name as n on n.printed = lower(trim(r.subject))`,
  `create table by_hand.sums as
   with cell as (
     select school_code, municipality_code, region_code, school_year, subject, grade, count(*) as n,
            count_if(mark >= 3) as p, count_if(mark >= 4) as q, sum(mark) as m, sum(mark * mark) as mm
     from by_hand.fact where mark is not null
     group by all
   ),
   pupil as (
     select school_code, municipality_code, region_code, school_year, pupil_key, count(*) as w,
            count_if(mark >= 3) as p, count_if(mark >= 4) as q, sum(mark) as m
     from by_hand.fact where mark is not null
     group by all
   )
   select school_code, municipality_code, region_code, school_year, subject, grade::varchar as grade,
          n as persons, n as w, n as ww, p, p as pp, p as pw, q, q as qq, q as qw, m, mm, m as mw
   from cell
   union all
   select school_code, municipality_code, region_code, school_year, subject, 'all', sum(n), sum(n), sum(n),
          sum(p), sum(p), sum(p), sum(q), sum(q), sum(q), sum(m), sum(mm), sum(m)
   from cell group by all
   union all
   select school_code, municipality_code, region_code, school_year, 'all', 'all', count(*), sum(w), sum(w * w),
          sum(p), sum(p * p), sum(p * w), sum(q), sum(q * q), sum(q * w), sum(m), sum(m * m), sum(m * w)
   from pupil group by all`,
  `create table by_hand.indicator_value as
   with level as (
     select 'school' as level, school_code as unit_key, * exclude (school_code, municipality_code, region_code) from by_hand.sums
     union all
     select 'municipality', municipality_code, * exclude (school_code, municipality_code, region_code) from by_hand.sums
     union all
     select 'region', region_code, * exclude (school_code, municipality_code, region_code) from by_hand.sums where region_code <> 'all'
   ),
   unit as (
     select level, unit_key, school_year, subject, grade, sum(persons)::double as persons, sum(w)::double as w, sum(ww)::double as ww,
            sum(p)::double as p, sum(pp)::double as pp, sum(pw)::double as pw, sum(q)::double as q, sum(qq)::double as qq, sum(qw)::double as qw,
            sum(m)::double as m, sum(mm)::double as mm, sum(mw)::double as mw
     from level group by all
   ),
   long as (
     select 'pass_rate' as indicator, level, unit_key, school_year, subject, grade, persons, w, ww, p as x, pp as xx, pw as xw from unit
     union all
     select 'quality_rate', level, unit_key, school_year, subject, grade, persons, w, ww, q, qq, qw from unit
     union all
     select 'mean_mark', level, unit_key, school_year, subject, grade, persons, w, ww, m, mm, mw from unit
   ),
   ratio as (
     select *, x / w as value, greatest(0, xx - 2 * (x / w) * xw + (x / w) * (x / w) * ww) as residual from long
   ),
   sized as (
     select *, case when residual > 0 then least(w, value * (1 - value) * w * w / residual) else w end as size from ratio
   )
   select indicator, level, unit_key, 'vpr' as procedure, subject, grade, school_year, x as numerator, w as denominator, value, persons::integer as n,
          case when indicator = 'mean_mark' then value - ${t('(persons - 1)')} * sqrt(residual * persons / (persons - 1)) / w
               when value <= 0 then 0 else greatest(0, ${wilson('-')}) end as lo,
          case when indicator = 'mean_mark' then value + ${t('(persons - 1)')} * sqrt(residual * persons / (persons - 1)) / w
               when value >= 1 then 1 else least(1, ${wilson('+')}) end as hi
   from sized`,
]
