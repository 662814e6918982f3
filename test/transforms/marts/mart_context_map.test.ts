import { describe, expect, it } from 'vitest'
import type { Computation } from '../../../transforms/contract/computation.ts'
import { school } from '../../../transforms/entities/school.ts'
import { schoolContext } from '../../../transforms/entities/school_context.ts'
import { martCluster } from '../../../transforms/marts/mart_cluster.ts'
import { martContextMap } from '../../../transforms/marts/mart_context_map.ts'
import { linearRegression } from '../../../transforms/methods/statistics/linear_regression.ts'
import { matrixOfColumns } from '../../../transforms/methods/statistics/matrix.ts'
import { random } from '../../../transforms/methods/statistics/random.ts'
import { squaresAboutMean } from '../../../transforms/methods/statistics/sums.ts'
import { clusterRule } from '../../../transforms/parameters/cluster_rule.ts'
import { given, withTables, type Given } from '../../support/tables.ts'
import { always, computed } from './frame.ts'

interface School {
  readonly pupils: number
  readonly sen: number
  readonly rural: boolean
  readonly nonNative?: number
}
const code = (i: number): string => String(100 + i)
const municipality = (schools: readonly School[]): readonly Given[] => [
  given(
    school,
    ...schools.map(({ rural }, i) => ({
      school_code: code(i),
      short_name: `СОШ № ${String(i + 1)}`,
      municipality_code: '77',
      region_code: 'all',
      is_rural: rural,
      snapshot_on: '2025-09-20',
    })),
  ),
  given(
    schoolContext,
    ...schools.flatMap(({ pupils, sen, nonNative }, i) =>
      Object.entries({
        pupils,
        sen_pupils: sen,
        ...(nonNative === undefined ? {} : { non_native_pupils: nonNative }),
      }).map(([measure, value]) => ({
        school_ref: code(i),
        school_ref_system: 'register',
        school_year: 2026,
        measure,
        value,
      })),
    ),
  ),
]
const invented = (): readonly School[] => {
  const source = random(20261122)
  return Array.from({ length: 40 }, (_, i) => {
    const pupils = Math.round(60 + 14 * i + 20 * source.uniform())
    const share = 0.01 + 0.1 * source.uniform()
    return { pupils, sen: Math.max(1, Math.round(share * pupils)), rural: i < 20 }
  })
}

/** Fits the shares that are shown on whatever is public of a school and reads the hidden ones off: the root of the mean squared error. */
const attack = (
  schools: readonly { readonly isHidden: boolean; readonly share: number }[],
  known: readonly (readonly number[])[],
): number => {
  const places = [...schools.keys()]
  const of = (isHidden: boolean) => places.filter((i) => schools[i]?.isHidden === isHidden)
  const shown = of(false)
  const { coefficients } = linearRegression(
    matrixOfColumns(known.map((column) => shown.map((i) => column[i] ?? 0))),
    shown.map((i) => schools[i]?.share ?? 0),
  )
  const hidden = of(true)
  const errors = hidden.map(
    (i) =>
      known.reduce(
        (sum, column, j) => sum + (coefficients[j + 1] ?? 0) * (column[i] ?? 0),
        coefficients[0] ?? 0,
      ) - (schools[i]?.share ?? 0),
  )
  return Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)
}

describe('marts.mart_context_map', () => {
  it('lets nobody read a hidden share of pupils off the map', async () => {
    const schools = invented()
    const rows = await withTables(municipality(schools), (tables) => tables.read(martCluster))
    const truth = rows.map(({ is_sensitive_suppressed, sen_share }) => ({
      isHidden: is_sensitive_suppressed,
      share: sen_share ?? 0,
    }))
    expect(truth.filter(({ isHidden }) => isHidden).length).toBeGreaterThan(10)
    expect(truth.filter(({ isHidden }) => !isHidden).length).toBeGreaterThan(10)
    const open = computed(martContextMap as unknown as Computation, {
      rule: always(clusterRule),
      features: rows.flatMap(({ school_key, school_year, pupils, is_rural, sen_share }) =>
        Object.entries({
          is_rural: Number(is_rural),
          pupils: Math.log(pupils ?? 1),
          sen_pupils: sen_share ?? 0,
        }).map(([feature, value]) => ({
          school_key,
          school_year,
          feature,
          value,
          cluster_key: 'all',
          is_hidden: false,
        })),
      ),
    })
    const known = [
      rows.map(({ pupils }) => Math.log(pupils ?? 1)),
      rows.map(({ is_rural }) => Number(is_rural)),
    ]
    const axes = (map: readonly Readonly<Record<string, unknown>>[]) => [
      map.map((row) => Number(row['map_x'])),
      map.map((row) => Number(row['map_y'])),
    ]
    const hidden = truth.filter(({ isHidden }) => isHidden).map(({ share }) => share)
    const spread = Math.sqrt(squaresAboutMean(hidden) / hidden.length)
    expect(attack(truth, [...known, ...axes(open)])).toBeLessThan(spread / 4)
    expect(attack(truth, [...known, ...axes(rows)])).toBeGreaterThan(spread)
  })

  it('hides with one sensitive share of a school the other, as the list of schools does', async () => {
    const base = invented().slice(0, 12)
    const [one, other] = await Promise.all(
      [0, 5].map((more) =>
        withTables(
          municipality(
            base.map((each, i) => ({ ...each, nonNative: 15 + i + (each.sen < 10 ? more : 0) })),
          ),
          (tables) => tables.read(martContextMap),
        ),
      ),
    )
    expect(base.some(({ sen }) => sen < 10) && base.some(({ sen }) => sen >= 10)).toBe(true)
    expect(other).toEqual(one)
  })

  it('does not move when a hidden share does', async () => {
    const base = invented().slice(0, 12)
    const moved = base.map((each) => (each.sen < 10 ? { ...each, sen: 10 - each.sen } : each))
    expect(moved).not.toEqual(base)
    const [before, after] = await Promise.all(
      [base, moved].map((schools) =>
        withTables(municipality(schools), (tables) => tables.read(martContextMap)),
      ),
    )
    expect(before?.some(({ map_y }) => map_y !== 0)).toBe(true)
    expect(after).toEqual(before)
  })
})
