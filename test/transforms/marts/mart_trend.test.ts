import { describe, expect, it } from 'vitest'
import type { Computation } from '../../../transforms/contract/computation.ts'
import { MissingParameter } from '../../../transforms/contract/parameter.ts'
import { martTrend } from '../../../transforms/marts/mart_trend.ts'
import { trendRule } from '../../../transforms/parameters/trend_rule.ts'
import { computed } from './frame.ts'

const passports = [
  { indicator: 'pass_rate', title: 'Успеваемость', unit: 'share', decimals: 1, better: 'higher' },
  {
    indicator: 'ridit_index',
    title: 'Ридит-индекс',
    unit: 'points',
    decimals: 1,
    better: 'higher',
  },
  { indicator: 'score', title: 'Балл', unit: 'points', decimals: 1, better: 'higher' },
  { indicator: 'bunching', title: 'Концентрация', unit: 'ratio', decimals: 1, better: 'lower' },
]
const rule = trendRule.definition.rows.map(({ name, value }) => ({ name, value }))
const inputs = {
  rule,
  passports,
  procedures: [
    { procedure: 'vpr', name: 'ВПР', is_equated: true },
    { procedure: 'ege', name: 'ЕГЭ', is_equated: false },
    { procedure: 'all', name: '—', is_equated: true },
  ],
  subjects: [
    { key: 'russian', name: 'Русский язык' },
    { key: 'all', name: 'Все предметы' },
  ],
  grades: [{ key: '4', name: '4 класс' }],
  units: [
    { level: 'school', unit_key: 's1', name: 'Школа 1' },
    { level: 'municipality', unit_key: 'm', name: 'Округ' },
  ],
}
interface Point {
  readonly year: number
  readonly value: number
  readonly se?: number | null
  readonly n?: number | null
}
const values = (
  points: readonly Point[],
  over: Readonly<Record<string, string>> = {},
): readonly object[] =>
  points.map(({ year, value, se = 0.01, n = 50 }) => ({
    indicator: 'pass_rate',
    procedure: 'vpr',
    subject: 'russian',
    grade: '4',
    level: 'school',
    unit_key: 's1',
    ...over,
    school_year: year,
    value,
    se,
    n,
  }))
const trends = (more: Readonly<Record<string, readonly object[]>>) =>
  computed(martTrend as unknown as Computation, { ...inputs, ...more })
const plain = (text: unknown): string => String(text).replaceAll('\u00A0', ' ')
const rising = [2023, 2024, 2025, 2026].map((year, i) => ({ year, value: 0.6 + 0.1 * i }))

describe('marts.mart_trend', () => {
  it('yields exactly its declared columns', () => {
    const [row = {}] = trends({ values: values(rising) })
    expect(Object.keys(row).sort()).toEqual(Object.keys(martTrend.columns).sort())
  })

  it('reads the last three years, names what it found and gives the slope over all years beside it', () => {
    const [row] = trends({ values: values([{ year: 2022, value: 0.9 }, ...rising]) })
    expect(row).toMatchObject({
      unit_name: 'Школа 1',
      basis: 'absolute',
      first_year: 2024,
      last_year: 2026,
      years: 3,
      trend_class: 'improved',
      trend_label: 'улучшение',
      years_all: 5,
      break_note: null,
    })
    expect(plain(row?.['change_text'])).toMatch(/^\+20,0 п\. п\. за 2024–2026 \(95 % ДИ от \+/)
    expect(row?.['theil_sen']).toBeCloseTo(0.1, 12)
    expect(row?.['cohort_sd']).toBeCloseTo(0.03, 12)
  })

  it('says where a number of the window, or of the years before it, is not for officials', () => {
    const of = (year: number) => {
      const [row] = trends({
        values: values(rising).map((row) => ({
          ...row,
          is_suppressed: 'school_year' in row && row.school_year === year,
        })),
      })
      return [row?.['is_suppressed'], row?.['is_history_suppressed']]
    }
    expect(of(2026)).toEqual([true, true])
    expect(of(2023)).toEqual([false, true])
    expect(of(2019)).toEqual([false, false])
  })

  it('cuts an absolute series at a break and carries a relative one across it with a note', () => {
    const breaks = [
      { procedure: 'vpr', subject: 'all', grade: 'all', year: 2025, note: 'новая модель' },
    ]
    const points = rising.map(({ year, value }) => ({ year, value: 100 * value, se: 1 }))
    const rows = trends({
      breaks,
      values: [...values(rising), ...values(points, { indicator: 'ridit_index' })],
    })
    expect(rows[0]).toMatchObject({
      basis: 'absolute',
      first_year: 2025,
      years: 2,
      years_all: 2,
      trend_class: 'difference',
      break_note: 'новая модель',
    })
    expect(rows[1]).toMatchObject({
      basis: 'relative',
      first_year: 2024,
      trend_class: 'improved',
      years_all: 4,
      break_note: 'новая модель',
    })
  })

  it('has no absolute trend of scores that are not equated, nor of units without thresholds', () => {
    expect(trends({ values: values(rising, { indicator: 'score', procedure: 'ege' }) })).toEqual([])
    expect(trends({ values: values(rising, { indicator: 'bunching' }) })).toEqual([])
  })

  it('keeps the slope of a school with few pupils and says that data are insufficient', () => {
    const [row] = trends({ values: values(rising.map((point) => ({ ...point, n: 7 }))) })
    expect(row).toMatchObject({ trend_class: 'insufficient', n_last: 7 })
    expect(row?.['slope']).toBeCloseTo(0.1, 12)
  })

  it('takes the noise of delivered scores from the schools themselves', () => {
    const schools = Array.from({ length: 10 }, (_, s) =>
      values(
        [2023, 2024, 2025, 2026].map((year, i) => ({
          year,
          value: 60 + s + i + (i % 2 === 0 ? 1 : -1),
          se: null,
          n: null,
        })),
        { indicator: 'score', unit_key: `s${String(s)}` },
      ),
    ).flat()
    const rows = trends({ values: schools })
    expect(rows).toHaveLength(10)
    // θ alternates by ±1 about its line: D = ±4 in every triple, so τ_c² = 16/6.
    for (const row of rows) {
      expect(row['cohort_sd']).toBeCloseTo(Math.sqrt(16 / 6), 10)
      expect(row['se']).toBeCloseTo(Math.sqrt((2 * 16) / 6) / 2, 10)
      expect(row['trend_class']).not.toBe('insufficient')
      expect(row['years_all']).toBe(4)
    }
  })

  it('divides the noise of a municipality by the number of its schools', () => {
    const schools = ['a', 'b', 'c', 'd'].map((key) => values(rising, { unit_key: key })).flat()
    const rows = trends({
      values: [...values(rising, { level: 'municipality', unit_key: 'm' }), ...schools],
      members: ['a', 'b', 'c', 'd'].map((school_key) => ({
        level: 'municipality',
        unit_key: 'm',
        school_year: 2026,
        school_key,
      })),
    })
    const of = (level: string) => rows.find((row) => row['level'] === level)?.['cohort_sd']
    expect(of('school')).toBeCloseTo(0.03, 12)
    expect(of('municipality')).toBeCloseTo(0.015, 12)
  })

  it('names the parameter that is missing', () => {
    expect(() =>
      trends({ values: values(rising), rule: rule.filter(({ name }) => name !== 'minimum_n') }),
    ).toThrow(MissingParameter)
  })
})
