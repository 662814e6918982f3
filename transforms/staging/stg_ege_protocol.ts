import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { result } from '../entities/result.ts'
import { egeProtocol } from '../sources/ege_protocol.ts'
import { attempt, examGrade, examPupil } from './parts/exam.ts'

const pupil = examPupil(['document_ref', 'participant', 'name_ref'])
/** Base mathematics is the one exam with a mark instead of a score. */
const isBase = sql<boolean>`subject ilike '%базов%'`

export const stgEgeProtocol = defineStaging(import.meta.url, {
  yields: result,
  select: () => sql`
    select
      if(${isBase}, 'ege_base', 'ege') as procedure,
      subject as subject,
      ${examGrade(11)} as grade,
      11 as programme_grade,
      cast(year as integer) as school_year,
      'spring' as season,
      ${attempt(pupil, sql`subject`, sql`period`)} as attempt,
      cast(held_on as date) as held_on,
      school_code as school_ref,
      'ris_gia' as school_ref_system,
      ${pupil} as pupil_ref,
      class_group as class_group,
      test_form as test_form,
      cast(raw_score as decimal(9,2)) as raw_score,
      cast(null as decimal(9,2)) as max_raw_score,
      if(${isBase}, cast(cast(final_score as decimal(9,2)) as integer), null) as mark,
      if(${isBase}, null, cast(final_score as decimal(9,2))) as test_score,
      cast(null as integer) as journal_mark,
      1 as precedence,
      _file,
      _sheet,
      _row
    from ${egeProtocol}`,
})
