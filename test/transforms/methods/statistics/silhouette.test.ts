import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { euclideanDistances, matrixOf } from '../../../../transforms/methods/statistics/matrix.ts'
import {
  silhouetteOfDistances,
  silhouetteOfPoints,
} from '../../../../transforms/methods/statistics/silhouette.ts'
import { pointSets } from './points.ts'

describe('silhouette', () => {
  it('weighs the distance to the next cluster against the own', () => {
    const { values, mean, perCluster } = silhouetteOfPoints(
      matrixOf([[0], [1], [5], [6]]),
      [0, 0, 1, 1],
    )
    expect(values[0]).toBeCloseTo((5.5 - 1) / 5.5, 15)
    expect(values[1]).toBeCloseTo((4.5 - 1) / 4.5, 15)
    expect(mean).toBeCloseTo((values[0] ?? 0) / 2 + (values[1] ?? 0) / 2, 15)
    expect(perCluster[0]).toBeCloseTo(mean, 15)
  })

  it('is that of scikit-learn, row by row', () => {
    const points = matrixOf([
      [1, 2],
      [2, 1],
      [1.5, 1.8],
      [8, 8],
      [9, 7.5],
      [8.5, 9],
      [4, 5],
      [5, 4.5],
    ])
    const expected = [
      0.782052409534093, 0.7404056914136, 0.825270550002441, 0.767313113745387, 0.745124692694173,
      0.76972805050745, 0.737459593080157, 0.756015095295204,
    ]
    silhouetteOfPoints(points, [0, 0, 0, 1, 1, 1, 2, 2]).values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? NaN, 12)
    })
  })

  it('is 0 for a row alone and for rows that cannot be told apart', () => {
    expect(silhouetteOfPoints(matrixOf([[0], [1], [9]]), [0, 0, 1]).values[2]).toBe(0)
    expect([...silhouetteOfPoints(matrixOf([[1], [1], [1], [1]]), [0, 0, 1, 1]).values]).toEqual([
      0, 0, 0, 0,
    ])
  })

  it('stays within −1 … 1 and is the same from points and from distances', () => {
    fc.assert(
      fc.property(pointSets(6, 20), (rows) => {
        const points = matrixOf(rows)
        const labels = rows.map((_, i) => i % 3)
        const direct = silhouetteOfPoints(points, labels)
        const indirect = silhouetteOfDistances(euclideanDistances(points), labels)
        direct.values.forEach((value, i) => {
          expect(indirect.values[i]).toBeCloseTo(value, 12)
        })
        for (const value of direct.values) expect(Math.abs(value)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('refuses one cluster and labels with gaps', () => {
    const points = matrixOf([[0], [1]])
    expect(() => silhouetteOfPoints(points, [0, 0])).toThrow(/one cluster/)
    expect(() => silhouetteOfPoints(points, [0, 2])).toThrow(/without gaps/)
    expect(() => silhouetteOfPoints(points, [0])).toThrow(/1 labels for 2 rows/)
  })
})
