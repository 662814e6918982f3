import { describe, expect, it } from 'vitest'
import { dimCluster } from '../../../transforms/core/dim_cluster.ts'
import { dimMunicipality } from '../../../transforms/core/dim_municipality.ts'
import { dimSchool } from '../../../transforms/core/dim_school.ts'
import { dimUnit } from '../../../transforms/core/dim_unit.ts'
import { fctResultGroup } from '../../../transforms/core/fct_result_group.ts'
import { given, withTables } from '../../support/tables.ts'

describe('dimUnit', () => {
  it('orders schools by name and number, those that no register knows last', async () => {
    const school = (school_key: string, short_name: string, is_inferred = false) => ({
      school_key,
      school_version_key: `${school_key}@0`,
      short_name,
      is_inferred,
      is_current: true,
    })
    const rows = await withTables(
      [
        given(dimCluster),
        given(dimMunicipality, { municipality_key: '77', name: 'Округ', region_key: 'all' }),
        given(fctResultGroup),
        given(
          dimSchool,
          school('x', '9999', true),
          school('b', 'СОШ № 10'),
          school('a', 'СОШ № 9'),
          school('l', 'Лицей № 1'),
        ),
      ],
      (tables) => tables.read(dimUnit, "level = 'school'"),
    )
    expect([...rows].sort((a, b) => a.sort - b.sort).map(({ unit_key }) => unit_key)).toEqual([
      'l',
      'a',
      'b',
      'x',
    ])
  })

  it('calls a region by the name that a report prints beside its code', async () => {
    const region = (unit_key: string, unit_name: string) => ({
      level: 'region',
      unit_key,
      unit_name,
    })
    const rows = await withTables(
      [
        given(dimCluster),
        given(dimMunicipality),
        given(fctResultGroup, region('98', 'Озёрная область')),
        given(
          dimSchool,
          { school_key: 'a', region_key: '98', is_current: true, short_name: 'А' },
          { school_key: 'b', region_key: '97', is_current: true, short_name: 'Б' },
        ),
      ],
      (tables) => tables.read(dimUnit, "level = 'region'"),
    )
    expect(rows.map(({ unit_key, name }) => [unit_key, name]).sort()).toEqual([
      ['97', '97'],
      ['98', 'Озёрная область'],
    ])
  })
})
