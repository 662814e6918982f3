import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fallingRoot } from '../../../../transforms/methods/statistics/falling_root.ts'
import { near } from './near.ts'

describe('fallingRoot', () => {
  it('finds the zero to ten digits with few values of the function', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 19, noNaN: true }),
        fc.constantFrom(
          (x: number, zero: number) => zero - x,
          (x: number, zero: number) => Math.log(zero / x),
          (x: number, zero: number) => (zero - x) ** 3,
        ),
        (zero, f) => {
          let calls = 0
          const found = fallingRoot(
            (x) => {
              calls++
              return f(x, zero)
            },
            0.05,
            20,
          )
          near(found, zero, 1e-9)
          expect(calls).toBeLessThan(70)
        },
      ),
    )
  })

  it('is an end where the function has no zero between them', () => {
    expect(fallingRoot(() => -1, 0.05, 20)).toBe(0.05)
    expect(fallingRoot(() => 1, 0.05, 20)).toBe(20)
  })
})
