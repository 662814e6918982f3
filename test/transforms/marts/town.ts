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
import { quarantine } from '../../../transforms/ledger/quarantine.ts'
import { martRiskZone } from '../../../transforms/marts/mart_risk_zone.ts'
import { martTrend } from '../../../transforms/marts/mart_trend.ts'
import { given, Tables } from '../../support/tables.ts'

/** Rows of what findings are made of: a red zone, an improvement, a flagged marker, a school as it is now. */
const pooled = {
  procedure: 'vpr',
  procedure_name: 'ВПР',
  subject: 'all',
  subject_name: 'Все предметы',
  grade: 'all',
}
export const zone = (unit_key: string, more: Partial<RowOf<typeof martRiskZone.columns>> = {}) => ({
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
export const trend = (unit_key: string, more: Partial<RowOf<typeof martTrend.columns>> = {}) => ({
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
export const evidence = (unit_key: string, q: number, subject = 'all') => ({
  indicator: 'ridit_index',
  level: 'school',
  unit_key,
  procedure: 'vpr',
  subject,
  grade: 'all',
  basis: 'relative',
  q,
})
export const marker = (
  school_key: string,
  more: Partial<RowOf<typeof fctBiasMarker.columns>> = {},
) => ({
  school_key,
  procedure: 'vpr',
  subject: 'russian',
  grade: 'all',
  school_year: 2026,
  marker: 'O7',
  is_flagged: true,
  severity: 0.7,
  n: 84,
  note: 'у границы отметки 4',
  ...more,
})
export const school = (
  school_key: string,
  more: Partial<RowOf<typeof dimSchool.columns>> = {},
) => ({
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

/** Four schools, one of them closed and one too small to judge, with findings of every kind. */
export const town = (): Promise<Tables> =>
  Tables.of([
    given(
      dimSchoolYear,
      { school_year: 2025, label: '2024/25', is_last: false },
      { school_year: 2026, label: '2025/26', is_last: true },
    ),
    given(dimSubject, { subject: 'russian', name: 'Русский язык', sort: 1 }),
    given(dimMunicipality, { municipality_key: '77', name: 'Заречный район', region_key: 'all' }),
    given(
      dimUnit,
      ...['a', 'b', 'c', 'd'].map((key, i) => ({
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
      school('d', { founder: 'private', is_branch: true }),
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
      zone('d', { zone: 'grey', z: null, n: 7 }),
      zone('d', { zone: 'green', z: 1, indicator: 'mean_mark' }),
      zone('d', { zone: 'green', z: 1, school_year: 2025 }),
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
