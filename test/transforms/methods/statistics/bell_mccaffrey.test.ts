import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tQuantile } from '../../../../transforms/methods/statistics/distributions.ts'
import { symmetricEigen } from '../../../../transforms/methods/statistics/eigen.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { linearRegression } from '../../../../transforms/methods/statistics/linear_regression.ts'
import {
  matrix,
  matrixOf,
  matrixOfColumns,
} from '../../../../transforms/methods/statistics/matrix.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { near } from './near.ts'

type Rows = readonly (readonly number[])[]

const product = (a: Rows, b: Rows): number[][] =>
  a.map((row) =>
    Array.from({ length: b[0]?.length ?? 0 }, (_, j) =>
      row.reduce((sum, value, k) => sum + value * (b[k]?.[j] ?? NaN), 0),
    ),
  )
const transposed = (a: Rows): number[][] =>
  Array.from({ length: a[0]?.length ?? 0 }, (_, j) => a.map((row) => row[j] ?? NaN))

/** (I − H)^(−1/2) by the eigenvalues of the whole block, those of 0 left out. */
const inverseRoot = (block: Rows): number[][] => {
  const { values, vectors } = symmetricEigen(matrixOf(block))
  return block.map((_, i) =>
    block.map((__, j) =>
      values.reduce(
        (sum, value, k) =>
          sum +
          (value > 1e-9
            ? ((vectors.values[i * block.length + k] ?? NaN) *
                (vectors.values[j * block.length + k] ?? NaN)) /
              Math.sqrt(value)
            : 0),
        0,
      ),
    ),
  )
}

/** The definition: V = M·ΣXᵀA·e·eᵀA·X·M and df = (tr B)²/tr(B²) from the n × G matrix of what each cluster's sum is of the noise. */
const defined = (columns: Rows, y: readonly number[], clusters: readonly number[]) => {
  const n = y.length
  const x = y.map((_, i) => [1, ...columns.map((column) => column[i] ?? NaN)])
  const p = columns.length + 1
  const plain = linearRegression(matrixOfColumns([...columns]), y)
  const spread = plain.residualSd ** 2
  const inverse = Array.from({ length: p }, (_, j) =>
    Array.from({ length: p }, (__, k) => (plain.covariance.values[j * p + k] ?? NaN) / spread),
  )
  const hat = product(product(x, inverse), transposed(x))
  const names = [...new Set(clusters)]
  const parts = names.map((name) => {
    const own = clusters.flatMap((cluster, i) => (cluster === name ? [i] : []))
    const block = own.map((i) => own.map((j) => Number(i === j) - (hat[i]?.[j] ?? NaN)))
    const reach = product(
      inverseRoot(block),
      product(
        own.map((i) => x[i] ?? []),
        inverse,
      ),
    )
    return { own, reach }
  })
  return Array.from({ length: p }, (_, c) => {
    const sums = parts.map(({ own, reach }) =>
      own.reduce((sum, i, k) => sum + (reach[k]?.[c] ?? NaN) * (plain.residuals[i] ?? NaN), 0),
    )
    const noise = parts.map(({ own, reach }) =>
      Array.from({ length: n }, (__, i) =>
        own.reduce(
          (sum, row, k) =>
            sum + (reach[k]?.[c] ?? NaN) * (Number(row === i) - (hat[row]?.[i] ?? NaN)),
          0,
        ),
      ),
    )
    const b = product(noise, transposed(noise))
    const trace = b.reduce((sum, row, i) => sum + (row[i] ?? NaN), 0)
    const squares = b.flat().reduce((sum, value) => sum + value * value, 0)
    return {
      se: Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0)),
      df: trace ** 2 / squares,
    }
  })
}

const drawn = (clusters: readonly number[], columns: number, seed: number) => {
  const source = random(seed)
  const levels = new Map(clusters.map((name) => [name, source.normal()]))
  const x = Array.from({ length: columns }, () =>
    clusters.map((name) => (levels.get(name) ?? NaN) + source.normal()),
  )
  const y = clusters.map(
    (name, i) => (levels.get(name) ?? NaN) + (x[0]?.[i] ?? 0) + source.normal(),
  )
  return { x, y }
}

describe('the errors of Bell and McCaffrey', () => {
  it('are those of the definition, clusters of one row among them', () => {
    const clusters = [1, 1, 1, 2, 2, 3, 4, 4, 4, 4, 4, 9, 9, 7]
    for (const columns of [1, 2, 3]) {
      const { x, y } = drawn(clusters, columns, 10 + columns)
      const fit = linearRegression(matrixOfColumns(x), y, { errors: { clusters } })
      defined(x, y, clusters).forEach(({ se, df }, c) => {
        near(fit.standardErrors[c] ?? NaN, se, 1e-9)
        near(fit.testDegreesOfFreedom[c] ?? NaN, df, 1e-9)
      })
    }
  })

  it('with every row a cluster of its own are those of HC2: each squared residual over 1 − leverage', () => {
    const { x, y } = drawn(
      Array.from({ length: 12 }, (_, i) => i),
      2,
      5,
    )
    const fit = linearRegression(matrixOfColumns(x), y, { errors: 'hc2' })
    const own = linearRegression(matrixOfColumns(x), y, { errors: { clusters: [...y.keys()] } })
    expect(own.covariance).toEqual(fit.covariance)
    defined(x, y, [...y.keys()]).forEach(({ se, df }, c) => {
      near(fit.standardErrors[c] ?? NaN, se, 1e-10)
      near(fit.testDegreesOfFreedom[c] ?? NaN, df, 1e-10)
    })
  })

  it('compare two groups as Welch does', () => {
    const [first, second] = [
      [3, 5, 4, 9],
      [1, 8, 2, 7, 3, 9, 4],
    ] as const
    const y = [...first, ...second]
    const fit = linearRegression(matrixOfColumns([y.map((_, i) => Number(i >= first.length))]), y, {
      errors: 'hc2',
    })
    const part = (values: readonly number[]) => {
      const centre = values.reduce((sum, value) => sum + value, 0) / values.length
      const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0)
      return squares / (values.length - 1) / values.length
    }
    near(fit.standardErrors[1] ?? NaN, Math.sqrt(part(first) + part(second)), 1e-12)
    const df = (1 / 4 + 1 / 7) ** 2 / (1 / (4 ** 2 * 3) + 1 / (7 ** 2 * 6))
    near(fit.testDegreesOfFreedom[1] ?? NaN, df, 1e-11)
  })

  it('of a mean of equal clusters are those of the means of clusters, with G − 1', () => {
    const clusters = [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    const y = [1, 4, 2, 9, 8, 7, 3, 3, 5, 6, 2, 1]
    const fit = linearRegression(matrix(12, 0), y, { errors: { clusters } })
    const cr1 = linearRegression(matrix(12, 0), y, { errors: { clusters, kind: 'cr1' } })
    near(fit.standardErrors[0] ?? NaN, cr1.standardErrors[0] ?? NaN, 1e-12)
    near(fit.testDegreesOfFreedom[0] ?? NaN, 3, 1e-12)
  })

  it('are unbiased for independent rows of one variance, where those of Liang and Zeger are too small, and rest on no more than the clusters', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 4, max: 9 }),
        (seed, count) => {
          const n = 3 * count
          const clusters = Array.from({ length: n }, (_, i) => i % count)
          const x = matrixOfColumns(drawn(clusters, 1, seed).x)
          /** A variance is yᵀQy, so its mean over noise of variance 1 is tr Q: the sum over the unit vectors. */
          const expected = (kind: 'cr2' | 'cr1', c: number) =>
            clusters.reduce((sum, _, unit) => {
              const y = clusters.map((__, i) => Number(i === unit))
              const fit = linearRegression(x, y, { errors: { clusters, kind } })
              return sum + (fit.standardErrors[c] ?? NaN) ** 2
            }, 0)
          const y = clusters.map((_, i) => Number(i === 0))
          const plain = linearRegression(x, y)
          const own = linearRegression(x, y, { errors: { clusters } })
          const enlarged = ((count / (count - 1)) * (n - 1)) / (n - 2)
          for (const c of [0, 1]) {
            const truth = ((plain.standardErrors[c] ?? NaN) / plain.residualSd) ** 2
            near(expected('cr2', c), truth, 1e-9)
            expect(expected('cr1', c) / enlarged).toBeLessThan(truth)
            expect(own.testDegreesOfFreedom[c]).toBeGreaterThan(0)
            expect(own.testDegreesOfFreedom[c]).toBeLessThanOrEqual(count + 1e-9)
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('make intervals that cover with ten clusters whose rows share regressor and noise', () => {
    const source = random(20_260_901)
    const clusters = Array.from({ length: 30 }, (_, i) => Math.floor(i / 3))
    const held = { cr1: 0, cr2: 0 }
    const draws = 1500
    for (let i = 0; i < draws; i++) {
      const levels = Array.from({ length: 10 }, () => [source.normal(), source.normal()] as const)
      const x = clusters.map((g) => (levels[g]?.[0] ?? NaN) + source.normal(0, 0.5))
      const y = clusters.map(
        (g, row) => 0.5 * (x[row] ?? NaN) + (levels[g]?.[1] ?? NaN) + source.normal(0, 0.5),
      )
      for (const kind of ['cr1', 'cr2'] as const) {
        const fit = linearRegression(matrixOfColumns([x]), y, { errors: { clusters, kind } })
        const t = tQuantile(0.975, fit.testDegreesOfFreedom[1] ?? NaN)
        if (Math.abs((fit.coefficients[1] ?? NaN) - 0.5) <= t * (fit.standardErrors[1] ?? NaN))
          held[kind]++
      }
    }
    expect(held.cr2 / draws).toBeGreaterThan(0.94)
    expect(held.cr2 / draws).toBeLessThan(0.965)
    expect(held.cr1 / draws).toBeLessThan(0.92)
  })

  it('have no degree of freedom, and no error, where one cluster alone makes a coefficient', () => {
    const x = matrixOfColumns([
      [1, 1, 1, 1, 0, 0],
      [0, 0, 0, 0, 1, 2],
    ])
    const y = [1, 4, 2, 6, 3, 8]
    for (const errors of [{ clusters: [1, 2, 3, 4, 5, 5] }, { clusters: [1, 1, 2, 2, 3, 3] }]) {
      const fit = linearRegression(x, y, { intercept: false, errors })
      expect(fit.standardErrors[1]).toBeCloseTo(0, 12)
      expect(fit.testDegreesOfFreedom[1]).toBe(0)
      near(fit.testDegreesOfFreedom[0] ?? NaN, new Set(errors.clusters.slice(0, 4)).size - 1, 1e-12)
    }
    const lone = linearRegression(matrixOfColumns([[0, 0, 0, 0, 0, 1]]), y, { errors: 'hc2' })
    near(lone.standardErrors[1] ?? NaN, lone.standardErrors[0] ?? NaN, 1e-12)
  })

  it('refuse columns that are all but one another', () => {
    const x = Array.from({ length: 20 }, (_, i) => i)
    const near = x.map((value) => value + 1e-9 * ((value * 7) % 5))
    expect(() =>
      linearRegression(
        matrixOfColumns([x, near]),
        x.map((value) => (value * 3) % 7),
        { errors: 'hc2' },
      ),
    ).toThrow(StatisticsError)
  })
})
