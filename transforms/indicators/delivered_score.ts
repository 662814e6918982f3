import { sql } from 'kysely'
import type { Observation } from './estimate/of_observations.ts'
import type { Delivered } from './estimate/of_sums.ts'
import { defineIndicator } from '../contract/indicator.ts'
import { bridgeSchoolUnit } from '../core/bridge_school_unit.ts'
import { fctResultGroup } from '../core/fct_result_group.ts'
import { ofObservations } from './estimate/of_observations.ts'

export const deliveredScore = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-ATT-18',
    title: 'Балл, полученный готовым',
    definition: 'Средний балл группы, как его передало ведомство; строк об учениках за ним нет.',
    formula: 'как передано; по муниципалитету — среднее по школам',
    unit: 'points',
    decimals: 1,
    better: 'higher',
    section: 'attainment',
    direction: '1.1',
    source: 'Готовые итоги по школам',
    interval:
      'школа — интервал не вычислим: нет разброса внутри школы; муниципалитет — t-интервал по школам',
    isHeadline: true,
    countsSchools: true,
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'mean',
      version: 'delivered_score@1',
      observesSchools: true,
      observations: sql<Observation>`
    select unit_key as school_key, school_year, procedure, subject, grade, unit_key as person, mean_score as x, 1 as w
    from ${fctResultGroup}
    where level = 'school' and mean_score is not null`,
      delivered: sql<Delivered>`
    select level, unit_key, procedure, subject, grade, school_year, null::double as numerator, null::double as denominator,
           mean_score::double as value, participants as n, null::double as se
    from ${fctResultGroup}
    where mean_score is not null`,
    }),
  ({ level, unit_key, school_year }) =>
    level === 'school'
      ? {}
      : {
          level: sql`select unnest(['school', ${level}])`,
          unit_key: sql`
            select school_key from ${bridgeSchoolUnit} where level = ${level} and unit_key = ${unit_key} and school_year = ${school_year}
            union select ${unit_key}`,
        },
)
