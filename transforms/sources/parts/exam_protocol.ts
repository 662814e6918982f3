import { calendarDate, decimalNumber, wholeNumber } from '../../contract/shape.ts'
import { field, type FormRow, type RowRule } from '../../contract/source.ts'
import { code } from './code.ts'
import { schoolCode } from './school_reference.ts'

/** The line that opens an exam: «04 - Химия 2026.06.01», where it is said with «резерв» after it (DOMAIN §2.2.1, §2.3). */
export const examBlock =
  /^[\s|]*(?<subject_code>\d{2})\s*[-–—]\s*(?<subject>[^|]*[^|\s])\s+(?<held_on>(?<year>\d{4})\.\d{2}\.\d{2})(?:[\s,|(]*(?<period>резерв[^|)]*))?[\s|)]*$/i

/** Where neither block nor cell says «резерв», a file’s name may; September is told by the date. */
export const examPath = /^(?!.*основн).*(?<period>резерв)/i

export const examFields = {
  subject_code: field('код предмета', code(/^\d{2}$/, 'код предмета из двух цифр'), {
    required: true,
  }),
  held_on: field('день экзамена', calendarDate, { required: true }),
  year: field('год экзамена', wholeNumber({ min: 2009, max: 2100 }), { required: true }),
  school_code: field('код школы', schoolCode, { required: true }),
  station: field('код пункта проведения экзамена', undefined, { harmless: true }),
  class_group: field('класс с буквой: 9А', undefined, { harmless: true }),
  document_ref: field('необратимый код серии и номера документа'),
  name_ref: field('необратимый код имени'),
  short_answers: field('маска кратких ответов: ++-+', undefined, { harmless: true }),
  long_answers: field('маска развёрнутых ответов: 2(2)1(3)', undefined, { harmless: true }),
  raw_score: field('первичный балл', decimalNumber({ min: 0, max: 100 }), { required: true }),
} as const

const title = ['Фамилия', 'Имя', 'Отчество'] as const
const document = ['Серия', 'Номер'] as const
export const printedPeople = { name: title, document } as const

/** Somebody must be told apart from others: by document, code or name. */
export const participantKnown: RowRule = {
  code: 'participant-unknown',
  broken: ({ fields }) =>
    ['document_ref', 'participant', 'name_ref'].every((name) => (fields[name] ?? null) === null)
      ? 'нет ни документа, ни кода, ни имени участника'
      : undefined,
}

/** In «2(2)1(3)» a task’s score stands before its greatest score. */
export const longAnswersWithinMaximum: RowRule = {
  code: 'task-over-maximum',
  at: 'long_answers',
  broken: ({ fields }: FormRow) => {
    const over = [...(fields['long_answers'] ?? '').matchAll(/(\d+)\((\d+)\)/g)].find(
      ([, score, greatest]) => Number(score) > Number(greatest),
    )
    return over && `за задание с развёрнутым ответом поставлено больше максимума: ${over[0]}`
  },
}
