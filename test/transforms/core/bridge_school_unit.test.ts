import { describe, expect, it } from 'vitest'
import { bridgeSchoolCluster } from '../../../transforms/core/bridge_school_cluster.ts'
import { bridgeSchoolUnit } from '../../../transforms/core/bridge_school_unit.ts'
import { dimSchool } from '../../../transforms/core/dim_school.ts'
import { dimSchoolYear } from '../../../transforms/core/dim_school_year.ts'
import { given, withTables } from '../../support/tables.ts'

const school = (school_key: string, municipality_key: string, region_key: string) => ({
  ...{ school_key, municipality_key, region_key },
  valid_to_year: 9999,
  is_current: true,
})
const unlisted = { ...school('x', 'unknown', 'all'), is_inferred: true }
const regions = (...schools: readonly ReturnType<typeof school>[]) =>
  withTables(
    [
      given(dimSchoolYear, { school_year: 2026 }),
      given(bridgeSchoolCluster),
      given(dimSchool, ...schools),
    ],
    async (tables) =>
      (await tables.read(bridgeSchoolUnit, "level = 'region'"))
        .map((row) => `${row.school_key} ${row.unit_key}`)
        .sort(),
  )

describe('bridgeSchoolUnit', () => {
  it('puts a school that no register has into the only region of the registers', async () => {
    expect(await regions(school('a', '1', 'r'), school('b', '2', 'r'), unlisted)).toEqual([
      'a r',
      'b r',
      'x r',
    ])
  })
  it('guesses no region where the registers name several or none', async () => {
    const two = [
      school('a', '1', 'r'),
      school('b', '2', 'r'),
      school('c', '3', 's'),
      school('d', '4', 's'),
    ]
    expect(await regions(...two, unlisted)).toEqual(['a r', 'b r', 'c s', 'd s'])
    expect(await regions(school('a', '1', 'all'), school('b', '2', 'all'), unlisted)).toEqual([])
  })
  it('makes no region of one municipality and of schools in none', async () => {
    expect(await regions(school('a', '1', 'r'), unlisted)).toEqual([])
  })
})
