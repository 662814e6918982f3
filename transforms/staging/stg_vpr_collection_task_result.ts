import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { taskResult } from '../entities/task_result.ts'
import { vprCollection } from '../sources/vpr_collection.ts'
import { attempted, taskScores, withTaskList } from './parts/task.ts'

export const stgVprCollectionTaskResult = defineStaging(import.meta.url, {
  yields: taskResult,
  select: () => sql`
    select
      'vpr_collection' as procedure,
      subject as subject,
      cast(grade as integer) as grade,
      cast(year as integer) as school_year,
      'spring' as season,
      'main' as attempt,
      login as school_ref,
      'fis_oko' as school_ref_system,
      participant as pupil_ref,
      concat_ws('/', test_form, second_form) as test_form,
      task_list,
      ${taskScores} as scores,
      ${attempted} as attempted,
      _file,
      _sheet,
      _row
    from ${withTaskList(vprCollection)}
    where raw_score is not null
      and not starts_with(lower(coalesce(test_form, '')), 'отсутств')`,
})
