import { sql } from 'kysely'
import { boolean, date, decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { staff } from '../entities/staff.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'
import { dimSchool } from './dim_school.ts'

export const fctStaff = defineModel(import.meta.url, {
  doc: 'Строка — работник, школа, должность и дата реестра педагогов.',
  grain: ['employee_key', 'school_key', 'post', 'snapshot_on'],
  references: { school_key: dimSchool },
  columns: {
    employee_key: text('работник: необратимый код'),
    school_key: text('школа'),
    school_year: integer('год окончания учебного года'),
    snapshot_on: date('дата, на которую составлен реестр'),
    post: text('должность, как напечатана'),
    is_teaching: boolean('педагогическая должность'),
    subject: nullable(text('предмет, как напечатан')),
    rate: nullable(decimal('ставка: 1 — полная', 6, 3)),
    weekly_hours: nullable(decimal('нагрузка, часов в неделю', 6, 2)),
    birth_year: nullable(integer('год рождения')),
    teaching_years: nullable(decimal('педагогический стаж, лет', 6, 2)),
    category: nullable(
      text(
        'категория: none — нет, conformity — соответствие должности, first — первая, highest — высшая, methodist — педагог-методист, mentor — педагог-наставник',
      ),
    ),
    trained_on: nullable(date('когда закончены последние курсы повышения квалификации')),
    trained_hours: nullable(integer('объём этих курсов, часов')),
    is_external: nullable(boolean('внешний совместитель')),
    ...origin,
  },
  select: () => sql`
    select s.employee_ref as employee_key, ref.school_key, s.school_year, s.snapshot_on, s.post, s.is_teaching, s.subject, s.rate,
           s.weekly_hours, s.birth_year, s.teaching_years, s.category, s.trained_on, s.trained_hours, s.is_external,
           s._file, s._sheet, s._row
    from ${staff} as s
    join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)`,
})
