import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  effectiveNumber,
  fisherInterval,
  midranks,
  partialCorrelation,
  pearson,
  spearman,
  weightedPearson,
} from '../../../../transforms/methods/statistics/correlation.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { near } from './near.ts'
import { permutation } from './points.ts'

const pairs = fc
  .array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
    minLength: 5,
    maxLength: 40,
  })
  .filter(
    (rows) => new Set(rows.map(([x]) => x)).size > 1 && new Set(rows.map(([, y]) => y)).size > 1,
  )
  .map((rows) => ({ x: rows.map(([x]) => x), y: rows.map(([, y]) => y) }))

describe('pearson', () => {
  it('matches a table worked by hand', () => {
    const { r, n, interval, p } = pearson([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    expect(r).toBeCloseTo(0.8, 15)
    expect(n).toBe(5)
    expect(interval?.lo).toBeCloseTo(Math.tanh(Math.atanh(0.8) - 1.959964 / Math.SQRT2), 6)
    expect(interval?.hi).toBeCloseTo(Math.tanh(Math.atanh(0.8) + 1.959964 / Math.SQRT2), 6)
    expect(p).toBeCloseTo(0.104088, 6)
  })

  it('lies in its interval, within −1 … 1, and does not change with unit, origin or order', () => {
    fc.assert(
      fc.property(pairs, ({ x, y }) => {
        const { r, interval, p } = pearson(x, y)
        expect(Math.abs(r)).toBeLessThanOrEqual(1)
        expect(interval?.lo).toBeLessThanOrEqual(r + 1e-15)
        expect(interval?.hi).toBeGreaterThanOrEqual(r - 1e-15)
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
        expect(
          pearson(
            x.map((value) => 4 * value + 1e6),
            y,
          ).r,
        ).toBeCloseTo(r, 9)
        expect(
          pearson(
            x.map((value) => -value),
            y,
          ).r,
        ).toBe(-r)
        expect(pearson(y, x).r).toBeCloseTo(r, 14)
        const order = permutation(x.length, 3)
        const pick = (values: number[]) => order.map((row) => values[row] ?? NaN)
        expect(pearson(pick(x), pick(y)).r).toBe(r)
      }),
    )
  })

  it('keeps its digits where the means are large beside the spread', () => {
    const x = [1, 2, 3, 4].map((value) => 1e9 + value / 8)
    expect(pearson(x, [1, 3, 2, 4]).r).toBeCloseTo(0.8, 14)
  })

  it('has no interval where three pairs or fewer speak, and is sure at ±1', () => {
    expect(pearson([1, 2, 3], [1, 3, 2]).interval).toBeUndefined()
    expect(pearson([1, 2], [1, 3]).p).toBeUndefined()
    expect(fisherInterval(1, 10)).toEqual({ lo: 1, hi: 1 })
  })

  it('refuses values that do not vary, and pairs that do not match', () => {
    expect(() => pearson([1, 1, 1], [1, 2, 3])).toThrow(/all values of x are equal/)
    expect(() => pearson([1, 2], [1, 2, 3])).toThrow(StatisticsError)
    expect(() => fisherInterval(1.1, 9)).toThrow(StatisticsError)
  })
})

describe('spearman', () => {
  it('shares ranks among equals', () => {
    expect([...midranks([10, 20, 20, 5, 20])]).toEqual([2, 4, 4, 1, 4])
    const { r } = spearman([1, 2, 2, 3], [1, 2, 3, 4])
    expect(r).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 14)
  })

  it('has an interval 1.03 times as wide on the scale of Fisher', () => {
    const x = [1, 2, 3, 4, 5, 6]
    const y = [2, 1, 4, 3, 6, 5]
    const ranks = spearman(x, y).interval
    const plain = pearson(x, y).interval
    const width = (interval?: { lo: number; hi: number }) =>
      Math.atanh(interval?.hi ?? NaN) - Math.atanh(interval?.lo ?? NaN)
    expect(width(ranks) / width(plain)).toBeCloseTo(1.03, 10)
  })

  it('sees only the order of values', () => {
    fc.assert(
      fc.property(pairs, ({ x, y }) => {
        expect(
          spearman(
            x.map((value) => value ** 3),
            y,
          ).r,
        ).toBe(spearman(x, y).r)
      }),
    )
  })
})

describe('partialCorrelation', () => {
  it('of one control equals the textbook formula', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 30 }), fc.nat(1000), (n, seed) => {
        const draw = random(seed)
        const z = Array.from({ length: n }, () => draw.normal())
        const x = z.map((value) => value + draw.normal())
        const y = z.map((value) => value - 2 * draw.normal())
        const [xy, xz, yz] = [pearson(x, y).r, pearson(x, z).r, pearson(y, z).r]
        const expected = (xy - xz * yz) / Math.sqrt((1 - xz * xz) * (1 - yz * yz))
        const found = partialCorrelation(x, y, [z])
        expect(found.r).toBeCloseTo(expected, 11)
        const freedom = n - 4
        const half = 1.959963984540054 / Math.sqrt(freedom)
        expect(found.interval?.hi).toBeCloseTo(Math.tanh(Math.atanh(found.r) + half), 12)
      }),
    )
  })

  it('without controls is the plain correlation, of ranks where asked', () => {
    const x = [1, 2, 9, 4, 5]
    const y = [2, 1, 4, 3, 50]
    expect(partialCorrelation(x, y, []).r).toBe(pearson(x, y).r)
    expect(partialCorrelation(x, y, [], { ranks: true }).r).toBe(spearman(x, y).r)
  })

  it('refuses a control that repeats a variable', () => {
    const x = [1, 2, 9, 4, 5]
    expect(() => partialCorrelation(x, [2, 1, 4, 3, 5], [x.map((v) => 3 * v + 1)])).toThrow(
      /explain x without remainder/,
    )
  })
})

describe('weightedPearson', () => {
  it('with equal weights is the plain one, and weight 0 leaves a row out', () => {
    fc.assert(
      fc.property(pairs, ({ x, y }) => {
        const equal = weightedPearson(
          x,
          y,
          x.map(() => 3),
        )
        expect(equal.r).toBeCloseTo(pearson(x, y).r, 12)
        expect(equal.n).toBeCloseTo(x.length, 10)
        const extra = weightedPearson([...x, 1000], [...y, -1000], [...x.map(() => 3), 0])
        expect(extra.r).toBeCloseTo(equal.r, 12)
      }),
    )
  })

  it('counts a row of weight 2 as two rows', () => {
    const { r, n } = weightedPearson([1, 2, 4, 7], [2, 1, 5, 6], [1, 2, 1, 1])
    expect(r).toBeCloseTo(pearson([1, 2, 2, 4, 7], [2, 1, 1, 5, 6]).r, 14)
    expect(n).toBeCloseTo(25 / 7, 14)
    expect(effectiveNumber([1, 0, 1])).toBe(2)
    expect(() => effectiveNumber([0])).toThrow(StatisticsError)
  })
})

describe('correlations of ten schools', () => {
  const x = [12, 15, 9, 20, 22, 17, 30, 11, 25, 18]
  const y = [52, 47, 60, 41, 44, 46, 28, 58, 35, 49]

  it('are those of scipy: pearsonr with its interval, spearmanr with ties', () => {
    const found = pearson(x, y)
    near(found.r, -0.9683220686695122, 1e-13)
    near(found.p ?? 0, 4.240330536295055e-6, 1e-10)
    near(found.interval?.lo ?? 0, -0.9927111817067396, 1e-12)
    near(found.interval?.hi ?? 0, -0.8677410129901099, 1e-12)
    const ranks = spearman(
      [12, 15, 9, 20, 22, 17, 20, 11, 25, 15],
      [52, 47, 60, 61, 44, 46, 28, 58, 35, 47],
    )
    near(ranks.r, -0.654437310920522, 1e-13)
    near(ranks.p ?? 0, 0.0400568995143768, 1e-10)
  })

  it('have the partial r and the p of the t of a regression in statsmodels', () => {
    const found = partialCorrelation(x, y, [[1, 0, 2, 1, 3, 0, 2, 4, 1, 2]])
    near(found.r, -0.9879247237636373, 1e-12)
    near(found.p ?? 0, 6.296035774490277e-7, 1e-9)
  })
})

describe('intervals of correlations cover', () => {
  const cover = (
    draws: number,
    trial: (source: ReturnType<typeof random>) => { lo: number; hi: number } | undefined,
    truth: number,
  ): number => {
    const source = random(4099)
    let covered = 0
    for (let round = 0; round < draws; round++) {
      const interval = trial(source)
      covered += interval && interval.lo <= truth && truth <= interval.hi ? 1 : 0
    }
    return covered / draws
  }
  const normals = (source: ReturnType<typeof random>, n: number) =>
    Array.from({ length: n }, () => source.normal())

  it('with three controls by K − 3 − 3, where K − 3 is too sure', () => {
    const trial = (controls: number) => (source: ReturnType<typeof random>) => {
      const z = [normals(source, 10), normals(source, 10), normals(source, 10)]
      const common = normals(source, 10)
      const add = (own: number[]) =>
        own.map((value, i) => value + (common[i] ?? 0) + 2 * (z[0]?.[i] ?? 0))
      const { r, n } = partialCorrelation(add(normals(source, 10)), add(normals(source, 10)), z)
      return fisherInterval(r, n, { controls })
    }
    expect(cover(4000, trial(3), 0.5)).toBeGreaterThan(0.94)
    expect(cover(4000, trial(0), 0.5)).toBeLessThan(0.9)
  })

  it('under weights by the effective number, where the number of rows is too sure', () => {
    const weights = Array.from({ length: 30 }, (_, i) => (i < 6 ? 10 : 1))
    const trial = (n?: number) => (source: ReturnType<typeof random>) => {
      const common = normals(source, 30)
      const add = (own: number[]) => own.map((value, i) => value + (common[i] ?? 0))
      const found = weightedPearson(add(normals(source, 30)), add(normals(source, 30)), weights)
      return n === undefined ? found.interval : fisherInterval(found.r, n)
    }
    expect(cover(4000, trial(), 0.5)).toBeGreaterThan(0.93)
    expect(cover(4000, trial(30), 0.5)).toBeLessThan(0.85)
  })
})

describe('what has no correlation', () => {
  it('is refused: a negative weight, a multiplier that is no number', () => {
    expect(() => effectiveNumber([1, -1])).toThrow(StatisticsError)
    expect(() => effectiveNumber([1, NaN])).toThrow(StatisticsError)
    expect(() => fisherInterval(0.5, 20, { z: NaN })).toThrow(StatisticsError)
    expect(weightedPearson([1, 2, 4], [2, 1, 5], [5e-324, 1e-323, 5e-324]).r).toBeCloseTo(
      weightedPearson([1, 2, 4], [2, 1, 5], [1, 2, 1]).r,
      12,
    )
  })
})
