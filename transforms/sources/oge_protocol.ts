import { defineSource, field } from '../contract/source.ts'
import { subjectMeant } from '../parameters/subject_name.ts'
import {
  examBlock,
  examFields,
  examPath,
  longAnswersWithinMaximum,
  participantKnown,
  printedPeople,
} from './parts/exam_protocol.ts'
import { mark } from './parts/mark.ts'

/** Protocol of ОГЭ, compact or printed by the region with empty columns between (DOMAIN §2.2.1). */
export const ogeProtocol = defineSource(import.meta.url, {
  title: 'ОГЭ: протокол проверки результатов',
  version: 2,
  recognise: { headers: ['school_code', 'station', 'raw_score', 'mark'] },
  headers: [
    {
      since: 2015,
      map: {
        'Код ОО': 'school_code',
        Класс: 'class_group',
        'Код ППЭ': 'station',
        'Код участника': 'participant',
        'Задания с кратким ответом': 'short_answers',
        'Ответы в краткой форме': 'short_answers',
        'Задания с развёрнутым ответом': 'long_answers',
        'Задания с развернутым ответом': 'long_answers',
        'Ответы в развернутой форме': 'long_answers',
        'Первичный балл': 'raw_score',
        Оценка: 'mark',
      },
    },
  ],
  block: examBlock,
  path: examPath,
  year: 'year',
  skip: [/^[\s|]*(?:Итого|Всего)/i],
  rules: [participantKnown, longAnswersWithinMaximum],
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
    participant: field('код участника', undefined, { harmless: true }),
    mark: field('отметка; по баллу однозначно не восстанавливается', mark, { required: true }),
  },
})
