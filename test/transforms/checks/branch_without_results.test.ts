import { describe, expect, it } from 'vitest'
import { branchWithoutResults } from '../../../transforms/checks/branch_without_results.ts'
import { result } from '../../../transforms/entities/result.ts'
import { school } from '../../../transforms/entities/school.ts'
import { schoolContext } from '../../../transforms/entities/school_context.ts'
import { pupil } from '../../support/entity-rows.ts'
import { given, withTables } from '../../support/tables.ts'

describe('branchWithoutResults', () => {
  const found = (
    {
      is_branch = true,
      measure = 'pupils_grade_4',
      value = 6,
    }: { is_branch?: boolean; measure?: string; value?: number },
    ...works: readonly ReturnType<typeof pupil>[]
  ) =>
    withTables(
      [
        given(
          school,
          { school_code: '21', is_branch: false, snapshot_on: '2025-09-01' },
          { school_code: '22', is_branch, snapshot_on: '2025-09-01' },
        ),
        given(schoolContext, {
          school_ref: '22',
          school_ref_system: 'register',
          school_year: 2026,
          measure,
          value,
        }),
        given(result, pupil('1'), ...works),
      ],
      (tables) => tables.found(branchWithoutResults),
    )
  const own = { school_ref: '22' }

  it('finds a branch with pupils of a grade that others wrote in, and not one work of its own', async () => {
    expect(await found({})).toBe(1)
    expect(await found({}, pupil('2', { ...own, school_year: 2025 }))).toBe(1)
    expect(await found({}, pupil('2', { ...own, procedure: 'oge' }))).toBe(1)
  })

  it('finds nothing where the branch wrote, has nobody in the grade or is no branch', async () => {
    expect(await found({}, pupil('2', { ...own, grade: 5 }))).toBe(0)
    expect(await found({}, pupil('2', { ...own, procedure: 'vpr_collection' }))).toBe(0)
    expect(await found({ measure: 'pupils_grade_9' })).toBe(0)
    expect(await found({ value: 0 })).toBe(0)
    expect(await found({ is_branch: false })).toBe(0)
  })
})
