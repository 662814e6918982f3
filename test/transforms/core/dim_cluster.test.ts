import { describe, expect, it } from 'vitest'
import { bridgeSchoolCluster } from '../../../transforms/core/bridge_school_cluster.ts'
import { dimCluster } from '../../../transforms/core/dim_cluster.ts'
import { dimSchool } from '../../../transforms/core/dim_school.ts'
import { fctSchoolContext } from '../../../transforms/core/fct_school_context.ts'
import { given, withTables, type Given } from '../../support/tables.ts'

interface School {
  readonly cluster: number
  readonly year: number
  readonly pupils: number
  readonly secondShift?: number
  readonly rural?: boolean | null
  readonly type?: string
}
const tablesOf = (schools: readonly School[]): readonly Given[] => {
  const key = (i: number): string => `s${String(i)}`
  return [
    given(
      dimSchool,
      ...schools.map(({ rural = null, type = 'unknown' }, i) => ({
        school_key: key(i),
        school_version_key: `${key(i)}@0`,
        is_rural: rural,
        school_type: type,
        valid_from_year: 0,
        valid_to_year: 9999,
        is_current: true,
      })),
    ),
    given(
      bridgeSchoolCluster,
      ...schools.map(({ cluster, year }, i) => ({
        school_key: key(i),
        school_year: year,
        cluster_key: `cluster-${String(cluster)}`,
        cluster_number: cluster,
        algorithm: 'k-means',
      })),
    ),
    given(
      fctSchoolContext,
      ...schools.flatMap(({ year, pupils, secondShift }, i) => [
        { school_key: key(i), school_year: year, measure: 'pupils', value: pupils },
        ...(secondShift === undefined
          ? []
          : [
              {
                school_key: key(i),
                school_year: year,
                measure: 'second_shift_pupils',
                value: secondShift,
              },
            ]),
      ]),
    ),
  ]
}
const names = (schools: readonly School[]): Promise<readonly string[]> =>
  withTables(tablesOf(schools), async (tables) =>
    (await tables.read(dimCluster)).map(({ name }) => name.replaceAll('\u00A0', ' ')),
  )
const alike = (cluster: number, more: Partial<School> = {}): readonly School[] =>
  Array.from({ length: 6 }, (_, i) => ({ cluster, year: 2026, pupils: 400 + 20 * i, ...more }))

describe('dimCluster', () => {
  it('says what tells two clusters of equal size and place apart, by their own medians', async () => {
    expect(
      await names([...alike(1, { secondShift: 0 }), ...alike(2, { secondShift: 150 })]),
    ).toEqual([
      'Средние по величине школы (во вторую смену: нет)',
      expect.stringMatching(/^Средние по величине школы \(во вторую смену: 3\d %\)$/),
    ])
  })

  it('numbers clusters that nothing known tells apart', async () => {
    expect(await names([...alike(1), ...alike(2)])).toEqual([
      expect.stringMatching(/^Средние по величине школы.*, группа 1$/),
      expect.stringMatching(/^Средние по величине школы.*, группа 2$/),
    ])
  })

  it('names the stage of schools only where nearly all are of it', async () => {
    const of = (cluster: number, pupils: number, ...types: readonly string[]): readonly School[] =>
      types.map((type, i) => ({ cluster, year: 2026, pupils: pupils + i, type }))
    const elementary = Array.from({ length: 9 }, () => 'elementary')
    expect(
      await names([
        ...of(1, 200, ...elementary, 'other'),
        ...of(2, 500, ...elementary, 'high', 'middle'),
        ...of(3, 900, ...elementary.map((_, i) => (i % 2 ? 'lyceum' : 'secondary'))),
      ]),
    ).toEqual([
      'Малые начальные школы',
      'Средние по величине школы разных ступеней',
      'Крупные школы',
    ])
    expect(
      await names(of(1, 200, ...elementary, 'high').map((s) => ({ ...s, rural: true }))),
    ).toEqual([expect.stringMatching(/^[А-Яа-я ]+ сельские школы$/)])
  })

  it('measures a cluster against the schools of its own year', async () => {
    const grown = (cluster: number, year: number, pupils: number): readonly School[] =>
      Array.from({ length: 6 }, (_, i) => ({ cluster, year, pupils: pupils + i, rural: true }))
    const found = await names([
      ...grown(1, 2025, 900),
      ...grown(2, 2025, 500),
      ...grown(2, 2026, 100),
      ...grown(3, 2026, 200),
    ])
    expect(found.map((name) => name.split(' ')[0])).toEqual(['Крупные', 'Малые', 'Крупные'])
  })
})
