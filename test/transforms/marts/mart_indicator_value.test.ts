import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RowOf } from '../../../transforms/contract/column.ts'
import type { Indicator } from '../../../transforms/contract/indicator.ts'
import { dimSchoolYear } from '../../../transforms/core/dim_school_year.ts'
import { dimSubject } from '../../../transforms/core/dim_subject.ts'
import { dimUnit } from '../../../transforms/core/dim_unit.ts'
import { deliveredScore } from '../../../transforms/indicators/delivered_score.ts'
import { meanMark } from '../../../transforms/indicators/mean_mark.ts'
import { passRate } from '../../../transforms/indicators/pass_rate.ts'
import { martIndicatorValue } from '../../../transforms/marts/mart_indicator_value.ts'
import { smallNumberRule } from '../../../transforms/parameters/small_number_rule.ts'
import { martRiskZone } from '../../../transforms/marts/mart_risk_zone.ts'
import { catalog, given, Tables } from '../../support/tables.ts'

type Value = RowOf<typeof martIndicatorValue.columns>
const at = (
  unit_key: string,
  n: number | null,
  value: number | null,
  more: Partial<Value> = {},
) => ({
  level: 'school',
  unit_key,
  procedure: 'vpr',
  subject: 'russian',
  grade: '4',
  school_year: 2026,
  numerator: value === null || n === null ? null : value * n,
  denominator: n,
  value,
  n,
  se: 0.05,
  lo: 0.4617,
  hi: 0.5886,
  interval_basis: 'wilson',
  method_version: 'pass_rate@1',
  ...more,
})
const sizes = [1, 4, 5, 9, 10, 19, 20, 49, 50, 1234]
const unit = (n: number): string => `s${String(n).padStart(4, '0')}`

let tables: Tables
let rows: readonly Value[]
beforeAll(async () => {
  const { indicators } = await catalog()
  const own = [passRate, meanMark, deliveredScore]
  const names = new Set(own.map(({ name }) => name))
  tables = await Tables.of([
    ...indicators
      .filter(({ name }) => !names.has(name))
      .map((indicator: Indicator) => given(indicator)),
    given(
      passRate,
      ...sizes.map((n) => at(unit(n), n, 0.5241, { indicator: 'pass_rate' })),
      at('none', 0, null, { indicator: 'pass_rate', lo: null, hi: null }),
      at('before', 25, 0.5, { indicator: 'pass_rate', school_year: 2025 }),
      at('whole', 30, 1, { indicator: 'pass_rate', lo: 0.8868, hi: 1 }),
    ),
    given(meanMark, at('mark', 25, 3.4149, { indicator: 'mean_mark', lo: 3.1, hi: 3.705 })),
    given(
      deliveredScore,
      at('ready', null, 1234.56, {
        indicator: 'delivered_score',
        lo: null,
        hi: null,
        interval_basis: 'none: готовое число без числа участников и разброса',
      }),
      at('below', 30, -3.21, { indicator: 'delivered_score', lo: -5, hi: -1.4 }),
      at('town', 2, 240, { indicator: 'delivered_score', level: 'municipality' }),
      at('land', 3, 240, { indicator: 'delivered_score', level: 'region', numerator: null }),
    ),
    given(
      dimSchoolYear,
      { school_year: 2025, label: '2024/25' },
      { school_year: 2026, label: '2025/26', is_last: true },
    ),
    given(
      smallNumberRule,
      ...smallNumberRule.definition.rows.flatMap((row) =>
        row.name === 'low_from'
          ? [
              { ...row, value: 30, valid_to: '2025-08-31' },
              { ...row, valid_from: '2025-09-01' },
            ]
          : [row],
      ),
    ),
    given(dimSubject, { subject: 'russian', name: 'Русский язык', sort: 1 }),
    given(dimUnit, { level: 'school', unit_key: unit(50), name: 'СОШ № 50', sort: 7 }),
    given(martRiskZone, {
      indicator: 'pass_rate',
      unit_key: unit(50),
      procedure: 'vpr',
      subject: 'russian',
      grade: '4',
      school_year: 2026,
      zone: 'red',
      zone_label: 'красная зона',
    }),
  ])
  rows = await tables.read(martIndicatorValue)
})
afterAll(() => {
  tables.close()
})
const of = (key: string): Value => {
  const row = rows.find(({ unit_key }) => unit_key === key)
  if (row === undefined) throw new Error(`no row of ${key}`)
  return row
}

describe('martIndicatorValue', () => {
  it('puts each number of pupils into its tier (DOMAIN 3.0.2)', () => {
    expect(sizes.map((n) => [n, of(unit(n)).tier])).toEqual([
      [1, 'hidden'],
      [4, 'hidden'],
      [5, 'limited'],
      [9, 'limited'],
      [10, 'low'],
      [19, 'low'],
      [20, 'approximate'],
      [49, 'approximate'],
      [50, 'informative'],
      [1234, 'informative'],
    ])
  })

  it('goes by the limits of the school year', () => {
    expect(of('before')).toMatchObject({ tier: 'limited', tier_note: 'n < 30, выборка мала' })
    expect(of('before').parameter_version).not.toBe(of('whole').parameter_version)
  })

  it('says in Russian what the number of pupils allows', () => {
    expect([1, 5, 10, 20, 50].map((n) => of(unit(n)).tier_note)).toEqual([
      'меньше 5: не показывается',
      'n < 10, выборка мала',
      'малая выборка',
      'приблизительно',
      '',
    ])
  })

  it('has no data where there is no value, and a ready number of unknown size claims nothing and is not hidden', () => {
    expect(of('none')).toMatchObject({
      tier: 'none',
      tier_note: 'нет данных',
      value_text: '—',
      interval_text: '',
    })
    expect(of('ready')).toMatchObject({
      n: null,
      tier: 'unknown',
      tier_note: 'n не передано',
      interval_text: '',
    })
  })

  it('does not hide a mean of few schools, which are no people', () => {
    expect(of('town')).toMatchObject({ tier: 'limited', suppression: '' })
    expect(of('land')).toMatchObject({ tier: 'hidden', suppression: 'small' })
  })

  it('prints shares as percent, marks and points as they are, the Russian way', () => {
    expect([of(unit(50)).value_text, of(unit(50)).interval_text]).toEqual([
      '52,4\u00a0%',
      '46,2–58,9\u00a0%',
    ])
    expect([of('whole').value_text, of('whole').interval_text]).toEqual([
      '100,0\u00a0%',
      '88,7–100,0\u00a0%',
    ])
    expect([of('mark').value_text, of('mark').interval_text]).toEqual(['3,41', '3,10–3,71'])
    expect(of('ready').value_text).toBe('1\u00a0234,6')
    expect(of('below').value_text).toBe('−3,2')
  })

  it('takes the zone from its mart and judges nothing where there is none', () => {
    expect(of(unit(50))).toMatchObject({ zone: 'red', zone_label: 'красная зона' })
    expect(of(unit(1234))).toMatchObject({ zone: 'grey', zone_label: 'не оценивается' })
  })

  it('names what it is about, and an unknown unit by its key', () => {
    expect(of(unit(50))).toMatchObject({
      indicator_title: 'Успеваемость',
      unit_name: 'СОШ № 50',
      unit_sort: 7,
      procedure_name: 'ВПР',
      subject_name: 'Русский язык',
      grade_name: '4 класс',
      school_year_label: '2025/26',
      unit: 'share',
      better: 'higher',
    })
    expect(of(unit(20))).toMatchObject({ unit_name: unit(20), unit_sort: 0 })
  })

  it('weighs a row by its denominator and keeps method and parameter versions', () => {
    expect(of(unit(50)).weight).toBe(50)
    expect(of(unit(50)).method_version).toBe('pass_rate@1')
    expect(of(unit(50)).parameter_version).toMatch(/^[\da-f]{8}$/)
    const now = rows.filter(({ school_year }) => school_year === 2026)
    expect(new Set(now.map(({ parameter_version }) => parameter_version)).size).toBe(1)
  })

  it('holds every row of every indicator once', () => {
    expect(rows).toHaveLength(sizes.length + 8)
  })
})
