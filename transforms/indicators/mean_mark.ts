import { sql } from 'kysely'
import { defineIndicator } from '../contract/indicator.ts'
import { marksOf } from './estimate/marks.ts'
import { ofObservations } from './estimate/of_observations.ts'

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
    source: 'Ф1, протоколы ОГЭ',
    interval: 't-интервал, 95 %; меньше 10 участников — общее внутришкольное отклонение',
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'mean',
      version: 'mean_mark@1',
      pools: ['subject', 'procedure'],
      observations: marksOf(sql`mark`),
    }),
)
