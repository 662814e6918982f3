import { date, decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const result = defineEntity(import.meta.url, {
  doc: 'Строка — ученик, процедура, предмет, учебный год и попытка. Отсутствовавших здесь нет.',
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
    procedure: text('процедура: vpr, oge, gve9, ege, ege_base… — код из parameters.procedure'),
    subject: text('предмет, как напечатан'),
    grade: integer('класс, в котором ученик учится'),
    programme_grade: integer('класс, по программе которого работа'),
    school_year: integer('год окончания учебного года'),
    season: text('время проведения: spring — весна, autumn — осень'),
    attempt: text('период: main — основной, reserve — резервные дни, september — сентябрь'),
    held_on: nullable(date('день работы')),
    school_ref: text('обозначение школы в форме'),
    school_ref_system: text(
      'чьё обозначение: fis_oko — логин ФИС ОКО, ris_gia — код РИС ГИА, register — код справочника школ',
    ),
    pupil_ref: text(
      'код участника или необратимый код вместо имени и документа; имени здесь не бывает',
    ),
    class_group: nullable(text('класс с буквой или номером, как напечатан')),
    test_form: nullable(text('вариант')),
    raw_score: nullable(decimal('первичный балл', 9, 2)),
    max_raw_score: nullable(decimal('максимальный первичный балл', 9, 2)),
    mark: nullable(integer('отметка от 2 до 5, как в файле')),
    test_score: nullable(decimal('тестовый балл, 0–100', 9, 2)),
    journal_mark: nullable(integer('отметка по журналу за последний период, от 2 до 5')),
    precedence: integer(
      'очерёдность: если работы школы по предмету и классу программы за год принесли несколько форм, остаются строки с наименьшим числом',
    ),
    ...origin,
  },
})
