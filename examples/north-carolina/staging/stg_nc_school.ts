import { sql } from 'kysely'
import { defineStaging } from '../../../transforms/contract/entity.ts'
import { school } from '../../../transforms/entities/school.ts'
import { fullest, isSchool } from '../fullest.ts'
import { ncProfile } from '../sources/nc_profile.ts'

/** The register describes a school year, so its day is the first of that year. Charter schools belong to no district. */
export const stgNcSchool = defineStaging(import.meta.url, {
  yields: school,
  select: () => sql`
    select unit_code as school_code,
           null::varchar as login,
           null::varchar as tax_number,
           school_name as full_name,
           school_name as short_name,
           case category
             when 'E' then 'elementary'
             when 'M' then 'middle'
             when 'H' then 'high'
             when 'I' then 'elementary_middle'
             when 'T' then 'middle_high'
             when 'A' then 'combined'
             else 'other'
           end as school_type,
           case ownership when 'C' then 'charter' else left(unit_code, 3) end as municipality_code,
           case ownership when 'C' then 'Чартерные школы' else district end as municipality_name,
           'Северная Каролина' as region_code,
           null::boolean as is_rural,
           case ownership when 'P' then 'municipal' end as founder,
           null::decimal(9,3) as distance_km,
           false as is_branch,
           null::date as opened_on,
           null::date as closed_on,
           null::varchar as successor_code,
           make_date(year::integer - 1, 9, 1) as snapshot_on,
           _file, _sheet, _row
    from ${ncProfile}
    where ${isSchool}
    qualify ${fullest(ncProfile)}`,
})
