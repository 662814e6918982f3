import { sql } from 'kysely'
import { decimal, integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { dimProcedure } from './dim_procedure.ts'
import { fctResultGroup } from './fct_result_group.ts'

/** Reference shares πₖ renormalised; ridit rₖ = Σ_{l<k} πₗ + πₖ/2 (DOMAIN 3.0.3 B). */
export const dimReferenceMark = defineModel(import.meta.url, {
  doc: 'Строка — процедура, предмет, класс, учебный год и отметка: её доля в эталонной группе и её ридит.',
  grain: ['procedure', 'subject', 'grade', 'school_year', 'mark'],
  columns: {
    procedure: text('оценочная процедура'),
    subject: text('предмет'),
    grade: text('класс (параллель)'),
    school_year: integer('год окончания учебного года'),
    mark: integer('отметка от 2 до 5'),
    reference: text('эталонная группа: название'),
    participants: nullable(integer('учеников в эталонной группе; пусто — не передано')),
    share: decimal('доля отметки в эталонной группе, 0–1', 9, 6),
    ridit: decimal('ридит: доля отметок ниже плюс половина доли этой отметки', 9, 6),
  },
  select: () => sql`
    with reference as (
      select g.*, g.share_2 + g.share_3 + g.share_4 + g.share_5 as total
      from ${fctResultGroup} as g
      join ${dimProcedure} as p on p.procedure = g.procedure and p.reference_level = g.level
      where g.share_2 + g.share_3 + g.share_4 + g.share_5 > 0
      qualify row_number() over (partition by g.procedure, g.subject, g.grade, g.school_year order by g.participants desc nulls last, g.unit_key) = 1
    ),
    mark as (
      select procedure, subject, grade, school_year, unit_key as reference, participants,
             right(mark, 1)::integer as mark, share::double / total as share
      from reference
      unpivot (share for mark in (share_2, share_3, share_4, share_5))
    )
    select procedure, subject, grade, school_year, mark, reference, participants, share::decimal(9, 6) as share,
           (sum(share) over (partition by procedure, subject, grade, school_year order by mark) - share / 2)::decimal(9, 6) as ridit
    from mark`,
})
