import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derivations, type Equation } from '../../../../transforms/methods/education/derivation.ts'
import { solvable } from './attack.ts'

const asked = (equations: readonly Equation[], hidden: readonly number[], open = hidden) => {
  const [unknown, asked] = [new Set(hidden), new Set(open)]
  return derivations(equations, {
    isHidden: (cell) => unknown.has(cell),
    isProtected: (cell) => asked.has(cell),
  }).map(({ cell, from }) => ({ cell, from: [...from].sort((a, b) => a - b) }))
}

describe('derivations', () => {
  it('finds the only hidden cell of a sum, from all others of it', () => {
    expect(asked([{ whole: 0, parts: [1, 2, 3] }], [2])).toEqual([{ cell: 2, from: [0, 1, 3] }])
  })

  it('finds what only several sums together give', () => {
    // 0 = 1 + 2 + 3 = 4 + 3: whoever knows 0, 2 and 4 knows 1 = 4 − 2, though 1 and 3 are both hidden in the first sum.
    expect(
      asked(
        [
          { whole: 0, parts: [1, 2, 3] },
          { whole: 0, parts: [4, 3] },
        ],
        [1, 3],
      ),
    ).toEqual([
      { cell: 1, from: [2, 4] },
      { cell: 3, from: [0, 4] },
    ])
  })

  it('finds nothing in a square of four hidden cells', () => {
    const square = [
      { whole: 0, parts: [1, 2] },
      { whole: 3, parts: [4, 5] },
      { whole: 6, parts: [1, 4] },
      { whole: 7, parts: [2, 5] },
    ]
    expect(asked(square, [1, 2, 4, 5])).toEqual([])
    expect(asked(square, [1, 2, 4]).map(({ cell }) => cell)).toEqual([1, 2, 4])
  })

  it('leaves out cells that need no protection', () => {
    expect(asked([{ whole: 0, parts: [1, 2] }], [1], [])).toEqual([])
  })

  it('solves a long chain of sums piece by piece', () => {
    // Each sum ties a hidden cell to the next; the last one alone has a single hidden cell.
    const links = Array.from({ length: 1500 }, (_, i) => ({ whole: 5000 + i, parts: [i, i + 1] }))
    const hidden = Array.from({ length: 1501 }, (_, i) => i)
    expect(asked(links, hidden)).toEqual([])
    const end = [...links, { whole: 9000, parts: [1500, 9001] }]
    const near = asked(end, hidden, [1450, 1499]).map(({ cell }) => cell)
    expect(near).toEqual([1450, 1499])
  })

  it('finds exactly what elimination over the rationals does', () => {
    const equation = fc
      .uniqueArray(fc.integer({ min: 0, max: 13 }), { minLength: 2, maxLength: 6 })
      .map(([whole = 0, ...parts]) => ({ whole, parts }))
    fc.assert(
      fc.property(
        fc.array(equation, { minLength: 1, maxLength: 9 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 13 })),
        (equations, hidden) => {
          expect(
            asked(equations, hidden)
              .map(({ cell }) => cell)
              .sort((a, b) => a - b),
          ).toEqual([...solvable(equations, (cell) => hidden.includes(cell))].sort((a, b) => a - b))
        },
      ),
      { numRuns: 600, seed: 20260902 },
    )
  })
})
