import { decimalNumber, wholeNumber, type Shape } from '../contract/shape.ts'
import { defineSource, field } from '../contract/source.ts'
import { code } from './parts/code.ts'
import { schoolCode } from './parts/school_reference.ts'
import { yesNo } from './parts/yes_no.ts'

/** Canonical: 1 or 2. */
const degree: Shape = {
  expected: 'степень медали: I или II',
  wordless: true,
  parse: (cell) =>
    /^(?:I|1|І)$/i.test(cell) ? '1' : /^(?:II|2|ІІ)$/i.test(cell) ? '2' : undefined,
}

/** Contenders for a medal with their ЕГЭ scores (DOMAIN §2.14). */
export const medalContenders = defineSource(import.meta.url, {
  title: 'Претенденты на медаль',
  version: 1,
  recognise: {
    title: /Претенденты на медаль/i,
    headers: ['school_code', 'participant', 'degree'],
  },
  headers: [
    {
      since: 2015,
      map: {
        'Код ОО': 'school_code',
        'Код участника': 'participant',
        Степень: 'degree',
        'Медаль вручена': 'is_awarded',
        Вручена: 'is_awarded',
      },
    },
  ],
  above: [/Претенденты на медаль.*?(?<year>20\d{2})/i],
  year: 'year',
  repeated: {
    header:
      /^(?:Русский язык|Математика|Физика|Химия|Биология|История|Обществознание|География|Литература|Информатика|Английский|Немецкий|Французский|Испанский|Китайский|Иностранный)/i,
    shape: decimalNumber({ min: 0, max: 100 }),
    doc: 'тестовый балл по предмету; у базовой математики — отметка',
  },
  skip: [/^[\s|]*(?:Итого|Всего)/i],
  personal: [{ headers: ['ФИО', 'Фамилия', 'Имя', 'Отчество', 'Дата рождения'], action: 'drop' }],
  delivery: ['year', 'school_code'],
  fields: {
    year: field('год окончания учебного года', wholeNumber({ min: 2015, max: 2100 }), {
      required: true,
    }),
    school_code: field('код школы', schoolCode, { required: true }),
    participant: field('код участника', code(/^\d{2,20}$/, 'код участника из цифр'), {
      required: true,
    }),
    degree: field('степень медали: 1 или 2', degree, { required: true }),
    is_awarded: field('медаль вручена', yesNo),
  },
})
