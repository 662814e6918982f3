import { describe, expect, it } from 'vitest'
import { unitTo } from '../../../../transforms/methods/statistics/power_of_two.ts'

describe('unitTo', () => {
  it('brings the largest number, of either sign, to just below the power or onto it', () => {
    expect(unitTo(0, [3, -5])).toBe(1 / 8)
    expect(unitTo(400, [1, 0.5])).toBe(2 ** 400)
    expect(unitTo(400, [1.7e308]) * 1.7e308).toBeLessThanOrEqual(2 ** 400)
  })

  it('is a double for the smallest numbers and for none', () => {
    expect(unitTo(400, [5e-324])).toBe(2 ** 1000)
    expect(unitTo(400, [0])).toBe(2 ** 1000)
    expect(unitTo(400, [])).toBe(2 ** 1000)
  })
})
