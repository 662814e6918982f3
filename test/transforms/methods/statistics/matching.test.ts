import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignCheapest, matchLabels } from '../../../../transforms/methods/statistics/matching.ts'
import { matrixOf } from '../../../../transforms/methods/statistics/matrix.ts'

const table = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([r, c]) =>
    fc.array(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: c, maxLength: c }), {
      minLength: r,
      maxLength: r,
    }),
  )

/** The least cost over every way to match the smaller side in full. */
const byEveryWay = (costs: readonly number[][]): number => {
  const columns = costs[0]?.length ?? 0
  const skips = Math.max(0, costs.length - columns)
  const search = (row: number, used: readonly number[], skipped: number): number => {
    if (row === costs.length) return 0
    let least = skipped < skips ? search(row + 1, used, skipped + 1) : Infinity
    costs[row]?.forEach((cost, column) => {
      if (used.includes(column)) return
      least = Math.min(least, cost + search(row + 1, [...used, column], skipped))
    })
    return least
  }
  return search(0, [], 0)
}

describe('assignCheapest', () => {
  it('solves a table worked by hand', () => {
    const found = assignCheapest(
      matrixOf([
        [4, 1, 3],
        [2, 0, 5],
        [3, 2, 2],
      ]),
    )
    expect([...found.columnOfRow]).toEqual([1, 0, 2])
    expect(found.cost).toBe(5)
  })

  it('is as cheap as the best of all assignments, each column taken once', () => {
    fc.assert(
      fc.property(table, (costs) => {
        const { columnOfRow, cost } = assignCheapest(matrixOf(costs))
        expect(cost).toBe(byEveryWay(costs))
        const taken = [...columnOfRow].filter((column) => column >= 0)
        expect(new Set(taken).size).toBe(taken.length)
        expect(taken).toHaveLength(Math.min(costs.length, costs[0]?.length ?? 0))
      }),
      { numRuns: 300 },
    )
  })

  it('refuses an empty table', () => {
    expect(() => assignCheapest(matrixOf([]))).toThrow(/empty/)
  })
})

describe('matchLabels', () => {
  it('keeps the numbers of the clusters that are the same', () => {
    const match = matchLabels([0, 0, 1, 1, 2, 2], [2, 2, 0, 0, 1, 1])
    expect([...match.oldOfNew]).toEqual([1, 2, 0])
    expect([...match.labels]).toEqual([0, 0, 1, 1, 2, 2])
    expect(match.agreement).toBe(1)
  })

  it('numbers a cluster without a predecessor after the old ones', () => {
    const match = matchLabels([0, 0, 0, 1, 1, 1], [1, 1, 0, 2, 2, 2])
    expect([...match.oldOfNew]).toEqual([-1, 0, 1])
    expect([...match.labels]).toEqual([0, 0, 2, 1, 1, 1])
    expect(match.agreement).toBeCloseTo(5 / 6, 15)
  })

  it('never agrees less than the labels as they came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 1, maxLength: 30 }),
        (pairs) => {
          const before = [0, 1, 2, ...pairs.map(([old]) => old)]
          const after = [0, 1, 2, ...pairs.map(([, fresh]) => fresh)]
          const plain = before.filter((label, i) => label === after[i]).length / before.length
          expect(matchLabels(before, after).agreement).toBeGreaterThanOrEqual(plain)
        },
      ),
    )
  })

  it('refuses labels of different rows', () => {
    expect(() => matchLabels([0], [0, 1])).toThrow(/known in both/)
  })
})
