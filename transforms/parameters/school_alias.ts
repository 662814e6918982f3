import { text } from '../contract/column.ts'
import { defineParameters } from '../contract/parameter.ts'

export const schoolAlias = defineParameters(import.meta.url, {
  doc: 'Строка — псевдоним: обозначение школы, которого нет в справочнике (его вносят в settings/school-aliases.json).',
  grain: ['school_ref_system', 'school_ref'],
  columns: {
    school_ref_system: text(
      'чьё обозначение: fis_oko — логин ФИС ОКО, ris_gia — код РИС ГИА, register — код справочника школ',
    ),
    school_ref: text('обозначение школы в форме'),
    school_code: text('её код в справочнике школ'),
  },
  rows: [],
})
