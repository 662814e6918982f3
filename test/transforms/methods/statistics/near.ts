import { expect } from 'vitest'

/** Asserts a relative error of at most `tolerance` (absolute where the reference is 0). */
export const near = (actual: number, expected: number, tolerance: number): void => {
  const error = Math.abs(actual - expected) / (expected === 0 ? 1 : Math.abs(expected))
  expect(error, `${actual} against ${expected}`).toBeLessThanOrEqual(tolerance)
}
