import { decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const schoolContext = defineEntity(import.meta.url, {
  doc: 'Строка — школа, учебный год и характеристика условий (контекста), включая итоги по кадрам.',
  grain: ['school_ref', 'school_year', 'measure'],
  columns: {
    school_ref: text('обозначение школы в форме'),
    school_ref_system: text(
      'чьё обозначение: fis_oko — логин ФИС ОКО, ris_gia — код РИС ГИА, register — код справочника школ',
    ),
    school_year: integer(
      'год окончания учебного года (для формы за сентябрь — следующий календарный год)',
    ),
    measure: text(
      'характеристика: код из parameters.context_measure (pupils — обучающихся, sen_pupils — с ОВЗ, second_shift_pupils — во вторую смену, teachers — педагогов…); названия всех кодов — там',
    ),
    value: nullable(decimal('значение: количества как есть, доли от 0 до 1')),
    ...origin,
  },
})
