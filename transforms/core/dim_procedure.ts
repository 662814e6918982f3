import { sql } from 'kysely'
import { boolean, integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { procedure } from '../parameters/procedure.ts'

export const dimProcedure = defineModel(import.meta.url, {
  doc: 'Строка — оценочная процедура: её название и какие выводы она позволяет.',
  grain: ['procedure'],
  columns: {
    procedure: text('код процедуры'),
    name: text('название'),
    has_marks: boolean('результат — отметка от 2 до 5'),
    is_equated: boolean('баллы разных лет сравнимы, пока работа не менялась'),
    reference_level: nullable(
      text('с чьим распределением сравнивать: country — страна, region — регион; пусто — не с чем'),
    ),
    sort: integer('порядок на страницах'),
  },
  select: () => sql`
    select procedure, name, has_marks, is_equated, reference_level, sort from ${procedure}`,
})
