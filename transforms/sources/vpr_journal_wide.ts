import { wholeNumber } from '../contract/shape.ts'
import { defineSource, field, type RowRule } from '../contract/source.ts'
import { percent } from './parts/percent.ts'
import { vprPreamble, vprPreambleFields } from './parts/vpr_preamble.ts'
import { vprUnit } from './parts/vpr_unit.ts'

const count = wholeNumber({ min: 0 })

const partsAddUp: RowRule = {
  code: 'parts-do-not-add-up',
  at: 'participants',
  broken: ({ fields }) => {
    const sum = Number(fields['lowered']) + Number(fields['confirmed']) + Number(fields['raised'])
    return sum === Number(fields['participants'])
      ? undefined
      : `понизили, подтвердили и повысили вместе ${String(sum)}, а участников ${String(fields['participants'])}`
  },
}

/** Report of ФИС ОКО that compares marks with the journal's, its wide form of 2024 (DOMAIN §2.1.1). */
export const vprJournalWide = defineSource(import.meta.url, {
  title: 'ВПР: сравнение отметок с отметками по журналу',
  version: 2,
  recognise: {
    title: /Сравнение отметок с отметками по журналу/i,
    headers: ['unit', 'participants', 'lowered', 'confirmed', 'raised'],
  },
  headers: [
    {
      since: 2018,
      map: {
        'Группы участников': 'unit',
        'Кол-во участников(всего)': 'participants',
        'Кол-во участников (всего)': 'participants',
        'Понизили (Отметка < Отметка по журналу) %': 'lowered_percent',
        'Понизили (Отметка < Отметка по журналу) Кол-во участников': 'lowered',
        'Подтвердили (Отметка = Отметке по журналу) %': 'confirmed_percent',
        'Подтвердили (Отметка = Отметке по журналу) Кол-во участников': 'confirmed',
        'Повысили (Отметка > Отметка по журналу) %': 'raised_percent',
        'Повысили (Отметка > Отметка по журналу) Кол-во участников': 'raised',
      },
    },
  ],
  above: vprPreamble,
  year: 'year',
  rules: [partsAddUp],
  delivery: ['year', 'subject', 'grade', 'unit'],
  deliveredOn: 'reported_on',
  fields: {
    ...vprPreambleFields,
    unit: field('группа учеников: логин школы или название территории', vprUnit, {
      required: true,
      harmless: true,
    }),
    participants: field('сопоставлено учеников', count, { required: true }),
    lowered_percent: field('понизили отметку относительно журнала, %', percent),
    lowered: field('понизили отметку относительно журнала, учеников', count, { required: true }),
    confirmed_percent: field('подтвердили отметку, %', percent),
    confirmed: field('подтвердили отметку, учеников', count, { required: true }),
    raised_percent: field('повысили отметку относительно журнала, %', percent),
    raised: field('повысили отметку относительно журнала, учеников', count, { required: true }),
  },
})
