import { defineSource, field } from '../contract/source.ts'
import { examFields, longAnswersWithinMaximum, participantKnown } from './parts/exam_protocol.ts'
import { mark } from './parts/mark.ts'

/** Normalised export of an ОГЭ protocol; subject and day stand only in the file’s name `NN_YYYY.MM.DD` (DOMAIN §2.2.1). */
export const ogeCsv = defineSource(import.meta.url, {
  title: 'ОГЭ: протокол в виде csv',
  version: 1,
  recognise: { headers: ['school_code', 'raw_score', 'mark'] },
  headers: [
    {
      since: 2015,
      map: {
        SchoolCode: 'school_code',
        ClassCode: 'class_group',
        StationCode: 'station',
        TestResultBCell: 'short_answers',
        TestResultCCell: 'long_answers',
        PrimaryMark: 'raw_score',
        Mark5: 'mark',
      },
    },
  ],
  path: /(?:^|[\\/_ ])(?<subject_code>\d{2})_(?<held_on>(?<year>\d{4})\.\d{2}\.\d{2})(?=\D|$)/,
  year: 'year',
  rules: [participantKnown, longAnswersWithinMaximum],
  personal: [
    {
      headers: ['DocumentSeriesCode', 'DocumentNumberCode'],
      action: 'hash',
      into: 'document_ref',
      system: 'ris_gia_document',
    },
    {
      headers: ['SurnameCell', 'NameCell', 'SecondNameCell'],
      action: 'hash',
      into: 'name_ref',
      system: 'ris_gia_name',
    },
  ],
  delivery: ['subject_code', 'held_on', 'school_code'],
  fields: {
    ...examFields,
    mark: field('отметка; по баллу однозначно не восстанавливается', mark, { required: true }),
  },
})
