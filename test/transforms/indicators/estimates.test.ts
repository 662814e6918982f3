import * as fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RowOf } from '../../../transforms/contract/column.ts'
import type { IndicatorColumns } from '../../../transforms/contract/indicator.ts'
import { bridgeSchoolUnit } from '../../../transforms/core/bridge_school_unit.ts'
import { dimReferenceMark } from '../../../transforms/core/dim_reference_mark.ts'
import { fctResult } from '../../../transforms/core/fct_result.ts'
import { fctResultGroup } from '../../../transforms/core/fct_result_group.ts'
import { fctSchoolContext } from '../../../transforms/core/fct_school_context.ts'
import { deliveredScore } from '../../../transforms/indicators/delivered_score.ts'
import { studentQuantile, wilsonLimit } from '../../../transforms/indicators/estimate/interval.ts'
import { meanMark } from '../../../transforms/indicators/mean_mark.ts'
import { passRate } from '../../../transforms/indicators/pass_rate.ts'
import { riditIndex } from '../../../transforms/indicators/ridit_index.ts'
import { secondShiftShare } from '../../../transforms/indicators/second_shift_share.ts'
import { tQuantile } from '../../../transforms/methods/statistics/distributions.ts'
import {
  pooledInterval,
  pooledWithinSd,
  tInterval,
  wilson,
} from '../../../transforms/methods/statistics/interval.ts'
import { ridit } from '../../../transforms/methods/statistics/ridit.ts'
import { compileQuery } from '../../../warehouse/compile.ts'
import { Database } from '../../../warehouse/database.ts'
import { given, withTables, type Given } from '../../support/tables.ts'

type Value = RowOf<IndicatorColumns>
const seed = 20260901

/** A mark of one pupil of a school; pupils are told by their number within it. */
interface Mark {
  readonly school: number
  readonly pupil: number
  readonly subject: string
  readonly grade: string
  readonly mark: number
}
const key = (school: number): string => `s${String(school).padStart(3, '0')}`
const factsOf = (marks: readonly Mark[]): Given =>
  given(
    fctResult,
    ...marks.map(({ school, pupil, subject, grade, mark }) => ({
      school_key: key(school),
      pupil_key: `${key(school)}-${String(pupil)}`,
      procedure: 'vpr',
      subject,
      grade,
      school_year: 2026,
      attempt: 'main',
      mark,
    })),
  )
const unitsOf = (schools: number): Given =>
  given(
    bridgeSchoolUnit,
    ...Array.from({ length: schools }, (_, school) =>
      [
        ['school', key(school)],
        ['municipality', '77'],
      ].map(([level = '', unit_key = '']) => ({
        school_key: key(school),
        school_year: 2026,
        level,
        unit_key,
      })),
    ).flat(),
  )
/** `counts[school]` pupils got the marks 2, 3, 4, 5 in one subject and grade. */
const oneCell = (counts: readonly (readonly number[])[]): readonly Mark[] =>
  counts.flatMap((marks, school) =>
    marks
      .flatMap((count, i) => Array<number>(count).fill(i + 2))
      .map((mark, pupil) => ({ school, pupil, subject: 'russian', grade: '4', mark })),
  )
const near = (actual: number | null | undefined, expected: number, digits = 9): void => {
  expect(actual).not.toBeNull()
  expect(actual).toBeCloseTo(expected, digits)
}

describe('wilsonLimit(side, n)', () => {
  it('equals methods/statistics, the ends included', async () => {
    const cases = fc.array(
      fc
        .integer({ min: 1, max: 100_000 })
        .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n))),
      { minLength: 40, maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(cases, async (pairs) => {
        const context = pairs.flatMap(([x, n], school) => [
          { school_key: key(school), school_year: 2026, measure: 'second_shift_pupils', value: x },
          { school_key: key(school), school_year: 2026, measure: 'pupils', value: n },
        ])
        const rows = await withTables(
          [given(fctSchoolContext, ...context), unitsOf(pairs.length)],
          (tables) => tables.read(secondShiftShare, "level = 'school'"),
        )
        expect(rows).toHaveLength(pairs.length)
        rows.forEach(({ n, value, lo, hi, interval_basis }, i) => {
          const [x, of] = pairs[i]!
          const expected = wilson(x, of)
          expect([n, interval_basis]).toEqual([of, 'wilson'])
          near(value, x / of)
          near(lo, expected.lo)
          near(hi, expected.hi)
        })
      }),
      {
        numRuns: 4,
        seed,
        examples: [
          [
            [
              [0, 12],
              [12, 12],
              [3, 20],
              [40, 89],
              [1, 1],
              [0, 1],
            ],
          ],
        ],
      },
    )
  })

  it('never leaves 0–1', () => {
    expect(compileQuery(sql`select ${wilsonLimit('lo', sql<number>`n`)}`).sql).toContain(
      'greatest(0,',
    )
  })
})

describe('studentQuantile(df)', () => {
  it('is within 1.4e-5 of Student’s t from nine degrees of freedom on', async () => {
    const database = await Database.open(':memory:')
    const { sql: query } = compileQuery(
      sql`select df, ${studentQuantile(sql<number>`df`)} as t from (select unnest([9.0::double, 10, 11, 12, 15, 20, 30, 49, 100, 1000, 100000]) as df) order by df`,
    )
    const rows = await database.rows<{ df: number; t: number }>(query)
    database.close()
    for (const { df, t } of rows)
      expect(Math.abs(t - tQuantile(0.975, df)), String(df)).toBeLessThan(1.4e-5)
    expect(rows).toHaveLength(11)
  })
})

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
      {
        value: 3,
        n: 1,
        se: null,
        lo: null,
        hi: null,
        interval_basis: expect.stringMatching(/^none: /),
      },
      { value: 4, n: 1, se: null },
    ])
  })
})

describe('a number pooled over subjects and grades', () => {
  interface Totals {
    readonly x: number
    readonly w: number
  }
  /** R = Σx/Σw and V = Σ(xᵢ − R·wᵢ)²/(Σw)² over persons, straight from the definition. */
  const clustered = (persons: readonly Totals[]) => {
    const x = persons.reduce((sum, person) => sum + person.x, 0)
    const w = persons.reduce((sum, person) => sum + person.w, 0)
    const ratio = x / w
    const squares = persons.reduce((sum, person) => sum + (person.x - ratio * person.w) ** 2, 0)
    return { ratio, w, x, persons: persons.length, variance: squares / w ** 2 }
  }
  const wilsonOf = (p: number, n: number) => {
    const z = 1.959963984540054
    const centre = p + (z * z) / (2 * n)
    const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
    const scale = 1 + (z * z) / n
    return {
      lo: p === 0 ? 0 : Math.max(0, (centre - half) / scale),
      hi: p === 1 ? 1 : Math.min(1, (centre + half) / scale),
    }
  }
  const subjects = ['russian', 'mathematics', 'biology']
  /** Pupils of four schools, each with one to three works in its grade. */
  const municipality = fc
    .array(
      fc.array(
        fc.tuple(
          fc.constantFrom('4', '5'),
          fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 1, maxLength: 3 }),
        ),
        { minLength: 10, maxLength: 30 },
      ),
      { minLength: 4, maxLength: 4 },
    )
    .map((schools) =>
      schools.flatMap((pupils, school) =>
        pupils.flatMap(([grade, marks], pupil) =>
          marks.map((mark, i): Mark => ({ school, pupil, subject: subjects[i]!, grade, mark })),
        ),
      ),
    )
  const personsOf = (
    marks: readonly Mark[],
    of: (mark: Mark) => boolean,
    x: (mark: number) => number,
  ): readonly Totals[] => {
    const totals = new Map<string, Totals>()
    for (const mark of marks.filter(of)) {
      const person = `${String(mark.school)}/${String(mark.pupil)}`
      const before = totals.get(person) ?? { x: 0, w: 0 }
      totals.set(person, { x: before.x + x(mark.mark), w: before.w + 1 })
    }
    return [...totals.values()]
  }
  const check = (
    rows: readonly Value[],
    marks: readonly Mark[],
    x: (mark: number) => number,
    limits: (of: ReturnType<typeof clustered>) => { lo: number; hi: number },
    digits: number,
  ): void => {
    for (const row of rows) {
      const of = ({ school, subject }: Mark): boolean =>
        (row.level === 'municipality' || key(school) === row.unit_key) &&
        (row.subject === 'all' || subject === row.subject)
      const expected = clustered(personsOf(marks, of, x))
      expect([row.numerator, row.denominator, row.n]).toEqual([
        expected.x,
        expected.w,
        expected.persons,
      ])
      const { lo, hi } = limits(expected)
      near(row.lo, lo, digits)
      near(row.hi, hi, digits)
    }
  }

  it('does not take a pupil’s several works for several pupils: a share', async () => {
    await fc.assert(
      fc.asyncProperty(municipality, async (marks) => {
        const rows = await withTables([factsOf(marks), unitsOf(4)], (tables) =>
          tables.read(passRate, "grade = 'all'"),
        )
        expect(rows.length).toBeGreaterThanOrEqual(10)
        check(
          rows,
          marks,
          (mark) => (mark >= 3 ? 1 : 0),
          ({ ratio, w, variance }) =>
            wilsonOf(ratio, variance > 0 ? Math.min(w, (ratio * (1 - ratio)) / variance) : w),
          8,
        )
      }),
      { numRuns: 8, seed },
    )
  })

  it('does not take a pupil’s several works for several pupils: a mean', async () => {
    await fc.assert(
      fc.asyncProperty(municipality, async (marks) => {
        const rows = await withTables([factsOf(marks), unitsOf(4)], (tables) =>
          tables.read(meanMark, "grade = 'all' and interval_basis = 't'"),
        )
        expect(rows.length).toBeGreaterThanOrEqual(8)
        check(
          rows,
          marks,
          (mark) => mark,
          ({ ratio, variance, persons }) => {
            const half =
              tQuantile(0.975, persons - 1) * Math.sqrt((variance * persons) / (persons - 1))
            return { lo: ratio - half, hi: ratio + half }
          },
          4,
        )
      }),
      { numRuns: 8, seed },
    )
  })

  it('is surer than one subject but less sure than as many pupils', async () => {
    const pupils = Array.from({ length: 40 }, (_, pupil) => (pupil % 4 === 0 ? 2 : 4))
    const marks = pupils.flatMap((mark, pupil) =>
      subjects.map((subject) => ({ school: 0, pupil, subject, grade: '4', mark })),
    )
    const [all] = await withTables([factsOf(marks), unitsOf(1)], (tables) =>
      tables.read(passRate, "level = 'school' and subject = 'all'"),
    )
    // Every pupil does equally in all three: three subjects tell no more than one.
    const alone = wilson(30, 40)
    expect([all?.numerator, all?.denominator, all?.n]).toEqual([90, 120, 40])
    near(all?.lo, alone.lo)
    near(all?.hi, alone.hi)
  })
})

describe('riditIndex', () => {
  const reference = [0.0506, 0.3292, 0.4433, 0.1769]
  const ridits = [0.0253, 0.2152, 0.60145, 0.91155]
  const yardstick = given(
    dimReferenceMark,
    ...ridits.map((value, i) => ({
      procedure: 'vpr',
      subject: 'russian',
      grade: '4',
      school_year: 2026,
      mark: i + 2,
      reference: 'Вся выборка',
      share: reference[i]!,
      ridit: value,
    })),
  )

  it('is 46.53 for the counts (2, 10, 15, 3) against the federal row (DOMAIN 3.15, vector 2)', async () => {
    const rows = await withTables(
      [factsOf(oneCell([[2, 10, 15, 3]])), unitsOf(1), yardstick],
      (tables) => tables.read(riditIndex, "level = 'school' and grade = '4'"),
    )
    expect(rows).toMatchObject([{ n: 30, interval_basis: 't' }])
    near(rows[0]?.value, 46.53)
  })

  it('equals methods/statistics for any counts', async () => {
    const counts = fc.array(
      fc
        .array(fc.integer({ min: 0, max: 12 }), { minLength: 4, maxLength: 4 })
        .filter((marks) => marks.some((count) => count > 0)),
      { minLength: 6, maxLength: 6 },
    )
    await fc.assert(
      fc.asyncProperty(counts, async (schools) => {
        const rows = await withTables(
          [factsOf(oneCell(schools)), unitsOf(schools.length), yardstick],
          (tables) => tables.read(riditIndex, "level = 'school' and grade = '4'"),
        )
        rows.forEach(({ value }, i) => {
          near(
            value,
            100 * ridit(Float64Array.from(schools[i]!), Float64Array.from(reference)).value,
            6,
          )
        })
        expect(rows).toHaveLength(schools.length)
      }),
      { numRuns: 5, seed },
    )
  })

  it('leaves out works without a reference and gives the country 50', async () => {
    const marks = [
      ...oneCell([[0, 5, 5, 0]]),
      { school: 0, pupil: 1, subject: 'biology', grade: '5', mark: 5 },
    ]
    const rows = await withTables([factsOf(marks), unitsOf(1), yardstick], (tables) =>
      tables.read(riditIndex, "grade <> 'all'"),
    )
    expect(rows.map(({ level, subject, value, n }) => [level, subject, value, n])).toEqual([
      ['country', 'russian', 50, 0],
      ['municipality', 'russian', expect.closeTo(40.8325, 9), 10],
      ['school', 'russian', expect.closeTo(40.8325, 9), 10],
    ])
    expect(rows[0]?.interval_basis).toMatch(/^none: /)
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
    expect(rows).toMatchObject([
      { value: 61.5, n: 20, lo: null, hi: null, interval_basis: expect.stringMatching(/^none: /) },
    ])
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
