import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bridgeSchoolCluster } from '../../../transforms/core/bridge_school_cluster.ts'
import { dimCluster } from '../../../transforms/core/dim_cluster.ts'
import { school } from '../../../transforms/entities/school.ts'
import { schoolContext } from '../../../transforms/entities/school_context.ts'
import { martCluster } from '../../../transforms/marts/mart_cluster.ts'
import { contextMeasure } from '../../../transforms/parameters/context_measure.ts'
import { given, withTables, type Given } from '../../support/tables.ts'

interface Context {
  readonly pupils: number
  readonly sen: number
  readonly rural: boolean
}
const municipality = (schools: readonly Context[], year = 2026): readonly Given[] => [
  given(
    school,
    ...schools.map(({ rural }, i) => ({
      school_code: code(i),
      short_name: `СОШ № ${String(i + 1)}`,
      municipality_code: '77',
      region_code: 'all',
      is_rural: rural,
      snapshot_on: `${String(year - 1)}-09-20`,
    })),
  ),
  given(
    schoolContext,
    ...schools.flatMap(({ pupils, sen }, i) => [
      { ...at(i), school_year: year, measure: 'pupils', value: pupils },
      { ...at(i), school_year: year, measure: 'sen_pupils', value: sen },
    ]),
  ),
]
const at = (i: number) => ({ school_ref: code(i), school_ref_system: 'register' })
const code = (i: number): string => String(100 + i)

describe('bridgeSchoolCluster', () => {
  it('finds groups of unlike context and names them by size and place, not by results', async () => {
    const schools = Array.from({ length: 24 }, (_, i): Context =>
      i < 12
        ? { pupils: 50 + 3 * i, sen: 10 + (i % 3), rural: true }
        : { pupils: 700 + 15 * i, sen: 12 + (i % 4), rural: false },
    )
    const { rows, names } = await withTables(municipality(schools), async (tables) => ({
      rows: await tables.read(bridgeSchoolCluster),
      names: await tables.read(dimCluster),
    }))
    const labels = rows.map(({ cluster_key }) => cluster_key)
    expect(new Set(labels.slice(0, 12)).size).toBe(1)
    expect(new Set(labels.slice(12)).size).toBe(1)
    expect(labels[0]).not.toBe(labels[12])
    expect(rows[0]).toMatchObject({ algorithm: 'k-medoids', clusters: 2 })
    expect(names.map(({ name, schools: size }) => [name, size]).sort()).toEqual([
      [expect.stringContaining('Крупные городские школы'), 12],
      [expect.stringContaining('Малые сельские школы'), 12],
    ])
  })

  it('builds for any small municipality: one school, equal schools, schools of unknown context', async () => {
    const context = fc.record({
      pupils: fc.constantFrom(0, 1, 60, 300),
      sen: fc.constantFrom(0, 1),
      rural: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(context, { minLength: 1, maxLength: 4 }), async (schools) => {
        const rows = await withTables(municipality(schools), (tables) => tables.read(martCluster))
        expect(rows.map(({ school_key, algorithm }) => [school_key, algorithm])).toEqual(
          schools.map((_, i) => [code(i), 'none']),
        )
        expect(rows.every(({ map_x, map_y }) => Number.isFinite(map_x + map_y))).toBe(true)
      }),
      { numRuns: 12, seed: 20260901, examples: [[[{ pupils: 60, sen: 0, rural: true }]]] },
    )
  })

  it('names the features compared in words that read on, abbreviations as they are', async () => {
    const schools = Array.from({ length: 24 }, (_, i): Context => ({
      pupils: i < 12 ? 50 + 3 * i : 700 + 15 * i,
      sen: 10 + (i % 3),
      rural: i < 12,
    }))
    const rows = await withTables(municipality(schools), (tables) => tables.read(martCluster))
    expect(rows[0]?.features_label).toBe('местность; число обучающихся; доли обучающихся: с ОВЗ')
  })

  it('names a measure that is a share already by its own title, without a second «доли»', async () => {
    const schools = Array.from({ length: 24 }, (_, i): Context => ({
      pupils: i < 12 ? 50 + 3 * i : 700 + 15 * i,
      sen: (i % 3) / 10,
      rural: i < 12,
    }))
    const measure = (name: string, title: string, unit: string, sort: number) => ({
      ...{ measure: name, title, unit, divided_by: '', is_feature: true, sort },
    })
    const rows = await withTables(
      [
        ...municipality(schools),
        given(
          contextMeasure,
          measure('pupils', 'Обучающихся', 'count', 1),
          measure('sen_pupils', 'Доля малообеспеченных', 'share', 2),
        ),
      ],
      (tables) => tables.read(martCluster),
    )
    expect(rows[0]?.features_label).toBe('местность; число обучающихся; доля малообеспеченных')
  })

  it('says nothing of features where there are none', async () => {
    const rows = await withTables(municipality([{ pupils: 60, sen: 0, rural: true }]), (tables) =>
      tables.read(martCluster),
    )
    expect(rows).toMatchObject([{ features_label: '', neighbours: '', stability_label: '—' }])
  })
})
