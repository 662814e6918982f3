import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fctResultGroup } from '../../../transforms/core/fct_result_group.ts'
import { resultGroup } from '../../../transforms/entities/result_group.ts'
import { given, withTables } from '../../support/tables.ts'
import { group, register, shares, type Group } from '../../support/entity-rows.ts'

describe('fctResultGroup', () => {
  const counts = (row: Partial<Group>) =>
    withTables([given(resultGroup, group(row))], async (tables) =>
      (await tables.read(fctResultGroup)).map(({ count_2, count_3, count_4, count_5 }) => [
        count_2,
        count_3,
        count_4,
        count_5,
      ]),
    )

  it('gives the remainder to the largest fractions, so that counts add up to the pupils', async () => {
    // Of 7 pupils 1.0003, 2.3331, 2.3331 and 1.3335: the one left over goes to the fives.
    expect(await counts({ participants: 7, ...shares(0.1429, 0.3333, 0.3333, 0.1905) })).toEqual([
      [1, 2, 2, 2],
    ])
    expect(await counts({ participants: 30, ...shares(0.0667, 0.3333, 0.5, 0.1) })).toEqual([
      [2, 10, 15, 3],
    ])
  })

  it('gives equal fractions to the lower mark, the same each time', async () => {
    expect(await counts({ participants: 2, ...shares(0.25, 0.25, 0.25, 0.25) })).toEqual([
      [1, 1, 0, 0],
    ])
  })

  it('renormalises shares that do not add up to one', async () => {
    expect(
      await counts({ participants: 10_000, ...shares(0.1344, 0.4415, 0.3628, 0.0614) }),
    ).toEqual([[1344, 4414, 3628, 614]])
  })

  it('leaves counts open where pupils or shares are not delivered', async () => {
    expect(await counts({ participants: null, ...shares(0.1, 0.3, 0.4, 0.2) })).toEqual([
      [null, null, null, null],
    ])
    expect(await counts({ participants: 10, mean_score: 17 })).toEqual([[null, null, null, null]])
  })

  it('rebuilds any counts from percentages printed with two decimals', async () => {
    const cells = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 4, maxLength: 4 })
    const schools = fc.array(
      cells.filter((marks) => marks.some((count) => count > 0)),
      { minLength: 20, maxLength: 20 },
    )
    await fc.assert(
      fc.asyncProperty(schools, async (all) => {
        const rows = all.map((marks, i) => {
          const n = marks.reduce((sum, count) => sum + count, 0)
          const [two = 0, three = 0, four = 0, five = 0] = marks.map(
            (count) => Math.round((count / n) * 10_000) / 10_000,
          )
          const unit_ref = `Регион ${String(i).padStart(2, '0')}`
          return group({
            level: 'region',
            unit_ref,
            participants: n,
            ...shares(two, three, four, five),
          })
        })
        const rebuilt = await withTables([given(resultGroup, ...rows)], (tables) =>
          tables.read(fctResultGroup),
        )
        expect(
          rebuilt.map(({ count_2, count_3, count_4, count_5 }) => [
            count_2,
            count_3,
            count_4,
            count_5,
          ]),
        ).toEqual(all)
      }),
      { numRuns: 5, seed: 20260901 },
    )
  })

  it('keys a school by its durable key and other groups by their name', async () => {
    const rows = await withTables(
      [
        register,
        given(
          resultGroup,
          group({ participants: 100 }),
          group({ level: 'school', unit_ref: '21', unit_ref_system: 'register', grade: null }),
        ),
      ],
      (tables) => tables.read(fctResultGroup),
    )
    expect(rows.map(({ level, unit_key, grade }) => [level, unit_key, grade])).toEqual([
      ['country', 'Вся выборка', '4'],
      ['school', '21', 'all'],
    ])
  })
})
