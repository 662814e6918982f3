import { sql } from 'kysely'
import type { Observation } from './estimate/of_observations.ts'
import { defineIndicator } from '../contract/indicator.ts'
import { fctResult } from '../core/fct_result.ts'
import { ofObservations } from './estimate/of_observations.ts'

export const meanPercentOfMax = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-ATT-08',
    title: 'Средний процент от максимального балла',
    definition: 'Сумма первичных баллов, делённая на сумму максимальных.',
    formula: 'Σx / (n·X)',
    unit: 'share',
    decimals: 1,
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
      version: 'mean_percent_of_max@1',
      observations: sql<Observation>`
    select school_key, school_year, procedure, subject, grade, pupil_key as person,
           (raw_score / max_raw_score)::decimal(9, 6) as x, 1 as w
    from ${fctResult}
    where attempt = 'main' and raw_score is not null and max_raw_score > 0`,
    }),
)
