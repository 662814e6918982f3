import { describe, expect, it } from 'vitest'
import type { Computation } from '../../../transforms/contract/computation.ts'
import { martTrendEvidence } from '../../../transforms/marts/mart_trend_evidence.ts'
import { normalTwoSided } from '../../../transforms/methods/statistics/distributions.ts'
import { trendRule } from '../../../transforms/parameters/trend_rule.ts'
import { computed } from './frame.ts'

const rule = trendRule.definition.rows.map(({ name, value }) => ({ name, value }))
const trend = (unit_key: string, z: number, more: object = {}) => ({
  indicator: 'pass_rate',
  level: 'school',
  unit_key,
  procedure: 'vpr',
  subject: 'all',
  grade: 'all',
  basis: 'absolute',
  z,
  ...more,
})
const qOf = (...trends: readonly object[]) =>
  computed(martTrendEvidence as unknown as Computation, { rule, trends }).map(({ q }) => Number(q))

describe('marts.mart_trend_evidence', () => {
  it('is p itself where one trend is looked at', () => {
    expect(qOf(trend('a', -2.5))).toEqual([normalTwoSided(2.5)])
  })

  it('grows with the schools and subjects of the indicator that are looked at', () => {
    const weak = ['b', 'c', 'd'].map((key) => trend(key, 0.2))
    const [q] = qOf(trend('a', 2.5), trend('a', 0.1, { subject: 'russian' }), ...weak)
    expect(q).toBeCloseTo(5 * normalTwoSided(2.5), 12)
  })

  it('does not grow with another indicator or basis', () => {
    const [q] = qOf(
      trend('a', 2.5),
      trend('a', 0.1, { indicator: 'mean_mark' }),
      trend('a', 0.1, { basis: 'relative' }),
    )
    expect(q).toBe(normalTwoSided(2.5))
  })
})
