import { sql } from 'kysely'
import type { Observation } from './estimate/of_observations.ts'
import { defineIndicator } from '../contract/indicator.ts'
import { fctResult } from '../core/fct_result.ts'
import { ofObservations } from './estimate/of_observations.ts'

export const egeMeanScore = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-GIA-05',
    title: 'Средний тестовый балл ЕГЭ',
    definition:
      'Среднее тестовых баллов 0–100. Шкалы разных лет не выравниваются: годы напрямую не сравниваются.',
    formula: 'Σ балл / n',
    unit: 'points',
    decimals: 1,
    better: 'higher',
    section: 'attainment',
    direction: '1.1',
    source: 'Протоколы ЕГЭ',
    interval: 't-интервал, 95 %; меньше 10 участников — общее внутришкольное отклонение',
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'mean',
      version: 'ege_mean_score@1',
      observations: sql<Observation>`
    select school_key, school_year, procedure, subject, grade, pupil_key as person, test_score as x, 1 as w
    from ${fctResult}
    where procedure = 'ege' and attempt = 'main' and test_score is not null`,
    }),
)
