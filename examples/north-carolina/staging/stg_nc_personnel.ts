import { sql } from 'kysely'
import { defineStaging } from '../../../transforms/contract/entity.ts'
import { schoolContext } from '../../../transforms/entities/school_context.ts'
import { fullest, isSchool } from '../fullest.ts'
import { ncPersonnel } from '../sources/nc_personnel.ts'

/** Shares stay shares: the form does not say of how many teachers each is, so no counts are made of them. */
export const stgNcPersonnel = defineStaging(import.meta.url, {
  yields: schoolContext,
  select: () => sql`
    select unit_code as school_ref,
           'register' as school_ref_system,
           year::integer as school_year,
           measure,
           value::decimal(18,6) as value,
           _file, _sheet, _row
    from (
      select *
      from ${ncPersonnel}
      where ${isSchool}
      qualify ${fullest(ncPersonnel)}
    ) staffed, lateral (values
      ('teachers', teachers),
      ('teachers_board_certified', board_certified),
      ('teachers_licensed_share', licensed),
      ('teachers_novice_share', novice),
      ('teachers_4_10_share', experience_4_10),
      ('teachers_11_plus_share', experience_11_plus),
      ('teachers_advanced_degree_share', advanced_degree),
      ('teachers_turnover_share', turnover),
      ('teachers_lateral_entry_share', lateral_entry)
    ) measured(measure, value)
    where value is not null`,
})
