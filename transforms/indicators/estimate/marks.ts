import { sql, type Expression, type RawBuilder } from 'kysely'
import { dimReferenceMark } from '../../core/dim_reference_mark.ts'
import { fctResult } from '../../core/fct_result.ts'
import { fctResultGroup } from '../../core/fct_result_group.ts'
import type { Delivered, Observation } from './of_observations.ts'

/** One observation for each mark of the main period: x is an expression over `mark`. */
export const marksOf = (x: RawBuilder<number>): Expression<Observation> => sql<Observation>`
    select school_key, school_year, procedure, subject, grade, pupil_key as person, ${x} as x, 1 as w
    from ${fctResult}
    where attempt = 'main' and mark is not null`

/** The same against the reference group of the year; works without a reference are left out. */
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
