import { sql } from 'kysely'
import { defineStaging } from '../../../transforms/contract/entity.ts'
import { schoolContext } from '../../../transforms/entities/school_context.ts'
import { fullest, isSchool } from '../fullest.ts'
import { ncProfile } from '../sources/nc_profile.ts'

const grade = (place: 1 | 2) => sql`
  case split_part(grade_range, '-', ${sql.lit(place)})
    when 'PK' then '-1'
    when 'K' then '0'
    else regexp_extract(grade_range, ${sql.lit(place === 1 ? '^(\\d+)-' : '-(\\d+)$')}, 1)
  end`

/** The enrolment files leave charter schools out, so their `pupils` are those of the register; `pupils_listed` is the register’s for all. */
export const stgNcProfile = defineStaging(import.meta.url, {
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
      from ${ncProfile}
      where ${isSchool}
      qualify ${fullest(ncProfile)}
    ) listed, lateral (values
      ('pupils', case ownership when 'C' then pupils end),
      ('pupils_listed', pupils),
      ('title1', case title1 when 'Y' then '1' else '0' end),
      ('charter', case ownership when 'C' then '1' when 'P' then '0' end),
      ('alternative', case when school_kind is not null then (school_kind not in ('Regular School', 'Magnet School'))::integer::varchar end),
      ('magnet', case when school_kind is not null then (school_kind = 'Magnet School')::integer::varchar end),
      ('grade_lowest', nullif(${grade(1)}, '')),
      ('grade_highest', nullif(${grade(2)}, '')),
      ('year_round', case when calendar is not null then contains(calendar, 'Year-Round')::integer::varchar end)
    ) measured(measure, value)
    where value is not null`,
})
