import { sql } from 'kysely'
import { decimal, integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { markScale } from '../parameters/mark_scale.ts'
import { testBreak } from '../parameters/test_break.ts'
import { fctResult } from './fct_result.ts'

export const dimTestVersion = defineModel(import.meta.url, {
  doc: 'One row per procedure, subject, grade and school year of a test: which version it is and its scale.',
  grain: ['procedure', 'subject', 'grade', 'school_year'],
  columns: {
    procedure: text('Procedure'),
    subject: text('Subject'),
    grade: text('Grade'),
    school_year: integer('Year in which the school year ends'),
    test_version: integer('Grows by one at each break: only equal versions compare directly'),
    break_note: nullable(text('Russian: what changed in this very year')),
    max_raw_score: nullable(decimal('Greatest primary score', 9, 2)),
    from_3: nullable(integer('Lowest primary score of mark 3; null: the scale is not known')),
    from_4: nullable(integer('Lowest primary score of mark 4')),
    from_5: nullable(integer('Lowest primary score of mark 5')),
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
