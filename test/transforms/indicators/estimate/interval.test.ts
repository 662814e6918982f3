import * as fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { fctSchoolContext } from '../../../../transforms/core/fct_school_context.ts'
import {
  studentQuantile,
  wilsonLimit,
} from '../../../../transforms/indicators/estimate/interval.ts'
import { secondShiftShare } from '../../../../transforms/indicators/second_shift_share.ts'
import { tQuantile } from '../../../../transforms/methods/statistics/distributions.ts'
import { wilson } from '../../../../transforms/methods/statistics/interval.ts'
import { compileQuery } from '../../../../warehouse/compile.ts'
import { Database } from '../../../../warehouse/database.ts'
import { given, withTables } from '../../../support/tables.ts'
import { key, near, unitsOf } from '../../../support/marks.ts'

const seed = 20260901

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
