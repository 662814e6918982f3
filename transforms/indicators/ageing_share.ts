import { sql } from 'kysely'
import { defineIndicator } from '../contract/indicator.ts'
import { ofObservations } from './estimate/of_observations.ts'
import { teachersOf, staffNumber } from './estimate/teachers.ts'

export const ageingShare = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-STF-04',
    title: 'Доля педагогов пенсионного и предпенсионного возраста',
    definition: 'Педагогические работники, чей возраст в год снимка не меньше установленного.',
    formula: 'возраст ≥ 55 / педагоги',
    unit: 'share',
    decimals: 1,
    better: 'lower',
    section: 'staffing',
    direction: '2.2',
    source: 'Реестр педагогических работников, ОО-1',
    interval: 'интервал Уилсона, 95 %',
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'share',
      version: 'ageing_share@1',
      observations: teachersOf(
        sql`(year(snapshot_on) - birth_year >= ${staffNumber('ageing_from')})::integer`,
        sql`birth_year is not null`,
      ),
    }),
)
