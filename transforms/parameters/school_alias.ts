import { text } from '../contract/column.ts'
import { defineParameters } from '../contract/parameter.ts'

export const schoolAlias = defineParameters(import.meta.url, {
  doc: 'One row per name of a school that its register does not give; the office owns them (settings/school-aliases.json).',
  grain: ['school_ref_system', 'school_ref'],
  columns: {
    school_ref_system: text('fis_oko, ris_gia, register'),
    school_ref: text('The school as the form names it'),
    school_code: text('Its code in the register'),
  },
  rows: [],
})
