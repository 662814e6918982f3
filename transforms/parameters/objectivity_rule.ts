import { defineParameters, threshold } from '../contract/parameter.ts'

const everywhere = { scope: 'all', valid_from: null, valid_to: null } as const

export const objectivityRule = defineParameters(import.meta.url, {
  doc: 'One row per number of the objectivity markers.',
  grain: ['name'],
  columns: threshold,
  rows: [
    {
      name: 'lowered_share',
      value: 0.3,
      unit: 'share',
      meaning: 'O1: доля понизивших отметку',
      ...everywhere,
      source: 'DOMAIN 3.2',
      tag: 'P',
    },
    {
      name: 'gap2_share',
      value: 0.05,
      unit: 'share',
      meaning: 'O2: доля расхождений на две отметки',
      ...everywhere,
      source: 'DOMAIN 3.2',
      tag: 'P',
    },
    {
      name: 'bunching_p',
      value: 0.01,
      unit: 'share',
      meaning: 'O7: p меньше — признак на одной границе',
      ...everywhere,
      source: 'DOMAIN 3.2',
      tag: 'P',
    },
    {
      name: 'bunching_p_two',
      value: 0.05,
      unit: 'share',
      meaning: 'O7: p меньше на двух границах',
      ...everywhere,
      source: 'DOMAIN 3.2',
      tag: 'P',
    },
    {
      name: 'bunching_minimum_n',
      value: 50,
      unit: 'pupils',
      meaning: 'O7: не меньше участников',
      ...everywhere,
      source: 'DOMAIN 3.2',
      tag: 'R1',
    },
    {
      name: 'bunching_window_n',
      value: 10,
      unit: 'pupils',
      meaning: 'O7: не меньше работ в окне',
      ...everywhere,
      source: 'DOMAIN 3.2',
      tag: 'P',
    },
    {
      name: 'smoothing_degree',
      value: 4,
      unit: 'count',
      meaning: 'O7: степень полинома',
      ...everywhere,
      source: 'DOMAIN 3.2',
      tag: 'P',
    },
  ],
})
