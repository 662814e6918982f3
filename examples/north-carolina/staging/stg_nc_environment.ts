import { sql } from 'kysely'
import { defineStaging } from '../../../transforms/contract/entity.ts'
import { schoolContext } from '../../../transforms/entities/school_context.ts'
import { fullest, isSchool } from '../fullest.ts'
import { ncEnvironment } from '../sources/nc_environment.ts'

export const stgNcEnvironment = defineStaging(import.meta.url, {
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
      from ${ncEnvironment}
      where ${isSchool}
      qualify ${fullest(ncEnvironment)}
    ) observed, lateral (values
      ('attendance_share', attendance),
      ('crimes_per_100', crimes),
      ('short_suspensions_per_100', short_suspensions),
      ('long_suspensions_per_100', long_suspensions)
    ) measured(measure, value)
    where value is not null`,
})
