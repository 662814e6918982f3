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
  /** Without numbers where a number of the school over all grades of the subject is hidden. */
  readonly note: string
}
/** What marks a school over all grades, in words that name no number that is hidden from officials. */
export const flaggedMarkers = (): Expression<FlaggedMarker> => sql<FlaggedMarker>`
  select b.school_key, b.procedure, b.subject, b.school_year, b.marker, b.severity,
         case when h.unit_key is null then b.note
              else 'отмечен; числа не показываются: по ним можно вычислить скрытое' end as note
  from ${fctBiasMarker} as b
  left join (
    select distinct unit_key, procedure, subject, school_year
    from ${martSuppression}
    where level = 'school' and grade = 'all'
  ) as h
    on h.unit_key = b.school_key and h.procedure = b.procedure and h.subject = b.subject and h.school_year = b.school_year
  where b.is_flagged and b.grade = 'all'`
