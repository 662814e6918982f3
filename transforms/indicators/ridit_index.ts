import { sql } from 'kysely'
import type { Delivered } from './estimate/of_sums.ts'
import { defineIndicator } from '../contract/indicator.ts'
import { dimReferenceMark } from '../core/dim_reference_mark.ts'
import { deliveredMean, riditsOf } from './estimate/marks.ts'
import { ofObservations } from './estimate/of_observations.ts'

export const riditIndex = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-ATT-14',
    title: 'Ридит-индекс относительно РФ',
    definition:
      'Вероятность (×100) того, что случайный участник школы получил отметку выше случайного участника по стране в том же году; совпадения считаются за половину. 50 — как в стране. Сравним через смену шкал и моделей работ.',
    formula: '100 · Σ pₖ·rₖ, rₖ = Σ_{l<k} πₗ + πₖ/2',
    unit: 'points',
    decimals: 1,
    better: 'higher',
    section: 'attainment',
    direction: '1.1',
    source: 'Ф1, строки «Вся выборка» и региона Ф3',
    interval: 't-интервал, 95 %; меньше 10 участников — общее внутришкольное отклонение',
    isHeadline: true,
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'mean',
      version: 'ridit_index@1',
      pools: ['subject', 'procedure'],
      observations: riditsOf(),
      delivered: sql<Delivered>`
    select distinct 'country' as level, reference as unit_key, procedure, subject, grade, school_year,
           null::double as numerator, null::double as denominator, 50::double as value, participants as n, null::double as se
    from ${dimReferenceMark}
    union all by name
    from (${deliveredMean(
      sql`100 * m.ridit`,
      sql`join ${dimReferenceMark} as m using (procedure, subject, grade, school_year, mark)`,
    )})
    where level = 'region'`,
    }),
)
