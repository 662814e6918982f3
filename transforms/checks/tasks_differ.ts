import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { bridgeSubjectName } from '../core/bridge_subject_name.ts'
import { dimSchool } from '../core/dim_school.ts'
import { fctResult } from '../core/fct_result.ts'
import { result } from '../entities/result.ts'
import { taskResult } from '../entities/task_result.ts'

export const tasksDiffer = defineCheck(import.meta.url, {
  title: 'Сумма баллов за задания не равна первичному баллу',
  severity: 'error',
  what: 'У работы с баллами за задания их сумма отличается от первичного балла.',
  when: 'Всегда: столбцы файла сдвинуты или прочитаны не те.',
  remedy:
    'Найдите работу в файле: mera trace core.fct_result показывает ячейки; исправленный файл загрузите снова.',
  partition: ['procedure', 'school_year', 'grade'],
  about: fctResult,
  select: () => sql`
    select f.school_key, s.short_name as school_name, f.pupil_key, f.procedure, f.subject, f.grade, f.school_year, f.season, f.attempt,
           r.raw_score, list_sum(t.scores) as sum_of_tasks
    from ${result} as r
    join ${taskResult} as t
      using (procedure, subject, grade, school_year, season, attempt, school_ref_system, school_ref, pupil_ref)
    join ${bridgeSubjectName} as subject on subject.printed = r.subject
    join ${fctResult} as f
      on f._file = r._file and f._sheet = r._sheet and f._row = r._row and f.attempt = r.attempt and f.subject = subject.subject
    left join ${dimSchool} as s on s.school_version_key = f.school_version_key
    where r.raw_score <> list_sum(t.scores)`,
})
