import { describe, expect, it } from 'vitest'
import type { Computation } from '../../../transforms/contract/computation.ts'
import { martSuppression } from '../../../transforms/marts/mart_suppression.ts'
import { smallNumberRule } from '../../../transforms/parameters/small_number_rule.ts'
import { always, computed } from './frame.ts'

const number = (school_year: number, unit_key: string, n: number) => ({
  indicator: 'pass_rate',
  is_sensitive: false,
  level: unit_key === 'm' ? 'municipality' : 'school',
  unit_key,
  procedure: 'vpr',
  subject: 'russian',
  grade: '4',
  school_year,
  numerator: n,
  denominator: n,
  n,
  counts_schools: false,
})
const town = (school_year: number, a: number, b: number) => [
  number(school_year, 'a', a),
  number(school_year, 'b', b),
  number(school_year, 'm', a + b),
]

describe('martSuppression', () => {
  it('hides numbers of each year by the sums of that year', () => {
    const rows = computed(martSuppression as unknown as Computation, {
      rule: always(smallNumberRule),
      members: [2024, 2026].flatMap((school_year) =>
        ['a', 'b'].map((school_key) => ({
          school_year,
          level: 'municipality',
          unit_key: 'm',
          school_key,
        })),
      ),
      numbers: [...town(2024, 3, 40), ...town(2025, 3, 40), ...town(2026, 30, 40)],
    })
    expect(
      rows.map((row) => [row['school_year'], row['unit_key'], row['level'], row['reason']]),
    ).toEqual([
      [2024, 'a', 'school', 'small'],
      [2024, 'b', 'school', 'complement'],
      [2025, 'a', 'school', 'small'],
    ])
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(Object.keys(martSuppression.columns).sort())
  })

  it('hides by the limit of the school year', () => {
    const rows = computed(martSuppression as unknown as Computation, {
      rule: always(smallNumberRule).flatMap((row) =>
        row.name === 'limited_from'
          ? [
              { ...row, to_year: 2025 },
              { ...row, value: 8, from_year: 2026 },
            ]
          : [row],
      ),
      numbers: [number(2025, 'a', 7), number(2026, 'a', 7)],
    })
    expect(rows.map((row) => row['school_year'])).toEqual([2026])
  })
})
