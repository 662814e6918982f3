import { describe, expect, it } from 'vitest'
import { resultLost } from '../../../transforms/checks/result_lost.ts'
import { fctResult } from '../../../transforms/core/fct_result.ts'
import { result } from '../../../transforms/entities/result.ts'
import { pupil, register, type Result } from '../../support/entity-rows.ts'
import { given, withTables, type Given } from '../../support/tables.ts'

describe('resultLost', () => {
  const found = (works: readonly Partial<Result>[], ...others: readonly Given[]) =>
    withTables([register, given(result, ...works), ...others], (tables) => tables.found(resultLost))
  const two = [pupil('0001', { _row: 1 }), pupil('0002', { _row: 2 })]

  it('finds each result that is in no row of the fact', async () => {
    const kept = given(fctResult, { subject: 'russian', attempt: 'main', _row: 1 })
    expect(await found(two, kept)).toBe(1)
    expect(await found(two, given(fctResult))).toBe(2)
  })

  it('finds nothing where every result became a fact', async () => {
    expect(await found(two)).toBe(0)
  })

  it('does not count as lost what a richer form stands for', async () => {
    expect(
      await found([pupil('0001', { _row: 1 }), pupil('0002', { _row: 2, precedence: 2 })]),
    ).toBe(0)
  })

  it('finds what is lost of the richer form itself', async () => {
    const kept = given(fctResult, { subject: 'russian', attempt: 'main', _row: 2 })
    expect(
      await found([pupil('0001', { _row: 1 }), pupil('0002', { _row: 2, precedence: 2 })], kept),
    ).toBe(1)
  })
})
