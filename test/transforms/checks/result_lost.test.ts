import { describe, expect, it } from 'vitest'
import { resultLost } from '../../../transforms/checks/result_lost.ts'
import { fctResult } from '../../../transforms/core/fct_result.ts'
import { result } from '../../../transforms/entities/result.ts'
import { pupil, register } from '../../support/entity-rows.ts'
import { given, withTables } from '../../support/tables.ts'

describe('resultLost', () => {
  const works = given(result, pupil('0001'), pupil('0002'))

  it('finds the loss where facts are fewer than the results that were read', async () => {
    const kept = given(fctResult, { school_key: '21', pupil_key: '0001' })
    expect(await withTables([works, kept], (tables) => tables.found(resultLost))).toBe(1)
  })

  it('finds nothing where every result became a fact', async () => {
    expect(await withTables([register, works], (tables) => tables.found(resultLost))).toBe(0)
  })
})
