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
})
