import { sql } from 'kysely'
import { boolean, integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { procedure } from '../parameters/procedure.ts'

export const dimProcedure = defineModel(import.meta.url, {
  doc: 'One row per assessment procedure.',
  grain: ['procedure'],
  columns: {
    procedure: text('Code'),
    name: text('Russian name'),
    has_marks: boolean('Results are marks 2–5'),
    is_equated: boolean('Scores of different years are on one scale while the test stays the same'),
    reference_level: nullable(text('Level whose distribution is the yardstick')),
    sort: integer('Order on pages'),
  },
  select: () => sql`
    select procedure, name, has_marks, is_equated, reference_level, sort from ${procedure}`,
})
