import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dimMunicipality } from '../../../transforms/core/dim_municipality.ts'
import { dimSchool } from '../../../transforms/core/dim_school.ts'
import { dimSchoolYear } from '../../../transforms/core/dim_school_year.ts'
import { dimSubject } from '../../../transforms/core/dim_subject.ts'
import { dimUnit } from '../../../transforms/core/dim_unit.ts'
import { fctBiasMarker } from '../../../transforms/core/fct_bias_marker.ts'
import { quarantine } from '../../../transforms/ledger/quarantine.ts'
import { martFinding } from '../../../transforms/marts/mart_finding.ts'
import { martRiskZone } from '../../../transforms/marts/mart_risk_zone.ts'
import { martSuppression } from '../../../transforms/marts/mart_suppression.ts'
import { martSchoolProfile } from '../../../transforms/marts/mart_school_profile.ts'
import { martTrend } from '../../../transforms/marts/mart_trend.ts'
import { martTrendEvidence } from '../../../transforms/marts/mart_trend_evidence.ts'
import { given, Tables } from '../../support/tables.ts'
import { evidence, marker, school, town, trend, zone } from './town.ts'

let tables: Tables
beforeAll(async () => {
  tables = await town()
})
afterAll(() => {
  tables.close()
})

describe('martFinding', () => {
  it('names each school once for each kind, by all subjects first, and says how much more there is', async () => {
    const rows = [...(await tables.read(martFinding))].sort((a, b) => a.sort - b.sort)
    expect(
      rows.map(({ kind, school_key, indicator, subject, more }) => [
        kind,
        school_key,
        indicator,
        subject,
        more,
      ]),
    ).toEqual([
      ['risk', 'a', 'pass_rate', 'all', 2],
      ['declined', 'a', 'ridit_index', 'all', 0],
      ['objectivity', 'c', 'O7', 'russian', 0],
      ['improved', 'c', 'ridit_index', 'all', 0],
      ['quality', 'all', 'not_a_number', 'all', 1],
    ])
  })

  it('says it in a Russian sentence', async () => {
    const rows = await tables.read(martFinding)
    const of = (wanted: string) => rows.find(({ kind }) => kind === wanted)
    expect(of('risk')?.text).toBe(
      'Успеваемость (ВПР, все предметы): 52,4 % (95 % ДИ 41,8–62,7\u00a0%, n = 84); ниже среднего',
    )
    expect(of('declined')?.text).toBe('Ридит-индекс (ВПР, все предметы): снижение, −4,0')
    expect(of('objectivity')?.text).toBe('Признак O7 (русский язык): у границы отметки 4')
    expect(of('quality')?.text).toBe(
      'Карантин: ожидалось число — строк: 2; других замечаний этого рода: 1',
    )
    expect(rows.map(({ kind_label }) => kind_label).sort()).toEqual([
      'Зона риска',
      'Качество данных',
      'Объективность',
      'Снижение',
      'Улучшение',
    ])
  })
})

describe('martFinding of weak evidence', () => {
  let weak: Tables
  beforeAll(async () => {
    weak = await Tables.of([
      given(dimSchoolYear, { school_year: 2026, label: '2025/26', is_last: true }),
      given(dimSubject, { subject: 'russian', name: 'Русский язык', sort: 1 }),
      given(fctBiasMarker),
      given(quarantine),
      given(
        martRiskZone,
        zone('a', { is_suppressed: true }),
        zone('b', { indicator: 'mean_mark' }),
        zone('c', { n: null, lo: null, hi: null }),
      ),
      given(
        martTrend,
        trend('a', { z: 2.9, n_first: 31, n_last: 1032, first_year: 2024 }),
        trend('a', { z: 2.1, subject: 'russian', subject_name: 'Русский язык' }),
        trend('b', { z: 2.4 }),
        trend('c', { z: 9, is_suppressed: true }),
      ),
      given(
        martTrendEvidence,
        evidence('a', 0.4),
        evidence('a', 0.09, 'russian'),
        evidence('b', 0.4),
      ),
    ])
  })
  afterAll(() => {
    weak.close()
  })

  it('puts what so many comparisons give by chance last, and says so', async () => {
    const rows = [...(await weak.read(martFinding, "kind = 'improved'"))].sort(
      (a, b) => a.sort - b.sort,
    )
    expect(
      rows.map(({ school_key, subject, is_tentative }) => [school_key, subject, is_tentative]),
    ).toEqual([
      ['a', 'russian', false],
      ['b', 'all', true],
    ])
    expect(rows[0]?.text).not.toContain('предварительный')
    expect(rows[1]?.text).toContain('вывод предварительный')
  })

  it('names no number that officials do not see, and no indicator that is not a headline', async () => {
    const rows = await weak.read(martFinding, "kind in ('risk', 'improved')")
    expect(rows.map(({ kind, school_key }) => `${kind} ${school_key}`).sort()).toEqual([
      'improved a',
      'improved b',
      'risk c',
    ])
    expect(rows.find(({ kind }) => kind === 'risk')?.text).toBe(
      'Успеваемость (ВПР, все предметы): 52,4 % (n = не передано); ниже среднего',
    )
  })
})

describe('martFinding of hidden numbers', () => {
  let partly: Tables
  beforeAll(async () => {
    const note = 'ниже у 40,0 % участников; n = 40'
    const notes = { note: 'ниже у 40,0 %, у других — у 20,0 %', own_note: 'ниже у 40,0 %' }
    partly = await Tables.of([
      given(dimSchoolYear, { school_year: 2026, label: '2025/26', is_last: true }),
      given(
        dimSubject,
        { subject: 'russian', name: 'Русский язык', sort: 1 },
        { subject: 'history', name: 'История', sort: 2 },
      ),
      given(dimMunicipality, { municipality_key: '77', name: 'Заречный район', region_key: 'all' }),
      given(
        dimUnit,
        ...['a', 'b', 'c', 'd'].map((unit_key) => ({
          level: 'school',
          unit_key,
          name: `Школа ${unit_key}`,
        })),
      ),
      given(dimSchool, ...['a', 'b', 'c', 'd'].map((key) => school(key))),
      given(quarantine),
      given(
        fctBiasMarker,
        marker('a', { marker: 'O1', note }),
        marker('b', { marker: 'O1', note }),
        marker('c', { marker: 'O1', subject: 'history', is_against_schools: true, ...notes }),
        marker('d', { marker: 'O1', subject: 'history', ...notes }),
      ),
      given(
        martSuppression,
        ...[
          { unit_key: 'a' },
          { unit_key: 'b', school_year: 2025 },
          { unit_key: 'b', grade: '4' },
          { unit_key: 'b', subject: 'all' },
          { unit_key: '77', subject: 'history', grade: '4', level: 'municipality' },
        ].map((more) => ({
          indicator: 'journal_lowered_share',
          level: 'school',
          procedure: 'vpr',
          subject: 'russian',
          grade: 'all',
          school_year: 2026,
          reason: 'complement',
          ...more,
        })),
      ),
      given(martRiskZone, zone('d', { is_target_suppressed: true, zone_label: 'красная зона' })),
      given(martTrend),
      given(martTrendEvidence),
    ])
  })
  afterAll(() => {
    partly.close()
  })

  it('repeats no number of a marker where one of the school is hidden, nor what others show where that would tell one', async () => {
    const found = await partly.read(martFinding, "kind = 'objectivity'")
    expect(found.map(({ school_key, text }) => [school_key, text])).toEqual([
      [
        'a',
        'Признак O1 (русский язык): отмечен; числа не показываются: по ним можно вычислить скрытое',
      ],
      ['b', 'Признак O1 (русский язык): ниже у 40,0 % участников; n = 40'],
      ['c', 'Признак O1 (история): ниже у 40,0 %'],
      ['d', 'Признак O1 (история): ниже у 40,0 %, у других — у 20,0 %'],
    ])
    expect(
      (await partly.read(martSchoolProfile)).map(({ school_key, bias_note }) => [
        school_key,
        bias_note,
      ]),
    ).toEqual([
      ['a', 'O1 (русский язык): отмечен; числа не показываются: по ним можно вычислить скрытое'],
      ['b', 'O1 (русский язык): ниже у 40,0 % участников; n = 40'],
      ['c', 'O1 (история): ниже у 40,0 %'],
      ['d', 'O1 (история): ниже у 40,0 %, у других — у 20,0 %'],
    ])
  })

  it('repeats no mean that is hidden from officials, nor how far a school is from it', async () => {
    const [d] = await partly.read(martFinding, "kind = 'risk' and school_key = 'd'")
    expect(d).toMatchObject({ strength: 0 })
    expect(d?.text).toBe(
      'Успеваемость (ВПР, все предметы): 52,4 % (95 % ДИ 41,8–62,7\u00a0%, n = 84); красная зона; среднее, с которым сравнивается, не показывается',
    )
  })
})
