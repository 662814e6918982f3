import { sql } from 'kysely'
import type { Observation } from './estimate/of_observations.ts'
import { defineIndicator } from '../contract/indicator.ts'
import { fctResult } from '../core/fct_result.ts'
import { ofObservations } from './estimate/of_observations.ts'

export const journalGapShare = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-OBJ-02',
    title: 'Доля расхождений с журналом на 2 и более балла',
    definition:
      'Доля участников, у которых внешняя отметка и отметка по журналу различаются на 2 и более.',
    formula: 'n(|внешняя − журнал| ≥ 2) / n(обе отметки)',
    unit: 'share',
    decimals: 1,
    better: 'lower',
    section: 'objectivity',
    direction: '1.1',
    source: 'Ф1',
    interval: 'интервал Уилсона, 95 %; для нескольких предметов — с эффективным числом участников',
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'share',
      version: 'journal_gap_share@1',
      pools: ['subject', 'procedure'],
      observations: sql<Observation>`
    select school_key, school_year, procedure, subject, grade, pupil_key as person,
           (abs(mark - journal_mark) >= 2)::integer as x, 1 as w
    from ${fctResult}
    where attempt = 'main' and mark is not null and journal_mark is not null`,
    }),
)
