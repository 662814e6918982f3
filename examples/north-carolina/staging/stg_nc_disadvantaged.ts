import { sql } from 'kysely'
import { defineStaging } from '../../../transforms/contract/entity.ts'
import { schoolContext } from '../../../transforms/entities/school_context.ts'
import { isSchool } from '../fullest.ts'
import { ncDisadvantaged } from '../sources/nc_disadvantaged.ts'

export const stgNcDisadvantaged = defineStaging(import.meta.url, {
  yields: schoolContext,
  select: () => sql`
    select unit_code as school_ref,
           'register' as school_ref_system,
           year::integer as school_year,
           'disadvantaged_share' as measure,
           (disadvantaged::decimal(18,6) / 100)::decimal(18,6) as value,
           _file, _sheet, _row
    from ${ncDisadvantaged}
    where ${isSchool} and disadvantaged is not null`,
})
