import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RowOf } from '../../../../transforms/contract/column.ts'
import type { IndicatorColumns } from '../../../../transforms/contract/indicator.ts'
import { bridgeSchoolUnit } from '../../../../transforms/core/bridge_school_unit.ts'
import { fctResultGroup } from '../../../../transforms/core/fct_result_group.ts'
import { deliveredScore } from '../../../../transforms/indicators/delivered_score.ts'
import { meanMark } from '../../../../transforms/indicators/mean_mark.ts'
import { passRate } from '../../../../transforms/indicators/pass_rate.ts'
import {
  pooledInterval,
  pooledWithinSd,
  tInterval,
  wilson,
} from '../../../../transforms/methods/statistics/interval.ts'
import { given, withTables } from '../../../support/tables.ts'
import { factsOf, key, near, oneCell, unitsOf } from '../../../support/marks.ts'

type Value = RowOf<IndicatorColumns>
const seed = 20260901

describe('a share of marks', () => {
  it('is n with a mark of 3 or more over all, with Wilson’s limits', async () => {
    const counts = fc.array(
      fc
        .array(fc.integer({ min: 0, max: 25 }), { minLength: 4, maxLength: 4 })
        .filter((marks) => marks.some((count) => count > 0)),
      { minLength: 8, maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(counts, async (schools) => {
        const rows = await withTables(
          [factsOf(oneCell(schools)), unitsOf(schools.length)],
          (tables) => tables.read(passRate, "level = 'school' and grade = '4'"),
        )
        expect(rows).toHaveLength(schools.length)
        rows.forEach((row, i) => {
          const n = schools[i]!.reduce((sum, count) => sum + count, 0)
          const x = n - schools[i]![0]!
          const expected = wilson(x, n)
          expect([row.numerator, row.denominator, row.n]).toEqual([x, n, n])
          near(row.lo, expected.lo)
          near(row.hi, expected.hi)
        })
      }),
      { numRuns: 5, seed },
    )
  })

  it('of a municipality is the ratio of sums, never a mean of shares', async () => {
    const rows = await withTables(
      [
        factsOf(
          oneCell([
            [1, 0, 0, 0],
            [0, 30, 0, 0],
            [10, 5, 5, 0],
          ]),
        ),
        unitsOf(3),
      ],
      (tables) => tables.read(passRate, "level = 'municipality' and grade = '4'"),
    )
    expect(rows).toMatchObject([{ unit_key: '77', numerator: 40, denominator: 51, n: 51 }])
    near(rows[0]?.value, 40 / 51)
    const expected = wilson(40, 51)
    near(rows[0]?.lo, expected.lo)
    near(rows[0]?.hi, expected.hi)
  })

  it('has a standard error above zero where all or none succeed', async () => {
    const rows = await withTables(
      [
        factsOf(
          oneCell([
            [12, 0, 0, 0],
            [0, 0, 0, 12],
          ]),
        ),
        unitsOf(2),
      ],
      (tables) => tables.read(passRate, "level = 'school' and grade = '4'"),
    )
    const p = 0.5 / 13
    for (const { se } of rows) near(se, Math.sqrt((p * (1 - p)) / 12))
    expect(rows.map(({ value }) => value)).toEqual([0, 1])
  })
})

describe('a mean of marks', () => {
  const values = (counts: readonly number[]): Float64Array =>
    Float64Array.from(counts.flatMap((count, i) => Array<number>(count).fill(i + 2)))
  const read = (schools: readonly (readonly number[])[]) =>
    withTables([factsOf(oneCell(schools)), unitsOf(schools.length)], (tables) =>
      tables.read(meanMark, "level = 'school' and grade = '4'"),
    )

  it('has Student’s interval from ten pupils on and the pooled spread within schools below', async () => {
    const cell = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 4, maxLength: 4 })
    const counts = fc.array(
      cell.filter((marks) => marks.some((count) => count > 0)),
      { minLength: 12, maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(counts, async (schools) => {
        const pooled = pooledWithinSd(schools.map(values))
        const rows = await read(schools)
        expect(rows).toHaveLength(schools.length)
        rows.forEach((row, i) => {
          const marks = values(schools[i]!)
          const isOwn = marks.length >= 10
          const average = marks.reduce((sum, mark) => sum + mark, 0) / marks.length
          const expected = isOwn ? tInterval(marks) : pooledInterval(average, marks.length, pooled)
          expect(row.interval_basis).toBe(isOwn ? 't' : 'pooled_sd')
          near(row.value, average)
          near(row.lo, expected.lo, 5)
          near(row.hi, expected.hi, 5)
        })
      }),
      { numRuns: 6, seed },
    )
  })

  it('of nine pupils takes z and the spread of all schools, of ten pupils t and its own', async () => {
    const rows = await read([
      [0, 4, 5, 0],
      [0, 5, 5, 0],
      [3, 10, 10, 2],
    ])
    const pooled = pooledWithinSd(
      [
        [0, 4, 5, 0],
        [0, 5, 5, 0],
        [3, 10, 10, 2],
      ].map(values),
    )
    expect(rows.map(({ n, interval_basis }) => [n, interval_basis])).toEqual([
      [9, 'pooled_sd'],
      [10, 't'],
      [25, 't'],
    ])
    near(rows[0]?.se, pooled / 3)
    near(rows[1]?.se, Math.sqrt((10 * 0.25) / 9 / 10))
  })

  it('of a single pupil among single pupils has no interval and says why', async () => {
    const rows = await read([
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ])
    expect(rows).toMatchObject([
      { value: 3, n: 1, se: null, lo: null, hi: null },
      { value: 4, n: 1, se: null, lo: null, hi: null },
    ])
    for (const { interval_basis } of rows) expect(interval_basis).toMatch(/^none: /)
  })
})

describe('a delivered total', () => {
  const total = (level: string, unit_key: string, participants = 20) => ({
    procedure: 'vpr',
    subject: 'russian',
    grade: '4',
    school_year: 2026,
    level,
    unit_key,
    participants,
    share_2: 0.1,
    share_3: 0.3,
    share_4: 0.4,
    share_5: 0.2,
  })
  let rows: readonly Value[]
  beforeAll(async () => {
    rows = await withTables(
      [
        factsOf(oneCell([[5, 5, 0, 0]])),
        unitsOf(2),
        given(
          fctResultGroup,
          total('school', key(0)),
          total('school', key(1)),
          total('country', 'Вся выборка', 1_000_000),
        ),
      ],
      (tables) => tables.read(passRate, "grade = '4'"),
    )
  })
  const of = (unit: string): Value | undefined => rows.find(({ unit_key }) => unit_key === unit)

  it('stands where there are no pupils’ rows', () => {
    expect(of(key(1))).toMatchObject({ n: 20, numerator: 18, denominator: 20, value: 0.9 })
    expect(of('Вся выборка')).toMatchObject({ level: 'country', n: 1_000_000, value: 0.9 })
  })

  it('gives way to pupils’ rows of the same unit', () => {
    expect(of(key(0))).toMatchObject({ n: 10, value: 0.5, interval_basis: 'wilson' })
    expect(rows.filter(({ unit_key }) => unit_key === key(0))).toHaveLength(1)
  })

  it('of a region stands where it speaks of more people than were counted, and gives way where it does not', async () => {
    const inRegion = given(
      bridgeSchoolUnit,
      ...[0, 1].flatMap((school) =>
        ['school', 'region'].map((level) => ({
          school_key: key(school),
          school_year: 2026,
          level,
          unit_key: level === 'school' ? key(school) : '98',
        })),
      ),
    )
    const marks = factsOf(
      oneCell([
        [5, 5, 0, 0],
        [5, 5, 0, 0],
      ]),
    )
    for (const [participants, expected] of [
      [5000, { n: 5000, value: 0.9 }],
      [20, { n: 20, value: 0.5 }],
    ] as const) {
      const found = await withTables(
        [marks, inRegion, given(fctResultGroup, total('region', '98', participants))],
        (tables) => tables.read(passRate, "level = 'region' and grade = '4'"),
      )
      expect(found).toMatchObject([expected])
    }
  })

  it('has Wilson’s interval and a standard error above zero, at 100 % too', async () => {
    const whole = {
      ...total('school', key(0)),
      share_2: 0,
      share_3: 0.3,
      share_4: 0.5,
      share_5: 0.2,
    }
    const [row] = await withTables([given(fctResultGroup, whole)], (tables) =>
      tables.read(passRate),
    )
    const expected = wilson(20, 20)
    expect(row).toMatchObject({ value: 1, hi: 1, interval_basis: 'wilson' })
    near(row?.lo, expected.lo)
    expect(row?.se).toBeGreaterThan(0)
  })

  it('of a mean without a spread has no interval and says why', async () => {
    const mean = { ...total('school', key(0)), mean_score: 61.5 }
    const rows = await withTables([given(fctResultGroup, mean), unitsOf(1)], (tables) =>
      tables.read(deliveredScore, "level = 'school'"),
    )
    expect(rows).toMatchObject([{ value: 61.5, n: 20, lo: null, hi: null }])
    expect(rows[0]?.interval_basis).toMatch(/^none: /)
  })

  it('has an interval within 0–1', () => {
    for (const row of rows) {
      expect(row.lo, row.unit_key).toBeLessThan(row.value ?? 0)
      expect(row.hi, row.unit_key).toBeGreaterThan(row.value ?? 1)
      expect(row.hi, row.unit_key).toBeLessThanOrEqual(1)
      expect(row.lo, row.unit_key).toBeGreaterThanOrEqual(0)
    }
  })
})
