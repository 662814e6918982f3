import { defineParameters, threshold } from '../contract/parameter.ts'

const everywhere = { scope: 'all', valid_from: null, valid_to: null } as const

export const smallNumberRule = defineParameters(import.meta.url, {
  doc: 'Строка — порог правил о малых числах.',
  grain: ['name'],
  isYearly: true,
  columns: threshold,
  rows: [
    {
      name: 'limited_from',
      value: 5,
      unit: 'pupils',
      meaning: 'меньше — значение не показывается никому, кроме самой школы',
      ...everywhere,
      source: 'DOMAIN 3.0.2',
      tag: 'P',
    },
    {
      name: 'sensitive_from',
      value: 10,
      unit: 'pupils',
      meaning: 'меньше детей с особым признаком (или без него) — доля не показывается',
      ...everywhere,
      source: 'DOMAIN 4.3',
      tag: 'P',
    },
    {
      name: 'low_from',
      value: 10,
      unit: 'pupils',
      meaning: 'меньше — «выборка мала»: без цвета и места',
      ...everywhere,
      source: 'DOMAIN 3.0.2: ФИОКО 2026, с. 24',
      tag: 'R1',
    },
    {
      name: 'approximate_from',
      value: 20,
      unit: 'pupils',
      meaning: 'меньше — распределение не строится',
      ...everywhere,
      source: 'DOMAIN 3.0.2: ФИОКО 2026, с. 13',
      tag: 'R1',
    },
    {
      name: 'informative_from',
      value: 50,
      unit: 'pupils',
      meaning: 'с этого числа — все выводы, включая пики на границах',
      ...everywhere,
      source: 'DOMAIN 3.0.2: ФИОКО 2026, с. 13',
      tag: 'R1',
    },
  ],
})
