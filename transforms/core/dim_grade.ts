import { sql } from 'kysely'
import { integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'

export const dimGrade = defineModel(import.meta.url, {
  doc: 'Строка — класс (параллель); all — все классы.',
  grain: ['grade'],
  columns: {
    grade: text('1 … 11 или all (все классы)'),
    name: text('название: «4 класс»'),
    stage: text('ступень: primary — НОО, lower_secondary — ООО, upper_secondary — СОО, all — все'),
    sort: integer('порядок на страницах'),
  },
  select: () => sql`
    select grade::varchar as grade, grade || ' класс' as name,
           case when grade <= 4 then 'primary' when grade <= 9 then 'lower_secondary' else 'upper_secondary' end as stage,
           grade::integer as sort
    from range(1, 12) as grade(grade)
    union all
    select 'all', 'Все классы', 'all', 99`,
})
