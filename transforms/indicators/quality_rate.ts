import { sql } from 'kysely'
import { defineIndicator } from '../contract/indicator.ts'
import { deliveredShare, marksOf } from './estimate/marks.ts'
import { ofObservations } from './estimate/of_observations.ts'

export const qualityRate = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-ATT-05',
    title: 'Качество обученности',
    definition: 'Доля участников, получивших отметку 4 или 5.',
    formula: '(n₄ + n₅) / n',
    unit: 'share',
    decimals: 1,
    better: 'higher',
    section: 'attainment',
    direction: '1.1',
    source: 'Ф1, Ф3, протоколы ОГЭ',
    interval: 'интервал Уилсона, 95 %; для нескольких предметов — с эффективным числом участников',
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'share',
      version: 'quality_rate@1',
      pools: ['subject', 'procedure'],
      observations: marksOf(sql`(mark >= 4)::integer`),
      delivered: deliveredShare(sql`share_4 + share_5`),
    }),
)
