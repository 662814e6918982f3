import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { taskResult } from '../entities/task_result.ts'
import { vprIndividual } from '../sources/vpr_individual.ts'
import { attempted, taskScores, withTaskList } from './parts/task.ts'
import { procedure, schoolYear, season } from './parts/vpr_campaign.ts'

export const stgVprIndividualTaskResult = defineStaging(import.meta.url, {
  yields: taskResult,
  select: () => sql`
    select
      ${procedure} as procedure,
      subject as subject,
      cast(grade as integer) as grade,
      ${schoolYear} as school_year,
      ${season} as season,
      'main' as attempt,
      login as school_ref,
      'fis_oko' as school_ref_system,
      participant as pupil_ref,
      nullif(concat_ws('/', test_form, second_form), '') as test_form,
      task_list,
      ${taskScores} as scores,
      ${attempted} as attempted,
      _file,
      _sheet,
      _row
    from ${withTaskList(vprIndividual)}
    where raw_score is not null
      and not starts_with(lower(coalesce(test_form, '')), 'отсутств')`,
})
