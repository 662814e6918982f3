import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { task } from '../entities/task.ts'
import { vprIndividual } from '../sources/vpr_individual.ts'
import { tasksOf } from './parts/task.ts'
import { procedure, schoolYear } from './parts/vpr_campaign.ts'

export const stgVprIndividualTask = defineStaging(import.meta.url, {
  yields: task,
  select: () =>
    tasksOf(sql`
    select ${procedure} as procedure, subject, cast(grade as integer) as grade, ${schoolYear} as school_year,
           _headers, _file, _sheet, min(_row) as _row
    from ${vprIndividual}
    where raw_score is not null
      and not starts_with(lower(coalesce(test_form, '')), 'отсутств')
    group by all`),
})
