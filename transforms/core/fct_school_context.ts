import { sql } from 'kysely'
import { decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { schoolContext } from '../entities/school_context.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'
import { dimSchool } from './dim_school.ts'

export const fctSchoolContext = defineModel(import.meta.url, {
  doc: 'Строка — школа, учебный год и характеристика условий (контекста).',
  grain: ['school_key', 'school_year', 'measure'],
  references: { school_key: dimSchool },
  columns: {
    school_key: text('школа'),
    school_year: integer('год окончания учебного года'),
    measure: text('характеристика: код из parameters.context_measure'),
    value: nullable(decimal('значение: количества как есть, доли от 0 до 1')),
    ...origin,
  },
  select: () => sql`
    select ref.school_key, c.school_year, c.measure, c.value, c._file, c._sheet, c._row
    from ${schoolContext} as c
    join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)`,
})
