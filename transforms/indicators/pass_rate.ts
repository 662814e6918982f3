import { sql } from 'kysely'
import { defineIndicator } from '../contract/indicator.ts'
import { deliveredShare, sumsOfMarks } from './estimate/marks.ts'
import { ofSums } from './estimate/of_sums.ts'

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
    ofSums({
      kind: 'share',
      version: 'pass_rate@1',
      sums: sumsOfMarks({ 2: 0, 3: 1, 4: 1, 5: 1 }),
      delivered: deliveredShare(sql`share_3 + share_4 + share_5`),
    }),
)
