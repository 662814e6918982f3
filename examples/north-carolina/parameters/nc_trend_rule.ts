import { addParameters } from '../../../transforms/contract/parameter.ts'
import { trendRule } from '../../../transforms/parameters/trend_rule.ts'

/** Four years were published, and the scale is the same in all of them: the trend is that of all four. */
export const ncTrendRule = addParameters(trendRule, [
  {
    name: 'window_years',
    value: 4,
    unit: 'years',
    meaning: 'глубина сравнения: все опубликованные годы',
    scope: 'all',
    valid_from: null,
    valid_to: null,
    source: 'School report cards 2013-14 … 2016-17',
    tag: 'P',
  },
])
