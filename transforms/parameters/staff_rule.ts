import { defineParameters, threshold } from '../contract/parameter.ts'

const everywhere = { scope: 'all', valid_from: null, valid_to: null } as const

export const staffRule = defineParameters(import.meta.url, {
  doc: 'Строка — число, которым пользуются показатели о кадрах.',
  grain: ['name'],
  isYearly: true,
  columns: threshold,
  rows: [
    {
      name: 'novice_years',
      value: 3,
      unit: 'years',
      meaning: 'стаж меньше — молодой педагог',
      ...everywhere,
      source: 'DOMAIN 2.6, IND-STF-03',
      tag: 'P',
    },
    {
      name: 'ageing_from',
      value: 55,
      unit: 'years',
      meaning: 'возраст, с которого педагог предпенсионный',
      ...everywhere,
      source: 'DOMAIN IND-STF-04',
      tag: 'P',
    },
    {
      name: 'training_hours',
      value: 16,
      unit: 'hours',
      meaning: 'курс не короче',
      ...everywhere,
      source: 'DOMAIN IND-PD-01',
      tag: 'P',
    },
    {
      name: 'training_months',
      value: 36,
      unit: 'months',
      meaning: 'курс не раньше чем столько месяцев назад',
      ...everywhere,
      source: 'DOMAIN IND-PD-01',
      tag: 'G',
    },
  ],
})
