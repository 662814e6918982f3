import { calendarDate, decimalNumber, oneOf } from '../contract/shape.ts'
import { defineSource, field, type RowRule } from '../contract/source.ts'
import { code } from './parts/code.ts'
import { schoolCode, schoolLogin } from './parts/school_reference.ts'
import { yesNo } from './parts/yes_no.ts'

const closesAfterOpening: RowRule = {
  code: 'closed-before-opened',
  at: 'closed_on',
  broken: ({ fields }) => {
    const [opened, closed] = [fields['opened_on'] ?? null, fields['closed_on'] ?? null]
    return opened !== null && closed !== null && closed < opened
      ? 'дата окончания раньше даты начала'
      : undefined
  },
}

/** Register of schools, one snapshot a year (DOMAIN §2.14). */
export const schoolRegister = defineSource(import.meta.url, {
  title: 'Справочник общеобразовательных организаций',
  version: 2,
  recognise: {
    title: /Справочник общеобразовательных организаций/i,
    headers: ['school_code', 'login', 'full_name', 'short_name'],
  },
  headers: [
    {
      since: 2015,
      map: {
        'Код ОО': 'school_code',
        'Логин ФИС ОКО': 'login',
        ИНН: 'tax_number',
        'Полное наименование': 'full_name',
        'Краткое наименование': 'short_name',
        Тип: 'school_type',
        Муниципалитет: 'municipality',
        Местность: 'locality',
        Учредитель: 'founder',
        'Расстояние до центра, км': 'distance_km',
        Филиал: 'is_branch',
        'Дата начала': 'opened_on',
        'Дата окончания': 'closed_on',
        'Код правопреемника': 'successor_code',
      },
    },
  ],
  above: [/Справочник общеобразовательных организаций на (?<snapshot_on>\d{1,2}\.\d{1,2}\.\d{4})/i],
  skip: [/^[\s|]*(?:Итого|Всего)/i],
  rules: [closesAfterOpening],
  year: 'snapshot_on',
  delivery: ['snapshot_on', 'municipality'],
  fields: {
    snapshot_on: field('дата, на которую составлен справочник', calendarDate, {
      required: true,
    }),
    school_code: field('код школы', schoolCode, { required: true }),
    login: field('логин ФИС ОКО', schoolLogin),
    tax_number: field('ИНН', code(/^\d{10}(?:\d{2})?$/, 'ИНН из 10 или 12 цифр')),
    full_name: field('полное название', undefined, { required: true, harmless: true }),
    short_name: field('краткое название', undefined, { required: true, harmless: true }),
    school_type: field('вид школы: СОШ, ООШ, НОШ, гимназия, лицей…', undefined, {
      required: true,
      harmless: true,
    }),
    municipality: field('муниципалитет, с кодом или без', undefined, {
      required: true,
      harmless: true,
      meaning: (printed) =>
        /\(\s*(reg\d{2}_m\d{3})\s*\)/i.exec(printed)?.[1]?.toLowerCase() ?? printed.toLowerCase(),
    }),
    locality: field('местность: город, село', oneOf('город', 'село', 'посёлок', 'поселок')),
    founder: field('учредитель, как напечатан', undefined, { harmless: true }),
    distance_km: field(
      'расстояние до центра муниципалитета, км',
      decimalNumber({ min: 0, max: 5000 }),
    ),
    is_branch: field('филиал: да, нет', yesNo),
    opened_on: field('первый день работы', calendarDate),
    closed_on: field('последний день работы', calendarDate),
    successor_code: field('код школы, в состав которой вошла', schoolCode),
  },
})
