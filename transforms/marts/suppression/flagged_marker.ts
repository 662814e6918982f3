import { sql, type Expression } from 'kysely'
import { fctBiasMarker } from '../../core/fct_bias_marker.ts'
import { martSuppression } from '../mart_suppression.ts'

export interface FlaggedMarker {
  readonly school_key: string
  readonly procedure: string
  readonly subject: string
  readonly school_year: number
  readonly marker: string
  readonly severity: number
  /** Without numbers where one of the school over all grades of the subject is hidden; without those of other schools where they would tell one. */
  readonly note: string
}
/**
 * What marks a school over all grades, in words that name no number that is hidden from officials. What other schools show is a sum over all of
 * them, hidden ones too: nothing new where the numbers of every municipality are shown; where one is not, whoever knows the other schools would
 * subtract them, so it is left out.
 */
export const flaggedMarkers = (): Expression<FlaggedMarker> => sql<FlaggedMarker>`
  select b.school_key, b.procedure, b.subject, b.school_year, b.marker, b.severity,
         case when h.unit_key is not null then 'отмечен; числа не показываются: по ним можно вычислить скрытое'
              when b.is_against_schools and m.subject is not null then b.own_note
              else b.note end as note
  from ${fctBiasMarker} as b
  left join (
    select distinct unit_key, procedure, subject, school_year
    from ${martSuppression}
    where level = 'school' and grade = 'all'
  ) as h
    on h.unit_key = b.school_key and h.procedure = b.procedure and h.subject = b.subject and h.school_year = b.school_year
  left join (
    select distinct procedure, subject, school_year
    from ${martSuppression}
    where level = 'municipality'
  ) as m
    on m.procedure = b.procedure and m.subject = b.subject and m.school_year = b.school_year
  where b.is_flagged and b.grade = 'all'`
