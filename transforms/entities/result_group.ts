import { decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const resultGroup = defineEntity(import.meta.url, {
  doc: 'Строка — группа учеников (школа, муниципалитет, регион, страна), процедура, предмет, класс и учебный год: готовые итоги, как в файле.',
  grain: ['procedure', 'subject', 'grade', 'school_year', 'level', 'unit_ref'],
  columns: {
    procedure: text('процедура: код из parameters.procedure'),
    subject: text('предмет, как напечатан, или all (сводно по предметам)'),
    grade: nullable(integer('класс; пусто, если итог по всем классам')),
    school_year: integer('год окончания учебного года'),
    level: text(
      'уровень: country — страна, region — регион, municipality — муниципалитет, school — школа',
    ),
    unit_ref: text(
      'обозначение группы в форме; у страны — название, у региона — код, если он есть в листе, иначе название',
    ),
    unit_ref_system: text(
      'чьё обозначение: fis_oko — логин ФИС ОКО, ris_gia — код РИС ГИА, register — код справочника школ, name — название (не школа)',
    ),
    unit_name: text('Единица, как она напечатана, без кода'),
    schools: nullable(integer('школ в группе')),
    participants: nullable(integer('учеников')),
    share_2: nullable(decimal('доля отметок 2, 0–1', 9, 6)),
    share_3: nullable(decimal('доля отметок 3, 0–1', 9, 6)),
    share_4: nullable(decimal('доля отметок 4, 0–1', 9, 6)),
    share_5: nullable(decimal('доля отметок 5, 0–1', 9, 6)),
    mean_score: nullable(decimal('средний балл по шкале процедуры', 12, 6)),
    grade_label: nullable(text('буква или категория, присвоенная группе органом управления')),
    ...origin,
  },
})
