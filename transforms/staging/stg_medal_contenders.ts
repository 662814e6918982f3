import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { medalContender } from '../entities/medal_contender.ts'
import { medalContenders } from '../sources/medal_contenders.ts'
import { cells } from './parts/cells.ts'

/** The exams that a contender took; one without exams keeps one row, subject `all`. */
const exams = sql`coalesce(
          nullif(list_filter(${cells}, lambda cell: cell.value is not null), []),
          [{'header': 'all', 'value': null}]
        )`

export const stgMedalContenders = defineStaging(import.meta.url, {
  yields: medalContender,
  select: () => sql`
    select
      cast(year as integer) as school_year,
      school_code as school_ref,
      'register' as school_ref_system,
      participant as pupil_ref,
      cast(degree as integer) as degree,
      exam.header as subject,
      cast(exam.value as decimal(9,2)) as test_score,
      is_awarded = 'да' as is_awarded,
      _file,
      _sheet,
      _row
    from (
      select
        *,
        unnest(${exams}) as exam
      from ${medalContenders}
    )`,
})
