import { calendarDate, decimalNumber, oneOf, wholeNumber } from '../contract/shape.ts'
import { defineSource, field, type RowRule } from '../contract/source.ts'
import { schoolCode } from './parts/school_reference.ts'
import { yesNo } from './parts/yes_no.ts'

const taughtNoLongerThanWorked: RowRule = {
  code: 'teaching-over-experience',
  at: 'teaching_years',
  broken: ({ fields }) => {
    const [total, teaching] = [fields['experience_years'] ?? null, fields['teaching_years'] ?? null]
    return total !== null && teaching !== null && Number(teaching) > Number(total)
      ? 'педагогический стаж больше общего'
      : undefined
  },
}

/** Register of teaching staff: a row per employee and post, a code in place of a name (DOMAIN §2.6, §2.14). */
export const staffRegister = defineSource(import.meta.url, {
  title: 'Реестр педагогических работников',
  version: 1,
  recognise: {
    title: /Реестр педагогических работников/i,
    headers: ['school_code', 'post', 'rate', 'category'],
  },
  headers: [
    {
      since: 2015,
      map: {
        'Код ОО': 'school_code',
        Должность: 'post',
        Предмет: 'subject',
        Ставка: 'rate',
        'Нагрузка, ч': 'weekly_hours',
        Нагрузка: 'weekly_hours',
        'Год рождения': 'birth_year',
        Пол: 'sex',
        'Уровень образования': 'education',
        'Профиль образования': 'education_profile',
        'Стаж общий': 'experience_years',
        'Стаж педагогический': 'teaching_years',
        'Стаж в ОО': 'school_years',
        Категория: 'category',
        'Дата категории': 'category_on',
        'Категория действует до': 'category_until',
        'КПК: программа': 'training',
        'КПК: часов': 'trained_hours',
        'КПК: дата': 'trained_on',
        'Диагностика: уровень': 'diagnosis',
        Совместитель: 'is_external',
      },
    },
  ],
  above: [/Реестр педагогических работников на (?<snapshot_on>\d{1,2}\.\d{1,2}\.\d{4})/i],
  skip: [/^[\s|]*(?:Итого|Всего)/i],
  rules: [taughtNoLongerThanWorked],
  personal: [
    { headers: ['Табельный код'], action: 'hash', into: 'employee_ref', system: 'staff' },
    {
      headers: ['ФИО', 'Фамилия', 'Имя', 'Отчество', 'Дата рождения', 'СНИЛС'],
      action: 'drop',
    },
  ],
  year: 'snapshot_on',
  delivery: ['snapshot_on', 'school_code'],
  fields: {
    snapshot_on: field('дата, на которую составлен реестр', calendarDate, {
      required: true,
    }),
    employee_ref: field('необратимый код табельного номера', undefined, { required: true }),
    school_code: field('код школы', schoolCode, { required: true }),
    post: field('должность', undefined, { required: true, harmless: true }),
    subject: field('предмет', undefined, { harmless: true }),
    rate: field('ставка: 1 — полная', decimalNumber({ min: 0, max: 3 })),
    weekly_hours: field('учебная нагрузка, часов в неделю', decimalNumber({ min: 0, max: 60 })),
    birth_year: field('год рождения', wholeNumber({ min: 1920, max: 2100 }), { harmless: false }),
    sex: field('пол: м, ж', oneOf('м', 'ж')),
    education: field('уровень образования', undefined, { harmless: true }),
    education_profile: field('направление образования', undefined, { harmless: true }),
    experience_years: field('общий стаж, лет', decimalNumber({ min: 0, max: 75 })),
    teaching_years: field('педагогический стаж, лет', decimalNumber({ min: 0, max: 75 })),
    school_years: field('стаж в этой школе, лет', decimalNumber({ min: 0, max: 75 })),
    category: field(
      'квалификационная категория',
      oneOf(
        'нет',
        'без категории',
        'соответствие',
        'соответствие занимаемой должности',
        'первая',
        'высшая',
        'педагог-методист',
        'педагог-наставник',
      ),
    ),
    category_on: field('дата присвоения категории', calendarDate),
    category_until: field('до какого дня действует категория', calendarDate),
    training: field('последние курсы повышения квалификации', undefined, { harmless: true }),
    trained_hours: field('объём этих курсов, часов', wholeNumber({ min: 0, max: 2000 })),
    trained_on: field('дата окончания этих курсов', calendarDate),
    diagnosis: field('уровень по диагностике профессиональных дефицитов', undefined, {
      harmless: true,
    }),
    is_external: field('внешний совместитель', yesNo),
  },
})
