import { sql, type Expression } from 'kysely'
import type { RowOf } from '../../contract/column.ts'
import type { IndicatorColumns } from '../../contract/indicator.ts'
import { ofSums, type Estimate, type Sums } from './of_sums.ts'

/** One row of what is averaged: Σx / Σw. x and w are whole numbers or DECIMAL, so that their sums do not depend on order. */
export interface Observation {
  readonly school_key: string
  readonly school_year: number
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  /** Whose it is: rows of one person are not independent of each other when subjects or grades are pooled. */
  readonly person: string
  readonly x: number
  readonly w: number
}
interface OfObservations extends Estimate {
  readonly observations: Expression<Observation>
  /** Also over all grades of a subject, over all subjects and grades of a procedure. */
  readonly pools?: readonly ('subject' | 'procedure')[]
}

const sums = sql`count(*)::integer as persons, sum(x) as x, sum(w) as w, sum(x * x) as xx, sum(x * w) as xw, sum(w * w) as ww`

/** The indicator at every level from one row an observation. */
export const ofObservations = ({
  observations,
  pools = [],
  ...estimate
}: OfObservations): Expression<RowOf<IndicatorColumns>> => {
  const pooled = (pool: 'subject' | 'procedure') => sql`
    union all
    select school_key, school_year, procedure, ${pool === 'subject' ? sql`subject` : sql`'all' as subject`}, 'all' as grade, ${sums}
    from (
      select school_key, school_year, procedure, ${pool === 'subject' ? sql`subject, ` : sql``}person, sum(x) as x, sum(w) as w
      from observation
      group by all
    )
    group by all`
  return ofSums({
    ...estimate,
    sums: sql<Sums>`
    with observation as (${observations})
    select school_key, school_year, procedure, subject, grade, ${sums}
    from observation
    group by all
    ${sql.join(pools.map(pooled), sql` `)}`,
  })
}
