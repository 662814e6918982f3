import { sql, type Expression, type RawBuilder } from 'kysely'
import { aggMark, marks, pairs, type Mark } from '../../core/agg_mark.ts'
import { dimReferenceMark } from '../../core/dim_reference_mark.ts'
import { fctResult } from '../../core/fct_result.ts'
import { fctResultGroup } from '../../core/fct_result_group.ts'
import type { Observation } from './of_observations.ts'
import type { Delivered, Sums } from './of_sums.ts'

/** Sums of `worth` of a mark over each school’s pupils: by grade, over the grades of a subject, and over all subjects. */
export const sumsOfMarks = (worth: Readonly<Record<Mark, number>>): Expression<Sums> => {
  const total = (terms: readonly (readonly [number, string])[]) =>
    sql.raw(
      terms
        .filter(([factor]) => factor !== 0)
        .map(([factor, column]) => `${String(factor)} * ${column}::bigint`)
        .join(' + '),
    )
  const both = (product: (lower: Mark, upper: Mark) => number) =>
    total(
      pairs.map(
        ({ lower, upper, column }) =>
          [
            lower === upper ? product(lower, upper) : product(lower, upper) + product(upper, lower),
            column,
          ] as const,
      ),
    )
  return sql<Sums>`
    select school_key, school_year, procedure, subject, grade, pupils as persons,
           ${total(marks.map((mark) => [worth[mark], `marks_${mark}`]))} as x,
           ${total(marks.map((mark) => [1, `marks_${mark}`]))} as w,
           ${both((one, other) => worth[one] * worth[other])} as xx,
           ${both((one) => worth[one])} as xw,
           ${both(() => 1)} as ww
    from ${aggMark}`
}

/** One observation for each mark of the main period against the reference group of the year; works without a reference are left out. */
export const riditsOf = (): Expression<Observation> => sql<Observation>`
    select r.school_key, r.school_year, r.procedure, r.subject, r.grade, r.pupil_key as person, 100 * m.ridit as x, 1 as w
    from ${fctResult} as r
    join ${dimReferenceMark} as m using (procedure, subject, grade, school_year, mark)
    where r.attempt = 'main'`

/** A share of delivered groups: an expression over share_2 … share_5, which are renormalised because printed percentages are rounded. */
export const deliveredShare = (share: RawBuilder<number>): Expression<Delivered> => sql<Delivered>`
    select level, unit_key, procedure, subject, grade, school_year, participants * value as numerator, participants::double as denominator,
           value, participants as n, null::double as se
    from (
      select *, (${share})::double / (share_2 + share_3 + share_4 + share_5)::double as value
      from ${fctResultGroup}
      where participants > 0 and share_2 + share_3 + share_4 + share_5 > 0
    )`

/**
 * Means of delivered groups of regions and the country over their marks, each worth `worth` (of the row `g` of a mark and what `join` brings);
 * the standard error is that of the marks' own spread among the participants.
 */
export const deliveredMean = (
  worth: RawBuilder<number>,
  join: RawBuilder<unknown> = sql``,
): Expression<Delivered> => sql<Delivered>`
    select level, unit_key, procedure, subject, grade, school_year, null::double as numerator, null::double as denominator,
           value, participants as n, sqrt(greatest(0, square - value * value) / participants) as se
    from (
      select g.level, g.unit_key, g.procedure, g.subject, g.grade, g.school_year, g.participants,
             sum(g.share * (${worth}))::double / sum(g.share)::double as value,
             sum(g.share * (${worth}) * (${worth}))::double / sum(g.share)::double as square
      from (
        select level, unit_key, procedure, subject, grade, school_year, participants, right(mark, 1)::integer as mark, share
        from ${fctResultGroup}
        unpivot (share for mark in (share_2, share_3, share_4, share_5))
        where level in ('region', 'country') and participants > 0
      ) as g ${join}
      group by all
      having count(*) = 4 and sum(g.share) > 0
    )`
