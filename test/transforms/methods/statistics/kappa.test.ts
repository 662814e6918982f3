import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { kappaInterval, weightedKappa } from '../../../../transforms/methods/statistics/kappa.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { signTest } from '../../../../transforms/methods/statistics/sign_test.ts'
import { near } from './near.ts'

const journal = [
  [2, 0, 0, 0],
  [4, 6, 1, 0],
  [0, 7, 9, 1],
  [0, 0, 4, 6],
]

describe('weighted κ', () => {
  it('with quadratic weights', () => {
    const found = weightedKappa(journal)
    expect(found.kappa).toBeCloseTo(0.7518, 4)
    expect(found.n).toBe(40)
  })

  it('without weights is that of Cohen, with the standard error of Fleiss, Cohen and Everitt', () => {
    const found = weightedKappa(
      [
        [20, 5],
        [10, 15],
      ],
      'none',
    )
    expect(found.observed).toBeCloseTo(0.7, 14)
    expect(found.expected).toBeCloseTo(0.5, 14)
    expect(found.kappa).toBeCloseTo(0.4, 14)
    near(found.se, 0.12699606293110035, 1e-10)
  })

  it.each([
    ['quadratic', 0.7518248175182481, 0.056785884750099686],
    ['linear', 0.5807644882860665, 0.08328375755351035],
    ['none', 0.4019349164467897, 0.11054497581058781],
  ] as const)(
    'is that of statsmodels with %s weights, and so is its error',
    (weights, kappa, se) => {
      const found = weightedKappa(journal, weights)
      near(found.kappa, kappa, 1e-13)
      near(found.se, se, 1e-11)
    },
  )

  it('is 1 where the ratings agree, and 0 where they are independent', () => {
    expect(
      weightedKappa([
        [5, 0, 0],
        [0, 3, 0],
        [0, 0, 9],
      ]),
    ).toMatchObject({ kappa: 1, observed: 1 })
    const independent = weightedKappa([
      [4, 8],
      [6, 12],
    ])
    expect(Math.abs(independent.kappa)).toBeLessThan(1e-14)
  })

  const table = fc.integer({ min: 2, max: 6 }).chain((c) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: c, maxLength: c }), {
      minLength: c,
      maxLength: c,
    }),
  )

  it('does not change with the size of the counts, the roles of the ratings or the direction of the scale', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('quadratic' as const, 'linear' as const, 'none' as const),
        (rows, weights) => {
          const cells = rows
            .flatMap((row, i) => row.map((count, j) => ({ i, j, count })))
            .filter(({ count }) => count > 0)
          const [first] = cells
          fc.pre(cells.some(({ i, j }) => i !== first?.i || j !== first.j || i !== j))
          const here = weightedKappa(rows, weights)
          const others = [
            rows.map((row) => row.map((count) => 3 * count)),
            rows.map((_, i) => rows.map((row) => row[i] ?? 0)),
            rows.map((row) => [...row].reverse()).reverse(),
          ]
          // κ may be 0, where only an absolute error tells anything.
          for (const other of others)
            expect(Math.abs(weightedKappa(other, weights).kappa - here.kappa)).toBeLessThan(1e-10)
          expect(here.kappa).toBeLessThanOrEqual(1)
          expect(here.se).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })

  it('refuses a table without an answer', () => {
    expect(() => weightedKappa([[1, 2]])).toThrow(/not square/)
    expect(() => weightedKappa([])).toThrow(/empty/)
    expect(() =>
      weightedKappa([
        [7, 0],
        [0, 0],
      ]),
    ).toThrow(/one category/)
    expect(() => weightedKappa([[-1]])).toThrow(StatisticsError)
  })
})

describe('the interval of κ', () => {
  const shares = [0.1, 0.35, 0.4, 0.15]
  const drawn = (n: number, same: number, source: ReturnType<typeof random>): number[][] => {
    const pick = (): number => {
      let left = source.uniform()
      return shares.findIndex((share, k) => (left -= share) < 0 || k === shares.length - 1)
    }
    const table = shares.map(() => shares.map(() => 0))
    for (let i = 0; i < n; i++) {
      const first = pick()
      const row = table[first] ?? []
      const second = source.uniform() < same ? first : pick()
      row[second] = (row[second] ?? 0) + 1
    }
    return table
  }

  it.each([
    [10, 0.8],
    [10, 0.4],
    [30, 0.8],
  ])('covers with %i works at κ = %d', (n, same) => {
    const source = random(251)
    let covered = 0
    let total = 0
    for (let round = 0; round < 1500; round++) {
      const table = drawn(n, same, source)
      try {
        const { lo, hi } = kappaInterval(table)
        covered += lo <= same && same <= hi ? 1 : 0
        total++
      } catch (error) {
        expect(error).toBeInstanceOf(StatisticsError)
      }
    }
    expect(total).toBeGreaterThan(1400)
    expect(covered / total).toBeGreaterThan(0.93)
  })

  it('does not promise full agreement of all works from a few', () => {
    const five = kappaInterval([
      [2, 0],
      [0, 3],
    ])
    expect(five.hi).toBe(1)
    expect(five.lo).toBeLessThan(0.8)
    const fifty = kappaInterval([
      [20, 0],
      [0, 30],
    ])
    expect(fifty.lo).toBeGreaterThan(five.lo)
  })

  it('is κ ± z·se when works are many', () => {
    const many = journal.map((row) => row.map((count) => count * 500))
    const { kappa, se } = weightedKappa(many)
    const { lo, hi } = kappaInterval(many)
    near(hi - lo, 2 * 1.959964 * se, 1e-3)
    near((hi + lo) / 2, kappa, 1e-3)
  })

  it('contains κ, lies in [−1, 1] and does not change with the roles of the ratings', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }), {
          minLength: 3,
          maxLength: 3,
        }),
        (rows) => {
          const used = rows.flatMap((row, i) =>
            row.flatMap((count, j) => (count > 0 ? [i, j] : [])),
          )
          fc.pre(new Set(used).size > 1)
          const { kappa } = weightedKappa(rows)
          const { lo, hi } = kappaInterval(rows)
          expect(lo).toBeLessThanOrEqual(kappa)
          expect(hi).toBeGreaterThanOrEqual(kappa)
          expect(lo).toBeGreaterThanOrEqual(-1)
          expect(hi).toBeLessThanOrEqual(1)
          const turned = kappaInterval(rows.map((_, i) => rows.map((row) => row[i] ?? 0)))
          near(turned.lo + 2, lo + 2, 1e-10)
          near(turned.hi + 2, hi + 2, 1e-10)
        },
      ),
    )
  })
})

describe('sign test', () => {
  it('has the z of pairs that differ and an exact p', () => {
    const found = signTest(15, 2)
    expect(found.z).toBeCloseTo(3.153, 3)
    near(found.p, (2 * (136 + 17 + 1)) / 2 ** 17, 1e-12)
  })

  it('turns with the signs, and says nothing of nothing', () => {
    expect(signTest(2, 15)).toEqual({ z: -signTest(15, 2).z, p: signTest(15, 2).p })
    expect(signTest(0, 0)).toEqual({ z: 0, p: 1 })
    expect(signTest(4, 4).p).toBe(1)
    expect(() => signTest(-1, 2)).toThrow(StatisticsError)
    expect(() => signTest(1.5, 2)).toThrow(StatisticsError)
  })
})
