import { sql } from 'kysely'
import type { Observation } from './estimate/of_observations.ts'
import type { Delivered } from './estimate/of_sums.ts'
import { defineIndicator } from '../contract/indicator.ts'
import { fctJournalMark } from '../core/fct_journal_mark.ts'
import { fctResult } from '../core/fct_result.ts'
import { ofObservations } from './estimate/of_observations.ts'

export const journalLoweredShare = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-OBJ-01',
    title: 'Доля понизивших отметку относительно журнала',
    definition:
      'Доля участников, у которых внешняя отметка ниже отметки по журналу. Говорит о завышении отметок в школе, не о нарушении при проведении работы.',
    formula: 'n(внешняя < журнал) / n(обе отметки)',
    unit: 'share',
    decimals: 1,
    better: 'lower',
    section: 'objectivity',
    direction: '1.1',
    source: 'Ф1, «Сравнение отметок с отметками по журналу»',
    interval: 'интервал Уилсона, 95 %; для нескольких предметов — с эффективным числом участников',
    isHeadline: true,
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'share',
      version: 'journal_lowered_share@1',
      pools: ['subject', 'procedure'],
      observations: sql<Observation>`
    select school_key, school_year, procedure, subject, grade, pupil_key as person, (mark < journal_mark)::integer as x, 1 as w
    from ${fctResult}
    where attempt = 'main' and mark is not null and journal_mark is not null`,
      delivered: sql<Delivered>`
    select level, unit_key, procedure, subject, grade, school_year,
           lowered::double as numerator, compared::double as denominator, lowered / compared as value,
           compared as n, null::double as se
    from ${fctJournalMark}
    where is_delivered and compared > 0`,
    }),
)
