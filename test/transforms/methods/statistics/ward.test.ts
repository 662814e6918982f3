import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { matrixOf, takeRows } from '../../../../transforms/methods/statistics/matrix.ts'
import { adjustedRandIndex } from '../../../../transforms/methods/statistics/stability.ts'
import { cutTree, wardTree } from '../../../../transforms/methods/statistics/ward.ts'
import { sharedData } from '../../../support/shared-data.ts'
import { clouds, permutation, pointSets } from './points.ts'
import { loadClustering } from './clusterings.ts'
import { readRows } from './reference.ts'

/** The textbook method: always join the pair whose union raises the sum of squares least. */
const byDefinition = (rows: readonly number[][]): number[] => {
  let clusters = rows.map((row) => ({ mean: [...row], size: 1 }))
  const costs: number[] = []
  while (clusters.length > 1) {
    let least = { a: 0, b: 0, cost: Infinity }
    clusters.forEach((x, a) => {
      clusters.slice(0, a).forEach((y, b) => {
        const gap = x.mean.reduce((sum, value, c) => sum + (value - (y.mean[c] ?? 0)) ** 2, 0)
        const cost = ((x.size * y.size) / (x.size + y.size)) * gap
        if (cost < least.cost) least = { a, b, cost }
      })
    })
    costs.push(least.cost)
    const x = clusters[least.a]
    const y = clusters[least.b]
    if (!x || !y) throw new Error('no pair')
    const size = x.size + y.size
    const mean = x.mean.map((value, c) => (value * x.size + (y.mean[c] ?? 0) * y.size) / size)
    clusters = [...clusters.filter((cluster) => cluster !== x && cluster !== y), { mean, size }]
  }
  return costs.map((cost) => Math.sqrt(2 * cost))
}

describe('wardTree', () => {
  it('joins the nearest first and measures height as the distance of single rows', () => {
    const tree = wardTree(matrixOf([[0], [10], [1], [13]]))
    expect([...tree.heights].map((height) => height.toFixed(6))).toEqual([
      '1.000000',
      '3.000000',
      '15.556349',
    ])
    expect([...tree.sizes]).toEqual([2, 2, 4])
    expect([...cutTree(tree, 2)]).toEqual([0, 1, 0, 1])
    expect([...cutTree(tree, 3)]).toEqual([0, 1, 0, 2])
  })

  it('merges at the heights of the definition', () => {
    const draws = clouds(
      [
        [0, 0, 0],
        [1, 2, 0],
        [3, 1, 1],
      ],
      20,
      12,
    )
    const rows = Array.from({ length: 60 }, (_, i) => [...draws.values.subarray(i * 3, i * 3 + 3)])
    const heights = wardTree(matrixOf(rows)).heights
    byDefinition(rows).forEach((height, i) => {
      expect(heights[i]).toBeCloseTo(height, 10)
    })
  })

  it('never falls in height, and ends with all rows in one cluster', () => {
    fc.assert(
      fc.property(pointSets(2, 60), (rows) => {
        const { heights, sizes } = wardTree(matrixOf(rows))
        heights.slice(1).forEach((height, i) => {
          expect(height).toBeGreaterThanOrEqual(heights[i] ?? 0)
        })
        expect(sizes.at(-1)).toBe(rows.length)
      }),
    )
  })

  it('does not depend on the order of rows', () => {
    fc.assert(
      fc.property(pointSets(4, 40), fc.nat(1000), (rows, seed) => {
        const points = matrixOf(rows)
        const order = permutation(rows.length, seed)
        const straight = wardTree(points)
        const shuffled = wardTree(takeRows(points, order))
        expect([...shuffled.heights]).toEqual([...straight.heights])
        const labels = cutTree(straight, 3)
        const moved = order.map((row) => labels[row] ?? -1)
        expect(adjustedRandIndex(cutTree(shuffled, 3), moved)).toBe(1)
      }),
      { numRuns: 60 },
    )
  })

  it('nests its cuts', () => {
    fc.assert(
      fc.property(pointSets(6, 40), (rows) => {
        const tree = wardTree(matrixOf(rows))
        const coarse = cutTree(tree, 3)
        const parents = new Map<number, Set<number>>()
        cutTree(tree, 5).forEach((fine, i) => {
          parents.set(fine, (parents.get(fine) ?? new Set()).add(coarse[i] ?? -1))
        })
        expect(parents.size).toBe(5)
        for (const parent of parents.values()) expect(parent.size).toBe(1)
      }),
      { numRuns: 50 },
    )
  })

  it('keeps equal rows together and refuses more clusters than different rows', () => {
    const tree = wardTree(matrixOf([[4], [1], [4], [1], [4]]))
    expect([...cutTree(tree, 2)]).toEqual([0, 1, 0, 1, 0])
    expect(() => cutTree(tree, 3)).toThrow(StatisticsError)
  })

  it('answers for one row', () => {
    const tree = wardTree(matrixOf([[4, 2]]))
    expect(tree.heights).toHaveLength(0)
    expect([...cutTree(tree, 1)]).toEqual([0])
  })
})

const reference = sharedData('clustering_reference')

describe.runIf(reference)('wardTree against the reference clusterings', () => {
  const folder = reference ?? ''
  const expected = reference ? readRows(folder, 'reference_results.csv') : []

  it('has all ten of them', () => {
    expect(expected).toHaveLength(10)
  })

  it.each(expected.map((row) => [`${row['dataset']}, standardised ${row['standardised']}`, row]))(
    'cuts %s into the reference clusters',
    (_title, row) => {
      const { points, truth } = loadClustering(folder, row)
      const labels = cutTree(wardTree(points), Number(row['k']))
      const sizes = new Map<number, number>()
      labels.forEach((label) => sizes.set(label, (sizes.get(label) ?? 0) + 1))
      expect([...sizes.values()].sort((a, b) => a - b).join(' ')).toBe(row['ward_sizes'])
      expect(adjustedRandIndex(labels, truth)).toBeCloseTo(Number(row['ward_ARI']), 5)
    },
  )
})
