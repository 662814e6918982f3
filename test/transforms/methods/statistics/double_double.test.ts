import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  add,
  divide,
  doubleDouble,
  multiply,
  negate,
} from '../../../../transforms/methods/statistics/double_double.ts'

describe('double-double arithmetic', () => {
  it('keeps what a double would round away', () => {
    const sum = add(doubleDouble(1), doubleDouble(2 ** -80))
    expect(add(sum, doubleDouble(-1)).high).toBe(2 ** -80)
    const square = multiply(doubleDouble(1 + 2 ** -40), doubleDouble(1 + 2 ** -40))
    expect(add(square, doubleDouble(-1 - 2 ** -39)).high).toBe(2 ** -80)
  })

  it('divides to 30 digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), (a, b) => {
        const back = multiply(divide(doubleDouble(a), doubleDouble(b)), doubleDouble(b))
        expect(Math.abs(add(back, negate(doubleDouble(a))).high)).toBeLessThan(a * 1e-30)
      }),
    )
  })
})
