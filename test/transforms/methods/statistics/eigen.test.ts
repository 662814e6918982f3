import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { symmetricEigen } from '../../../../transforms/methods/statistics/eigen.ts'
import { matrix, matrixOf } from '../../../../transforms/methods/statistics/matrix.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

const symmetric = (n: number, seed: number) => {
  const draw = random(seed)
  const result = matrix(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      result.values[i * n + j] = result.values[j * n + i] = draw.normal()
    }
  }
  return result
}

describe('symmetricEigen', () => {
  it('gives 3 and 1 for [[2, 1], [1, 2]], vectors with the largest component positive', () => {
    const { values, vectors } = symmetricEigen(
      matrixOf([
        [2, -1],
        [-1, 2],
      ]),
    )
    expect([...values].map((value) => value.toFixed(12))).toEqual([
      '3.000000000000',
      '1.000000000000',
    ])
    expect(vectors.values[0]).toBeCloseTo(Math.SQRT1_2, 14)
    expect(vectors.values[2]).toBeCloseTo(-Math.SQRT1_2, 14)
  })

  it.each([1, 2, 5, 30, 60, 61, 90])(
    'satisfies A·v = λ·v with orthonormal vectors at n = %i',
    (n) => {
      const a = symmetric(n, n)
      const { values, vectors } = symmetricEigen(a)
      for (let j = 0; j < n; j++) {
        if (j > 0) expect(values[j]).toBeLessThanOrEqual(values[j - 1] ?? NaN)
        for (let i = 0; i < n; i++) {
          let product = 0
          let dot = 0
          for (let k = 0; k < n; k++) {
            product += (a.values[i * n + k] ?? NaN) * (vectors.values[k * n + j] ?? NaN)
            dot += (vectors.values[k * n + i] ?? NaN) * (vectors.values[k * n + j] ?? NaN)
          }
          const expected = (values[j] ?? NaN) * (vectors.values[i * n + j] ?? NaN)
          expect(Math.abs(product - expected)).toBeLessThan(1e-12 * n)
          expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-13 * n)
        }
      }
    },
  )

  it('keeps the trace', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(1000), (n, seed) => {
        const a = symmetric(n, seed)
        const trace = Array.from({ length: n }, (_, i) => a.values[i * n + i] ?? NaN)
        const sum = symmetricEigen(a).values.reduce((total, value) => total + value, 0)
        expect(sum).toBeCloseTo(
          trace.reduce((total, value) => total + value, 0),
          11,
        )
      }),
    )
  })

  it('refuses a matrix that is not square', () => {
    expect(() => symmetricEigen(matrixOf([[1, 2]]))).toThrow(/not square/)
  })
})
