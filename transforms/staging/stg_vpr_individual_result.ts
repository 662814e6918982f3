import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { result } from '../entities/result.ts'
import { vprIndividual } from '../sources/vpr_individual.ts'
import { procedure, programmeGrade, schoolYear, season } from './parts/vpr_campaign.ts'

export const stgVprIndividualResult = defineStaging(import.meta.url, {
  yields: result,
  select: () => sql`
    select
      ${procedure} as procedure,
      subject as subject,
      cast(grade as integer) as grade,
      ${programmeGrade} as programme_grade,
      ${schoolYear} as school_year,
      ${season} as season,
      'main' as attempt,
      cast(null as date) as held_on,
      login as school_ref,
      'fis_oko' as school_ref_system,
      participant as pupil_ref,
      class_group as class_group,
      nullif(concat_ws('/', test_form, second_form), '') as test_form,
      cast(raw_score as decimal(9,2)) as raw_score,
      cast(max_raw_score as decimal(9,2)) as max_raw_score,
      cast(mark as integer) as mark,
      cast(null as decimal(9,2)) as test_score,
      cast(nullif(journal_mark, 'нет отметки') as integer) as journal_mark,
      1 as precedence,
      _file,
      _sheet,
      _row
    from ${vprIndividual}
    where raw_score is not null
      and not starts_with(lower(coalesce(test_form, '')), 'отсутств')`,
})
