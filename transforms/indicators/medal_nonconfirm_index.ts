import { sql } from 'kysely'
import type { Observation } from './estimate/of_observations.ts'
import { defineIndicator } from '../contract/indicator.ts'
import { fctMedalContender } from '../core/fct_medal_contender.ts'
import { medalRule } from '../parameters/medal_rule.ts'
import { ofObservations } from './estimate/of_observations.ts'

export const medalNonconfirmIndex = defineIndicator(
  import.meta.url,
  {
    catalogue: 'IND-OBJ-06',
    title: 'Индекс неподтверждения результатов медалистов',
    definition:
      'Доля претендентов на медаль, не достигших на ЕГЭ порога своей степени по русскому языку и ещё одному предмету (или 5 по базовой математике).',
    formula: 'не достигшие порога / претенденты',
    unit: 'share',
    decimals: 1,
    better: 'lower',
    section: 'objectivity',
    direction: '1.1',
    source: 'Претенденты на медаль, результаты ЕГЭ',
    interval: 'интервал Уилсона, 95 %; школа — только числом, слишком мало претендентов',
    version: 1,
  },
  () =>
    ofObservations({
      kind: 'share',
      version: 'medal_nonconfirm_index@1',
      observations: sql<Observation>`
    with contender as (
      select school_key, school_year, pupil_key, degree,
             max(test_score) filter (where subject = 'russian') as russian,
             max(test_score) filter (where subject not in ('russian', 'mathematics_base', 'all')) as second,
             max(test_score) filter (where subject = 'mathematics_base') as base
      from ${fctMedalContender}
      group by all
    )
    select c.school_key, c.school_year, 'ege' as procedure, 'all' as subject, '11' as grade, c.pupil_key as person,
           (not (coalesce(c.russian, 0) >= r.russian_from
             and (coalesce(c.second, 0) >= r.second_from or (c.second is null and coalesce(c.base, 0) >= r.base_mark_from))))::integer as x,
           1 as w
    from contender as c
    join ${medalRule} as r on r.degree = c.degree and c.school_year >= r.from_year
    where c.russian is not null
    qualify row_number() over (partition by c.school_key, c.school_year, c.pupil_key, c.degree order by r.from_year desc) = 1`,
    }),
)
