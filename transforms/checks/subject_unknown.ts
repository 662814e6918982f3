import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { bridgeSubjectName } from '../core/bridge_subject_name.ts'

export const subjectUnknown = defineCheck(import.meta.url, {
  title: 'Название предмета не распознано',
  severity: 'warning',
  what: 'Предмет напечатан так, как не записано ни в одной строке parameters.subject_name; он показан отдельным предметом.',
  when: 'Важно, если это известный предмет: его ряд по годам разорван.',
  remedy:
    'Добавьте строку в settings/parameters.json, таблица subject_name: как напечатано и какой это предмет.',
  about: bridgeSubjectName,
  select: () => sql`select printed, subject from ${bridgeSubjectName} where is_inferred`,
})
