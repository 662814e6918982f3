import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dimReferenceMark } from '../../../transforms/core/dim_reference_mark.ts'
import { fctResultGroup } from '../../../transforms/core/fct_result_group.ts'
import { riditIndex } from '../../../transforms/indicators/ridit_index.ts'
import { ridit } from '../../../transforms/methods/statistics/ridit.ts'
import { given, withTables } from '../../support/tables.ts'
import { factsOf, near, oneCell, unitsOf } from '../../support/marks.ts'

const seed = 20260901

describe('riditIndex', () => {
  const reference = [0.0506, 0.3292, 0.4433, 0.1769]
  const ridits = [0.0253, 0.2152, 0.60145, 0.91155]
  const yardstickOf = (participants: number | null) =>
    given(
      dimReferenceMark,
      ...ridits.map((value, i) => ({
        procedure: 'vpr',
        subject: 'russian',
        grade: '4',
        school_year: 2026,
        mark: i + 2,
        reference: 'Вся выборка',
        participants,
        share: reference[i]!,
        ridit: value,
      })),
    )

  const yardstick = yardstickOf(1_300_000)

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
      ['country', 'russian', 50, 1_300_000],
      ['municipality', 'russian', expect.closeTo(40.8325, 9), 10],
      ['school', 'russian', expect.closeTo(40.8325, 9), 10],
    ])
    expect(rows[0]?.interval_basis).toBe('none: готовое число без разброса')
  })

  it('gives the country no n where nobody said how many took part', async () => {
    const rows = await withTables([factsOf([]), unitsOf(1), yardstickOf(null)], (tables) =>
      tables.read(riditIndex),
    )
    expect(rows).toMatchObject([{ level: 'country', value: 50, n: null }])
  })

  it('gives a region the ridit of its delivered marks', async () => {
    const region = given(fctResultGroup, {
      ...{ procedure: 'vpr', subject: 'russian', grade: '4', school_year: 2026 },
      ...{ level: 'region', unit_key: '98', participants: 3000 },
      ...{ share_2: 0.0667, share_3: 0.3333, share_4: 0.5, share_5: 0.1 },
    })
    const rows = await withTables([factsOf([]), unitsOf(1), yardstick, region], (tables) =>
      tables.read(riditIndex, "level = 'region'"),
    )
    expect(rows).toMatchObject([{ unit_key: '98', n: 3000, interval_basis: 'z' }])
    near(rows[0]?.value, 46.53, 2)
    const spread = ridits.map((value) => value * 100)
    const shares = [0.0667, 0.3333, 0.5, 0.1]
    const square = shares.reduce((sum, share, i) => sum + share * spread[i]! ** 2, 0)
    near(rows[0]?.se, Math.sqrt((square - rows[0]!.value! ** 2) / 3000))
  })
})
