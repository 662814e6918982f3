import { sql } from 'kysely'
import { defineIndicator } from '../contract/indicator.ts'
import { ofObservations } from './estimate/of_observations.ts'
import { deliveredTeacherShare, staffNumber, teachersOf } from './estimate/teachers.ts'

export const noviceShare = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-STF-03',
    title: 'Доля педагогов со стажем до 3 лет',
    definition:
      'Педагогические работники (лица, не ставки) с педагогическим стажем меньше установленного.',
    formula: 'стаж < 3 лет / педагоги',
    unit: 'share',
    decimals: 1,
    better: 'neither',
    section: 'staffing',
    direction: '2.2',
    source: 'Реестр педагогических работников, ОО-1',
    interval: 'интервал Уилсона, 95 %',
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'share',
      version: 'novice_share@1',
      observations: teachersOf(
        sql`(teaching_years < ${staffNumber('novice_years')})::integer`,
        sql`teaching_years is not null`,
      ),
      delivered: deliveredTeacherShare('teachers_novice_share'),
    }),
)
