import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { kMedoids, nearestMedoid } from '../../../../transforms/methods/statistics/kmedoids.ts'
import {
  euclideanDistances,
  matrixOf,
  takeSquare,
} from '../../../../transforms/methods/statistics/matrix.ts'
import { adjustedRandIndex } from '../../../../transforms/methods/statistics/stability.ts'
import { sharedData } from '../../../support/shared-data.ts'
import { loadClustering } from './clusterings.ts'
import { clouds, permutation, pointSets } from './points.ts'

const costOf = (distances: Float64Array, n: number, medoids: readonly number[]): number =>
  Array.from({ length: n }, (_, i) =>
    Math.min(...medoids.map((m) => distances[i * n + m] ?? NaN)),
  ).reduce((sum, distance) => sum + distance, 0)

describe('kMedoids', () => {
  it('picks the middle rows of two groups', () => {
    const found = kMedoids(euclideanDistances(matrixOf([[0], [1], [2], [10], [11], [12]])), 2)
    expect([...found.medoids]).toEqual([1, 4])
    expect([...found.labels]).toEqual([0, 0, 0, 1, 1, 1])
    expect(found.cost).toBe(4)
  })

  it('finds clouds that lie apart, whatever the order of rows', () => {
    const distances = euclideanDistances(
      clouds(
        [
          [0, 0],
          [20, 0],
          [0, 20],
        ],
        12,
        3,
      ),
    )
    const truth = Array.from({ length: 36 }, (_, i) => Math.floor(i / 12))
    const straight = kMedoids(distances, 3)
    expect(adjustedRandIndex(straight.labels, truth)).toBe(1)
    const order = permutation(36, 5)
    const shuffled = kMedoids(takeSquare(distances, order), 3)
    const moved = order.map((row) => straight.labels[row] ?? -1)
    expect(adjustedRandIndex(shuffled.labels, moved)).toBe(1)
    expect(shuffled.cost).toBeCloseTo(straight.cost, 10)
  })

  it('ends where no exchange of one medoid lowers the cost, and counts the cost right', () => {
    fc.assert(
      fc.property(pointSets(4, 14), fc.integer({ min: 1, max: 4 }), (rows, k) => {
        const distances = euclideanDistances(matrixOf(rows))
        const n = rows.length
        const { medoids, labels, cost } = kMedoids(distances, k)
        expect(cost).toBeCloseTo(costOf(distances.values, n, [...medoids]), 8)
        medoids.forEach((medoid, m) => {
          expect(labels[medoid]).toBe(m)
        })
        for (let m = 0; m < k; m++) {
          for (let other = 0; other < n; other++) {
            const exchanged = [...medoids].map((medoid, at) => (at === m ? other : medoid))
            expect(costOf(distances.values, n, exchanged)).toBeGreaterThanOrEqual(cost - 1e-9)
          }
        }
      }),
    )
  })

  it('gives every row to its nearest medoid', () => {
    fc.assert(
      fc.property(pointSets(3, 20), (rows) => {
        const n = rows.length
        const { values } = euclideanDistances(matrixOf(rows))
        const { medoids, labels } = kMedoids({ rows: n, columns: n, values }, 3)
        labels.forEach((label, i) => {
          const own = values[i * n + (medoids[label] ?? 0)] ?? NaN
          for (const medoid of medoids) {
            expect(own).toBeLessThanOrEqual(values[i * n + medoid] ?? NaN)
          }
        })
      }),
    )
  })

  it('takes rows that lie at distance 0 from each other', () => {
    const found = kMedoids(euclideanDistances(matrixOf([[1], [1], [1]])), 2)
    expect(found.cost).toBe(0)
    expect(found.medoids).toHaveLength(2)
  })

  it('refuses what is not a matrix of distances', () => {
    expect(() =>
      kMedoids(
        matrixOf([
          [0, 1],
          [2, 0],
        ]),
        1,
      ),
    ).toThrow(StatisticsError)
    expect(() => kMedoids(matrixOf([[1]]), 1)).toThrow(/itself is not 0/)
    expect(() => kMedoids(matrixOf([[0, 1]]), 1)).toThrow(/not square/)
    expect(() => kMedoids(matrixOf([[0]]), 2)).toThrow(/clusters/)
  })

  it('gives new rows to the nearest medoid', () => {
    expect([
      ...nearestMedoid(
        matrixOf([
          [2, 1, 3],
          [0, 5, 0],
        ]),
      ),
    ]).toEqual([1, 0])
  })
})

const reference = sharedData('clustering_reference')

describe.runIf(reference)('kMedoids against the package of E. Schubert and L. Lenssen', () => {
  /** kmedoids 0.5 for Python, pam(init='build') on Euclidean distances: loss and sizes of the clusters. */
  it.each([
    ['sklearn/iris', 'False', 2, 129.33038857693228, [51, 99]],
    ['sklearn/iris', 'False', 3, 98.13115488227105, [38, 50, 62]],
    ['sklearn/iris', 'False', 5, 79.09252711719667, [9, 24, 27, 40, 50]],
    ['sklearn/wine', 'True', 2, 562.801656615619, [68, 110]],
    ['sklearn/wine', 'True', 3, 500.92919540194987, [49, 55, 74]],
    ['sklearn/wine', 'True', 5, 458.99746332599796, [26, 28, 32, 43, 49]],
  ] as const)('finds on %s (standardised %s) with k = %i the same loss', (...row) => {
    const [dataset, standardised, k, loss, sizes] = row
    const { points } = loadClustering(reference ?? '', { dataset, standardised })
    const { cost, labels } = kMedoids(euclideanDistances(points), k)
    expect(cost).toBeCloseTo(loss, 9)
    const found = Array.from({ length: k }, (_, m) => labels.filter((label) => label === m).length)
    expect(found.sort((a, b) => a - b)).toEqual([...sizes])
  })
})
