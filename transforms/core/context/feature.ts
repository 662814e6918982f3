import { sql, type Expression } from 'kysely'
import { grouped } from '../../contract/computation.ts'
import type { ContextFeature } from '../../methods/education/school_clusters.ts'
import { contextMeasure } from '../../parameters/context_measure.ts'
import { dimSchool } from '../dim_school.ts'
import { fctSchoolContext } from '../fct_school_context.ts'

/** What is known of a school’s context in a year. */
export interface KnownFeature {
  readonly school_key: string
  readonly school_year: number
  /** Code of parameters.context_measure, or is_rural. */
  readonly feature: string
  /** Size as its logarithm, a part as a share of its whole, the rest as it is. */
  readonly value: number
  readonly is_sensitive: boolean
  /** Children behind a sensitive share, with the trait or without it, whichever are fewer; null: not a share of counted children. */
  readonly fewest: number | null
}
/** Features that clusters are made of (DOMAIN 3.8): sizes, shares and the place; never results. */
export const knownFeatures = (): Expression<KnownFeature> => sql<KnownFeature>`
  with context as (
    select c.school_key, c.school_year, c.measure, c.value::double as value, m.divided_by, m.is_sensitive
    from ${fctSchoolContext} as c
    join ${contextMeasure} as m using (measure)
    where m.is_feature and c.value is not null
  )
  select c.school_key, c.school_year, c.measure as feature,
         case when c.divided_by = '' and c.measure = 'pupils' then ln(greatest(c.value, 1))
              when c.divided_by = '' then c.value
              else c.value / nullif(d.value::double, 0) end as value,
         c.is_sensitive,
         case when c.is_sensitive and c.divided_by <> '' then least(c.value, d.value::double - c.value) end as fewest
  from context as c
  left join ${fctSchoolContext} as d
    on d.school_key = c.school_key and d.school_year = c.school_year and d.measure = c.divided_by
  union all
  select c.school_key, c.school_year, 'is_rural', s.is_rural::integer::double, false, null
  from (select distinct school_key, school_year from context) as c
  join ${dimSchool} as s
    on s.school_key = c.school_key and s.valid_from_year <= c.school_year and c.school_year < s.valid_to_year
  where s.is_rural is not null`

/** Features of one year that enough schools have and that tell some of them apart; NaN where a school has none. */
export const featuresOf = (
  rows: readonly Pick<KnownFeature, 'school_key' | 'feature' | 'value'>[],
  schools: readonly string[],
  missingShare: number,
): readonly ContextFeature[] => {
  const place = new Map(schools.map((school, i) => [school, i]))
  return [...grouped(rows, ({ feature }) => feature)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, cells]): ContextFeature => {
      const values = new Float64Array(schools.length).fill(Number.NaN)
      for (const { school_key, value } of cells) values[place.get(school_key) ?? 0] = value
      return { name, kind: 'numeric', values }
    })
    .filter(({ values }) => {
      const known = Array.from(values).filter((value) => !Number.isNaN(value))
      return known.length >= (1 - missingShare) * schools.length && new Set(known).size > 1
    })
}
