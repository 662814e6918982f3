import { decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const schoolContext = defineEntity(import.meta.url, {
  doc: 'One row per school, school year and measure of its context, staff totals included.',
  grain: ['school_ref', 'school_year', 'measure'],
  columns: {
    school_ref: text('The school as the form names it'),
    school_ref_system: text('fis_oko, ris_gia, register'),
    school_year: integer('Year in which the school year ends (form of September Y−1)'),
    measure: text(
      'pupils, pupils_grade_1…pupils_grade_11, class_sets, second_shift_pupils, sen_pupils, disabled_pupils, non_native_pupils, registered_pupils, teachers, teachers_novice, teachers_highest_category, teachers_ageing, vacant_hours, planned_hours, or another of parameters.context_measure',
    ),
    value: nullable(decimal('Value: counts as counts, shares 0–1')),
    ...origin,
  },
})
