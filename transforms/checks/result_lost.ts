import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { fctResult } from '../core/fct_result.ts'
import { result } from '../entities/result.ts'

export const resultLost = defineCheck(import.meta.url, {
  title: 'Результаты потеряны между слоями',
  severity: 'error',
  what: 'Загруженных результатов больше, чем строк факта: школа или предмет не нашлись ни в одном измерении.',
  when: 'Всегда: средние посчитаны не по всем ученикам.',
  remedy:
    'Проверьте справочник школ и settings/school-aliases.json; mera describe fct_result говорит, с чем соединяется факт.',
  select: () => sql`
    select delivered.n as delivered, kept.n as kept
    from (select count(*) as n from ${result}) as delivered, (select count(*) as n from ${fctResult}) as kept
    where delivered.n <> kept.n`,
})
