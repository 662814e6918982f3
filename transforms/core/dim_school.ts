import { sql } from 'kysely'
import { boolean, date, decimal, integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { school } from '../entities/school.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'

export const dimSchool = defineModel(import.meta.url, {
  doc: 'One row per version of a school: a new one begins in the school year in which its register entry changed.',
  grain: ['school_key', 'valid_from_year'],
  columns: {
    school_version_key: text('This version'),
    school_key: text('Durable key; the same through renamings'),
    school_code: text('Code in the register'),
    login: nullable(text('Login in the federal assessment system')),
    short_name: text('Short name'),
    full_name: text('Full name'),
    school_type: text('Type: secondary, lyceum…; unknown for an inferred school'),
    municipality_key: text('Municipality; unknown for an inferred school'),
    municipality_name: text('Municipality’s name'),
    region_key: text('Region, or all'),
    is_rural: nullable(boolean('Stands in a village')),
    founder: nullable(text('municipal, regional, federal, private')),
    distance_km: nullable(decimal('Distance to the centre, km', 9, 3)),
    is_branch: nullable(boolean('Branch of another school')),
    closed_on: nullable(date('Last day')),
    successor_key: nullable(text('School that took it over')),
    valid_from_year: integer('First school year of the version (0: since ever)'),
    valid_to_year: integer('School year in which the next version begins (9999: none)'),
    is_current: boolean('The latest version'),
    is_inferred: boolean('Known only from results'),
    _file: nullable(text('Register’s file')),
    _sheet: nullable(text('Register’s sheet')),
    _row: nullable(integer('Register’s row')),
  },
  select: () => sql`
    with snapshot as (
      select *, year(snapshot_on) + (month(snapshot_on) >= 9)::integer as school_year
      from ${school}
      qualify row_number() over (partition by school_code, school_year order by snapshot_on desc, _file, _sheet, _row) = 1
    ),
    marked as (
      select *,
             row(login, short_name, full_name, school_type, municipality_code, municipality_name, region_code, distance_km, is_rural, founder, is_branch, closed_on, successor_code)
               is distinct from lag(row(login, short_name, full_name, school_type, municipality_code, municipality_name, region_code, distance_km, is_rural, founder, is_branch, closed_on, successor_code))
                 over (partition by school_code order by school_year) as is_new
      from snapshot
    ),
    version as (
      select *,
             case when row_number() over (partition by school_code order by school_year) = 1 then 0 else school_year end as valid_from_year
      from marked
      where is_new
    )
    select school_code || '@' || valid_from_year as school_version_key,
           school_code as school_key, school_code, login, short_name, full_name, school_type,
           municipality_code as municipality_key, municipality_name, region_code as region_key,
           is_rural, founder, distance_km, is_branch, closed_on, successor_code as successor_key,
           valid_from_year::integer as valid_from_year,
           coalesce(lead(valid_from_year) over (partition by school_code order by valid_from_year), 9999)::integer as valid_to_year,
           lead(valid_from_year) over (partition by school_code order by valid_from_year) is null as is_current,
           false as is_inferred, _file, _sheet, _row
    from version
    union all
    select school_key || '@0', school_key, school_ref, case when school_ref_system = 'fis_oko' then school_ref end,
           school_ref, 'Школа ' || school_ref || ' (нет в справочнике)', 'unknown', 'unknown', 'Не указан', 'all',
           null, null, null, null, null, null, 0, 9999, true, true, null, null, null
    from ${bridgeSchoolRef}
    where is_inferred`,
})
