import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  suppress,
  type Cell,
  type Sum,
  type Suppression,
} from '../../../../transforms/methods/education/suppression.ts'
import { solvable } from './attack.ts'

const cellsOf = (sizes: readonly number[], limit = 5): readonly Cell[] =>
  sizes.map((size) => ({ size, isSmall: size < limit }))
const total = (sizes: readonly number[]): number => sizes.reduce((all, size) => all + size, 0)

/** Sums that tell a hidden cell: all others of the sum are shown, or the hidden parts of a shown whole are few together. */
const leaks = (
  cells: readonly Cell[],
  sums: readonly Sum[],
  found: readonly Suppression[],
): readonly Sum[] =>
  sums.filter(({ whole, parts, least }) => {
    const hidden = parts.filter((part) => found[part] !== 'shown')
    const isWholeHidden = found[whole] !== 'shown'
    const isAlone = hidden.length + Number(isWholeHidden) === 1
    const areFew =
      hidden.length > 0 &&
      !isWholeHidden &&
      total(hidden.map((part) => cells[part]?.size ?? 0)) < least
    return isAlone || areFew
  })

describe('suppress', () => {
  it('hides the smallest other part beside one that is small', () => {
    const cells = cellsOf([63, 40, 3, 20])
    const sums = [{ whole: 0, parts: [1, 2, 3], least: 5 }]
    expect(suppress(cells, sums)).toEqual(['shown', 'shown', 'small', 'complement'])
  })

  it('hides a third part where the small ones are few together', () => {
    const cells = cellsOf([22, 1, 1, 8, 12])
    const sums = [{ whole: 0, parts: [1, 2, 3, 4], least: 5 }]
    expect(suppress(cells, sums)).toEqual(['shown', 'small', 'small', 'complement', 'shown'])
  })

  it('hides the whole where it has no other part', () => {
    const found = suppress(
      [
        { size: 7, isSmall: false },
        { size: 3, isSmall: true },
      ],
      [{ whole: 0, parts: [1], least: 5 }],
    )
    expect(found).toEqual(['complement', 'small'])
  })

  it('hides a part of a hidden whole, which could be added up', () => {
    const found = suppress(
      [
        { size: 4, isSmall: true },
        { size: 6, isSmall: false },
        { size: 7, isSmall: false },
      ],
      [{ whole: 0, parts: [1, 2], least: 5 }],
    )
    expect(found).toEqual(['small', 'complement', 'shown'])
  })

  it('prefers the part whose own sums stay in order', () => {
    const cells = cellsOf([100, 3, 20, 30, 60, 20, 40])
    const found = suppress(cells, [
      { whole: 0, parts: [1, 2, 3], least: 5 },
      { whole: 4, parts: [5, 2, 6], least: 5 },
    ])
    expect(found[3]).toBe('complement')
    expect(found[2]).toBe('shown')
  })

  it('hides nothing where nothing is small', () => {
    expect(suppress(cellsOf([12, 5, 7]), [{ whole: 0, parts: [1, 2], least: 5 }])).toEqual([
      'shown',
      'shown',
      'shown',
    ])
  })

  it('leaves no table of units, subjects and grades from which a small number can be solved', () => {
    const table = fc
      .tuple(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
      )
      .chain(([units, subjects, grades]) =>
        fc.record({
          shape: fc.constant([units, subjects, grades] as const),
          sizes: fc.array(
            fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 120 })),
            { minLength: units * subjects * grades, maxLength: units * subjects * grades },
          ),
        }),
      )
    fc.assert(
      fc.property(table, ({ shape, sizes }) => {
        const { cells, sums } = cubeOf(shape, sizes)
        const found = suppress(cells, sums)
        cells.forEach(({ isSmall }, i) => {
          expect(found[i] === 'small').toBe(isSmall)
        })
        expect(leaks(cells, sums, found)).toEqual([])
        expect(
          solvable(sums, (cell) => found[cell] !== 'shown').filter((cell) => cells[cell]?.isSmall),
        ).toEqual([])
        expect(suppress(cells, sums)).toEqual(found)
      }),
      { numRuns: 400, seed: 20260901 },
    )
  })

  it('leaves no sums that cross each other from which a small number can be solved', () => {
    const parts = 24
    const world = fc.record({
      sizes: fc.array(
        fc.oneof(
          { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
          { weight: 5, arbitrary: fc.integer({ min: 10, max: 70 }) },
        ),
        { minLength: parts, maxLength: parts },
      ),
      groupings: fc.array(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: parts, maxLength: parts }),
        { minLength: 2, maxLength: 4 },
      ),
    })
    fc.assert(
      fc.property(world, ({ sizes, groupings }) => {
        const { cells, sums } = crossed(sizes, groupings)
        const found = suppress(cells, sums)
        expect(
          solvable(sums, (cell) => found[cell] !== 'shown').filter((cell) => cells[cell]?.isSmall),
        ).toEqual([])
        expect(leaks(cells, sums, found)).toEqual([])
      }),
      { numRuns: 150, seed: 20260903 },
    )
  })
})

/** The same parts put together in several ways, each with the total of all. */
const crossed = (
  sizes: readonly number[],
  groupings: readonly (readonly number[])[],
): { cells: readonly Cell[]; sums: readonly Sum[] } => {
  const all = sizes.map((_, i) => i)
  const known = [...sizes, total(sizes)]
  const sums: Sum[] = [{ whole: sizes.length, parts: all, least: 5 }]
  for (const groups of groupings) {
    const own: number[] = []
    for (const group of new Set(groups)) {
      const parts = all.filter((i) => groups[i] === group)
      sums.push({ whole: known.length, parts, least: 5 })
      own.push(known.length)
      known.push(total(parts.map((i) => sizes[i] ?? 0)))
    }
    sums.push({ whole: sizes.length, parts: own, least: 5 })
  }
  return { cells: cellsOf(known), sums }
}

/** A table of three dimensions with all of its margins: place 0 of a dimension is its total. */
const cubeOf = (
  shape: readonly [number, number, number],
  sizes: readonly number[],
): { cells: readonly Cell[]; sums: readonly Sum[] } => {
  const [units, subjects, grades] = shape
  const at = (u: number, s: number, g: number): number =>
    (u * (subjects + 1) + s) * (grades + 1) + g
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const of = (place: number, most: number): number[] => (place === 0 ? range(1, most) : [place])
  const places = range(0, units).flatMap((u) =>
    range(0, subjects).flatMap((s) => range(0, grades).map((g) => [u, s, g] as const)),
  )
  const cells = cellsOf(
    places.map(([u, s, g]) =>
      total(
        of(u, units).flatMap((a) =>
          of(s, subjects).flatMap((b) =>
            of(g, grades).map((c) => sizes[((a - 1) * subjects + b - 1) * grades + c - 1] ?? 0),
          ),
        ),
      ),
    ),
  )
  const sums = places.flatMap(([u, s, g]): Sum[] => [
    ...(u === 0
      ? [{ whole: at(0, s, g), parts: range(1, units).map((a) => at(a, s, g)), least: 5 }]
      : []),
    ...(s === 0
      ? [{ whole: at(u, 0, g), parts: range(1, subjects).map((b) => at(u, b, g)), least: 5 }]
      : []),
    ...(g === 0
      ? [{ whole: at(u, s, 0), parts: range(1, grades).map((c) => at(u, s, c)), least: 5 }]
      : []),
  ])
  return { cells, sums }
}
