import { sql } from 'kysely'
import { defineIndicator } from '../contract/indicator.ts'
import { ofObservations } from './estimate/of_observations.ts'
import { teachersOf, staffNumber } from './estimate/teachers.ts'

export const recentTrainingShare = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-PD-01',
    title: 'Доля педагогов, прошедших повышение квалификации за 3 года',
    definition:
      'Педагогические работники с курсом не короче установленного за последние 36 месяцев.',
    formula: 'с курсом / педагоги',
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
      version: 'recent_training_share@1',
      observations: teachersOf(
        sql`(coalesce(trained_hours >= ${staffNumber('training_hours')} and trained_on > snapshot_on - to_months(${staffNumber('training_months')}::integer), false))::integer`,
        sql`true`,
      ),
    }),
)
