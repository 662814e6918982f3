import { describe, expect, it } from 'vitest'
import { deliveredDiffers } from '../../../transforms/checks/delivered_differs.ts'
import { fctResult } from '../../../transforms/core/fct_result.ts'
import { fctResultGroup } from '../../../transforms/core/fct_result_group.ts'
import { given, withTables } from '../../support/tables.ts'

describe('deliveredDiffers', () => {
  const test = { procedure: 'vpr', subject: 'russian', grade: '4', school_year: 2026 }
  const found = (participants: number, share_2: number, level = 'school') =>
    withTables(
      [
        given(fctResultGroup, { ...test, level, unit_key: '21', participants, share_2 }),
        given(
          fctResult,
          ...[2, 3, 3, 4].map((mark, i) => ({
            ...test,
            school_key: '21',
            pupil_key: String(i),
            attempt: 'main',
            mark,
          })),
        ),
      ],
      (tables) => tables.found(deliveredDiffers),
    )

  it('finds a delivered total of other pupils or of another share', async () => {
    expect(await found(5, 0.25)).toBe(1)
    expect(await found(4, 0.252)).toBe(1)
  })

  it('takes a tenth of a percentage point for rounding', async () => {
    expect(await found(4, 0.25)).toBe(0)
    expect(await found(4, 0.251)).toBe(0)
  })

  it('compares schools only', async () => {
    expect(await found(5, 0.9, 'municipality')).toBe(0)
  })
})
