import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { task } from '../entities/task.ts'
import { vprCollection } from '../sources/vpr_collection.ts'
import { tasksOf } from './parts/task.ts'

export const stgVprCollectionTask = defineStaging(import.meta.url, {
  yields: task,
  select: () =>
    tasksOf(sql`
    select 'vpr_collection' as procedure, subject, cast(grade as integer) as grade, cast(year as integer) as school_year,
           _headers, _file, _sheet, min(_row) as _row
    from ${vprCollection}
    where raw_score is not null
      and not starts_with(lower(coalesce(test_form, '')), 'отсутств')
    group by all`),
})
