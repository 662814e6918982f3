import { wholeNumber } from '../contract/shape.ts'
import { defineSource, field, type RowRule } from '../contract/source.ts'
import { percent } from './parts/percent.ts'
import { vprPreamble, vprPreambleFields } from './parts/vpr_preamble.ts'
import { vprUnit } from './parts/vpr_unit.ts'

const marks = ['percent_2', 'percent_3', 'percent_4', 'percent_5'] as const

/** Each percentage is rounded to two decimals, in regional copies to one or none. */
const tolerance = 2

const marksAddUp: RowRule = {
  code: 'marks-do-not-add-up',
  at: 'percent_5',
  broken: ({ fields }) => {
    const printed = marks.map((name) => fields[name] ?? null)
    if (printed.some((value) => value === null)) return undefined
    const sum = printed.reduce((found, value) => found + Number(value), 0)
    if (sum === 0 && Number(fields['participants'] ?? 0) === 0) return undefined
    return Math.abs(sum - 100) > tolerance
      ? `доли отметок дают в сумме ${sum.toFixed(2).replace('.', ',')} %, а не 100 %`
      : undefined
  },
}

/** Report Ф3 of ФИС ОКО: shares of marks of the country, the region, municipalities and schools (DOMAIN §2.1.1). */
export const vprMarks = defineSource(import.meta.url, {
  title: 'ВПР: статистика по отметкам (Ф3)',
  version: 2,
  recognise: {
    title: /Статистика по отметкам/i,
    headers: ['unit', 'participants', ...marks],
  },
  headers: [
    {
      since: 2018,
      map: {
        'Группы участников': 'unit',
        'Кол-во ОО': 'schools',
        'Кол-во участников': 'participants',
        '2': 'percent_2',
        '3': 'percent_3',
        '4': 'percent_4',
        '5': 'percent_5',
      },
    },
  ],
  above: vprPreamble,
  year: 'year',
  rules: [marksAddUp],
  delivery: ['year', 'subject', 'grade', 'unit'],
  deliveredOn: 'reported_on',
  fields: {
    ...vprPreambleFields,
    unit: field('группа учеников: логин школы или название территории', vprUnit, {
      required: true,
      harmless: true,
    }),
    schools: field('школ; пусто у школы', wholeNumber({ min: 0 })),
    participants: field('учеников', wholeNumber({ min: 0 }), { required: true }),
    percent_2: field('отметок 2, %', percent),
    percent_3: field('отметок 3, %', percent),
    percent_4: field('отметок 4, %', percent),
    percent_5: field('отметок 5, %', percent),
  },
})
