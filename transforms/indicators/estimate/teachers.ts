import { sql, type Expression, type RawBuilder } from 'kysely'
import { fctStaff } from '../../core/fct_staff.ts'
import { staffRule } from '../../parameters/staff_rule.ts'
import type { Observation } from './of_observations.ts'

/** A single number of parameters.staff_rule, as a scalar query; a missing one stops the build and is named. */
export const staffNumber = (name: string): RawBuilder<number> =>
  sql<number>`(select case when count(*) = 1 then min(value) else error(${sql.lit(`нет параметра «${name}» в таблице parameters.staff_rule`)}) end from ${staffRule} where name = ${sql.lit(name)})`

/** One observation for each teacher of a school’s latest snapshot in the year; several posts are one person. */
export const teachersOf = (
  x: RawBuilder<number>,
  where: RawBuilder<boolean>,
): Expression<Observation> => sql<Observation>`
    select school_key, school_year, 'all' as procedure, 'all' as subject, 'all' as grade, employee_key as person, ${x} as x, 1 as w
    from ${fctStaff}
    where is_teaching and ${where}
    qualify row_number() over (partition by school_key, school_year, employee_key order by snapshot_on desc, post) = 1`
