import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { resultGroup } from '../entities/result_group.ts'
import { vprMarks } from '../sources/vpr_marks.ts'
import { procedure, schoolYear } from './parts/vpr_campaign.ts'
import { level, unitName, unitRef, unitRefSystem } from './parts/vpr_unit.ts'

const share = (column: string) =>
  sql`cast(cast(${sql.ref(column)} as decimal(9,4)) * 0.01 as decimal(9,6))`

export const stgVprMarks = defineStaging(import.meta.url, {
  yields: resultGroup,
  select: () => sql`
    select
      ${procedure} as procedure,
      subject as subject,
      cast(grade as integer) as grade,
      ${schoolYear} as school_year,
      ${level} as level,
      ${unitRef} as unit_ref,
      ${unitRefSystem} as unit_ref_system,
      ${unitName} as unit_name,
      cast(schools as integer) as schools,
      cast(participants as integer) as participants,
      ${share('percent_2')} as share_2,
      ${share('percent_3')} as share_3,
      ${share('percent_4')} as share_4,
      ${share('percent_5')} as share_5,
      cast(null as decimal(12,6)) as mean_score,
      cast(null as varchar) as grade_label,
      _file,
      _sheet,
      _row
    from ${vprMarks}`,
})
