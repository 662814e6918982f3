import { sql, type RawBuilder } from 'kysely'
import type { Fields, Source } from '../../transforms/contract/source.ts'

/**
 * Condition for `qualify` that keeps one row of each school and year: the one with most filled cells, of equal ones the upper.
 * Some files list a school twice, once without its numbers.
 */
export const fullest = <F extends Fields>(source: Source<F>): RawBuilder<boolean> => {
  const filled = Object.keys(source.form.fields).map(
    (name) => sql`(${sql.ref(name)} is not null)::integer`,
  )
  return sql<boolean>`
    row_number() over (
      partition by unit_code, year
      order by ${sql.join(filled, sql` + `)} desc, _file, _row
    ) = 1`
}
/** Districts («010LEA»), the state (NC-SEA) and the country (NATION) stand among the schools, one row for each category of schools. */
export const isSchool = sql<boolean>`regexp_matches(unit_code, '[0-9]{3}$')`
