import { sql, type Expression } from 'kysely'
import type { IndicatorColumns } from '../../contract/indicator.ts'
import type { RowOf } from '../../contract/column.ts'
import { bridgeSchoolUnit } from '../../core/bridge_school_unit.ts'
import { normalQuantile, studentQuantile, wilsonLimit } from './interval.ts'

/** Sums over one school’s persons i, each with totals xᵢ and wᵢ over what is pooled. */
export interface Sums {
  readonly school_key: string
  readonly school_year: number
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  readonly persons: number
  readonly x: number
  readonly w: number
  /** Σxᵢ², Σxᵢwᵢ, Σwᵢ². */
  readonly xx: number
  readonly xw: number
  readonly ww: number
}
/**
 * A delivered number for a unit: stands where no observations give one, and for a region or the country also where it speaks of more people
 * than were counted. With a denominator it is a share of counted people.
 */
export interface Delivered {
  readonly level: string
  readonly unit_key: string
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  readonly school_year: number
  readonly numerator: number | null
  readonly denominator: number | null
  readonly value: number | null
  /** None where nobody said it. */
  readonly n: number | null
  /** Of a mean; that of a share follows from its counts. */
  readonly se: number | null
}
export interface Estimate {
  /** `share`: x is 0 or 1; `count`: x of w counted things, one row a school; `mean`: x is a score. */
  readonly kind: 'share' | 'count' | 'mean'
  readonly version: string
  readonly delivered?: Expression<Delivered>
  /** What is summed is a school's delivered number: schools themselves are not estimated from it, units of several schools are. */
  readonly observesSchools?: boolean
}

/**
 * The indicator at every level from sums by school. Ratio R = Σx/Σw; its variance is that of a ratio of person totals,
 * V = Σ(xᵢ − R·wᵢ)² / (Σw)², so pooling a pupil's several works does not pretend that they are several pupils.
 * Share: Wilson with the effective number R(1−R)/V (never above Σw). Mean: R ± t·√V·√(n/(n−1)); fewer than ten persons take the
 * pooled within-school variance and z (DOMAIN 3.0.1, 3.16). Count: Wilson with n = Σw.
 */
export const ofSums = (
  estimate: Estimate & { readonly sums: Expression<Sums> },
): Expression<RowOf<IndicatorColumns>> => {
  const name = estimate.version.replace(/@.*$/, '')
  return sql<RowOf<IndicatorColumns>>`
    with school as (${estimate.sums}),
    unit as (
      select u.level, u.unit_key, s.procedure, s.subject, s.grade, s.school_year,
             sum(persons)::integer as persons,
             sum(x)::double        as x,
             sum(w)::double        as w,
             sum(xx)::double       as xx,
             sum(xw)::double       as xw,
             sum(ww)::double       as ww
      from school as s
      join ${bridgeSchoolUnit} as u using (school_key, school_year)
      ${estimate.observesSchools === true ? sql`where u.level <> 'school'` : sql``}
      group by all
      having sum(w) > 0
    ),
    ratio as (
      select *, x / w as value, greatest(0, xx - 2 * (x / w) * xw + (x / w) * (x / w) * ww) as residual
      from unit
    ),
    spread as (
      select procedure, subject, grade, school_year,
             (sum(residual::decimal(28, 9)) / sum(persons - 1))::double as variance
      from ratio
      where level = ${sql.lit(estimate.observesSchools === true ? 'municipality' : 'school')} and persons > 1
      group by all
    ),
    sized as (
      select ratio.*, variance, ${size(estimate.kind)} as size
      from ratio
      left join spread using (procedure, subject, grade, school_year)
    ),
    measured as (
      select *, ${standardError(estimate.kind)} as se
      from sized
    ),
    estimated as (
      select level, unit_key, procedure, subject, grade, school_year, x as numerator, w as denominator, value,
             ${estimate.kind === 'count' ? sql`w::integer` : sql`persons`} as n, se,
             ${limits(estimate.kind)}
      from measured
    ),
    ${deliveredRows(estimate.delivered)}
    select ${sql.lit(name)}::varchar as indicator, level, unit_key, procedure, subject, grade, school_year::integer as school_year,
           numerator, denominator, value, n, se, lo, hi, interval_basis,
           ${sql.lit(estimate.version)}::varchar as method_version
    from result`
}

/** Of a share: from (x + ½)/(n + 1), so that it is not 0 where all or none succeed (DOMAIN 3.16). */
const standardError = (kind: Estimate['kind']) =>
  kind === 'mean'
    ? sql`case when persons >= 10 then sqrt(residual * persons / (persons - 1)) / w
                 when variance is not null then sqrt(variance * persons) / w end`
    : sql`sqrt((x + 0.5) / (w + 1) * (1 - (x + 0.5) / (w + 1)) / size)`
/** Effective number of independent observations behind a share. */
const size = (kind: Estimate['kind']) =>
  kind === 'share'
    ? sql`case when residual > 0 then least(w, value * (1 - value) * w * w / residual) else persons end`
    : sql`w`
const limits = (kind: Estimate['kind']) =>
  kind === 'mean'
    ? sql`case when se is null then null when persons >= 10 then value - ${studentQuantile(sql`(persons - 1)`)} * se else value - ${sql.lit(normalQuantile)} * se end as lo,
             case when se is null then null when persons >= 10 then value + ${studentQuantile(sql`(persons - 1)`)} * se else value + ${sql.lit(normalQuantile)} * se end as hi,
             case when se is null then 'none: одно наблюдение' when persons >= 10 then 't' else 'pooled_sd' end as interval_basis`
    : sql`${wilsonLimit('lo', sql`size`)}::double as lo,
             ${wilsonLimit('hi', sql`size`)}::double as hi,
             'wilson' as interval_basis`

const deliveredRows = (delivered: Expression<Delivered> | undefined) =>
  delivered === undefined
    ? sql`result as (select * from estimated)`
    : sql`delivered as (${delivered}),
    whole as (
      select * from delivered where level in ('region', 'country')
    ),
    counted as (
      select e.* from estimated as e
      anti join whole as w
        on w.level = e.level and w.unit_key = e.unit_key and w.procedure = e.procedure and w.subject = e.subject
       and w.grade = e.grade and w.school_year = e.school_year and w.n > e.n
    ),
    result as (
      select * from counted
      union all by name
      select level, unit_key, procedure, subject, grade, school_year, numerator::double as numerator, denominator::double as denominator,
             value::double as value, nullif(n, 0)::integer as n,
             case when denominator > 0 then sqrt((numerator + 0.5) / (denominator + 1) * (1 - (numerator + 0.5) / (denominator + 1)) / denominator)
                  else se end::double as se,
             case when denominator > 0 then ${wilsonLimit('lo', sql`denominator`)}
                  when se is not null then value - ${sql.lit(normalQuantile)} * se end::double as lo,
             case when denominator > 0 then ${wilsonLimit('hi', sql`denominator`)}
                  when se is not null then value + ${sql.lit(normalQuantile)} * se end::double as hi,
             case when denominator > 0 then 'wilson' when se is not null then 'z'
                  when n > 0 then 'none: готовое число без разброса'
                  else 'none: готовое число без числа участников и разброса' end as interval_basis
      from delivered
      anti join counted using (level, unit_key, procedure, subject, grade, school_year)
    )`
