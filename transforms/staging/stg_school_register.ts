import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { school } from '../entities/school.ts'
import { schoolRegister } from '../sources/school_register.ts'

/** Empty text where the municipality is printed without its code. */
const municipalityCode = sql<string>`regexp_extract(lower(municipality), '\\(\\s*(reg\\d{2}_m\\d{3})\\s*\\)', 1)`
const municipalityName = sql<string>`trim(regexp_replace(municipality, '\\s*\\(\\s*[Rr]eg\\d{2}_m\\d{3}\\s*\\)\\s*$', ''))`

export const stgSchoolRegister = defineStaging(import.meta.url, {
  yields: school,
  select: () => sql`
    select
      school_code as school_code,
      login as login,
      tax_number as tax_number,
      full_name as full_name,
      short_name as short_name,
      case
        when regexp_matches(lower(school_type), 'гимнази') then 'gymnasium'
        when regexp_matches(lower(school_type), 'лице[йя]') then 'lyceum'
        when regexp_matches(lower(school_type), 'углубл|уиоп') then 'advanced'
        when regexp_matches(lower(school_type), '^(сош|оош|нош)$|средн|основн|начальн')
          then case
            when regexp_matches(lower(school_type), '^сош|средн') then 'secondary'
            when regexp_matches(lower(school_type), '^оош|основн') then 'lower_secondary'
            else 'primary'
          end
        else 'other'
      end as school_type,
      coalesce(nullif(${municipalityCode}, ''), ${municipalityName}) as municipality_code,
      ${municipalityName} as municipality_name,
      coalesce(
        nullif(substr(${municipalityCode}, 4, 2), ''),
        nullif(regexp_extract(login, '^[a-z]{3}(\\d{2})', 1), ''),
        'all'
      ) as region_code,
      case locality when 'город' then false when 'село' then true end as is_rural,
      case
        when regexp_matches(lower(founder), 'муницип|администрац|отдел|комитет|городск|районн|мэри') then 'municipal'
        when regexp_matches(lower(founder), 'федера|росси') then 'federal'
        when regexp_matches(lower(founder), 'област|кра[йя]|республик|министерств|департамент|регион') then 'regional'
        when regexp_matches(lower(founder), 'частн|ооо|общество|ано|нко|некоммерческ|физическ|индивидуальн') then 'private'
      end as founder,
      cast(distance_km as decimal(9,3)) as distance_km,
      is_branch = 'да' as is_branch,
      cast(opened_on as date) as opened_on,
      cast(closed_on as date) as closed_on,
      successor_code as successor_code,
      cast(snapshot_on as date) as snapshot_on,
      _file,
      _sheet,
      _row
    from ${schoolRegister}`,
})
