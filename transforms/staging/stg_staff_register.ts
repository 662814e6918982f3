import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { staff } from '../entities/staff.ts'
import { staffRegister } from '../sources/staff_register.ts'

export const stgStaffRegister = defineStaging(import.meta.url, {
  yields: staff,
  select: () => sql`
    select
      employee_ref as employee_ref,
      school_code as school_ref,
      'register' as school_ref_system,
      cast(snapshot_on as date) as snapshot_on,
      cast(
        year(cast(snapshot_on as date)) + if(month(cast(snapshot_on as date)) >= 9, 1, 0)
        as integer
      ) as school_year,
      post as post,
      regexp_matches(lower(post), 'учител|преподават|педагог|воспитател|логопед|дефектолог|психолог|тьютор|методист|вожат')
        and not regexp_matches(lower(post), '^(директор|зам|руководител|заведующ)') as is_teaching,
      subject as subject,
      cast(rate as decimal(6,3)) as rate,
      cast(weekly_hours as decimal(6,2)) as weekly_hours,
      cast(birth_year as integer) as birth_year,
      case sex when 'ж' then 'f' when 'м' then 'm' end as sex,
      case
        when education is null then null
        when regexp_matches(lower(education), '^высш|бакалавр|магистр|специалитет') then 'higher'
        when regexp_matches(lower(education), 'профессиональн|спо') then 'vocational'
        else 'other'
      end as education,
      cast(experience_years as decimal(6,2)) as experience_years,
      cast(teaching_years as decimal(6,2)) as teaching_years,
      case category
        when 'нет' then 'none'
        when 'без категории' then 'none'
        when 'соответствие' then 'conformity'
        when 'соответствие занимаемой должности' then 'conformity'
        when 'первая' then 'first'
        when 'высшая' then 'highest'
        when 'педагог-методист' then 'methodist'
        when 'педагог-наставник' then 'mentor'
      end as category,
      cast(trained_on as date) as trained_on,
      cast(trained_hours as integer) as trained_hours,
      is_external = 'да' as is_external,
      _file,
      _sheet,
      _row
    from ${staffRegister}`,
})
