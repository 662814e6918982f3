import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RowOf } from '../../../transforms/contract/column.ts'
import { bridgeSchoolCluster } from '../../../transforms/core/bridge_school_cluster.ts'
import { dimCluster } from '../../../transforms/core/dim_cluster.ts'
import { dimMunicipality } from '../../../transforms/core/dim_municipality.ts'
import { dimSchool } from '../../../transforms/core/dim_school.ts'
import { dimSchoolYear } from '../../../transforms/core/dim_school_year.ts'
import { dimSubject } from '../../../transforms/core/dim_subject.ts'
import { dimUnit } from '../../../transforms/core/dim_unit.ts'
import { fctBiasMarker } from '../../../transforms/core/fct_bias_marker.ts'
import { fctSchoolContext } from '../../../transforms/core/fct_school_context.ts'
import { expectedDelivery } from '../../../transforms/ledger/expected_delivery.ts'
import { quarantine } from '../../../transforms/ledger/quarantine.ts'
import { sheet } from '../../../transforms/ledger/sheet.ts'
import { martDataQuality } from '../../../transforms/marts/mart_data_quality.ts'
import { martFinding } from '../../../transforms/marts/mart_finding.ts'
import { martRiskZone } from '../../../transforms/marts/mart_risk_zone.ts'
import { martSuppression } from '../../../transforms/marts/mart_suppression.ts'
import { martSchoolProfile } from '../../../transforms/marts/mart_school_profile.ts'
import { martTrend } from '../../../transforms/marts/mart_trend.ts'
import { martTrendEvidence } from '../../../transforms/marts/mart_trend_evidence.ts'
import { given, Tables, withTables } from '../../support/tables.ts'

const pooled = {
  procedure: 'vpr',
  procedure_name: 'ВПР',
  subject: 'all',
  subject_name: 'Все предметы',
  grade: 'all',
}
const zone = (unit_key: string, more: Partial<RowOf<typeof martRiskZone.columns>> = {}) => ({
  indicator: 'pass_rate',
  indicator_title: 'Успеваемость',
  unit_key,
  unit_name: `Школа ${unit_key}`,
  ...pooled,
  school_year: 2026,
  zone: 'red',
  z: -4,
  value_text: '52,4 %',
  value: 0.524,
  n: 84,
  lo: 0.418,
  hi: 0.627,
  reason: 'ниже среднего',
  ...more,
})
const trend = (unit_key: string, more: Partial<RowOf<typeof martTrend.columns>> = {}) => ({
  indicator: 'ridit_index',
  indicator_title: 'Ридит-индекс',
  level: 'school',
  unit_key,
  unit_name: `Школа ${unit_key}`,
  ...pooled,
  basis: 'relative',
  last_year: 2026,
  trend_class: 'improved',
  trend_label: 'улучшение',
  change_text: '+5,2',
  z: 3,
  ...more,
})
const evidence = (unit_key: string, q: number, subject = 'all') => ({
  indicator: 'ridit_index',
  level: 'school',
  unit_key,
  procedure: 'vpr',
  subject,
  grade: 'all',
  basis: 'relative',
  q,
})
const marker = (school_key: string, more: Partial<RowOf<typeof fctBiasMarker.columns>> = {}) => ({
  school_key,
  procedure: 'vpr',
  subject: 'russian',
  grade: 'all',
  school_year: 2026,
  marker: 'O7',
  is_flagged: true,
  severity: 0.7,
  note: 'у границы отметки 4',
  ...more,
})
const school = (school_key: string, more: Partial<RowOf<typeof dimSchool.columns>> = {}) => ({
  school_key,
  school_version_key: `${school_key}@0`,
  school_code: school_key,
  short_name: `Школа ${school_key}`,
  full_name: `Полная ${school_key}`,
  school_type: 'secondary',
  municipality_key: '77',
  is_rural: true,
  valid_from_year: 0,
  valid_to_year: 9999,
  is_current: true,
  ...more,
})

let tables: Tables
beforeAll(async () => {
  tables = await Tables.of([
    given(
      dimSchoolYear,
      { school_year: 2025, label: '2024/25', is_last: false },
      { school_year: 2026, label: '2025/26', is_last: true },
    ),
    given(dimSubject, { subject: 'russian', name: 'Русский язык', sort: 1 }),
    given(dimMunicipality, { municipality_key: '77', name: 'Заречный район', region_key: 'all' }),
    given(
      dimUnit,
      ...['a', 'b', 'c'].map((key, i) => ({
        level: 'school',
        unit_key: key,
        name: `Школа ${key}`,
        sort: i + 1,
      })),
    ),
    given(
      dimSchool,
      school('a', { short_name: 'Лицей а', valid_from_year: 2025 }),
      school('a', {
        short_name: 'СОШ а',
        school_version_key: 'a@0',
        valid_to_year: 2025,
        is_current: false,
      }),
      school('b', { closed_on: '2024-08-31', successor_key: 'c', is_rural: null }),
      school('c', { is_rural: false, school_type: 'lyceum' }),
    ),
    given(
      fctSchoolContext,
      { school_key: 'a', school_year: 2025, measure: 'pupils', value: 300 },
      { school_key: 'a', school_year: 2026, measure: 'pupils', value: 310 },
    ),
    given(
      bridgeSchoolCluster,
      { school_key: 'a', school_year: 2025, cluster_key: 'cluster-1' },
      { school_key: 'a', school_year: 2026, cluster_key: 'cluster-2' },
    ),
    given(
      dimCluster,
      { cluster_key: 'cluster-1', name: 'Малые школы' },
      { cluster_key: 'cluster-2', name: 'Крупные школы' },
    ),
    given(
      martRiskZone,
      zone('a'),
      zone('a', { indicator: 'ridit_index', z: -3 }),
      zone('a', { subject: 'russian', subject_name: 'Русский язык', z: -9 }),
      zone('c', { zone: 'yellow' }),
      zone('c', { school_year: 2025 }),
      zone('c', { grade: '4' }),
    ),
    given(
      martTrend,
      trend('c'),
      trend('a', {
        trend_class: 'declined',
        trend_label: 'снижение',
        change_text: '−4,0',
        z: -2.5,
      }),
      trend('c', { indicator: 'mean_mark', trend_class: 'declined', z: -8 }),
      trend('77', { level: 'municipality', z: 9 }),
      trend('c', { trend_class: 'uncertain', subject: 'russian' }),
      trend('c', { grade: '4', trend_class: 'declined' }),
    ),
    given(
      fctBiasMarker,
      marker('c'),
      marker('c', { marker: 'O1', is_flagged: false }),
      marker('c', { grade: '4' }),
      marker('a', { school_year: 2025 }),
    ),
    given(
      quarantine,
      ...['ожидалось число', 'ожидалось число', 'ожидалась отметка'].map((message, i) => ({
        _file: 'f',
        sheet: 'Лист1',
        row_number: i + 1,
        column_name: 'Балл',
        cell: `D${String(i + 1)}`,
        code: 'not_a_number',
        message,
      })),
    ),
  ])
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
        zone('c', { n: 0, lo: null, hi: null }),
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
      ['a', 'отмечен; числа не показываются: по ним можно вычислить скрытое'],
      ['b', 'ниже у 40,0 % участников; n = 40'],
      ['c', 'ниже у 40,0 %'],
      ['d', 'ниже у 40,0 %, у других — у 20,0 %'],
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

describe('martSchoolProfile', () => {
  it('is one row a school as it is now, with former names and what stands out in the last year', async () => {
    const [a] = await tables.read(martSchoolProfile, "school_key = 'a'")
    expect(a).toMatchObject({
      school_name: 'Лицей а',
      former_names: 'СОШ а',
      type_label: 'средняя школа',
      locality_label: 'село',
      municipality_name: 'Заречный район',
      pupils: 310,
      cluster_key: 'cluster-2',
      cluster_name: 'Крупные школы',
      red_count: 3,
      yellow_count: 0,
      improved_count: 0,
      declined_count: 1,
      marker_count: 0,
      bias_note: '',
      status: 'open',
      link: '/schools/a',
      summary: 'Красных зон: 3, жёлтых: 0; улучшений: 0, снижений: 1.',
    })
  })

  it('counts pooled rows of the last year only and repeats the notes of markers', async () => {
    const [c] = await tables.read(martSchoolProfile, "school_key = 'c'")
    expect(c).toMatchObject({
      former_names: '',
      type_label: 'лицей',
      locality_label: 'город',
      pupils: null,
      cluster_key: 'all',
      cluster_name: '—',
      red_count: 0,
      yellow_count: 1,
      marker_count: 1,
      bias_note: 'у границы отметки 4',
    })
    expect(c?.summary).toContain('признаков для проверки объективности: 1.')
  })

  it('says who took over a school that is closed', async () => {
    const [b] = await tables.read(martSchoolProfile, "school_key = 'b'")
    expect(b).toMatchObject({
      status: 'merged',
      successor_key: 'c',
      successor_name: 'Школа c',
      locality_label: 'не указано',
      pupils: null,
      status_note: 'вошла в состав: Школа c',
      summary:
        'Закрыта 31.08.2024, вошла в состав другой: Школа c. Результаты до закрытия сохранены под её именем; выводы о ней больше не делаются.',
    })
    expect(await tables.read(martSchoolProfile)).toHaveLength(3)
  })
})

describe('martDataQuality', () => {
  const arrived = (
    source: string,
    school_year: number | null,
    more: Partial<RowOf<typeof sheet.columns>> = {},
  ) => ({
    _file: `${source}${String(school_year)}`,
    source,
    source_title: `Форма ${source}`,
    school_year,
    sheet: 'Лист1',
    rows_read: 10,
    rows_loaded: 8,
    rows_quarantined: 2,
    ...more,
  })
  const expected = (source: string, school_year: number, is_required: boolean) => ({
    source,
    source_title: `Форма ${source}`,
    school_year,
    is_required,
  })

  it('tells apart what arrived, what arrived empty, what is of no known form, what did not arrive and what was not required', async () => {
    const rows = await withTables(
      [
        given(
          sheet,
          arrived('a', 2026),
          arrived('a', 2026, { sheet: 'Лист2', rows_read: 5, rows_loaded: 5, rows_quarantined: 0 }),
          arrived('b', 2026, { rows_read: 0, rows_loaded: 0, rows_quarantined: 0 }),
          arrived('c', null),
          arrived('d', 2026, { refused: 'нет года', rows_loaded: 0, rows_quarantined: 10 }),
          arrived('', 2026, { _file: 'unknown' }),
        ),
        given(
          expectedDelivery,
          expected('a', 2026, true),
          expected('e', 2026, true),
          expected('f', 2026, false),
        ),
      ],
      (made) => made.read(martDataQuality),
    )
    expect(
      rows.map(
        ({
          source,
          school_year_label,
          files,
          rows_read,
          rows_loaded,
          rows_quarantined,
          sheets_refused,
          delivery_state,
          state_label,
        }) => [
          source,
          school_year_label,
          files,
          rows_read,
          rows_loaded,
          rows_quarantined,
          sheets_refused,
          delivery_state,
          state_label,
        ],
      ),
    ).toEqual([
      ['', '2025/26', 1, 10, 8, 2, 1, 'unrecognised', 'не узнано'],
      ['a', '2025/26', 1, 15, 13, 2, 0, 'delivered', 'получено'],
      ['b', '2025/26', 0, 0, 0, 0, 0, 'zero', 'получено без данных'],
      ['c', 'год не указан', 1, 10, 8, 2, 0, 'delivered', 'получено'],
      ['d', '2025/26', 1, 10, 0, 10, 1, 'zero', 'получено без данных'],
      ['e', '2025/26', 0, 0, 0, 0, 0, 'not_delivered', 'не получено'],
      ['f', '2025/26', 0, 0, 0, 0, 0, 'not_required', 'не требуется'],
    ])
  })
})
