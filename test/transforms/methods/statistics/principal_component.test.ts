import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  euclideanDistances,
  matrix,
  matrixOf,
  takeRows,
  takeSquare,
} from '../../../../transforms/methods/statistics/matrix.ts'
import {
  classicalScaling,
  firstPrincipalComponent,
} from '../../../../transforms/methods/statistics/principal_component.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { mean, variance } from '../../../../transforms/methods/statistics/sums.ts'
import { clouds, permutation, pointSets } from './points.ts'

describe('firstPrincipalComponent', () => {
  it('of two features has weights 1/√2 and variance 1 + |r|', () => {
    const found = firstPrincipalComponent(
      matrixOf([
        [1, -2],
        [2, -1],
        [3, -4],
        [4, -3],
      ]),
    )
    expect(found.variance).toBeCloseTo(1.6, 14)
    expect(found.share).toBeCloseTo(0.8, 14)
    expect(found.loadings[0]).toBeCloseTo(Math.SQRT1_2, 14)
    expect(found.loadings[1]).toBeCloseTo(-Math.SQRT1_2, 14)
  })

  it('has scores with mean 0 and its own variance, and does not change with units or order', () => {
    const points = clouds(
      [
        [0, 0, 0],
        [3, 2, -2],
      ],
      30,
      8,
    )
    const found = firstPrincipalComponent(points)
    expect(mean(found.scores)).toBeCloseTo(0, 13)
    expect(variance(found.scores)).toBeCloseTo(found.variance, 12)
    const order = permutation(60, 3)
    const moved = takeRows(points, order)
    moved.values.forEach((x, at) => (moved.values[at] = at % 3 === 1 ? x * 1000 - 5 : x))
    const again = firstPrincipalComponent(moved)
    again.scores.forEach((score, i) => {
      expect(score).toBeCloseTo(found.scores[order[i] ?? 0] ?? 0, 10)
    })
    again.loadings.forEach((weight, c) => {
      expect(weight).toBeCloseTo(found.loadings[c] ?? 0, 12)
    })
  })

  it('refuses a column without spread', () => {
    expect(() =>
      firstPrincipalComponent(
        matrixOf([
          [1, 2],
          [1, 3],
        ]),
      ),
    ).toThrow(/column 0 has no spread/)
    expect(() => firstPrincipalComponent(matrixOf([[1, 2]]))).toThrow(/one row/)
  })
})

describe('classicalScaling', () => {
  it('places points of a plane at their own distances', () => {
    fc.assert(
      fc.property(pointSets(2, 25), (rows) => {
        const plane = matrixOf(rows.map((row) => row.slice(0, 2)))
        const distances = euclideanDistances(plane)
        const { coordinates, share } = classicalScaling(distances)
        euclideanDistances(coordinates).values.forEach((distance, at) => {
          expect(Math.abs(distance - (distances.values[at] ?? NaN))).toBeLessThan(2e-5)
        })
        expect(share).toBeLessThanOrEqual(1 + 1e-12)
        expect(share).toBeGreaterThan(1 - 1e-9)
      }),
    )
  })

  it('gives one map whatever the order of objects, also beyond the reach of Jacobi rotations', () => {
    const draw = random(4)
    const points = matrix(
      80,
      3,
      Float64Array.from({ length: 240 }, (_, i) => draw.normal(0, 4 - (i % 3))),
    )
    const distances = euclideanDistances(points)
    const order = permutation(80, 9)
    const straight = classicalScaling(distances)
    const shuffled = classicalScaling(takeSquare(distances, order))
    order.forEach((row, i) => {
      for (const axis of [0, 1]) {
        const expected = straight.coordinates.values[row * 2 + axis] ?? NaN
        expect(shuffled.coordinates.values[i * 2 + axis]).toBeCloseTo(expected, 9)
      }
    })
    expect(straight.share).toBeGreaterThan(0.7)
    expect(straight.share).toBeLessThan(0.97)
  })

  it('places objects at no distance in one point', () => {
    const { coordinates, share } = classicalScaling(matrix(3, 3))
    expect([...coordinates.values]).toEqual([0, 0, 0, 0, 0, 0])
    expect(share).toBe(1)
    expect([...classicalScaling(matrix(1, 1)).coordinates.values]).toEqual([0, 0])
  })
})
