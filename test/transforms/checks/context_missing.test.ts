import { describe, expect, it } from 'vitest'
import { contextMissing } from '../../../transforms/checks/context_missing.ts'
import { result } from '../../../transforms/entities/result.ts'
import { schoolContext } from '../../../transforms/entities/school_context.ts'
import { pupil, register } from '../../support/entity-rows.ts'
import { given, withTables } from '../../support/tables.ts'

describe('contextMissing', () => {
  const found = (measure: string, school_year = 2026, school_ref = '21') =>
    withTables(
      [
        register,
        given(result, pupil('0001', { school_ref }), pupil('0002', { school_ref })),
        given(schoolContext, {
          school_ref,
          school_ref_system: 'register',
          school_year,
          measure,
          value: 100,
        }),
      ],
      (tables) => tables.found(contextMissing),
    )

  it('finds a school and year with results and no number of pupils', async () => {
    expect(await found('teachers')).toBe(1)
    expect(await found('pupils', 2025)).toBe(1)
  })

  it('finds nothing where the number is there, or where the school itself is unknown', async () => {
    expect(await found('pupils')).toBe(0)
    expect(await found('teachers', 2026, '99')).toBe(0)
  })
})
