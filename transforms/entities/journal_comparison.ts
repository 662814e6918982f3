import { integer, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const journalComparison = defineEntity(import.meta.url, {
  doc: 'Строка — группа учеников, процедура, предмет, класс и учебный год: отметки за работу против отметок по журналу, как в файле.',
  grain: ['procedure', 'subject', 'grade', 'school_year', 'level', 'unit_ref'],
  columns: {
    procedure: text('процедура: код из parameters.procedure'),
    subject: text('предмет, как напечатан'),
    grade: integer('класс (параллель)'),
    school_year: integer('год окончания учебного года'),
    level: text(
      'уровень: country — страна, region — регион, municipality — муниципалитет, school — школа',
    ),
    unit_ref: text('обозначение группы в форме'),
    unit_ref_system: text(
      'чьё обозначение: fis_oko — логин ФИС ОКО, ris_gia — код РИС ГИА, register — код справочника школ, name — название (не школа)',
    ),
    participants: integer('сопоставлено учеников'),
    lowered: integer('понизили: отметка за работу ниже, чем по журналу'),
    confirmed: integer('подтвердили: отметки равны'),
    raised: integer('повысили: отметка за работу выше, чем по журналу'),
    ...origin,
  },
})
