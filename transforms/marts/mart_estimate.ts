import { sql } from 'kysely'
import { indicatorColumns, indicatorUnion } from '../contract/indicator.ts'
import { defineModel } from '../contract/table.ts'

/** Stored: marts read it many times, and to plan a query over some twenty tables takes longer than to read them. */
export const martEstimate = defineModel(import.meta.url, {
  doc: 'Строка — показатель, единица, процедура, предмет, класс и учебный год: значения всех показателей вместе, как в их таблицах, без названий и зон.',
  grain: ['indicator', 'level', 'unit_key', 'procedure', 'subject', 'grade', 'school_year'],
  partition: ['school_year', 'subject', 'grade'],
  columns: indicatorColumns,
  select: () => sql`select * from ${indicatorUnion}`,
})
