import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { fctResult } from '../core/fct_result.ts'
import { fctTaskResult } from '../core/fct_task_result.ts'

export const tasksDiffer = defineCheck(import.meta.url, {
  title: 'Сумма баллов за задания не равна первичному баллу',
  severity: 'error',
  what: 'У работы с баллами за задания их сумма отличается от первичного балла.',
  when: 'Всегда: столбцы файла сдвинуты или прочитаны не те.',
  remedy:
    'Найдите работу в файле: mera trace core.fct_result показывает ячейки; исправленный файл загрузите снова.',
  select: () => sql`
    with task as (
      select procedure, subject, grade, school_year, season, attempt, school_key, pupil_key, sum(score) as score
      from ${fctTaskResult}
      group by all
    )
    select r.procedure, r.subject, r.grade, r.school_year, r.school_key, r.pupil_key
    from ${fctResult} as r
    join task using (procedure, subject, grade, school_year, season, attempt, school_key, pupil_key)
    where r.raw_score <> task.score`,
})
