import { describe, expect, it } from 'vitest'
import { bridgeSchoolCluster } from '../../../transforms/core/bridge_school_cluster.ts'
import { dimCluster } from '../../../transforms/core/dim_cluster.ts'
import { martClusterPosition } from '../../../transforms/marts/mart_cluster_position.ts'
import { martIndicatorValue } from '../../../transforms/marts/mart_indicator_value.ts'
import { given, withTables } from '../../support/tables.ts'

interface School {
  readonly value: number | null
  readonly n?: number | null
  readonly suppression?: string
  readonly lo?: number
  readonly hi?: number
}
const positions = (schools: readonly School[], better = 'higher') => {
  const key = (i: number): string => `s${String(i).padStart(2, '0')}`
  return withTables(
    [
      given(
        bridgeSchoolCluster,
        ...schools.map((_, i) => ({
          school_key: key(i),
          school_year: 2026,
          cluster_key: 'cluster-1',
        })),
      ),
      given(dimCluster, { cluster_key: 'cluster-1', name: 'Малые школы', schools: schools.length }),
      given(
        martIndicatorValue,
        ...schools.map(({ value, n = 50, suppression = '', lo = null, hi = null }, i) => ({
          indicator: 'pass_rate',
          level: 'school',
          unit_key: key(i),
          unit_name: `СОШ № ${String(i)}`,
          procedure: 'vpr',
          subject: 'all',
          grade: 'all',
          school_year: 2026,
          value,
          n,
          lo,
          hi,
          tier:
            value === null ? 'none' : n === null ? 'unknown' : n < 10 ? 'limited' : 'approximate',
          better,
          suppression,
        })),
      ),
    ],
    (tables) => tables.read(martClusterPosition),
  )
}
/** Schools whose intervals are `margin` to each side. */
const values = (...of: readonly number[]): readonly School[] => within(0.01, ...of)
const within = (margin: number, ...of: readonly number[]): readonly School[] =>
  of.map((value) => ({ value, lo: value - margin, hi: value + margin }))
const withoutIntervals = (...of: readonly number[]): readonly School[] =>
  of.map((value) => ({ value }))
const labels = async (schools: readonly School[], better?: string): Promise<readonly string[]> =>
  (await positions(schools, better)).map(({ position_label }) => position_label)

describe('martClusterPosition', () => {
  it('measures by the median and the median deviation of the cluster', async () => {
    // Median 0.5, deviations 0.2 0.1 0 0.1 0.4: their median is 0.1.
    const rows = await positions(values(0.3, 0.4, 0.5, 0.6, 0.9))
    const sd = 0.1 * 1.482602218505602
    const expected = [-0.2 / sd, -0.1 / sd, 0, 0.1 / sd, 0.4 / sd]
    rows.forEach(({ z }, i) => {
      expect(z).toBeCloseTo(expected[i]!, 9)
    })
    expect(rows).toHaveLength(5)
    expect(rows.map(({ position_label }) => position_label)).toEqual([
      'хуже середины группы',
      'в середине группы',
      'в середине группы',
      'в середине группы',
      'заметно лучше группы',
    ])
    expect(rows[0]).toMatchObject({
      cluster_median: 0.5,
      cluster_schools: 5,
      cluster_name: 'Малые школы',
      school_name: 'СОШ № 0',
    })
  })

  it('turns better and worse where less is better, and judges nothing where neither is', async () => {
    const spread = values(0.1, 0.4, 0.5, 0.6, 0.9)
    const ends = async (better: string) => {
      const all = await labels(spread, better)
      return [all[0], all[4]]
    }
    expect(await ends('lower')).toEqual(['заметно лучше группы', 'заметно хуже группы'])
    expect(await ends('neither')).toEqual([
      'меньше, чем обычно в группе',
      'больше, чем обычно в группе',
    ])
  })

  it('calls no school much better or worse whose own interval covers the median', async () => {
    // Deviations 0.4 0.1 0 0.1 0.4: z of the ends is 2.7.
    const far = [0.1, 0.4, 0.5, 0.6, 0.9]
    expect(await labels(within(0.3, ...far))).toEqual([
      'заметно хуже группы',
      'в середине группы',
      'в середине группы',
      'в середине группы',
      'заметно лучше группы',
    ])
    const wide = await positions(within(0.45, ...far))
    expect(wide.map(({ position_label }) => position_label)).toEqual([
      'хуже середины группы, может быть случайно',
      'в середине группы',
      'в середине группы',
      'в середине группы',
      'лучше середины группы, может быть случайно',
    ])
    expect(wide[4]?.z).toBeGreaterThan(2)
    expect((await labels(within(0.45, ...far), 'neither')).at(-1)).toBe(
      'больше, чем обычно в группе, может быть случайно',
    )
  })

  it('says that chance was not judged where a value has no interval', async () => {
    expect(await labels(withoutIntervals(0.3, 0.4, 0.5, 0.6, 0.9))).toEqual([
      'хуже середины группы, случайность не оценена',
      'в середине группы',
      'в середине группы',
      'в середине группы',
      'заметно лучше группы, случайность не оценена',
    ])
  })

  it('counts ties by half in the share of schools that are lower', async () => {
    const rows = await positions(values(0.1, 0.5, 0.5, 0.5, 0.9))
    expect(rows.map(({ percentile }) => percentile)).toEqual([0, 0.5, 0.5, 0.5, 1])
  })

  it('has no distance where the cluster has no spread', async () => {
    const rows = await positions(values(0.5, 0.5, 0.5, 0.5, 0.5))
    expect(
      rows.map(({ z, position_label, percentile }) => [z, position_label, percentile]),
    ).toEqual(Array(5).fill([null, 'как в группе', 0.5]))
  })

  it('does not call a school like its cluster when the others are alike and it is not', async () => {
    const rows = await positions(values(0.2, 1, 1, 1, 1))
    expect(rows.map(({ z, position_label }) => [z, position_label])).toEqual([
      [null, 'хуже середины группы, у большинства школ значение одно'],
      ...Array<unknown>(4).fill([null, 'как в группе']),
    ])
    expect((await labels(within(0.9, 0.2, 1, 1, 1, 1)))[0]).toBe(
      'хуже середины группы, может быть случайно',
    )
  })

  it('leaves out schools of fewer than ten pupils and those without a number', async () => {
    const rows = await positions([
      ...values(0.3, 0.4, 0.5, 0.6, 0.9),
      { value: 0.01, n: 9 },
      { value: null },
    ])
    expect(rows).toHaveLength(5)
    expect(rows[0]?.cluster_median).toBe(0.5)
  })

  it('compares ready numbers of which nobody said how many pupils stand behind them', async () => {
    const rows = await positions([0.3, 0.4, 0.5, 0.6, 0.9].map((value) => ({ value, n: null })))
    expect(rows.map(({ n, cluster_schools }) => [n, cluster_schools])).toEqual(
      rows.map(() => [null, 5]),
    )
    expect(rows).toHaveLength(5)
  })

  it('places what officials see among what they see, whatever is hidden, and the hidden among all', async () => {
    const shown = values(0.3, 0.4, 0.5, 0.6, 0.9)
    const withHidden = async (hidden: number) =>
      positions([...shown, { value: hidden, suppression: 'complement' }])
    const [low, high] = [await withHidden(0.1), await withHidden(0.95)]
    expect(low.slice(0, 5)).toEqual(await positions(shown))
    expect(high.slice(0, 5)).toEqual(low.slice(0, 5))
    expect(low[5]).toMatchObject({
      is_suppressed: true,
      cluster_median: 0.45,
      cluster_schools: 6,
      percentile: 0,
    })
    expect(high[5]).toMatchObject({ cluster_median: 0.55, percentile: 1 })
  })

  it('compares nobody in a cluster of too few schools', async () => {
    expect(await positions(values(0.3, 0.4, 0.5, 0.6))).toEqual([])
  })
})
