import { sql } from 'kysely'
import { defineStaging } from '../../../transforms/contract/entity.ts'
import { resultGroup } from '../../../transforms/entities/result_group.ts'
import { ncSpg } from '../sources/nc_spg.ts'

/** Every school has a row for `all`, without a score where none was given; reading and mathematics only where they were scored. */
export const stgNcSpg = defineStaging(import.meta.url, {
  yields: resultGroup,
  select: () => sql`
    select 'nc_spg' as procedure,
           scored.subject,
           null::integer as grade,
           year::integer as school_year,
           'school' as level,
           unit_code as unit_ref,
           'register' as unit_ref_system,
           unit_code as unit_name,
           null::integer as schools,
           null::integer as participants,
           null::decimal(9,6) as share_2,
           null::decimal(9,6) as share_3,
           null::decimal(9,6) as share_4,
           null::decimal(9,6) as share_5,
           scored.score::decimal(12,6) as mean_score,
           scored.letter as grade_label,
           _file, _sheet, _row
    from ${ncSpg}, lateral (values
      ('all', spg_score, spg_grade),
      ('Reading', reading_score, reading_grade),
      ('Math', math_score, math_grade)
    ) scored(subject, score, letter)
    where scored.subject = 'all' or scored.score is not null or scored.letter is not null`,
})
