import { decimalNumber } from '../contract/shape.ts'
import { defineSource, field, type RowRule } from '../contract/source.ts'
import { subjectMeant } from '../parameters/subject_name.ts'
import {
  examBlock,
  examFields,
  examPath,
  longAnswersWithinMaximum,
  participantKnown,
  printedPeople,
} from './parts/exam_protocol.ts'

/** Base mathematics has a mark 2–5 in the place of the test score (DOMAIN §2.3). */
const baseMark: RowRule = {
  code: 'base-mark',
  at: 'final_score',
  broken: ({ fields }) =>
    /базов/i.test(fields['subject'] ?? '') && !/^[2-5]$/.test(fields['final_score'] ?? '')
      ? 'у базовой математики ожидалась отметка от 2 до 5'
      : undefined,
}

/** Protocol of ЕГЭ, compact or printed by the region with empty columns between. */
export const egeProtocol = defineSource(import.meta.url, {
  title: 'ЕГЭ: протокол проверки результатов',
  version: 2,
  recognise: { headers: ['school_code', 'station', 'raw_score', 'final_score'] },
  headers: [
    {
      since: 2009,
      map: {
        'Код ОО': 'school_code',
        Класс: 'class_group',
        'Код ППЭ': 'station',
        Вариант: 'test_form',
        'Код участника': 'participant',
        'Задания с кратким ответом': 'short_answers',
        'Ответы в краткой форме': 'short_answers',
        'Задания с развёрнутым ответом': 'long_answers',
        'Задания с развернутым ответом': 'long_answers',
        'Ответы в развернутой форме': 'long_answers',
        'Первичный балл': 'raw_score',
        'Тестовый балл': 'final_score',
        'Итоговый балл': 'final_score',
      },
    },
  ],
  block: examBlock,
  path: examPath,
  year: 'year',
  skip: [/^[\s|]*(?:Итого|Всего)/i],
  rules: [participantKnown, longAnswersWithinMaximum, baseMark],
  personal: [
    {
      headers: printedPeople.document,
      action: 'hash',
      into: 'document_ref',
      system: 'ris_gia_document',
    },
    { headers: printedPeople.name, action: 'hash', into: 'name_ref', system: 'ris_gia_name' },
  ],
  delivery: ['subject', 'held_on', 'school_code'],
  fields: {
    ...examFields,
    subject: field('предмет', undefined, {
      required: true,
      harmless: true,
      meaning: subjectMeant,
    }),
    period: field('период: «резерв» или пусто', undefined, {
      harmless: true,
    }),
    test_form: field('вариант', undefined, { harmless: true }),
    participant: field('код участника', undefined, { harmless: true }),
    final_score: field(
      'тестовый балл, 0–100; у базовой математики — отметка',
      decimalNumber({ min: 0, max: 100 }),
      { required: true },
    ),
  },
})
