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
import { randomSlope } from '../../../../transforms/methods/statistics/random_slope.ts'
import { slopeProfile } from '../../../../transforms/methods/statistics/random_slope_profile.ts'
import { sharedData } from '../../../support/shared-data.ts'
import { near } from './near.ts'
import { permutation } from './points.ts'
import { readRows } from './reference.ts'

interface Covariance {
  readonly varianceIntercept: number
  readonly varianceSlope: number
  readonly covarianceBetween: number
  readonly varianceResidual: number
}

const drawn = (count: number, size: number, slopes: number, seed: number) => {
  const draw = random(seed)
  const groups = Array.from({ length: count * size }, (_, i) => Math.floor(i / size))
  const own = Array.from({ length: count }, () => {
    const u = draw.normal()
    return [u, slopes * (0.5 * u + 0.8 * draw.normal())] as const
  })
  const x = groups.map(() => draw.normal(3, 1))
  const y = groups.map((g, i) => {
    const [u, v] = own[g] ?? [NaN, NaN]
    return 2 + u + (0.5 + v) * (x[i] ?? NaN) + draw.normal()
  })
  return { x: matrixOfColumns([x]), z: x, y, groups }
}

/** V⁻¹ of the rows given and log|V|, V dense, by Gauss–Jordan: the definition, for a few rows. */
const inverseOf = (v: number[][]): { inverse: number[][]; logs: number } => {
  const n = v.length
  const a = v.map((row, i) => [...row, ...row.map((_, j) => Number(i === j))])
  let logs = 0
  for (let k = 0; k < n; k++) {
    const pivot = a[k]?.[k] ?? NaN
    logs += Math.log(pivot)
    a[k] = (a[k] ?? []).map((value) => value / pivot)
    for (let i = 0; i < n; i++) {
      if (i === k) continue
      const by = a[i]?.[k] ?? NaN
      a[i] = (a[i] ?? []).map((value, j) => value - by * (a[k]?.[j] ?? NaN))
    }
  }
  return { inverse: a.map((row) => row.slice(n)), logs }
}

const times = (a: readonly number[][], b: readonly number[]): number[] =>
  a.map((row) => row.reduce((sum, value, j) => sum + value * (b[j] ?? NaN), 0))
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0)

/** β by generalised least squares and −2 log L at a covariance, restricted or not, from dense matrices. */
const dense = (
  columns: readonly (readonly number[])[],
  y: readonly number[],
  z: readonly number[],
  groups: readonly number[],
  at: Covariance,
  reml: boolean,
) => {
  const n = y.length
  const v = groups.map((g, i) =>
    groups.map((h, j) => {
      const [a, b] = [z[i] ?? NaN, z[j] ?? NaN]
      const shared =
        at.varianceIntercept + (a + b) * at.covarianceBetween + a * b * at.varianceSlope
      return (g === h ? shared : 0) + (i === j ? at.varianceResidual : 0)
    }),
  )
  const { inverse, logs } = inverseOf(v)
  const cross = columns.map((left) => columns.map((right) => dot(left, times(inverse, [...right]))))
  const fixed = inverseOf(cross)
  const beta = times(
    fixed.inverse,
    columns.map((column) => dot(column, times(inverse, [...y]))),
  )
  const rest = y.map((value, i) =>
    columns.reduce((left, column, j) => left - (column[i] ?? NaN) * (beta[j] ?? NaN), value),
  )
  const df = reml ? n - columns.length : n
  const deviance =
    df * Math.log(2 * Math.PI) + logs + dot(rest, times(inverse, rest)) + (reml ? fixed.logs : 0)
  return { deviance, beta, errors: fixed.inverse.map((row, j) => Math.sqrt(row[j] ?? NaN)) }
}

describe('randomSlope', () => {
  for (const method of ['ml', 'reml'] as const) {
    it(`gives the likelihood, the coefficients and their errors of the definition by ${method}`, () => {
      for (const seed of [1, 2, 3]) {
        const { x, z, y, groups } = drawn(6, 7, 0.6, seed)
        const fit = randomSlope(x, y, z, groups, { method })
        const { deviance, beta, errors } = dense(
          [z.map(() => 1), z],
          y,
          z,
          groups,
          fit,
          method === 'reml',
        )
        near(fit.deviance, deviance, 1e-11)
        for (const j of [0, 1]) {
          near(fit.coefficients[j] ?? NaN, beta[j] ?? NaN, 1e-10)
          near(fit.standardErrors[j] ?? NaN, errors[j] ?? NaN, 1e-10)
        }
      }
    })

    it(`leaves no lower deviance at other covariances by ${method}`, () => {
      const source = random(5)
      for (const [seed, slopes] of [
        [11, 0.5],
        [12, 0],
        [13, 0.05],
      ] as const) {
        const { x, z, y, groups } = drawn(8, 5, slopes, seed)
        const fit = randomSlope(x, y, z, groups, { method })
        const profile = slopeProfile(x, y, z, groups, true)
        for (let i = 0; i < 4000; i++) {
          const size = Math.exp(source.normal(-1, 2))
          const deviance = profile.deviance(
            [size * source.normal(), size * source.normal(), i % 3 === 0 ? 0 : source.normal()],
            method === 'reml',
          )
          expect(deviance).toBeGreaterThanOrEqual(fit.deviance - 1e-9)
        }
      }
    })

    it(`has slopes that are the derivatives of the deviance by ${method}`, () => {
      const { x, z, y, groups } = drawn(8, 5, 0.5, 21)
      const profile = slopeProfile(x, y, z, groups, true)
      const reml = method === 'reml'
      const [a, b, c] = [0.7, -0.4, 0.5]
      const step = 1e-5
      const by = (i: number): number => {
        const moved = (h: number) =>
          profile.deviance(
            [a + (i === 0 ? h : 0), b + (i === 1 ? h : 0), c + (i === 2 ? h : 0)],
            reml,
          )
        return (moved(step) - moved(-step)) / (2 * step)
      }
      const [first, both, second] = profile.at([a, b, c], reml).slopes
      expect(2 * (first * a + both * b)).toBeCloseTo(by(0), 5)
      expect(2 * (both * a + second * b)).toBeCloseTo(by(1), 5)
      expect(2 * second * c).toBeCloseTo(by(2), 5)
    })
  }

  it('shrinks the lines of the groups as the definition does', () => {
    const { x, z, y, groups } = drawn(6, 7, 0.6, 2)
    const fit = randomSlope(x, y, z, groups)
    const own = groups.flatMap((g, i) => (g === 3 ? [i] : []))
    const v = own.map((i) =>
      own.map((j) => {
        const [a, b] = [z[i] ?? NaN, z[j] ?? NaN]
        return (
          fit.varianceIntercept +
          (a + b) * fit.covarianceBetween +
          a * b * fit.varianceSlope +
          (i === j ? fit.varianceResidual : 0)
        )
      }),
    )
    const [b0 = NaN, b1 = NaN] = fit.coefficients
    const pulled = times(
      inverseOf(v).inverse,
      own.map((i) => (y[i] ?? NaN) - b0 - b1 * (z[i] ?? NaN)),
    )
    const sum = pulled.reduce((total, value) => total + value, 0)
    const tilted = pulled.reduce((total, value, k) => total + value * (z[own[k] ?? -1] ?? NaN), 0)
    near(
      fit.intercepts[3] ?? NaN,
      fit.varianceIntercept * sum + fit.covarianceBetween * tilted,
      1e-9,
    )
    near(fit.slopes[3] ?? NaN, fit.covarianceBetween * sum + fit.varianceSlope * tilted, 1e-9)
  })

  it('comes to a random intercept where the lines of the groups are parallel', () => {
    const draw = random(31)
    const groups = Array.from({ length: 60 }, (_, i) => Math.floor(i / 6))
    const z = groups.map((_, i) => (i % 6) - 2.5)
    const noise = [0.4, -0.9, 0.5, 0.3, -0.5, 0.2]
    const tilt = dot(noise, z.slice(0, 6)) / dot(z.slice(0, 6), z.slice(0, 6))
    const levels = Array.from({ length: 10 }, () => draw.normal(0, 2))
    const y = groups.map(
      (g, i) =>
        (levels[g] ?? NaN) +
        0.7 * (z[i] ?? NaN) +
        (g % 2 === 0 ? 1 : -1) * ((noise[i % 6] ?? NaN) - tilt * (z[i] ?? NaN)),
    )
    for (const method of ['ml', 'reml'] as const) {
      const fit = randomSlope(matrixOfColumns([z]), y, z, groups, { method })
      const simple = randomIntercept(matrixOfColumns([z]), y, groups, { method })
      expect([fit.varianceSlope, fit.covarianceBetween]).toEqual([0, 0])
      expect(fit.correlation).toBeUndefined()
      expect(fit.rank).toBe(1)
      expect(fit.slopes.every((value) => value === 0)).toBe(true)
      near(fit.varianceIntercept, simple.varianceBetween, 1e-10)
      near(fit.varianceResidual, simple.varianceWithin, 1e-10)
      near(fit.deviance, simple.deviance, 1e-12)
      fit.intercepts.forEach((value, g) => {
        near(value, simple.effects[g] ?? NaN, 1e-9)
      })
    }
  })

  it('gives a correlation of ±1, or no variance, where that fits best', () => {
    const ranks = new Set<number>()
    for (let seed = 40; seed < 60; seed++) {
      const { x, z, y, groups } = drawn(5, 4, 0.02, seed)
      const fit = randomSlope(x, y, z, groups)
      ranks.add(fit.rank)
      if (fit.rank === 1 && fit.correlation !== undefined) {
        near(Math.abs(fit.correlation), 1, 1e-12)
      }
      const { deviance } = dense([z.map(() => 1), z], y, z, groups, fit, true)
      near(fit.deviance, deviance, 1e-10)
      expect(fit.deviance).toBeLessThanOrEqual(randomIntercept(x, y, groups).deviance + 1e-9)
    }
    expect(ranks).toContain(1)
    expect(ranks).toContain(2)
  })

  it('has no variance at all where groups differ less than chance would have it', () => {
    const z = [-1, 0, 1, -1, 0, 1, -1, 0, 1]
    const groups = [0, 0, 0, 1, 1, 1, 2, 2, 2]
    const y = [1, -2, 1, -1, 2, -1, 1, -2, 1].map((value, i) => value + 3 * (z[i] ?? NaN))
    const fit = randomSlope(matrixOfColumns([z]), y, z, groups)
    expect([fit.rank, fit.varianceIntercept, fit.varianceSlope]).toEqual([0, 0, 0])
  })

  it('does not depend on the order of rows, and follows units and the zero of z', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(0.4, 0), (seed, slopes) => {
        const { x, z, y, groups } = drawn(6, 6, slopes, seed)
        const fit = randomSlope(x, y, z, groups)
        const order = permutation(y.length, seed)
        const at = (values: readonly number[]) => order.map((i) => values[i] ?? NaN)
        expect(randomSlope(takeRows(x, order), at(y), at(z), at(groups))).toEqual(fit)
        const moved = z.map((value) => 10 * value + 7)
        const other = randomSlope(
          x,
          y.map((value) => 4 * value - 100),
          moved,
          groups.map((g) => 100 + g),
        )
        const scale = 1 + fit.varianceSlope
        expect(other.varianceSlope).toBeCloseTo((16 / 100) * fit.varianceSlope, 6)
        expect(other.varianceResidual / 16 / scale).toBeCloseTo(fit.varianceResidual / scale, 6)
        expect(other.deviance).toBeCloseTo(fit.deviance + (y.length - 2) * Math.log(16), 7)
      }),
      { numRuns: 25 },
    )
  })

  it('takes groups of one row and groups in which z does not vary', () => {
    const { x, z, y, groups } = drawn(8, 5, 0.5, 71)
    const row = { x: 1.5, y: 2, group: 90 }
    const more = {
      z: [...z, row.x, 2, 2, 2],
      y: [...y, row.y, 3, 4, 3.5],
      groups: [...groups, row.group, 91, 91, 91],
    }
    const fit = randomSlope(matrixOfColumns([more.z]), more.y, more.z, more.groups)
    expect(Array.from(fit.sizes.slice(-2))).toEqual([1, 3])
    const { deviance } = dense(
      [more.z.map(() => 1), more.z],
      more.y,
      more.z,
      more.groups,
      fit,
      true,
    )
    near(fit.deviance, deviance, 1e-10)
    expect(fit.deviance).not.toBeCloseTo(randomSlope(x, y, z, groups).deviance, 1)
  })

  it('refuses what has no answer', () => {
    const { x, z, y, groups } = drawn(6, 4, 0.5, 81)
    const refusal = (run: () => unknown): string => {
      try {
        run()
      } catch (error) {
        if (error instanceof StatisticsError) return `${error.method}: ${error.reason}`
        throw error
      }
      return 'no refusal'
    }
    expect(refusal(() => randomSlope(x, y.slice(1), z, groups))).toContain('23 values of y')
    expect(refusal(() => randomSlope(x, y, z.slice(1), groups))).toContain('23 of z')
    expect(refusal(() => randomSlope(matrix(24, 0), y, z, groups, { intercept: false }))).toContain(
      '0 coefficients',
    )
    expect(
      refusal(() =>
        randomSlope(
          x,
          y.map(() => NaN),
          z,
          groups,
        ),
      ),
    ).toContain('NaN')
    expect(
      refusal(() =>
        randomSlope(
          x,
          y,
          z.map(() => Infinity),
          groups,
        ),
      ),
    ).toContain('Infinity')
    expect(
      refusal(() =>
        randomSlope(
          x,
          y,
          groups.map((g) => 0.1 + g),
          groups,
        ),
      ),
    ).toContain('z varies within 0 of 6 groups')
    expect(
      refusal(() =>
        randomSlope(
          x,
          y,
          z,
          groups.map(() => 1),
        ),
      ),
    ).toContain('within 1 of 1 groups')
    expect(
      refusal(() =>
        randomSlope(
          x,
          y,
          z,
          groups.map((_, i) => Math.floor(i / 2)),
        ),
      ),
    ).toContain('within 12 of 12 groups of 24 rows')
    expect(refusal(() => randomSlope(matrixOfColumns([z, z]), y, z, groups))).toContain(
      'column 1 of X is a combination',
    )
    expect(
      refusal(() =>
        randomSlope(
          x,
          z.map((value) => 2 * value + 1),
          z,
          groups,
        ),
      ),
    ).toContain('explained without remainder')
    expect(
      refusal(() =>
        randomSlope(
          x,
          z.map((value, i) => (groups[i] ?? NaN) * value + 1),
          z,
          groups,
        ),
      ),
    ).toContain('nothing is left to vary')
  })
})

const multilevel = sharedData('mlmrev_exam_chem97_scotssec')

describe.runIf(multilevel)('randomSlope on the Exam set of lme4', () => {
  const rows = multilevel ? readRows(multilevel, 'csv/Exam.csv') : []
  const column = (name: string) => rows.map((row) => Number(row[name]))
  const [y, z, schools] = [column('normexam'), column('standLRT'), column('school')]
  const x = rows.length > 0 ? matrixOfColumns([z]) : matrix(0, 0)
  /** What lme4 prints of D, to its last digit. */
  const printed: Covariance = {
    varianceIntercept: 0.09044335,
    varianceSlope: 0.01453746,
    covarianceBetween: 0.01804029,
    varianceResidual: 0.55366,
  }

  it('prints the model with a slope of its own in every school', () => {
    const fit = randomSlope(x, y, z, schools, { method: 'ml' })
    expect(fit.deviance).toBeCloseTo(9316.871, 3)
    expect(fit.groups).toHaveLength(65)
    expect(fit.coefficients[0]).toBeCloseTo(-0.01151, 4)
    expect(fit.coefficients[1]).toBeCloseTo(0.55673, 5)
    expect(fit.standardErrors[0]).toBeCloseTo(0.03978, 5)
    expect(fit.standardErrors[1]).toBeCloseTo(0.01994, 5)
    expect(fit.varianceIntercept).toBeCloseTo(0.09044, 4)
    expect(Math.sqrt(fit.varianceIntercept)).toBeCloseTo(0.3007, 4)
    expect(fit.varianceSlope).toBeCloseTo(0.01454, 5)
    expect(Math.sqrt(fit.varianceSlope)).toBeCloseTo(0.1206, 4)
    expect(fit.covarianceBetween).toBeCloseTo(0.01804, 5)
    expect(fit.correlation).toBeCloseTo(0.4975, 4)
    expect(fit.varianceResidual).toBeCloseTo(0.55366, 5)
    expect(Math.sqrt(fit.varianceResidual)).toBeCloseTo(0.7441, 4)
  })

  it('prints every digit at the covariance where the search of lme4 stopped, which is not below its own', () => {
    const profile = slopeProfile(x, y, z, schools, true)
    const mean = z.reduce((sum, value) => sum + value, 0) / z.length
    const squares = z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / z.length
    const scale = 2 ** Math.round(Math.log2(squares) / 2)
    const ratio = 1 / printed.varianceResidual
    const { varianceIntercept, covarianceBetween, varianceSlope } = printed
    const first =
      ratio * (varianceIntercept + 2 * mean * covarianceBetween + mean * mean * varianceSlope)
    const both = ratio * scale * (covarianceBetween + mean * varianceSlope)
    const second = ratio * scale * scale * varianceSlope
    const a = Math.sqrt(first)
    const root = [a, both / a, Math.sqrt(second - both ** 2 / first)] as const
    const there = profile.at(root, false)
    const own = randomSlope(x, y, z, schools, { method: 'ml' }).deviance
    expect(there.deviance - own).toBeGreaterThan(0)
    expect(there.deviance - own).toBeLessThan(1e-6)
    const { coefficients, covariance } = profile.solution(root)
    expect(coefficients[0]?.toFixed(5)).toBe('-0.01151')
    expect(coefficients[1]?.toFixed(5)).toBe('0.55673')
    const within = there.rss / y.length
    expect(within.toFixed(5)).toBe('0.55366')
    expect(Math.sqrt(within * (covariance[0] ?? NaN)).toFixed(5)).toBe('0.03978')
    expect(Math.sqrt(within * (covariance[3] ?? NaN)).toFixed(5)).toBe('0.01994')
  })
})
