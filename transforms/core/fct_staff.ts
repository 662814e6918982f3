import { sql } from 'kysely'
import { boolean, date, decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { staff } from '../entities/staff.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'
import { dimSchool } from './dim_school.ts'

export const fctStaff = defineModel(import.meta.url, {
  doc: 'One row per employee, school, post and snapshot of the staff register.',
  grain: ['employee_key', 'school_key', 'post', 'snapshot_on'],
  references: { school_key: dimSchool },
  columns: {
    employee_key: text('Employee, a keyed hash'),
    school_key: text('School'),
    school_year: integer('Year in which the school year ends'),
    snapshot_on: date('The day that the register describes'),
    post: text('Post as printed'),
    is_teaching: boolean('A teaching post'),
    subject: nullable(text('Subject as printed')),
    rate: nullable(decimal('Rate, 1 = full time', 6, 3)),
    weekly_hours: nullable(decimal('Hours a week', 6, 2)),
    birth_year: nullable(integer('Year of birth')),
    teaching_years: nullable(decimal('Teaching experience, years', 6, 2)),
    category: nullable(text('none, conformity, first, highest, methodist, mentor')),
    trained_on: nullable(date('Last course finished')),
    trained_hours: nullable(integer('Its hours')),
    is_external: nullable(boolean('Part-timer from elsewhere')),
    ...origin,
  },
  select: () => sql`
    select s.employee_ref as employee_key, ref.school_key, s.school_year, s.snapshot_on, s.post, s.is_teaching, s.subject, s.rate,
           s.weekly_hours, s.birth_year, s.teaching_years, s.category, s.trained_on, s.trained_hours, s.is_external,
           s._file, s._sheet, s._row
    from ${staff} as s
    join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)`,
})
