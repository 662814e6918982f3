import { describe, expect, it } from 'vitest'
import { resultsDeliveredTwice } from '../../../transforms/checks/results_delivered_twice.ts'
import { result } from '../../../transforms/entities/result.ts'
import { pupil, register } from '../../support/entity-rows.ts'
import { given, withTables } from '../../support/tables.ts'

describe('resultsDeliveredTwice', () => {
  const found = (precedences: readonly number[]) =>
    withTables(
      [
        register,
        given(result, ...precedences.map((precedence, i) => pupil(String(i), { precedence }))),
      ],
      (tables) => tables.found(resultsDeliveredTwice),
    )

  it('finds a school, subject and year that came by two forms', async () => {
    expect(await found([1, 1, 2])).toBe(1)
  })

  it('finds it where the forms tell the class otherwise', async () => {
    const rows = [pupil('1', { precedence: 1 }), pupil('1', { grade: 90, precedence: 2 })]
    const tables = [register, given(result, ...rows)]
    expect(await withTables(tables, (each) => each.found(resultsDeliveredTwice))).toBe(1)
  })

  it('finds nothing where all came by one', async () => {
    expect(await found([1, 1])).toBe(0)
    expect(await found([2, 2])).toBe(0)
  })
})
