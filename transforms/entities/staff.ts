import { boolean, date, decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineEntity } from '../contract/entity.ts'

export const staff = defineEntity(import.meta.url, {
  doc: 'Строка — работник, должность и дата реестра педагогов.',
  grain: ['employee_ref', 'school_ref', 'post', 'snapshot_on'],
  columns: {
    employee_ref: text('работник: необратимый код вместо табельного номера; имени здесь не бывает'),
    school_ref: text('обозначение школы в форме'),
    school_ref_system: text(
      'чьё обозначение: fis_oko — логин ФИС ОКО, ris_gia — код РИС ГИА, register — код справочника школ',
    ),
    snapshot_on: date('дата, на которую составлен реестр'),
    school_year: integer('год окончания учебного года, к которому относится эта дата'),
    post: text('должность, как напечатана'),
    is_teaching: boolean('педагогическая должность'),
    subject: nullable(text('преподаваемый предмет, как напечатан')),
    rate: nullable(decimal('ставка: 1 — полная', 6, 3)),
    weekly_hours: nullable(decimal('учебная нагрузка, часов в неделю', 6, 2)),
    birth_year: nullable(integer('год рождения')),
    sex: nullable(text('пол: f — женский, m — мужской')),
    education: nullable(
      text('образование: higher — высшее, vocational — среднее профессиональное, other — другое'),
    ),
    experience_years: nullable(decimal('общий стаж, лет', 6, 2)),
    teaching_years: nullable(decimal('педагогический стаж, лет', 6, 2)),
    category: nullable(
      text(
        'категория: none — нет, conformity — соответствие должности, first — первая, highest — высшая, methodist — педагог-методист, mentor — педагог-наставник',
      ),
    ),
    trained_on: nullable(date('когда закончены последние курсы повышения квалификации')),
    trained_hours: nullable(integer('объём этих курсов, часов')),
    is_external: nullable(boolean('внешний совместитель')),
    ...origin,
  },
})
