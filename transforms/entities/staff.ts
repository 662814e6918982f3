import { boolean, date, decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const staff = defineEntity(import.meta.url, {
  doc: 'One row per employee, post and snapshot of the staff register.',
  grain: ['employee_ref', 'school_ref', 'post', 'snapshot_on'],
  columns: {
    employee_ref: text('Personnel number as a keyed hash; never a name'),
    school_ref: text('The school as the form names it'),
    school_ref_system: text('fis_oko, ris_gia, register'),
    snapshot_on: date('The day that the register describes'),
    school_year: integer('Year in which the school year of that day ends'),
    post: text('Post as printed'),
    is_teaching: boolean('A teaching post'),
    subject: nullable(text('Subject taught, as printed')),
    rate: nullable(decimal('Rate, 1 = full time', 6, 3)),
    weekly_hours: nullable(decimal('Teaching load, hours a week', 6, 2)),
    birth_year: nullable(integer('Year of birth')),
    sex: nullable(text('f, m')),
    education: nullable(text('higher, vocational, other')),
    experience_years: nullable(decimal('Total experience, years', 6, 2)),
    teaching_years: nullable(decimal('Teaching experience, years', 6, 2)),
    category: nullable(text('none, conformity, first, highest, methodist, mentor')),
    trained_on: nullable(date('Last course of professional development finished')),
    trained_hours: nullable(integer('Hours of that course')),
    is_external: nullable(boolean('Part-timer from elsewhere')),
    ...origin,
  },
})
