import { sql } from 'kysely'
import { decimal, integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { markScale } from '../parameters/mark_scale.ts'
import { testBreak } from '../parameters/test_break.ts'
import { fctResult } from './fct_result.ts'

export const dimTestVersion = defineModel(import.meta.url, {
  doc: 'Строка — процедура, предмет, класс и учебный год работы: её версия и шкала перевода баллов в отметку.',
  grain: ['procedure', 'subject', 'grade', 'school_year'],
  partition: ['procedure', 'school_year', 'grade'],
  columns: {
    procedure: text('оценочная процедура'),
    subject: text('предмет'),
    grade: text('класс (параллель)'),
    school_year: integer('год окончания учебного года'),
    test_version: integer(
      'версия: растёт на единицу при каждой смене модели работы; прямо сравнимы только равные',
    ),
    break_note: nullable(text('что изменилось именно в этом году')),
    max_raw_score: nullable(decimal('максимальный первичный балл', 9, 2)),
    from_3: nullable(integer('наименьший первичный балл на отметку 3; пусто — шкала не известна')),
    from_4: nullable(integer('наименьший первичный балл на отметку 4')),
    from_5: nullable(integer('наименьший первичный балл на отметку 5')),
  },
  select: () => sql`
    with test as (
      select procedure, subject, grade, school_year, max(max_raw_score) as max_raw_score
      from ${fctResult}
      group by all
    )
    select t.procedure, t.subject, t.grade, t.school_year,
           (1 + count(b.school_year))::integer as test_version,
           string_agg(b.note, '; ' order by b.note) filter (where b.school_year = t.school_year) as break_note,
           t.max_raw_score, s.from_3, s.from_4, s.from_5
    from test as t
    left join ${testBreak} as b
      on b.procedure = t.procedure and b.subject in (t.subject, 'all') and b.grade in (t.grade, 'all') and b.school_year <= t.school_year
    left join ${markScale} as s
      on s.procedure = t.procedure and s.subject = t.subject and s.grade::varchar = t.grade
     and t.school_year between s.from_year and s.to_year and s.max_raw_score = t.max_raw_score
    group by all`,
})
