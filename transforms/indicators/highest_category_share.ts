import { sql } from 'kysely'
import { defineIndicator } from '../contract/indicator.ts'
import { ofObservations } from './estimate/of_observations.ts'
import { teachersOf } from './estimate/teachers.ts'

export const highestCategoryShare = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-STF-01',
    title: 'Доля педагогов высшей категории',
    definition:
      'Педагогические работники (лица, не ставки) с высшей категорией; педагог-методист и педагог-наставник её имеют.',
    formula: 'высшая категория / педагоги',
    unit: 'share',
    decimals: 1,
    better: 'higher',
    section: 'staffing',
    direction: '2.2',
    source: 'Реестр педагогических работников, ОО-1',
    interval: 'интервал Уилсона, 95 %',
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'share',
      version: 'highest_category_share@1',
      observations: teachersOf(
        sql`(category in ('highest', 'methodist', 'mentor'))::integer`,
        sql`category is not null`,
      ),
    }),
)
