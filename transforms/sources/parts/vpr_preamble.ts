import { calendarDate, wholeNumber } from '../../contract/shape.ts'
import { field } from '../../contract/source.ts'
import { subjectMeant } from '../../parameters/subject_name.ts'

/** The lines above the header that every report of the federal assessment system has (DOMAIN §2.1.1). */
export const vprPreamble = [
  /^[\s|]*ВПР\s+(?<year>\d{4})\D.*?(?<grade>\d{1,2})\s*класс/i,
  /^[\s|]*Предмет\s*:?[\s|]*(?<subject>[^|]*[^|\s])/i,
  /^[\s|]*Максимальный первичный балл\s*:?[\s|]*(?<max_raw_score>\d+)/i,
  /^[\s|]*Дата\s*:?[\s|]*(?<reported_on>\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})/i,
] as const

export const vprPreambleFields = {
  year: field('год проведения', wholeNumber({ min: 2015, max: 2100 }), {
    required: true,
  }),
  subject: field('предмет', undefined, {
    required: true,
    harmless: true,
    meaning: subjectMeant,
  }),
  grade: field('класс (параллель)', wholeNumber({ min: 1, max: 11 }), {
    required: true,
  }),
  max_raw_score: field('максимальный первичный балл', wholeNumber({ min: 1, max: 200 })),
  reported_on: field('день, когда выгружен отчёт', calendarDate),
} as const
