import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dimReferenceMark } from '../../../transforms/core/dim_reference_mark.ts'
import { resultGroup } from '../../../transforms/entities/result_group.ts'
import { riditScores } from '../../../transforms/methods/statistics/ridit.ts'
import { given, withTables } from '../../support/tables.ts'
import { group, shares } from '../../support/entity-rows.ts'

describe('dimReferenceMark', () => {
  const federal = shares(0.0506, 0.3292, 0.4433, 0.1769)

  it('gives the ridits of the federal row (DOMAIN 3.15, vector 2)', async () => {
    const rows = await withTables(
      [given(resultGroup, group({ participants: 1_300_000, ...federal }))],
      (tables) => tables.read(dimReferenceMark),
    )
    expect(rows).toEqual(
      [
        { mark: 2, share: 0.0506, ridit: 0.0253 },
        { mark: 3, share: 0.3292, ridit: 0.2152 },
        { mark: 4, share: 0.4433, ridit: 0.60145 },
        { mark: 5, share: 0.1769, ridit: 0.91155 },
      ].map((row) => ({
        procedure: 'vpr',
        subject: 'russian',
        grade: '4',
        school_year: 2026,
        reference: 'Вся выборка',
        participants: 1_300_000,
        ...row,
      })),
    )
  })

  it('agrees with methods/statistics to the stored sixth decimal', async () => {
    const share = fc.integer({ min: 1, max: 5000 })
    await fc.assert(
      fc.asyncProperty(fc.tuple(share, share, share, share), async (printed) => {
        const reference = printed.map((value) => value / 10_000)
        const [two = 0, three = 0, four = 0, five = 0] = reference
        const rows = await withTables(
          [given(resultGroup, group({ participants: 1000, ...shares(two, three, four, five) }))],
          (tables) => tables.read(dimReferenceMark),
        )
        const expected = riditScores(Float64Array.from(reference))
        rows.forEach(({ ridit }, i) => {
          expect(Math.abs(ridit - (expected[i] ?? Number.NaN))).toBeLessThan(1e-6)
        })
        expect(rows).toHaveLength(4)
      }),
      { numRuns: 10, seed: 20260901 },
    )
  })

  it('takes no region where the procedure is measured by the country', async () => {
    const rows = await withTables(
      [
        given(
          resultGroup,
          group({ level: 'region', unit_ref: 'Область', participants: 9, ...federal }),
        ),
      ],
      (tables) => tables.read(dimReferenceMark),
    )
    expect(rows).toEqual([])
  })
})
