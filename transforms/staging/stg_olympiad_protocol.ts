import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { olympiad } from '../entities/olympiad.ts'
import { olympiadProtocol } from '../sources/olympiad_protocol.ts'

export const stgOlympiadProtocol = defineStaging(import.meta.url, {
  yields: olympiad,
  select: () => sql`
    select
      cast(year as integer) as school_year,
      case stage
        when 'школьный' then 'school'
        when 'муниципальный' then 'municipal'
        when 'региональный' then 'regional'
        when 'заключительный' then 'final'
      end as stage,
      subject as subject,
      school as school_ref,
      if(regexp_matches(school, '^[a-z]'), 'fis_oko', 'register') as school_ref_system,
      coalesce(participant, name_ref) as pupil_ref,
      cast(grade as integer) as grade,
      cast(score as decimal(9,2)) as score,
      cast(max_score as decimal(9,2)) as max_score,
      case status
        when 'победитель' then 'winner'
        when 'призёр' then 'prize_winner'
        when 'участник' then 'participant'
      end as status,
      _file,
      _sheet,
      _row
    from ${olympiadProtocol}`,
})
