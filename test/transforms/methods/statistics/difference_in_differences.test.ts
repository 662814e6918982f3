import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  differenceInDifferences,
  matchedDifferenceInDifferences,
  pairedDifferenceInDifferences,
} from '../../../../transforms/methods/statistics/difference_in_differences.ts'
import { tQuantile } from '../../../../transforms/methods/statistics/distributions.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { variance } from '../../../../transforms/methods/statistics/sums.ts'
import { near } from './near.ts'

describe('differenceInDifferences', () => {
  const cells = {
    treatedBefore: { mean: 50, sd: 6, n: 9 },
    treatedAfter: { mean: 58, sd: 4, n: 16 },
    controlBefore: { mean: 60, sd: 5, n: 25 },
    controlAfter: { mean: 63, sd: 3, n: 9 },
  }

  it('takes the change of the controls from the change of the treated', () => {
    const found = differenceInDifferences(cells)
    expect(found.estimate).toBe(5)
    expect(found.se).toBeCloseTo(Math.sqrt(4 + 1 + 1 + 1), 14)
    const df = 49 / (16 / 8 + 1 / 15 + 1 / 24 + 1 / 8)
    expect(found.df).toBeCloseTo(df, 12)
    expect(found.hi - found.lo).toBeCloseTo(2 * tQuantile(0.975, df) * Math.sqrt(7), 12)
  })

  it('is blind to a shift of all groups or of one group at both times', () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), (shift) => {
        const up = (cell: { mean: number; sd: number; n: number }) => ({
          ...cell,
          mean: cell.mean + shift,
        })
        const moved = differenceInDifferences({
          ...cells,
          treatedBefore: up(cells.treatedBefore),
          treatedAfter: up(cells.treatedAfter),
        })
        expect(moved.estimate).toBe(5)
      }),
    )
  })

  it('refuses a cell of one unit', () => {
    const one = { mean: 1, sd: 0, n: 1 }
    expect(() => differenceInDifferences({ ...cells, treatedAfter: one })).toThrow(StatisticsError)
  })
})

describe('pairedDifferenceInDifferences', () => {
  it('compares mean changes', () => {
    const found = pairedDifferenceInDifferences([4, 6, 8], [1, 2, 3, 2])
    expect(found.estimate).toBe(4)
    expect(found.se).toBeCloseTo(Math.sqrt(4 / 3 + 2 / 3 / 4), 14)
  })

  it('has the degrees of freedom and the interval of Welch', () => {
    const even = pairedDifferenceInDifferences([1, 2, 3, 4, 5], [7, 9, 8, 10, 6])
    expect(even.df).toBeCloseTo(8, 12)
    expect(even.hi - even.estimate).toBeCloseTo(2.306004, 6)
    const torn = pairedDifferenceInDifferences([4, 6, 8], [1, 2, 3, 2])
    expect(torn.df).toBeCloseTo(2.25 / (16 / 9 / 2 + 1 / 36 / 3), 12)
  })

  it('is Welch’s interval of scipy', () => {
    // scipy.stats.ttest_ind(equal_var=False).confidence_interval()
    const found = pairedDifferenceInDifferences([4, 6, 8], [1, 2, 3, 2])
    near(found.df, 2.5051546391752577, 1e-12)
    near(found.lo, -0.3716017998147185, 1e-10)
    near(found.hi, 8.37160179981472, 1e-11)
  })

  it('covers with five units on each side', () => {
    const draw = random(271)
    const change = (mean: number) => Array.from({ length: 5 }, () => draw.normal(mean, 6))
    let covered = 0
    for (let round = 0; round < 3000; round++) {
      const { lo, hi } = pairedDifferenceInDifferences(change(4), change(1))
      covered += lo <= 3 && 3 <= hi ? 1 : 0
    }
    expect(covered / 3000).toBeGreaterThan(0.94)
  })

  it('is a point where nothing varies', () => {
    expect(pairedDifferenceInDifferences([2, 2], [1, 1])).toEqual({
      estimate: 1,
      se: 0,
      df: Infinity,
      lo: 1,
      hi: 1,
    })
  })
})

describe('matchedDifferenceInDifferences', () => {
  it('compares each treated unit with its own controls', () => {
    const found = matchedDifferenceInDifferences([5, 7], [1, 3, 2, 40], [[0, 1], [2]])
    expect([...found.effects]).toEqual([3, 5])
    expect(found.estimate).toBe(4)
    expect(found.se).toBeCloseTo(Math.sqrt(2 / 2 + 1 * (0.25 ** 2 * 2 + 0.5 ** 2)), 14)
    expect(found.effectiveControls).toBeCloseTo(1 / 0.375, 14)
  })

  it('with every control matched to every treated unit is the paired estimate', () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const draw = random(seed)
        const treated = Array.from({ length: 5 }, () => draw.normal(2))
        const control = Array.from({ length: 8 }, () => draw.normal())
        const all = control.map((_, c) => c)
        const found = matchedDifferenceInDifferences(
          treated,
          control,
          treated.map(() => all),
        )
        const paired = pairedDifferenceInDifferences(treated, control)
        expect(found.estimate).toBeCloseTo(paired.estimate, 13)
        expect(found.se).toBeCloseTo(paired.se, 13)
      }),
    )
  })

  it('has a standard error that agrees with the spread over many draws', () => {
    const draw = random(77)
    const matches = [
      [0, 1],
      [1, 2],
      [1, 3],
      [4, 5],
      [0, 5],
      [2, 3],
    ]
    const found = Array.from({ length: 4000 }, () =>
      matchedDifferenceInDifferences(
        matches.map(() => draw.normal(1, 2)),
        Array.from({ length: 6 }, () => draw.normal(0, 3)),
        matches,
      ),
    )
    const spread = variance(found.map(({ estimate }) => estimate))
    const claimed = found.reduce((total, { se }) => total + se * se, 0) / found.length
    expect(claimed / spread).toBeGreaterThan(0.94)
    expect(claimed / spread).toBeLessThan(1.06)
  })

  it('refuses a treated unit without controls and a control that does not exist', () => {
    expect(() => matchedDifferenceInDifferences([1, 2], [1, 2], [[0], []])).toThrow(/unit 1/)
    expect(() => matchedDifferenceInDifferences([1, 2], [1, 2], [[0], [2]])).toThrow(/unit 1/)
    expect(() => matchedDifferenceInDifferences([1, 2], [1, 2], [[0], [0]])).toThrow(/one control/)
  })
})
