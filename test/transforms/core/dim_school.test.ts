import { describe, expect, it } from 'vitest'
import { bridgeSchoolRef } from '../../../transforms/core/bridge_school_ref.ts'
import { bridgeSchoolUnit } from '../../../transforms/core/bridge_school_unit.ts'
import { dimMunicipality } from '../../../transforms/core/dim_municipality.ts'
import { dimSchool } from '../../../transforms/core/dim_school.ts'
import { fctSchoolContext } from '../../../transforms/core/fct_school_context.ts'
import { school } from '../../../transforms/entities/school.ts'
import { schoolContext } from '../../../transforms/entities/school_context.ts'
import type { RowOf } from '../../../transforms/contract/column.ts'
import { schoolAlias } from '../../../transforms/parameters/school_alias.ts'
import { given, withTables } from '../../support/tables.ts'

type School = RowOf<typeof school.columns>
const entry = (school_code: string, year: number, changes: Partial<School> = {}): School => ({
  school_code,
  login: `sch${school_code}00`,
  tax_number: null,
  full_name: `МБОУ «СОШ № ${school_code}»`,
  short_name: `СОШ № ${school_code}`,
  school_type: 'secondary',
  municipality_code: '77',
  municipality_name: 'Заречный район',
  region_code: '66',
  is_rural: false,
  founder: 'municipal',
  distance_km: 3,
  is_branch: false,
  opened_on: null,
  closed_on: null,
  successor_code: null,
  snapshot_on: `${String(year - 1)}-09-20`,
  _file: `register${String(year)}`,
  _sheet: 'Справочник',
  _row: 3,
  ...changes,
})
const version = ({
  school_version_key,
  short_name,
  valid_from_year,
  valid_to_year,
  is_current,
}: RowOf<typeof dimSchool.columns>) => [
  school_version_key,
  short_name,
  valid_from_year,
  valid_to_year,
  is_current,
]

describe('dimSchool', () => {
  it('keeps one version, open at both ends, while the register says the same', async () => {
    const rows = await withTables(
      [given(school, entry('21', 2024), entry('21', 2025), entry('21', 2026))],
      (tables) => tables.read(dimSchool),
    )
    expect(rows).toEqual([
      {
        school_version_key: '21@0',
        school_key: '21',
        school_code: '21',
        login: 'sch2100',
        short_name: 'СОШ № 21',
        full_name: 'МБОУ «СОШ № 21»',
        school_type: 'secondary',
        municipality_key: '77',
        municipality_name: 'Заречный район',
        region_key: '66',
        is_rural: false,
        founder: 'municipal',
        distance_km: 3,
        is_branch: false,
        closed_on: null,
        successor_key: null,
        valid_from_year: 0,
        valid_to_year: 9999,
        is_current: true,
        is_inferred: false,
        _file: 'register2024',
        _sheet: 'Справочник',
        _row: 3,
      },
    ])
  })

  it('begins a version in the school year in which a school was renamed and keeps the durable key', async () => {
    const renamed = { short_name: 'Лицей № 21', school_type: 'lyceum' }
    const rows = await withTables(
      [
        given(
          school,
          entry('21', 2023),
          entry('21', 2024),
          entry('21', 2025, renamed),
          entry('21', 2026, renamed),
        ),
      ],
      (tables) => tables.read(dimSchool),
    )
    expect(rows.map(version)).toEqual([
      ['21@0', 'СОШ № 21', 0, 2025, false],
      ['21@2025', 'Лицей № 21', 2025, 9999, true],
    ])
    expect(new Set(rows.map(({ school_key }) => school_key))).toEqual(new Set(['21']))
  })

  it('does not depend on the order in which snapshots came, and closes a gap between them', async () => {
    const snapshots = [
      entry('21', 2023),
      entry('21', 2025, { short_name: 'Лицей № 21' }),
      entry('21', 2026),
    ]
    const read = (rows: readonly School[]) =>
      withTables([given(school, ...rows)], (tables) => tables.read(dimSchool))
    const expected = await read(snapshots)
    expect(expected.map(version)).toEqual([
      ['21@0', 'СОШ № 21', 0, 2025, false],
      ['21@2025', 'Лицей № 21', 2025, 2026, false],
      ['21@2026', 'СОШ № 21', 2026, 9999, true],
    ])
    expect(await read([...snapshots].reverse())).toEqual(expected)
  })

  it('takes the latest of several snapshots of one school year', async () => {
    const rows = await withTables(
      [
        given(
          school,
          entry('21', 2026, { snapshot_on: '2025-09-20' }),
          entry('21', 2026, { snapshot_on: '2026-05-31', short_name: 'Лицей № 21' }),
        ),
      ],
      (tables) => tables.read(dimSchool),
    )
    expect(rows.map(version)).toEqual([['21@0', 'Лицей № 21', 0, 9999, true]])
  })

  it('closes a merged school with its successor', async () => {
    const rows = await withTables(
      [
        given(
          school,
          entry('21', 2024),
          entry('21', 2025, { closed_on: '2024-08-31', successor_code: '22' }),
          entry('22', 2024),
          entry('22', 2025),
        ),
      ],
      (tables) => tables.read(dimSchool, "school_key = '21'"),
    )
    expect(rows.map(({ closed_on, successor_key }) => [closed_on, successor_key])).toEqual([
      [null, null],
      ['2024-08-31', '22'],
    ])
  })

  it('infers a member for a school that no register knows', async () => {
    const rows = await withTables(
      [
        given(school, entry('21', 2026)),
        given(schoolContext, {
          school_ref: 'sch999999',
          school_ref_system: 'fis_oko',
          school_year: 2026,
          measure: 'pupils',
          value: 120,
        }),
      ],
      (tables) => tables.read(dimSchool, 'is_inferred'),
    )
    expect(rows).toMatchObject([
      {
        school_key: 'x-fis_oko-sch999999',
        school_version_key: 'x-fis_oko-sch999999@0',
        short_name: 'sch999999',
        full_name: 'Школа sch999999 (нет в справочнике)',
        school_type: 'unknown',
        municipality_key: 'unknown',
        valid_from_year: 0,
        valid_to_year: 9999,
        is_current: true,
      },
    ])
  })
})

const context = (school_ref_system: string, school_ref: string, value = 100) => ({
  school_ref_system,
  school_ref,
  school_year: 2026,
  measure: 'pupils',
  value,
})

describe('bridgeSchoolRef', () => {
  it('knows a school by its code and by its login, old «sch» and new «edu» alike', async () => {
    const rows = await withTables(
      [
        given(school, entry('21', 2026), entry('22', 2026, { login: 'edu2200' })),
        given(
          schoolContext,
          context('register', '21'),
          context('ris_gia', '21'),
          context('fis_oko', 'sch2100'),
          context('fis_oko', 'edu2100'),
          context('fis_oko', 'sch2200'),
        ),
      ],
      (tables) => tables.read(bridgeSchoolRef),
    )
    expect(rows).toEqual([
      { school_ref_system: 'fis_oko', school_ref: 'edu2100', school_key: '21', is_inferred: false },
      { school_ref_system: 'fis_oko', school_ref: 'sch2100', school_key: '21', is_inferred: false },
      { school_ref_system: 'fis_oko', school_ref: 'sch2200', school_key: '22', is_inferred: false },
      { school_ref_system: 'register', school_ref: '21', school_key: '21', is_inferred: false },
      { school_ref_system: 'ris_gia', school_ref: '21', school_key: '21', is_inferred: false },
    ])
  })

  it('does not take a login for a code or a code for a login', async () => {
    const rows = await withTables(
      [
        given(school, entry('21', 2026, { login: 'sch77' }), entry('sch77', 2026)),
        given(schoolContext, context('fis_oko', '21'), context('register', 'sch77')),
      ],
      (tables) => tables.read(bridgeSchoolRef),
    )
    expect(rows.map(({ school_key }) => school_key)).toEqual(['x-fis_oko-21', 'sch77'])
  })

  it('lets the office’s alias stand over the register', async () => {
    const alias = { school_ref_system: 'fis_oko', school_ref: 'sch2100', school_code: '22' }
    const rows = await withTables(
      [
        given(school, entry('21', 2026), entry('22', 2026)),
        given(schoolContext, context('fis_oko', 'sch2100')),
        given(schoolAlias, alias),
      ],
      (tables) => tables.read(bridgeSchoolRef),
    )
    expect(rows).toMatchObject([{ school_key: '22', is_inferred: false }])
  })

  it('loses no row of a fact to an unknown name', async () => {
    const rows = await withTables(
      [
        given(school, entry('21', 2026)),
        given(schoolContext, context('register', '21', 300), context('register', '99', 40)),
      ],
      (tables) => tables.read(fctSchoolContext),
    )
    expect(rows.map(({ school_key, value }) => [school_key, value])).toEqual([
      ['21', 300],
      ['x-register-99', 40],
    ])
  })
})

describe('bridgeSchoolUnit', () => {
  it('puts a school into itself, its municipality and its region of that very year', async () => {
    const rows = await withTables(
      [
        given(
          school,
          entry('21', 2025),
          entry('21', 2026, { municipality_code: '78', municipality_name: 'Город' }),
        ),
        given(
          schoolContext,
          { ...context('register', '21'), school_year: 2025 },
          context('register', '21'),
        ),
      ],
      async (tables) => ({
        units: await tables.read(bridgeSchoolUnit, "level in ('school', 'municipality', 'region')"),
        municipalities: await tables.read(dimMunicipality),
      }),
    )
    expect(
      rows.units.map(({ school_year, level, unit_key }) => [school_year, level, unit_key]),
    ).toEqual([
      [2025, 'municipality', '77'],
      [2025, 'region', '66'],
      [2025, 'school', '21'],
      [2026, 'municipality', '78'],
      [2026, 'region', '66'],
      [2026, 'school', '21'],
    ])
    expect(rows.municipalities).toEqual([
      { municipality_key: '77', name: 'Заречный район', region_key: '66' },
      { municipality_key: '78', name: 'Город', region_key: '66' },
    ])
  })
})
