import { integer, list, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const taskResult = defineEntity(import.meta.url, {
  doc: 'Строка — ученик, процедура, предмет, учебный год и попытка: баллы за задания.',
  grain: [
    'procedure',
    'subject',
    'grade',
    'school_year',
    'season',
    'attempt',
    'school_ref',
    'pupil_ref',
  ],
  partition: ['_file'],
  columns: {
    procedure: text('процедура: код из parameters.procedure'),
    subject: text('предмет, как напечатан'),
    grade: integer('класс, в котором ученик учится'),
    school_year: integer('год окончания учебного года'),
    season: text('время проведения: spring — весна, autumn — осень'),
    attempt: text('период: main — основной, reserve — резервные дни, september — сентябрь'),
    school_ref: text('обозначение школы в форме'),
    school_ref_system: text(
      'чьё обозначение: fis_oko — логин ФИС ОКО, ris_gia — код РИС ГИА, register — код справочника школ',
    ),
    pupil_ref: text('код участника или необратимый код вместо имени и документа'),
    test_form: nullable(text('вариант')),
    task_list: text('список заданий работы, как в entities.task'),
    scores: list<number | null>(
      'INTEGER',
      'балл за каждое задание; 0, если не приступал, пусто, если ячейки нет',
    ),
    attempted: list<boolean | null>(
      'BOOLEAN',
      'приступал ли к каждому заданию; false — в форме стоит X',
    ),
    ...origin,
  },
})
