import { sql } from 'kysely'
import { defineIndicator } from '../contract/indicator.ts'
import { deliveredMean, sumsOfMarks } from './estimate/marks.ts'
import { ofSums } from './estimate/of_sums.ts'

export const meanMark = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-ATT-07',
    title: 'Средняя отметка',
    definition: 'Среднее отметок участников.',
    formula: 'Σ k·nₖ / n',
    unit: 'mark',
    decimals: 2,
    better: 'higher',
    section: 'attainment',
    direction: '1.1',
    source: 'Ф1, Ф3, протоколы ОГЭ',
    interval: 't-интервал, 95 %; меньше 10 участников — общее внутришкольное отклонение',
    version: 1,
  },
  () =>
    ofSums({
      kind: 'mean',
      version: 'mean_mark@1',
      sums: sumsOfMarks({ 2: 2, 3: 3, 4: 4, 5: 5 }),
      delivered: deliveredMean(sql`g.mark`),
    }),
)
