import { sql } from 'kysely'
import type { Observation } from './estimate/of_observations.ts'
import { defineIndicator } from '../contract/indicator.ts'
import { fctOlympiad } from '../core/fct_olympiad.ts'
import { fctSchoolContext } from '../core/fct_school_context.ts'
import { ofObservations } from './estimate/of_observations.ts'

export const olympiadParticipation = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-TAL-02',
    title: 'Охват школьным этапом ВсОШ',
    definition: 'Разные участники школьного этапа, делённые на число обучающихся 4–11 классов.',
    formula: 'участники / обучающиеся 4–11 классов',
    unit: 'share',
    decimals: 1,
    better: 'higher',
    section: 'talents',
    direction: '1.3',
    source: 'Протоколы ВсОШ, ОО-1',
    interval: 'интервал Уилсона, 95 %',
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'count',
      version: 'olympiad_participation@1',
      observations: sql<Observation>`
    with pupils as (
      select school_key, school_year, sum(value)::integer as w
      from ${fctSchoolContext}
      where measure in ('pupils_grade_4', 'pupils_grade_5', 'pupils_grade_6', 'pupils_grade_7', 'pupils_grade_8', 'pupils_grade_9', 'pupils_grade_10', 'pupils_grade_11')
      group by all
    ),
    participants as (
      select school_key, school_year, count(distinct pupil_key)::integer as x
      from ${fctOlympiad}
      where stage = 'school'
      group by all
    )
    select school_key, school_year, 'all' as procedure, 'all' as subject, 'all' as grade, school_key as person,
           least(coalesce(x, 0), w) as x, w
    from pupils
    left join participants using (school_key, school_year)
    where w > 0 and school_year in (select school_year from participants)`,
    }),
)
