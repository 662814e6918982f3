import { boolean, decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const medalContender = defineEntity(import.meta.url, {
  doc: 'Строка — претендент на медаль, предмет ЕГЭ и учебный год; у претендента без экзаменов одна строка с предметом all.',
  grain: ['school_year', 'school_ref', 'pupil_ref', 'subject'],
  columns: {
    school_year: integer('год окончания учебного года'),
    school_ref: text('обозначение школы в форме'),
    school_ref_system: text(
      'чьё обозначение: fis_oko — логин ФИС ОКО, ris_gia — код РИС ГИА, register — код справочника школ',
    ),
    pupil_ref: text('код участника'),
    degree: integer('степень медали: 1 или 2'),
    subject: text('предмет ЕГЭ, как напечатан; у «Математики базовой» вместо балла отметка'),
    test_score: nullable(
      decimal('тестовый балл, 0–100; у базовой математики — отметка от 2 до 5', 9, 2),
    ),
    is_awarded: nullable(boolean('медаль вручена')),
    ...origin,
  },
})
