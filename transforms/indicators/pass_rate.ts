import { sql } from 'kysely'
import { defineIndicator } from '../contract/indicator.ts'
import { deliveredShare, marksOf } from './estimate/marks.ts'
import { ofObservations } from './estimate/of_observations.ts'

export const passRate = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-ATT-04',
    title: 'Успеваемость',
    definition: 'Доля участников, получивших отметку 3, 4 или 5.',
    formula: '(n₃ + n₄ + n₅) / n',
    unit: 'share',
    decimals: 1,
    better: 'higher',
    section: 'attainment',
    direction: '1.1',
    source: 'Ф1, Ф3, протоколы ОГЭ',
    interval: 'интервал Уилсона, 95 %; для нескольких предметов — с эффективным числом участников',
    isHeadline: true,
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'share',
      version: 'pass_rate@1',
      pools: ['subject', 'procedure'],
      observations: marksOf(sql`(mark >= 3)::integer`),
      delivered: deliveredShare(sql`share_3 + share_4 + share_5`),
    }),
)
