import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { result } from '../entities/result.ts'
import { vprCollection } from '../sources/vpr_collection.ts'

/** What schools entered comes weeks before Ф1 and has no marks, so it is a procedure of its own and never counted with Ф1. */
export const stgVprCollectionResult = defineStaging(import.meta.url, {
  yields: result,
  select: () => sql`
    select
      'vpr_collection' as procedure,
      subject as subject,
      cast(grade as integer) as grade,
      cast(grade as integer) as programme_grade,
      cast(year as integer) as school_year,
      'spring' as season,
      'main' as attempt,
      cast(null as date) as held_on,
      login as school_ref,
      'fis_oko' as school_ref_system,
      participant as pupil_ref,
      class_group as class_group,
      concat_ws('/', test_form, second_form) as test_form,
      cast(raw_score as decimal(9,2)) as raw_score,
      cast(null as decimal(9,2)) as max_raw_score,
      cast(null as integer) as mark,
      cast(null as decimal(9,2)) as test_score,
      cast(nullif(journal_mark, 'нет отметки') as integer) as journal_mark,
      1 as precedence,
      _file,
      _sheet,
      _row
    from ${vprCollection}
    where raw_score is not null
      and not starts_with(lower(coalesce(test_form, '')), 'отсутств')`,
})
