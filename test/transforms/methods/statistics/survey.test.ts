import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { linearRegression } from '../../../../transforms/methods/statistics/linear_regression.ts'
import { matrix, matrixOfColumns } from '../../../../transforms/methods/statistics/matrix.ts'
import { mean, standardDeviation } from '../../../../transforms/methods/statistics/sums.ts'
import {
  surveyMean,
  surveyQuantile,
  surveyRegression,
  surveyTotal,
} from '../../../../transforms/methods/statistics/survey.ts'
import type { SurveyDesign } from '../../../../transforms/methods/statistics/survey_design.ts'
import { near } from './near.ts'
import { permutation } from './points.ts'

const simple = (n: number, of?: number): SurveyDesign => ({
  weights: Array<number>(n).fill((of ?? n) / n),
  stages: [
    {
      units: Array.from({ length: n }, (_, i) => i),
      ...(of === undefined ? {} : { populations: Array<number>(n).fill(of) }),
    },
  ],
})
const values = [3, 8, 1, 9, 4, 4, 7]

describe('surveyMean', () => {
  it('is the mean with s/√n where units are drawn with replacement', () => {
    const found = surveyMean(values, simple(7))
    near(found.estimate, mean(values), 1e-15)
    near(found.se, standardDeviation(values) / Math.sqrt(7), 1e-14)
    expect(found.degreesOfFreedom).toBe(6)
  })

  it('has no error where all the units of the population were drawn', () => {
    expect(surveyMean(values, simple(7, 7)).se).toBe(0)
    near(
      surveyMean(values, simple(7, 28)).se,
      (Math.sqrt(3 / 4) * standardDeviation(values)) / Math.sqrt(7),
      1e-14,
    )
  })

  it('counts the units a stage holds as totals', () => {
    const design: SurveyDesign = {
      weights: [1, 1, 1, 1, 1, 1],
      stages: [{ units: [5, 5, 8, 8, 2, 2] }],
    }
    const found = surveyMean([1, 3, 4, 8, 2, 0], design)
    // Deviations of the units' totals from 2·3: −2, 6, −4, over 6 rows; 3/2 of their squares.
    near(found.se, Math.sqrt((3 / 2) * (4 + 36 + 16)) / 6, 1e-14)
    expect(found.degreesOfFreedom).toBe(2)
  })

  it('adds what the second stage hides, in the share of the first that was drawn', () => {
    const first = { units: [0, 0, 1, 1], populations: [2, 2, 2, 2] }
    const second = { units: [0, 1, 2, 3], populations: [4, 4, 4, 4] }
    const design = { weights: [2, 2, 2, 2], stages: [first, second] }
    // All the first stage is drawn, so only the second is chance: two strata of two out of four.
    const found = surveyTotal([1, 3, 10, 16], design)
    near(found.se, Math.sqrt(4 ** 2 * (1 - 2 / 4) * (2 / 2 + 18 / 2)), 1e-14)
  })

  it('keeps the rows outside a domain in the design', () => {
    const domain = values.map((_, i) => i < 3)
    const found = surveyMean(values, simple(7), domain)
    near(found.estimate, 4, 1e-15)
    // Influences (3 − 4, 8 − 4, 1 − 4, 0, 0, 0, 0)/3, seven units of mean 0.
    near(found.se, Math.sqrt((7 / 6) * ((1 + 16 + 9) / 9)), 1e-14)
    const holes = values.map((value, i) => (i < 3 ? value : NaN))
    expect(surveyMean(holes, simple(7), domain)).toEqual(found)
  })

  it('does not depend on the order of rows or a common factor of the weights', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.array(
          fc.record({
            value: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
            weight: fc.double({ min: 0.1, max: 50, noNaN: true }),
            unit: fc.integer({ min: 0, max: 5 }),
          }),
          { minLength: 8, maxLength: 30 },
        ),
        (seed, rows) => {
          fc.pre(new Set(rows.map(({ unit }) => unit)).size > 1)
          const of = (order: readonly number[], factor: number) => {
            const own = order.map((i) => rows[i] ?? { value: NaN, weight: NaN, unit: NaN })
            return surveyMean(
              own.map(({ value }) => value),
              {
                weights: own.map(({ weight }) => factor * weight),
                stages: [{ units: own.map(({ unit }) => unit) }],
              },
            )
          }
          const found = of([...rows.keys()], 1)
          expect(of(permutation(rows.length, seed), 1)).toEqual(found)
          expect(of([...rows.keys()], 4)).toEqual(found)
        },
      ),
    )
  })
})

describe('surveyQuantile', () => {
  it('is the smallest value at which the weights reach the share', () => {
    const design: SurveyDesign = { ...simple(4), weights: [1, 1, 2, 4] }
    const at = (p: number) => surveyQuantile([10, 20, 30, 40], p, design).estimate
    expect([0.1, 0.125, 0.126, 0.25, 0.5, 0.51, 0.99].map(at)).toEqual([10, 10, 20, 20, 30, 40, 40])
  })

  it('has an interval that holds it and stays among the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 40 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (sample, p) => {
          const { estimate, lo, hi, se } = surveyQuantile(sample, p, simple(sample.length))
          expect(lo).toBeLessThanOrEqual(estimate)
          expect(hi).toBeGreaterThanOrEqual(estimate)
          expect(se).toBeGreaterThanOrEqual(0)
          expect(sample).toContain(lo)
          expect(sample).toContain(hi)
        },
      ),
    )
  })
})

describe('surveyRegression', () => {
  const x = matrixOfColumns([[1, 2, 4, 5, 7, 11, 12, 15]])
  const y = [2, 1, 5, 3, 9, 8, 14, 13]

  it('has the coefficients and the sandwich of the linear regression, n/(n − 1) in place of n/(n − p)', () => {
    const found = surveyRegression(x, y, simple(8))
    const plain = linearRegression(x, y, { errors: 'hc1' })
    for (const j of [0, 1]) {
      near(found.coefficients[j] ?? NaN, plain.coefficients[j] ?? NaN, 1e-13)
      near(
        found.standardErrors[j] ?? NaN,
        (plain.standardErrors[j] ?? NaN) * Math.sqrt(8 / 7 / (8 / 6)),
        1e-12,
      )
    }
    expect(found.degreesOfFreedom).toBe(6)
  })

  it('is the mean without columns', () => {
    const found = surveyRegression(matrix(7, 0), values, simple(7))
    const { estimate, se } = surveyMean(values, simple(7))
    near(found.coefficients[0] ?? NaN, estimate, 1e-14)
    near(found.standardErrors[0] ?? NaN, se, 1e-13)
  })
})

describe('a survey', () => {
  const reasonOf = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      if (error instanceof StatisticsError) return error.reason
      throw error
    }
    return 'no refusal'
  }

  it('refuses what has no answer', () => {
    const design = simple(7)
    expect(reasonOf(() => surveyMean([], simple(0)))).toContain('0 rows')
    expect(reasonOf(() => surveyMean(values, { ...design, stages: [] }))).toContain('0 stages')
    expect(reasonOf(() => surveyMean(values, simple(6)))).toContain('6 and 7 rows')
    expect(reasonOf(() => surveyMean([NaN, ...values.slice(1)], design))).toContain('NaN')
    expect(
      reasonOf(() => surveyMean(values, { ...design, weights: [0, 1, 1, 1, 1, 1, 1] })),
    ).toContain('a weight is 0')
    expect(
      reasonOf(() =>
        surveyMean(
          values,
          design,
          values.map(() => false),
        ),
      ),
    ).toContain('no row in the domain')
    expect(reasonOf(() => surveyMean(values, design, [true]))).toContain('1 marks')
    expect(reasonOf(() => surveyMean(values, simple(7, 6)))).toContain('7 units of 6')
    const strata = [1, 1, 1, 1, 1, 1, 2]
    expect(
      reasonOf(() =>
        surveyMean(values, { ...design, stages: [{ units: [...values.keys()], strata }] }),
      ),
    ).toContain('one sampled unit')
    expect(
      reasonOf(() =>
        surveyMean(values, {
          ...design,
          stages: [{ units: [...values.keys()], populations: strata.map((s) => 10 * s) }],
        }),
      ),
    ).toContain('two sizes')
    expect(reasonOf(() => surveyQuantile(values, 0, design))).toContain('p is 0')
    expect(reasonOf(() => surveyQuantile([1], 0.5, simple(1, 1)))).toContain('no degree of freedom')
    const x = matrixOfColumns([values, values])
    expect(reasonOf(() => surveyRegression(x, values, design))).toContain('column 1 of X')
    expect(reasonOf(() => surveyRegression(matrix(3, 3), [1, 2, 3], simple(3)))).toContain(
      '4 coefficients',
    )
  })
})
