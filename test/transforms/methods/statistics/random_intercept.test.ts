import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { linearRegression } from '../../../../transforms/methods/statistics/linear_regression.ts'
import {
  matrix,
  matrixOf,
  matrixOfColumns,
  takeRows,
} from '../../../../transforms/methods/statistics/matrix.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { randomIntercept } from '../../../../transforms/methods/statistics/random_intercept.ts'
import { varianceComponents } from '../../../../transforms/methods/statistics/variance_components.ts'
import { sharedData } from '../../../support/shared-data.ts'
import { permutation } from './points.ts'
import { readRows } from './reference.ts'

const drawn = (count: number, size: number, between: number, seed: number) => {
  const draw = random(seed)
  const groups = Array.from({ length: count * size }, (_, i) => Math.floor(i / size))
  const effects = Array.from({ length: count }, () => draw.normal(0, between))
  const x = groups.map(() => draw.normal(3, 1))
  const y = groups.map((g, i) => 2 + 0.5 * (x[i] ?? NaN) + (effects[g] ?? NaN) + draw.normal())
  return { x: matrixOfColumns([x]), y, groups, effects }
}

/** −2 log L of y ~ N(Xβ, V) with V dense, by Gaussian elimination: the definition, for a few rows. */
const denseDeviance = (
  x: number[][],
  y: number[],
  groups: number[],
  fit: { coefficients: Float64Array; varianceBetween: number; varianceWithin: number },
): number => {
  const n = y.length
  const residual = y.map(
    (value, i) =>
      value - (x[i] ?? []).reduce((sum, v, j) => sum + v * (fit.coefficients[j] ?? NaN), 0),
  )
  const v = groups.map((g, i) =>
    groups.map((h, j) => (g === h ? fit.varianceBetween : 0) + (i === j ? fit.varianceWithin : 0)),
  )
  const rest = [...residual]
  let logs = 0
  let quadratic = 0
  for (let k = 0; k < n; k++) {
    const pivot = v[k]?.[k] ?? NaN
    logs += Math.log(pivot)
    quadratic += (rest[k] ?? NaN) ** 2 / pivot
    for (let i = k + 1; i < n; i++) {
      const factor = (v[i]?.[k] ?? NaN) / pivot
      const row = v[i] ?? []
      for (let j = k; j < n; j++) row[j] = (row[j] ?? NaN) - factor * (v[k]?.[j] ?? NaN)
      rest[i] = (rest[i] ?? NaN) - factor * (rest[k] ?? NaN)
    }
  }
  return n * Math.log(2 * Math.PI) + logs + quadratic
}

describe('randomIntercept', () => {
  it('gives the likelihood of the definition', () => {
    const { x, y, groups } = drawn(6, 5, 1.5, 21)
    const fit = randomIntercept(x, y, groups, { method: 'ml' })
    const design = Array.from({ length: 30 }, (_, i) => [1, x.values[i] ?? NaN])
    expect(fit.deviance).toBeCloseTo(denseDeviance(design, y, groups, fit), 9)
    for (const change of [0.99, 1.01]) {
      const worse = { ...fit, varianceBetween: fit.varianceBetween * change }
      expect(denseDeviance(design, y, groups, worse)).toBeGreaterThan(fit.deviance)
      const alsoWorse = { ...fit, varianceWithin: fit.varianceWithin * change }
      expect(denseDeviance(design, y, groups, alsoWorse)).toBeGreaterThan(fit.deviance)
    }
  })

  it('under REML equals the moments of the analysis of variance where groups are of one size', () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const { y, groups } = drawn(8, 6, 2, seed)
        const moments = varianceComponents(y, groups)
        const fit = randomIntercept(matrix(48, 0), y, groups)
        expect(fit.varianceBetween).toBeCloseTo(moments.varianceBetween, 9)
        expect(fit.varianceWithin).toBeCloseTo(moments.meanSquareWithin, 10)
        expect(fit.coefficients[0]).toBeCloseTo(moments.grandMean, 12)
      }),
      { numRuns: 30 },
    )
  })

  it('finds no variance between groups where group means differ less than chance would have it', () => {
    const y = [1, 2, 3, 4, 4, 3, 2, 1, 1, 4, 2, 3]
    const groups = [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]
    const x = matrixOfColumns([[1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 2, 1]])
    const fit = randomIntercept(x, y, groups)
    const plain = linearRegression(x, y)
    expect(fit.varianceBetween).toBe(0)
    expect([...fit.effects]).toEqual([0, 0, 0])
    plain.coefficients.forEach((b, j) => {
      expect(fit.coefficients[j]).toBeCloseTo(b, 13)
    })
    plain.standardErrors.forEach((se, j) => {
      expect(fit.standardErrors[j]).toBeCloseTo(se, 13)
    })
  })

  it('does not depend on the order of rows, and scales with y', () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const { x, y, groups } = drawn(5, 6, 1, seed)
        const straight = randomIntercept(x, y, groups)
        const order = permutation(30, seed)
        const take = (values: number[]) => order.map((i) => values[i] ?? NaN)
        const moved = randomIntercept(takeRows(x, order), take(y), take(groups))
        expect(moved).toEqual(straight)
        const taller = randomIntercept(
          x,
          y.map((value) => value * 4),
          groups,
        )
        expect(taller.varianceBetween).toBeCloseTo(straight.varianceBetween * 16, 7)
        expect(taller.coefficients[1]).toBeCloseTo((straight.coefficients[1] ?? NaN) * 4, 9)
      }),
      { numRuns: 30 },
    )
  })

  it('shrinks each group towards 0 and never past it', () => {
    const { x, y, groups } = drawn(10, 4, 1, 5)
    const fit = randomIntercept(x, y, groups)
    fit.shrinkage.forEach((share, g) => {
      expect(share).toBeGreaterThan(0)
      expect(share).toBeLessThan(1)
      expect(fit.predictionErrors[g]).toBeGreaterThan(fit.effectErrors[g] ?? NaN)
    })
    expect([...fit.groups]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('keeps its digits where y and x lie far from 0', () => {
    const { x, y, groups } = drawn(8, 5, 1, 7)
    const near = randomIntercept(x, y, groups)
    const far = randomIntercept(
      matrix(
        40,
        1,
        x.values.map((v) => v + 2 ** 20),
      ),
      y.map((v) => v + 2 ** 24),
      groups,
    )
    expect(far.varianceBetween).toBeCloseTo(near.varianceBetween, 6)
    expect(far.deviance).toBeCloseTo(near.deviance, 6)
  })

  it('refuses what has no answer', () => {
    const rows = matrix(4, 0)
    expect(() => randomIntercept(rows, [1, 2, 3, 5], [1, 1, 1, 1])).toThrow(/1 groups of 4/)
    expect(() => randomIntercept(rows, [1, 2, 3, 5], [1, 2, 3, 4])).toThrow(StatisticsError)
    expect(() => randomIntercept(rows, [1, 1, 5, 5], [1, 1, 2, 2])).toThrow(/vary within groups/)
    expect(() => randomIntercept(rows, [1, 1, 1, 1], [1, 1, 2, 2])).toThrow(/without remainder/)
    const flat = matrixOf([[3], [3], [3], [3], [3]])
    expect(() => randomIntercept(flat, [1, 2, 3, 5, 9], [1, 1, 2, 2, 2])).toThrow(/column 0 of X/)
  })
})

const multilevel = sharedData('mlmrev_exam_chem97_scotssec')

describe.runIf(multilevel)('randomIntercept on the London exam', () => {
  const folder = multilevel ?? ''
  const rows = multilevel ? readRows(folder, 'csv/Exam.csv') : []
  const numbers = (name: string) => rows.map((row) => Number(row[name]))
  const is = (name: string, value: string) => rows.map((row) => (row[name] === value ? 1 : 0))
  const y = numbers('normexam')
  const schools = numbers('school')
  const none = matrix(rows.length, 0)

  it('prints the null model of lme4', () => {
    const fit = randomIntercept(none, y, schools, { method: 'ml' })
    expect(fit.coefficients[0]).toBeCloseTo(-0.01317, 5)
    expect(fit.standardErrors[0]).toBeCloseTo(0.05363, 5)
    expect(fit.varianceBetween).toBeCloseTo(0.1686, 4)
    expect(fit.varianceWithin).toBeCloseTo(0.8478, 4)
    expect(fit.deviance).toBeCloseTo(11010.65, 2)
  })

  it('prints the model with the intake score', () => {
    const fit = randomIntercept(matrixOfColumns([numbers('standLRT')]), y, schools, {
      method: 'ml',
    })
    expect(fit.coefficients[0]).toBeCloseTo(0.002391, 6)
    expect(fit.coefficients[1]).toBeCloseTo(0.563371, 6)
    expect(fit.standardErrors[0]).toBeCloseTo(0.040023, 6)
    expect(fit.standardErrors[1]).toBeCloseTo(0.012465, 6)
    expect(fit.varianceBetween).toBeCloseTo(0.09213, 5)
    expect(fit.varianceWithin).toBeCloseTo(0.56573, 5)
    expect(fit.deviance).toBeCloseTo(9357.243, 3)
  })

  it('prints the model with sex and kind of school', () => {
    const x = matrixOfColumns([
      numbers('standLRT'),
      is('sex', 'M'),
      is('schgend', 'boys'),
      is('schgend', 'girls'),
    ])
    const fit = randomIntercept(x, y, schools, { method: 'ml' })
    const betas = [-0.0009221, 0.5599642, -0.1672282, 0.1776197, 0.1589596]
    const errors = [0.0543297, 0.0124436, 0.0340818, 0.1107533, 0.0872548]
    betas.forEach((beta, j) => {
      expect(fit.coefficients[j]).toBeCloseTo(beta, 7)
    })
    errors.forEach((se, j) => {
      expect(fit.standardErrors[j]).toBeCloseTo(se, 7)
    })
    expect(fit.varianceBetween).toBeCloseTo(0.08111, 5)
    expect(fit.varianceWithin).toBeCloseTo(0.56227, 5)
    expect(fit.deviance).toBeCloseTo(9325.4, 1)
  })

  it('gives the residuals of schools, their errors and shrinkage', () => {
    const fit = randomIntercept(none, y, schools, { method: 'ml' })
    const expected = readRows(folder, 'reference_exam_null_model_residuals.csv')
    expect(expected).toHaveLength(65)
    for (const row of expected) {
      const g = fit.groups.indexOf(Number(row['school']))
      expect(fit.effects[g]).toBeCloseTo(Number(row['eb_residual']), 7)
      expect(fit.effectErrors[g]).toBeCloseTo(Number(row['post_se']), 7)
      expect(fit.shrinkage[g]).toBeCloseTo(Number(row['shrinkage']), 7)
    }
  })

  it('gives the value added of schools and its errors', () => {
    const fit = randomIntercept(matrixOfColumns([numbers('standLRT')]), y, schools, {
      method: 'ml',
    })
    const expected = readRows(folder, 'reference_exam_value_added_residuals.csv')
    expect(expected).toHaveLength(65)
    for (const row of expected) {
      const g = fit.groups.indexOf(Number(row['school']))
      expect(fit.effects[g]).toBeCloseTo(Number(row['value_added_residual']), 8)
      expect(fit.effectErrors[g]).toBeCloseTo(Number(row['post_se']), 8)
    }
  })
})

const timss = sharedData('timss2007_g8_russia')

describe.runIf(timss)('randomIntercept on TIMSS 2007, Russia', () => {
  it('prints the variances and the share between schools', () => {
    const rows = readRows(timss ?? '', 'reference_student_totals.csv.gz').filter(
      (row) => row['math_share'] !== 'NA' && row['math_share'] !== '',
    )
    expect(rows).toHaveLength(4471)
    const y = rows.map((row) => Number(row['math_share']))
    const schools = rows.map((row) => Number(row['school']))
    const fit = randomIntercept(matrix(rows.length, 0), y, schools, { method: 'ml' })
    expect(fit.coefficients[0]).toBeCloseTo(0.513199, 6)
    expect(fit.standardErrors[0]).toBeCloseTo(0.009369, 6)
    expect(fit.varianceBetween).toBeCloseTo(0.0164, 5)
    expect(fit.varianceWithin).toBeCloseTo(0.03436, 5)
    expect(fit.intraclassCorrelation).toBeCloseTo(0.323106, 5)
    expect(fit.deviance).toBeCloseTo(-1898.4, 1)
    expect(fit.groups).toHaveLength(210)
  })
})
