import { decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const olympiad = defineEntity(import.meta.url, {
  doc: 'Строка — участник, предмет, этап олимпиады и учебный год.',
  grain: ['school_year', 'stage', 'subject', 'school_ref', 'pupil_ref'],
  columns: {
    school_year: integer('год окончания учебного года'),
    stage: text(
      'этап: school — школьный, municipal — муниципальный, regional — региональный, final — заключительный',
    ),
    subject: text('предмет, как напечатан'),
    school_ref: text('обозначение школы в форме'),
    school_ref_system: text(
      'чьё обозначение: fis_oko — логин ФИС ОКО, ris_gia — код РИС ГИА, register — код справочника школ',
    ),
    pupil_ref: text('код участника или необратимый код вместо имени и документа'),
    grade: nullable(integer('класс, за который выполнял работу')),
    score: nullable(decimal('балл', 9, 2)),
    max_score: nullable(decimal('максимально возможный балл', 9, 2)),
    status: text('статус: winner — победитель, prize_winner — призёр, participant — участник'),
    ...origin,
  },
})
