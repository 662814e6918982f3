import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import {
  matrix,
  matrixOfColumns,
  takeRows,
} from '../../../../transforms/methods/statistics/matrix.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { randomIntercept } from '../../../../transforms/methods/statistics/random_intercept.ts'
import { profileOf as profileOfOne } from '../../../../transforms/methods/statistics/random_intercept_profile.ts'
import {
  twoRandomIntercepts,
  type TwoRandomIntercepts,
} from '../../../../transforms/methods/statistics/two_random_intercepts.ts'
import { cellsOf } from '../../../../transforms/methods/statistics/two_random_intercepts_cells.ts'
import { profileOf } from '../../../../transforms/methods/statistics/two_random_intercepts_profile.ts'
import { near } from './near.ts'
import { permutation } from './points.ts'

/** Crossed and unbalanced: each row has levels of both factors by chance. */
const crossed = (n: number, a: number, b: number, spread: [number, number], seed: number) => {
  const draw = random(seed)
  const first = Array.from({ length: n }, (_, i) => (i < a ? i : draw.integer(a)))
  const second = Array.from({ length: n }, (_, i) => (i < b ? i : draw.integer(b)))
  const u = Array.from({ length: a }, () => draw.normal(0, spread[0]))
  const w = Array.from({ length: b }, () => draw.normal(0, spread[1]))
  const x = first.map(() => draw.normal(3, 1))
  const y = x.map(
    (value, i) =>
      2 + 0.5 * value + (u[first[i] ?? NaN] ?? NaN) + (w[second[i] ?? NaN] ?? NaN) + draw.normal(),
  )
  return { x: matrixOfColumns([x]), y, first, second }
}

/** Lower-triangular solution L·z = b of V = L·Lᵀ for the columns of b, and log|V|, by elimination. */
const eliminated = (v: number[][], columns: number[][]) => {
  const m = v.map((row, i) => [...row, ...columns.map((column) => column[i] ?? NaN)])
  let logs = 0
  for (let k = 0; k < m.length; k++) {
    const pivot = m[k]?.[k] ?? NaN
    logs += Math.log(pivot)
    const top = m[k] ?? []
    for (let i = k + 1; i < m.length; i++) {
      const row = m[i] ?? []
      const share = (row[k] ?? NaN) / pivot
      for (let j = k; j < row.length; j++) row[j] = (row[j] ?? NaN) - share * (top[j] ?? NaN)
    }
  }
  const solutions = columns.map((_, c) => {
    const z = new Array<number>(m.length).fill(0)
    for (let i = m.length - 1; i >= 0; i--) {
      const row = m[i] ?? []
      let value = row[m.length + c] ?? NaN
      for (let j = i + 1; j < m.length; j++) value -= (row[j] ?? NaN) * (z[j] ?? NaN)
      z[i] = value / (row[i] ?? NaN)
    }
    return z
  })
  return { logs, solutions }
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < a.length; i++) total += (a[i] ?? NaN) * (b[i] ?? NaN)
  return total
}

type Data = ReturnType<typeof crossed>

/** −2 log L by its definition, with V dense, for a few rows; and V⁻¹(y − Xβ). */
const definition = ({ x, y, first, second }: Data, fit: TwoRandomIntercepts, reml: boolean) => {
  const v = y.map((_, i) =>
    y.map(
      (__, j) =>
        (first[i] === first[j] ? fit.first.variance : 0) +
        (second[i] === second[j] ? fit.second.variance : 0) +
        (i === j ? fit.varianceResidual : 0),
    ),
  )
  const design = [y.map(() => 1), Array.from(x.values)]
  const residual = y.map(
    (value, i) =>
      value - (fit.coefficients[0] ?? NaN) - (fit.coefficients[1] ?? NaN) * (x.values[i] ?? NaN),
  )
  const { logs, solutions } = eliminated(v, [residual, ...design])
  const pulled = solutions[0] ?? []
  const information = design.map((column) => solutions.slice(1).map((z) => dot(column, z)))
  const fixed = eliminated(information, [
    [1, 0],
    [0, 1],
  ])
  const deviance =
    (y.length - (reml ? 2 : 0)) * Math.log(2 * Math.PI) +
    logs +
    dot(residual, pulled) +
    (reml ? fixed.logs : 0)
  return { deviance, pulled, covariance: fixed.solutions.flat() }
}

describe('twoRandomIntercepts', () => {
  it.each(['ml', 'reml'] as const)('gives the likelihood of the definition under %s', (method) => {
    const data = crossed(40, 7, 5, [1.5, 1], 31)
    const fit = twoRandomIntercepts(data.x, data.y, data.first, data.second, { method })
    const reml = method === 'reml'
    expect(fit.first.variance).toBeGreaterThan(0.1)
    expect(fit.second.variance).toBeGreaterThan(0.1)
    const { deviance, pulled, covariance } = definition(data, fit, reml)
    near(fit.deviance, deviance, 1e-12)
    fit.covariance.values.forEach((value, i) => {
      near(value, covariance[i] ?? NaN, 1e-9)
    })
    fit.standardErrors.forEach((error, j) => {
      near(error ** 2, covariance[3 * j] ?? NaN, 1e-9)
    })
    fit.first.groups.forEach((group, g) => {
      const own = data.first.map((level) => (level === group ? 1 : 0))
      near(fit.first.effects[g] ?? NaN, fit.first.variance * dot(own, pulled), 1e-9)
      expect(fit.first.sizes[g]).toBe(own.filter((is) => is === 1).length)
    })
    fit.second.groups.forEach((group, g) => {
      const own = data.second.map((level) => (level === group ? 1 : 0))
      near(fit.second.effects[g] ?? NaN, fit.second.variance * dot(own, pulled), 1e-9)
    })
    for (const change of [0.99, 1.01]) {
      const moved = [
        { ...fit, first: { ...fit.first, variance: fit.first.variance * change } },
        { ...fit, second: { ...fit.second, variance: fit.second.variance * change } },
        { ...fit, varianceResidual: fit.varianceResidual * change },
      ]
      for (const worse of moved) {
        expect(definition(data, worse, reml).deviance).toBeGreaterThan(fit.deviance)
      }
    }
  })

  it('leaves no lower deviance anywhere between ratios of 0 and e¹²', () => {
    const grid = [0, ...Array.from({ length: 21 }, (_, i) => Math.exp(i - 8))]
    for (let seed = 1; seed <= 60; seed++) {
      const spreads = [0, 0.1, 1, 30, 100]
      const spread: [number, number] = [spreads[seed % 5] ?? 0, spreads[(seed >> 2) % 5] ?? 0]
      const { x, y, first, second } = crossed(12 + (seed % 20), 5, 4, spread, seed)
      const reml = seed % 2 === 0
      const fit = twoRandomIntercepts(x, y, first, second, { method: reml ? 'reml' : 'ml' })
      const profile = profileOf(cellsOf(x, y, first, second, true))
      const lowest = Math.min(
        ...grid.flatMap((a) => grid.map((b) => profile.deviance([a, b], reml))),
      )
      expect(fit.deviance, `seed ${seed}`).toBeLessThanOrEqual(lowest + 1e-8)
    }
  })

  it('has slopes that are the derivatives of the deviance', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.double({ min: -3, max: 2, noNaN: true }),
        fc.double({ min: -3, max: 2, noNaN: true }),
        fc.boolean(),
        (seed, logA, logB, reml) => {
          const { x, y, first, second } = crossed(40, 7, 5, [1, 1], seed)
          const profile = profileOf(cellsOf(x, y, first, second, true))
          const [a, b] = [Math.exp(logA), Math.exp(logB)]
          const { slopes, deviance } = profile.at([a, b], reml)
          const h = 1e-5
          const along = (da: number, db: number) =>
            (profile.deviance([a + a * da, b + b * db], reml) -
              profile.deviance([a - a * da, b - b * db], reml)) /
            (2 * h)
          expect(profile.deviance([a, b], reml)).toBe(deviance)
          expect(slopes[0] * a).toBeCloseTo(along(h, 0), 5)
          expect(slopes[1] * b).toBeCloseTo(along(0, h), 5)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('under REML equals the mean squares of a balanced two-way table', () => {
    const [a, b, r] = [6, 5, 3]
    for (const seed of [1, 2, 3, 4, 5]) {
      const draw = random(seed)
      const u = Array.from({ length: a }, () => draw.normal(0, 2))
      const w = Array.from({ length: b }, () => draw.normal(0, 2))
      const n = a * b * r
      const first = Array.from({ length: n }, (_, i) => Math.floor(i / (b * r)))
      const second = Array.from({ length: n }, (_, i) => Math.floor(i / r) % b)
      const y = first.map((g, i) => (u[g] ?? NaN) + (w[second[i] ?? NaN] ?? NaN) + draw.normal())
      const average = (values: number[]) =>
        dot(
          values,
          values.map(() => 1),
        ) / values.length
      const grand = average(y)
      const ofFirst = u.map((_, g) => average(y.filter((__, i) => first[i] === g)) - grand)
      const ofSecond = w.map((_, g) => average(y.filter((__, i) => second[i] === g)) - grand)
      const meanFirst = (b * r * dot(ofFirst, ofFirst)) / (a - 1)
      const meanSecond = (a * r * dot(ofSecond, ofSecond)) / (b - 1)
      const rest = y.map(
        (value, i) =>
          value - grand - (ofFirst[first[i] ?? NaN] ?? NaN) - (ofSecond[second[i] ?? NaN] ?? NaN),
      )
      const residual = dot(rest, rest) / (n - a - b + 1)
      const fit = twoRandomIntercepts(matrix(n, 0), y, first, second)
      near(fit.varianceResidual, residual, 1e-9)
      near(fit.first.variance, (meanFirst - residual) / (b * r), 1e-9)
      near(fit.second.variance, (meanSecond - residual) / (a * r), 1e-9)
      expect(fit.coefficients[0]).toBeCloseTo(grand, 11)
    }
  })

  it('has the deviance of one random intercept where the variance of a factor is 0', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.boolean(),
        (seed, ratio, reml) => {
          const { x, y, first, second } = crossed(40, 7, 5, [1, 1], seed)
          const both = profileOf(cellsOf(x, y, first, second, true))
          const large = profileOfOne(x, y, first, true).at(ratio, reml)
          const small = profileOfOne(x, y, second, true).at(ratio, reml)
          near(both.deviance([ratio, 0], reml), large.deviance, 1e-11)
          near(both.deviance([0, ratio], reml), small.deviance, 1e-11)
          near(both.at([ratio, 0], reml).slopes[0], large.slope, 1e-7)
          near(both.at([0, ratio], reml).slopes[1], small.slope, 1e-7)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('comes to one random intercept where the other factor adds nothing', () => {
    let zeros = 0
    for (let seed = 1; seed <= 12; seed++) {
      const { x, y, first, second } = crossed(60, 8, 6, [1.5, 0], seed)
      for (const method of ['ml', 'reml'] as const) {
        const fit = twoRandomIntercepts(x, y, first, second, { method })
        const one = randomIntercept(x, y, first, { method })
        expect(fit.deviance).toBeLessThanOrEqual(one.deviance + 1e-9)
        if (fit.second.variance > 0) continue
        zeros++
        near(fit.deviance, one.deviance, 1e-11)
        near(fit.first.variance, one.varianceBetween, 1e-7)
        expect(fit.second.effects.every((effect) => effect === 0)).toBe(true)
      }
    }
    expect(zeros).toBeGreaterThan(4)
    expect(zeros).toBeLessThan(24)
  })

  it('does not depend on the order of rows, the names of levels or the order of factors, and scales with y', () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const { x, y, first, second } = crossed(40, 6, 5, [1.5, 1.5], seed)
        const straight = twoRandomIntercepts(x, y, first, second)
        const order = permutation(40, seed)
        const take = (values: number[]) => order.map((i) => values[i] ?? NaN)
        expect(twoRandomIntercepts(takeRows(x, order), take(y), take(first), take(second))).toEqual(
          straight,
        )
        const same = (
          other: TwoRandomIntercepts,
          [a, b]: ['first' | 'second', 'first' | 'second'],
          scale: number,
        ) => {
          near(other[a].variance, straight.first.variance * scale ** 2, 1e-6)
          near(other[b].variance, straight.second.variance * scale ** 2, 1e-6)
          near(other.varianceResidual, straight.varianceResidual * scale ** 2, 1e-6)
          near(other.coefficients[1] ?? NaN, (straight.coefficients[1] ?? NaN) * scale, 1e-6)
        }
        same(twoRandomIntercepts(x, y, second, first), ['second', 'first'], 1)
        same(
          twoRandomIntercepts(
            x,
            y,
            first.map((g) => 100 - 7 * g),
            second,
          ),
          ['first', 'second'],
          1,
        )
        same(
          twoRandomIntercepts(
            x,
            y.map((value) => value * 3),
            first,
            second,
          ),
          ['first', 'second'],
          3,
        )
      }),
      { numRuns: 25 },
    )
  })

  it('keeps its digits where y and x lie far from 0', () => {
    const { x, y, first, second } = crossed(60, 8, 5, [1, 1], 7)
    const close = twoRandomIntercepts(x, y, first, second)
    const far = twoRandomIntercepts(
      matrix(
        60,
        1,
        x.values.map((value) => value + 2 ** 20),
      ),
      y.map((value) => value + 2 ** 24),
      first,
      second,
    )
    near(far.first.variance, close.first.variance, 1e-6)
    near(far.second.variance, close.second.variance, 1e-6)
    near(far.deviance, close.deviance, 1e-8)
  })

  it('refuses what has no answer', () => {
    const none = matrix(6, 0)
    const y = [1, 2, 3, 5, 8, 4]
    const [halves, thirds] = [
      [1, 1, 1, 2, 2, 2],
      [1, 2, 3, 1, 2, 3],
    ]
    const refused = (run: () => unknown, reason: RegExp) => {
      expect(run).toThrow(StatisticsError)
      expect(run).toThrow(reason)
    }
    refused(() => twoRandomIntercepts(none, y, halves, [4, 4, 4, 4, 4, 4]), /2 and 1 levels/)
    refused(() => twoRandomIntercepts(none, y, [1, 2, 3, 4, 5, 6], halves), /6 and 2 levels/)
    refused(() => twoRandomIntercepts(none, y, halves, [9, 9, 9, 7, 7, 7]), /in the same way/)
    refused(() => twoRandomIntercepts(none, y, halves, [1, 2]), /6 and 2 group numbers/)
    refused(
      () => twoRandomIntercepts(matrix(3, 0), [1, 2, 4], [1, 1, 2], [1, 2, 2]),
      /longer than the number of coefficients and two/,
    )
    refused(
      () => twoRandomIntercepts(none, [1, 1, 1, 1, 1, 1], halves, thirds),
      /without remainder/,
    )
    refused(() => twoRandomIntercepts(none, [1, 2, 4, 3, 4, 6], halves, thirds), /nothing is left/)
    refused(
      () => twoRandomIntercepts(matrixOfColumns([[3, 3, 3, 3, 3, 3]]), y, halves, thirds),
      /column 0 of X/,
    )
    refused(() => twoRandomIntercepts(none, y, halves, [1, 2, NaN, 1, 2, 3]), /group number is NaN/)
    refused(() => twoRandomIntercepts(none, [1, 2, Infinity, 4, 3, 1], halves, thirds), /Infinity/)
  })
})
