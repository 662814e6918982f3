import { sql, type Expression, type RawBuilder } from 'kysely'
import { thresholdIn } from '../../contract/parameter.ts'
import { fctStaff } from '../../core/fct_staff.ts'
import { staffRule } from '../../parameters/staff_rule.ts'
import { fctSchoolContext } from '../../core/fct_school_context.ts'
import type { Observation } from './of_observations.ts'
import type { Delivered } from './of_sums.ts'

/** A single number of parameters.staff_rule for the school year of a row of core.fct_staff. */
export const staffNumber = (name: string): RawBuilder<number> =>
  thresholdIn(staffRule, name, sql`staff.school_year`)

/** One observation for each teacher of a school’s latest snapshot in the year; several posts in a school are one person, two schools are two workplaces. */
export const teachersOf = (
  x: RawBuilder<number>,
  where: RawBuilder<boolean>,
): Expression<Observation> => sql<Observation>`
    select school_key, school_year, 'all' as procedure, 'all' as subject, 'all' as grade, employee_key as person, ${x} as x, 1 as w
    from (
      select * from ${fctStaff}
      qualify snapshot_on = max(snapshot_on) over (partition by school_key, school_year)
    ) as staff
    where is_teaching and ${where}
    qualify row_number() over (partition by school_key, school_year, employee_key order by post) = 1`

/** A share of teachers that the form gives ready, with the number of teachers beside it; the count is rebuilt from the two. */
export const deliveredTeacherShare = (measure: string): Expression<Delivered> => sql<Delivered>`
    select 'school' as level, s.school_key as unit_key, 'all' as procedure, 'all' as subject, 'all' as grade, s.school_year,
           round(s.value * t.value)::double as numerator, t.value::double as denominator, s.value::double as value,
           t.value::integer as n, null::double as se
    from ${fctSchoolContext} as s
    join ${fctSchoolContext} as t on t.school_key = s.school_key and t.school_year = s.school_year and t.measure = 'teachers'
    where s.measure = ${sql.lit(measure)} and s.value is not null and t.value > 0`
