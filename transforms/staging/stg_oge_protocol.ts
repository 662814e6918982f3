import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { result } from '../entities/result.ts'
import { ogeProtocol } from '../sources/oge_protocol.ts'
import { attempt, examGrade, examPupil } from './parts/exam.ts'

const pupil = examPupil(['document_ref', 'participant', 'name_ref'])

export const stgOgeProtocol = defineStaging(import.meta.url, {
  yields: result,
  select: () => sql`
    select
      if(subject ilike '%гвэ%' or subject_code in ('51', '52'), 'gve9', 'oge') as procedure,
      subject as subject,
      ${examGrade(9)} as grade,
      9 as programme_grade,
      cast(year as integer) as school_year,
      'spring' as season,
      ${attempt(pupil, sql`subject`, sql`period`)} as attempt,
      cast(held_on as date) as held_on,
      school_code as school_ref,
      'ris_gia' as school_ref_system,
      ${pupil} as pupil_ref,
      class_group as class_group,
      cast(null as varchar) as test_form,
      cast(raw_score as decimal(9,2)) as raw_score,
      cast(null as decimal(9,2)) as max_raw_score,
      cast(mark as integer) as mark,
      cast(null as decimal(9,2)) as test_score,
      cast(null as integer) as journal_mark,
      1 as precedence,
      _file,
      _sheet,
      _row
    from ${ogeProtocol}`,
})
