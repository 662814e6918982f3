import { sql } from 'kysely'
import { defineStaging } from '../../../transforms/contract/entity.ts'
import { schoolContext } from '../../../transforms/entities/school_context.ts'
import { ncPupils } from '../sources/nc_pupils.ts'

export const stgNcPupils = defineStaging(import.meta.url, {
  yields: schoolContext,
  select: () => sql`
    select unit_code as school_ref,
           'register' as school_ref_system,
           year::integer as school_year,
           measure,
           value::decimal(18,6) as value,
           _file, _sheet, _row
    from ${ncPupils}, lateral (values
      ('pupils', total::integer),
      ('pupils_female', indian_female::integer + asian_female::integer + hispanic_female::integer + black_female::integer
        + white_female::integer + pacific_female::integer + multiracial_female::integer),
      ('pupils_indian', indian_male::integer + indian_female::integer),
      ('pupils_asian', asian_male::integer + asian_female::integer),
      ('pupils_hispanic', hispanic_male::integer + hispanic_female::integer),
      ('pupils_black', black_male::integer + black_female::integer),
      ('pupils_white', white_male::integer + white_female::integer),
      ('pupils_pacific', pacific_male::integer + pacific_female::integer),
      ('pupils_multiracial', multiracial_male::integer + multiracial_female::integer)
    ) counted(measure, value)`,
})
