import { describe, expect, it } from 'vitest'
import { schoolUnknown } from '../../../transforms/checks/school_unknown.ts'
import { result } from '../../../transforms/entities/result.ts'
import { pupil, register } from '../../support/entity-rows.ts'
import { given, withTables } from '../../support/tables.ts'

describe('schoolUnknown', () => {
  it('finds a school of no register, once however many its works', async () => {
    const works = given(
      result,
      pupil('1'),
      pupil('1', { school_ref: '99' }),
      pupil('2', { school_ref: '99' }),
    )
    expect(await withTables([register, works], (tables) => tables.found(schoolUnknown))).toBe(1)
  })
})
