import { sql, type Expression } from 'kysely'
import { fctSchoolContext } from '../../core/fct_school_context.ts'
import type { Observation } from './of_observations.ts'

/** A share of a school’s context: one measure over another, a row a school and year. */
export const contextShare = (
  measure: string,
  whole: string,
): Expression<Observation> => sql<Observation>`
    select c.school_key, c.school_year, 'all' as procedure, 'all' as subject, 'all' as grade, c.school_key as person,
           c.value::integer as x, w.value::integer as w
    from ${fctSchoolContext} as c
    join ${fctSchoolContext} as w on w.school_key = c.school_key and w.school_year = c.school_year and w.measure = ${sql.lit(whole)}
    where c.measure = ${sql.lit(measure)} and c.value is not null and w.value > 0`
