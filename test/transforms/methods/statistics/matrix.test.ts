import { describe, expect, it } from 'vitest'
import {
  canonicalOrder,
  distinctRows,
  matrix,
  matrixOf,
  matrixOfColumns,
  requireFiniteMatrix,
  takeRows,
  takeSquare,
} from '../../../../transforms/methods/statistics/matrix.ts'

describe('matrix', () => {
  it('holds rows one after another', () => {
    expect([
      ...matrixOf([
        [1, 2],
        [3, 4],
      ]).values,
    ]).toEqual([1, 2, 3, 4])
    expect([
      ...matrixOfColumns([
        [1, 3],
        [2, 4],
      ]).values,
    ]).toEqual([1, 2, 3, 4])
  })

  it('takes rows, and rows with columns, in the order asked', () => {
    const square = matrixOf([
      [0, 1, 2],
      [1, 0, 3],
      [2, 3, 0],
    ])
    expect([...takeRows(square, [2, 0]).values]).toEqual([2, 3, 0, 0, 1, 2])
    expect([...takeSquare(square, [2, 0]).values]).toEqual([0, 2, 2, 0])
  })

  it('orders rows by their values and counts the different ones', () => {
    const points = matrixOf([
      [2, 1],
      [1, 9],
      [2, 0],
      [1, 9],
    ])
    const order = canonicalOrder(points)
    expect([...order]).toEqual([1, 3, 2, 0])
    expect(distinctRows(points, order)).toBe(3)
  })

  it('refuses ragged rows, wrong sizes and numbers that cannot be squared', () => {
    expect(() => matrixOf([[1], [1, 2]])).toThrow(/row 1 has 2 numbers/)
    expect(() => matrixOfColumns([[1], [1, 2]])).toThrow(/column 1 has 2 numbers/)
    expect(() => matrix(2, 2, new Float64Array(3))).toThrow(/do not fill 2 × 2/)
    expect(() => {
      requireFiniteMatrix('test', matrixOf([[1, 1e200]]))
    }).toThrow(/row 0, column 1/)
    expect(() => {
      requireFiniteMatrix('test', matrix(0, 0))
    }).toThrow(/empty/)
  })
})
