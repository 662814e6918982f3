import { describe, expect, it } from 'vitest'
import type { Computation } from '../../../transforms/contract/computation.ts'
import { martRiskZone } from '../../../transforms/marts/mart_risk_zone.ts'
import { wilson } from '../../../transforms/methods/statistics/interval.ts'
import { riskRule } from '../../../transforms/parameters/risk_rule.ts'
import { always, computed } from './frame.ts'

const inputs = {
  rule: always(riskRule),
  passports: [
    {
      indicator: 'pass_rate',
      title: 'Успеваемость',
      unit: 'share',
      decimals: 1,
      better: 'higher',
      section: 'attainment',
    },
  ],
  procedures: [{ key: 'vpr', name: 'ВПР' }],
  subjects: [{ key: 'russian', name: 'Русский язык' }],
  grades: [{ key: '4', name: '4 класс' }],
  years: [2025, 2026].map((school_year) => ({
    school_year,
    label: `${String(school_year - 1)}/${String(school_year % 100)}`,
  })),
}
const value = (
  key: string,
  passed: number,
  n: number,
  over: Readonly<Record<string, unknown>> = {},
): object => {
  const p = (passed + 0.5) / (n + 1)
  return {
    indicator: 'pass_rate',
    procedure: 'vpr',
    subject: 'russian',
    grade: '4',
    school_year: 2026,
    unit_key: key,
    municipality_key: 'm',
    region_key: 'r',
    cluster_key: null,
    numerator: passed,
    denominator: n,
    value: passed / n,
    n,
    se: Math.sqrt((p * (1 - p)) / n),
    ...wilson(passed, n),
    is_share: true,
    is_suppressed: false,
    ...over,
  }
}
const plainSchools = (count: number, over: Readonly<Record<string, unknown>> = {}) =>
  Array.from({ length: count }, (_, i) => value(`s${String(i)}`, 44 + (i % 3), 50, over))
const zones = (more: Readonly<Record<string, readonly object[]>>) =>
  computed(martRiskZone as unknown as Computation, { ...inputs, ...more })
const zoneOf = (rows: ReturnType<typeof zones>, key: string, year = 2026) =>
  rows.find((row) => row['unit_key'] === key && row['school_year'] === year)
const plain = (text: unknown): string => String(text).replaceAll('\u00A0', ' ')

describe('marts.mart_risk_zone', () => {
  it('yields exactly its declared columns', () => {
    const [row = {}] = zones({ values: plainSchools(16) })
    expect(Object.keys(row).sort()).toEqual(Object.keys(martRiskZone.columns).sort())
  })

  it('puts a school far below the others into the red zone and says by how much', () => {
    const rows = zones({ values: [...plainSchools(20), value('low', 28, 50)] })
    const low = zoneOf(rows, 'low')
    expect(low).toMatchObject({ zone: 'red', rule: 'funnel', zone_label: 'красная зона' })
    expect(plain(low?.['reason'])).toMatch(/^ниже среднего по муниципалитету на 32,\d п\. п\.$/)
    expect(plain(low?.['value_text'])).toBe('56,0 %')
    expect(rows.filter((row) => row['zone'] === 'red')).toHaveLength(1)
  })

  it('says where the mean of the municipality is hidden from officials', () => {
    const hidden = (more: Readonly<Record<string, unknown>> = {}) => [
      {
        indicator: 'pass_rate',
        level: 'municipality',
        unit_key: 'm',
        procedure: 'vpr',
        subject: 'russian',
        grade: '4',
        school_year: 2026,
        ...more,
      },
    ]
    const told = (of: readonly object[], schools: number): readonly unknown[] => [
      ...new Set(
        zones({ values: plainSchools(schools), hidden: of }).map(
          (row) => row['is_target_suppressed'],
        ),
      ),
    ]
    expect(told(hidden(), 20)).toEqual([true])
    expect(told(hidden(), 8)).toEqual([true])
    expect(told(hidden({ school_year: 2025 }), 20)).toEqual([false])
    expect(told(hidden({ grade: 'all' }), 20)).toEqual([false])
    expect(told(hidden({ level: 'region' }), 20)).toEqual([false])
    expect(told([], 20)).toEqual([false])
  })

  it.each([
    ['many schools', 20],
    ['few schools', 8],
  ])('publishes nothing that tells two hidden schools of %s apart', (_kind, schools) => {
    const published = (passed: readonly [number, number]) =>
      zones({
        values: [
          ...plainSchools(schools, { cluster_key: 'c1' }),
          value('low', 28, 50, { cluster_key: 'c1' }),
          ...passed.map((count, i) =>
            value(`hidden${String(i)}`, count, 50, { is_suppressed: true, cluster_key: 'c1' }),
          ),
        ],
      }).filter((row) => row['is_suppressed'] !== true)
    const even = published([35, 35])
    expect(even).toHaveLength(schools + 1)
    expect(published([20, 50])).toEqual(even)
  })

  it('judges a hidden school with all, so that the spread that it makes is seen by analysts', () => {
    const spread = Array.from({ length: 16 }, (_, i) =>
      value(`w${String(i)}`, i % 2 === 0 ? 20 : 50, 50, { is_suppressed: true }),
    )
    const rows = zones({ values: [...plainSchools(20), ...spread] })
    const factors = (isHidden: boolean) => [
      ...new Set(
        rows
          .filter((row) => String(row['unit_key']).startsWith('w') === isHidden)
          .map((row) => row['dispersion']),
      ),
    ]
    expect(factors(true)).toHaveLength(1)
    expect(factors(false)).toHaveLength(1)
    expect(Number(factors(true)[0])).toBeGreaterThan(Number(factors(false)[0]))
  })

  it('compares with the others where schools are few', () => {
    const low = zoneOf(zones({ values: [...plainSchools(8), value('low', 20, 50)] }), 'low')
    expect(low?.['rule']).toBe('leave_one_out')
    expect(low?.['target']).toBeCloseTo((44 * 3 + 45 * 3 + 46 * 2) / 400, 12)
    expect(plain(low?.['reason'])).toContain('среднего по остальным школам')
  })

  it('compares with the region where schools are fewer still, else says nothing', () => {
    const few = [value('a', 20, 50), value('b', 45, 50)]
    expect(zoneOf(zones({ values: few }), 'a')).toMatchObject({ zone: 'grey', rule: 'none' })
    const outside = [
      {
        indicator: 'pass_rate',
        level: 'region',
        unit_key: 'r',
        procedure: 'vpr',
        subject: 'russian',
        grade: '4',
        school_year: 2026,
        value: 0.9,
        n: 20000,
      },
    ]
    const found = zoneOf(zones({ values: few, outside }), 'a')
    expect(found).toMatchObject({ zone: 'red', target: 0.9 })
    expect(found?.['reason']).toContain('среднего по региону')
  })

  it('lets the closest approved norm stand before the peers, and one for all subjects together only there', () => {
    const norms = [
      {
        indicator: 'pass_rate',
        procedure: 'any',
        subject: 'any',
        grade: 'any',
        from_year: 2020,
        to_year: null,
        value: 0.5,
        document: 'приказ 1',
      },
      {
        indicator: 'pass_rate',
        procedure: 'vpr',
        subject: 'any',
        grade: 'any',
        from_year: 2026,
        to_year: null,
        value: 0.95,
        document: 'приказ 2',
      },
      {
        indicator: 'pass_rate',
        procedure: 'vpr',
        subject: 'all',
        grade: 'all',
        from_year: 2026,
        to_year: null,
        value: 0.7,
        document: 'приказ 3, о сводном значении',
      },
    ]
    const rows = zones({ values: [...plainSchools(20), value('low', 28, 50)], norms })
    expect(zoneOf(rows, 'low')).toMatchObject({
      zone: 'red',
      rule: 'norm',
      target: 0.95,
      limit_95: null,
    })
    expect(plain(zoneOf(rows, 's1')?.['reason'])).toContain('приказ 2')
    expect(zoneOf(rows, 's1')?.['zone']).toBe('yellow')
  })

  it('turns two years beyond the warning limit red, and one year only yellow', () => {
    const before = (passed: number) => [
      ...plainSchools(20, { school_year: 2025 }),
      value('low', passed, 50, { school_year: 2025 }),
    ]
    const now = [...plainSchools(20), value('low', 38, 50)]
    expect(zoneOf(zones({ values: [...before(45), ...now] }), 'low')?.['zone']).toBe('yellow')
    const repeated = zoneOf(zones({ values: [...before(38), ...now] }), 'low')
    expect(repeated?.['zone']).toBe('red')
    expect(repeated?.['reason']).toContain('второй год подряд')
  })

  it('judges each year by the numbers that hold in it', () => {
    const rule = always(riskRule).flatMap((row) =>
      row.name === 'minimum_n'
        ? [
            { ...row, to_year: 2025 },
            { ...row, value: 60, from_year: 2026 },
          ]
        : [row],
    )
    const values = [2025, 2026].flatMap((school_year) => [
      ...plainSchools(20, { school_year }),
      value('low', 32, 50, { school_year }),
    ])
    const rows = zones({ values, rule })
    expect([2025, 2026].map((year) => zoneOf(rows, 'low', year)?.['zone'])).toEqual(['red', 'grey'])
    expect(() => zones({ values, rule: rule.filter(({ to_year }) => to_year > 2025) })).toThrow(
      'на 2024/25 учебный год',
    )
  })

  it('watches a declining school that is already low', () => {
    const declining = [
      {
        indicator: 'ridit_index',
        unit_key: 'low',
        procedure: 'vpr',
        subject: 'russian',
        grade: '4',
        last_year: 2026,
      },
    ]
    const values = [...plainSchools(20), value('low', 41, 50)]
    expect(zoneOf(zones({ values }), 'low')?.['zone']).toBe('green')
    expect(zoneOf(zones({ values, declining }), 'low')?.['zone']).toBe('watch')
  })

  it('draws no conclusion from nine pupils or a value without an interval', () => {
    const rows = zones({
      values: [
        ...plainSchools(20),
        value('few', 2, 9),
        value('bare', 10, 50, { se: null, lo: null, hi: null, is_share: false }),
      ],
    })
    expect(zoneOf(rows, 'few')).toMatchObject({ zone: 'grey', rule: 'none' })
    expect(zoneOf(rows, 'few')?.['reason']).toContain('меньше 10')
    expect(zoneOf(rows, 'bare')?.['reason']).toContain('интервал не вычислим')
  })

  it('has no rows of an indicator that has no standard error at all', () => {
    const bare = plainSchools(20).map((row) => ({ ...row, se: null, lo: null, hi: null }))
    expect(zones({ values: bare })).toEqual([])
  })

  it('tells hard context from weak work inside the cluster', () => {
    const easy = Array.from({ length: 20 }, (_, i) =>
      value(`e${String(i)}`, 95, 100, { cluster_key: 'c1' }),
    )
    const hard = Array.from({ length: 8 }, (_, i) =>
      value(`h${String(i)}`, 66 + (i % 3), 100, { cluster_key: 'c2' }),
    )
    const rows = zones({
      values: [...easy, ...hard, value('weak', 30, 100, { cluster_key: 'c2' })],
    })
    expect(zoneOf(rows, 'h1')).toMatchObject({ zone_in_cluster: 'green' })
    expect(zoneOf(rows, 'weak')).toMatchObject({ zone_in_cluster: 'red' })
    expect(zoneOf(zones({ values: plainSchools(20) }), 's1')).toMatchObject({
      zone_in_cluster: null,
    })
  })

  it('counts pupils, not works, where several works of a pupil are pooled', () => {
    const pooled = (key: string, passed: number) => {
      const p = (passed + 0.5) / 301
      return value(key, passed, 300, { n: 60, se: Math.sqrt((p * (1 - p)) / 75) })
    }
    const rows = zones({
      values: [
        ...Array.from({ length: 20 }, (_, i) => pooled(`p${String(i)}`, 270)),
        pooled('low', 240),
      ],
    })
    const low = zoneOf(rows, 'low')
    // √(0.9·0.1/75) = 0.0346, not √(0.9·0.1/300).
    expect(Math.abs(Number(low?.['z']))).toBeLessThan(3.2)
  })
})
