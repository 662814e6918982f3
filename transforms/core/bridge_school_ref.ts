import { sql } from 'kysely'
import { boolean, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { journalComparison } from '../entities/journal_comparison.ts'
import { medalContender } from '../entities/medal_contender.ts'
import { olympiad } from '../entities/olympiad.ts'
import { result } from '../entities/result.ts'
import { resultGroup } from '../entities/result_group.ts'
import { school } from '../entities/school.ts'
import { schoolContext } from '../entities/school_context.ts'
import { staff } from '../entities/staff.ts'
import { schoolAlias } from '../parameters/school_alias.ts'

export const bridgeSchoolRef = defineModel(import.meta.url, {
  doc: 'Строка — система и обозначение, под которым форма знает школу. Обозначение, которого нет ни в справочнике, ни среди псевдонимов, становится отдельной школой.',
  grain: ['school_ref_system', 'school_ref'],
  columns: {
    school_ref_system: text(
      'чьё обозначение: fis_oko — логин ФИС ОКО, ris_gia — код РИС ГИА, register — код справочника школ',
    ),
    school_ref: text('обозначение школы в форме'),
    school_key: text('постоянный ключ школы'),
    is_inferred: boolean('нет ни в справочнике, ни среди псевдонимов'),
  },
  select: () => sql`
    with used as (
      select school_ref_system, school_ref from ${result}
      union
      select unit_ref_system, unit_ref from ${resultGroup} where level = 'school'
      union
      select unit_ref_system, unit_ref from ${journalComparison} where level = 'school'
      union
      select school_ref_system, school_ref from ${schoolContext}
      union
      select school_ref_system, school_ref from ${staff}
      union
      select school_ref_system, school_ref from ${olympiad}
      union
      select school_ref_system, school_ref from ${medalContender}
    ),
    login as (
      select replace(login, 'sch', 'edu') as login, min(school_code) as school_code
      from ${school}
      where login is not null
      group by all
    ),
    code as (
      select distinct school_code from ${school}
    ),
    resolved as (
      select used.school_ref_system, used.school_ref,
             coalesce(aliased.school_code, case used.school_ref_system when 'fis_oko' then login.school_code else code.school_code end) as school_key
      from used
      left join ${schoolAlias} as alias using (school_ref_system, school_ref)
      left join code as aliased on aliased.school_code = alias.school_code
      left join login on login.login = replace(used.school_ref, 'sch', 'edu')
      left join code on code.school_code = used.school_ref
    )
    select school_ref_system, school_ref,
           coalesce(school_key, 'x-' || school_ref_system || '-' || school_ref) as school_key,
           school_key is null as is_inferred
    from resolved`,
})
