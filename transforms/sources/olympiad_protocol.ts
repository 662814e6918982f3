import { decimalNumber, wholeNumber, type Shape } from '../contract/shape.ts'
import { defineSource, field, type RowRule } from '../contract/source.ts'
import { subjectMeant } from '../parameters/subject_name.ts'
import { schoolCode, schoolLogin } from './parts/school_reference.ts'
import { yesNo } from './parts/yes_no.ts'

const schoolReference: Shape = {
  expected: 'логин школы (edu240123) или её код из 3–6 цифр',
  parse: (cell) => schoolLogin.parse(cell) ?? schoolCode.parse(cell),
}
const words = (expected: string, forms: Readonly<Record<string, RegExp>>): Shape => ({
  expected,
  parse: (cell) => Object.keys(forms).find((word) => forms[word]?.test(cell)),
})
const stage = words('этап: школьный, муниципальный, региональный или заключительный', {
  школьный: /^школьн/i,
  муниципальный: /^муниципальн/i,
  региональный: /^региональн/i,
  заключительный: /^заключительн/i,
})
const status = words('статус: победитель, призёр или участник', {
  победитель: /^победител/i,
  призёр: /^приз[её]р/i,
  участник: /^участни/i,
})

const scoreWithinMaximum: RowRule = {
  code: 'score-over-maximum',
  at: 'score',
  broken: ({ fields }) => {
    const [score, greatest] = [fields['score'] ?? null, fields['max_score'] ?? null]
    return score !== null && greatest !== null && Number(score) > Number(greatest)
      ? `балл ${score.replace('.', ',')} больше максимального ${greatest.replace('.', ',')}`
      : undefined
  },
}
const participantKnown: RowRule = {
  code: 'participant-unknown',
  broken: ({ fields }) =>
    (fields['participant'] ?? null) === null && (fields['name_ref'] ?? null) === null
      ? 'нет ни кода, ни имени участника'
      : undefined,
}

/** Protocol of a stage of the all-Russian olympiad (DOMAIN §2.4). */
export const olympiadProtocol = defineSource(import.meta.url, {
  title: 'Протокол олимпиады (ВсОШ)',
  version: 2,
  recognise: {
    title: /олимпиад/i,
    headers: ['school', 'subject', 'stage', 'score', 'status'],
  },
  headers: [
    {
      since: 2015,
      map: {
        'Код участника': 'participant',
        Код: 'participant',
        'Класс (за который пишет)': 'grade',
        Класс: 'grade',
        ОО: 'school',
        Предмет: 'subject',
        Этап: 'stage',
        Балл: 'score',
        'Макс балл': 'max_score',
        'Макс. балл': 'max_score',
        Статус: 'status',
        Апелляция: 'is_appealed',
      },
    },
  ],
  above: [/(?:20\d{2})\s*[/–—-]\s*(?<year>20\d{2})\s*учебн/i],
  year: 'year',
  skip: [/^[\s|]*(?:Итого|Всего)/i],
  rules: [participantKnown, scoreWithinMaximum],
  personal: [
    {
      headers: ['ФИО', 'Фамилия', 'Имя', 'Отчество'],
      action: 'hash',
      into: 'name_ref',
      system: 'olympiad_name',
    },
    { headers: ['Учитель-наставник', 'Наставник'], action: 'drop' },
  ],
  delivery: ['year', 'stage', 'subject', 'school'],
  fields: {
    year: field('год окончания учебного года', wholeNumber({ min: 2015, max: 2100 }), {
      required: true,
    }),
    participant: field('код участника', undefined, { harmless: true }),
    name_ref: field('необратимый код имени'),
    grade: field('класс, за который выполнял работу', wholeNumber({ min: 1, max: 11 })),
    school: field('логин или код школы', schoolReference, { required: true }),
    subject: field('предмет', undefined, {
      required: true,
      harmless: true,
      meaning: subjectMeant,
    }),
    stage: field('этап', stage, { required: true }),
    score: field('балл', decimalNumber({ min: 0 })),
    max_score: field('максимально возможный балл', decimalNumber({ min: 0 })),
    status: field('статус участника', status, { required: true }),
    is_appealed: field('результат апелляции: да, нет', yesNo),
  },
})
