import { sql } from 'kysely'
import { boolean, date, decimal, integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { school } from '../entities/school.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'

export const dimSchool = defineModel(import.meta.url, {
  doc: 'Строка — версия школы: новая начинается с учебного года, в котором изменилась запись справочника.',
  grain: ['school_key', 'valid_from_year'],
  columns: {
    school_version_key: text('ключ версии'),
    school_key: text('постоянный ключ: переживает переименования'),
    school_code: text('код в справочнике школ'),
    login: nullable(text('логин ФИС ОКО')),
    short_name: text('краткое название'),
    full_name: text('полное название'),
    school_type: text(
      'вид школы: secondary — СОШ, lyceum — лицей… (как в entities.school); unknown — школы нет в справочнике',
    ),
    municipality_key: text('муниципалитет; unknown — школы нет в справочнике'),
    municipality_name: text('название муниципалитета'),
    region_key: text('регион или all (не указан)'),
    is_rural: nullable(boolean('сельская школа')),
    founder: nullable(
      text(
        'учредитель: municipal — муниципалитет, regional — регион, federal — федеральный, private — частный',
      ),
    ),
    distance_km: nullable(decimal('расстояние до центра муниципалитета, км', 9, 3)),
    is_branch: nullable(boolean('филиал другой школы')),
    closed_on: nullable(date('последний день работы')),
    successor_key: nullable(text('школа, в состав которой вошла: её ключ')),
    valid_from_year: integer('первый учебный год версии; 0 — с начала'),
    valid_to_year: integer('учебный год, с которого действует следующая версия; 9999 — её нет'),
    is_current: boolean('последняя версия'),
    is_inferred: boolean('известна только по файлам с данными: в справочнике её нет'),
    _file: nullable(text('файл справочника: первые 16 цифр его SHA-256')),
    _sheet: nullable(text('лист справочника')),
    _row: nullable(integer('строка справочника')),
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
