import { describe, expect, it } from 'vitest'
import { markOffScale } from '../../../transforms/checks/mark_off_scale.ts'
import { dimTestVersion } from '../../../transforms/core/dim_test_version.ts'
import { fctResult } from '../../../transforms/core/fct_result.ts'
import { given, withTables } from '../../support/tables.ts'

describe('markOffScale', () => {
  const test = { procedure: 'vpr', subject: 'russian', grade: '4', school_year: 2026 }
  const scale = { from_3: 10, from_4: 20, from_5: 30 }
  const found = (
    works: readonly (readonly [raw_score: number | null, mark: number | null])[],
    known: Partial<typeof scale> = scale,
    procedure = 'vpr',
  ) =>
    withTables(
      [
        given(dimTestVersion, { ...test, procedure, ...known }),
        given(
          fctResult,
          ...works.map(([raw_score, mark], i) => ({
            ...test,
            procedure,
            pupil_key: String(i),
            raw_score,
            mark,
          })),
        ),
      ],
      (tables) => tables.found(markOffScale),
    )

  it('finds a mark that the scale does not give, on both sides of every boundary', async () => {
    const right = [
      [9, 2],
      [10, 3],
      [19, 3],
      [20, 4],
      [29, 4],
      [30, 5],
    ] as const
    expect(await found(right)).toBe(0)
    expect(await found(right.map(([raw, mark]) => [raw, mark === 2 ? 3 : mark - 1] as const))).toBe(
      6,
    )
  })

  it('looks at no work without a score or a mark, without a scale, or of an exam', async () => {
    expect(
      await found([
        [null, 5],
        [9, null],
      ]),
    ).toBe(0)
    expect(await found([[9, 5]], {})).toBe(0)
    expect(await found([[9, 5]], scale, 'oge')).toBe(0)
  })
})
