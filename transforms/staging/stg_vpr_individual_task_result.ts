import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { taskResult } from '../entities/task_result.ts'
import { vprIndividual } from '../sources/vpr_individual.ts'
import { isAttempted, taskScore, withTasks } from './parts/task.ts'
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
      test_form as test_form,
      task.code as task_code,
      task.place as task_order,
      task.maximum as max_score,
      task.difficulty as difficulty,
      ${taskScore} as score,
      ${isAttempted} as is_attempted,
      _file,
      _sheet,
      _row
    from ${withTasks(vprIndividual)}
    where raw_score is not null
      and not starts_with(lower(coalesce(test_form, '')), 'отсутств')
      and points is not null`,
})
