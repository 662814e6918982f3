import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { result } from '../entities/result.ts'
import { ogeCsv } from '../sources/oge_csv.ts'
import { attempt, examGrade, examPupil } from './parts/exam.ts'

/** The export has codes only; these are the region’s (DOMAIN §2.2.1), 51 and 52 are ГВЭ. Another code’s subject is «код NN». */
const subject = sql<string>`coalesce(map {
        '01': 'Русский язык',
        '02': 'Математика',
        '03': 'Физика',
        '04': 'Химия',
        '05': 'Информатика',
        '06': 'Биология',
        '07': 'История',
        '08': 'География',
        '09': 'Обществознание',
        '10': 'Литература',
        '11': 'Иностранный язык',
        '12': 'Иностранный язык',
        '13': 'Иностранный язык',
        '14': 'Иностранный язык',
        '18': 'Родной язык',
        '51': 'Русский язык',
        '52': 'Математика'
      }[subject_code], 'код ' || subject_code)`
const pupil = examPupil(['document_ref', 'name_ref'])

export const stgOgeCsv = defineStaging(import.meta.url, {
  yields: result,
  select: () => sql`
    select
      if(subject_code in ('51', '52'), 'gve9', 'oge') as procedure,
      ${subject} as subject,
      ${examGrade(9)} as grade,
      9 as programme_grade,
      cast(year as integer) as school_year,
      'spring' as season,
      ${attempt(pupil, sql`subject_code`)} as attempt,
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
      2 as precedence,
      _file,
      _sheet,
      _row
    from ${ogeCsv}`,
})
