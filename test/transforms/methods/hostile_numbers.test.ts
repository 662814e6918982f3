import { describe, expect, it } from 'vitest'
import { recheck } from '../../../transforms/methods/education/recheck.ts'
import { leastSquaresLine } from '../../../transforms/methods/education/line.ts'
import { meanExcess } from '../../../transforms/methods/education/mean_excess.ts'
import { measureEffect } from '../../../transforms/methods/education/measure_effect.ts'
import { gradeJump } from '../../../transforms/methods/education/ridit_marker.ts'
import { trendOf } from '../../../transforms/methods/education/trend_class.ts'
import { valueAdded } from '../../../transforms/methods/education/value_added.ts'
import { pearson, spearman } from '../../../transforms/methods/statistics/correlation.ts'
import { pairedDifferenceInDifferences } from '../../../transforms/methods/statistics/difference_in_differences.ts'
import { StatisticsError } from '../../../transforms/methods/statistics/errors.ts'
import { dispersion, winsorisedMeanSquare } from '../../../transforms/methods/statistics/funnel.ts'
import { tInterval } from '../../../transforms/methods/statistics/interval.ts'
import { kMeans } from '../../../transforms/methods/statistics/kmeans.ts'
import { linearRegression } from '../../../transforms/methods/statistics/linear_regression.ts'
import { mannKendall } from '../../../transforms/methods/statistics/mann_kendall.ts'
import { matrix } from '../../../transforms/methods/statistics/matrix.ts'
import { polynomialRegression } from '../../../transforms/methods/statistics/polynomial_regression.ts'
import { firstPrincipalComponent } from '../../../transforms/methods/statistics/principal_component.ts'
import { randomIntercept } from '../../../transforms/methods/statistics/random_intercept.ts'
import { robustScores, standardScores } from '../../../transforms/methods/statistics/scaling.ts'
import { derSimonianLaird, shrinkNormal } from '../../../transforms/methods/statistics/shrinkage.ts'
import { mean, quantile, variance } from '../../../transforms/methods/statistics/sums.ts'
import { theilSen } from '../../../transforms/methods/statistics/theil_sen.ts'
import { slope } from '../../../transforms/methods/statistics/trend.ts'
import { varianceComponents } from '../../../transforms/methods/statistics/variance_components.ts'
import { wardTree } from '../../../transforms/methods/statistics/ward.ts'

const samples: readonly (readonly [string, readonly number[]])[] = [
  ['no numbers', []],
  ['one number', [3]],
  ['two numbers', [1, 2]],
  ['equal numbers', [2, 2, 2, 2, 2, 2]],
  ['numbers near the largest', [1e308, -1e308, 9e307, 1e308, -5e307, 3e307]],
  ['numbers whose squares overflow', [1e200, -2e200, 3e200, 5e199, -1e200, 2e200]],
  ['numbers whose squares vanish', [1e-200, -2e-200, 3e-200, 5e-199, -1e-200, 2e-200]],
  ['numbers near the smallest', [1e-310, 2e-310, 5e-324, 3e-310, 1e-311, 0]],
  ['numbers far from 0 and close together', [1e15 + 1, 1e15 + 2, 1e15 + 3, 1e15 + 5, 1e15]],
  ['numbers of all sizes', [1e-300, 1e300, 1, -1, 0, 5]],
  ['one number far away', [1, 2, 3, 4, 5, 1e100]],
]
const notNumbers = [
  [1, NaN, 3, 4, 5, 6],
  [1, Infinity, 3, 4, 5, 6],
]

const steps = (values: readonly number[]): number[] => values.map((_, i) => (i * 7) % 5)
const series = (values: readonly number[]) => values.map((value, t) => ({ t, value, se: 1 }))
const column = (values: readonly number[]) => matrix(values.length, 1, Float64Array.from(values))
const plane = (values: readonly number[]) =>
  matrix(values.length, 2, Float64Array.from(values.flatMap((value, i) => [value, i % 3])))
const thirds = (values: readonly number[]): number[] => values.map((_, i) => i % 3)

const methods: readonly (readonly [string, (values: readonly number[]) => unknown])[] = [
  ['mean', mean],
  ['variance', variance],
  ['quantile', (values) => quantile(values, 0.3)],
  ['tInterval', tInterval],
  ['pearson', (values) => pearson(values, steps(values))],
  ['spearman', (values) => spearman(values, steps(values))],
  ['slope of values', (values) => slope(series(values), 1)],
  [
    'slope by errors',
    (values) =>
      slope(
        values.map((se, t) => ({ t, value: t, se: Math.abs(se) })),
        0,
      ),
  ],
  ['theilSen', (values) => theilSen(series(values))],
  ['mannKendall', (values) => mannKendall(series(values))],
  ['standardScores', standardScores],
  ['robustScores', robustScores],
  ['winsorisedMeanSquare', (values) => winsorisedMeanSquare(values)],
  ['dispersion', (values) => dispersion(values, { seed: 1, draws: 400 })],
  ['linearRegression on values', (values) => linearRegression(column(steps(values)), values)],
  ['linearRegression by values', (values) => linearRegression(column(values), steps(values))],
  ['HC3', (values) => linearRegression(column(steps(values)), values, { errors: 'hc3' })],
  ['polynomialRegression', (values) => polynomialRegression(values, steps(values), 1)],
  [
    'randomIntercept',
    (values) => randomIntercept(matrix(values.length, 0), values, thirds(values)),
  ],
  ['varianceComponents', (values) => varianceComponents(values, thirds(values))],
  [
    'paired difference in differences',
    (values) => pairedDifferenceInDifferences(values, steps(values)),
  ],
  ['kMeans', (values) => kMeans(plane(values), 2, { seed: 1 })],
  ['wardTree', (values) => wardTree(plane(values))],
  ['firstPrincipalComponent', (values) => firstPrincipalComponent(plane(values))],
  [
    'empirical Bayes of values',
    (values) => {
      const ones = values.map(() => 1)
      return shrinkNormal(values, ones, derSimonianLaird(values, ones))
    },
  ],
  [
    'empirical Bayes by variances',
    (values) => {
      const variances = values.map(Math.abs)
      return shrinkNormal(steps(values), variances, derSimonianLaird(steps(values), variances))
    },
  ],
  [
    'valueAdded',
    (values) =>
      valueAdded({ outcome: values, prior: steps(values), schools: values.map((_, i) => i % 2) }),
  ],
]

const hasNaN = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isNaN(value)
    : ArrayBuffer.isView(value)
      ? Array.from(value as Float64Array).some(Number.isNaN)
      : typeof value === 'object' && value !== null && Object.values(value).some(hasNaN)

/** What came of the call: 'answer', 'NaN', or the typed error. */
const outcome = (call: () => unknown): string => {
  try {
    return hasNaN(call()) ? 'NaN' : 'answer'
  } catch (error) {
    if (error instanceof StatisticsError) return 'refusal'
    throw error
  }
}

describe.each(methods)('%s', (_, method) => {
  it.each(samples)('gives a number or refuses: %s', (_name, values) => {
    expect(outcome(() => method(values))).not.toBe('NaN')
  })

  it('refuses what is not a finite number', () => {
    for (const values of notNumbers) expect(outcome(() => method(values))).toBe('refusal')
  })
})

describe('rules of education', () => {
  const ridit = { value: 0.5, n: 20, variance: 0.07 }
  const prior = {
    mean: 50,
    meanVariance: 1,
    tau2: 36,
    cohortVariance: 9,
    change: 1,
    changeVariance: 0,
  }
  const guard = { isAdvanced: false, isConfirmed: false }

  it.each<readonly [string, () => unknown]>([
    [
      'no works checked twice',
      () => recheck([], 20, { minimumWorks: 10, meanFrom: 0, changedBy: 0, changedFrom: 0 }),
    ],
    [
      'a weight of 0',
      () =>
        leastSquaresLine([
          { x: 1, y: 2, weight: 0 },
          { x: 2, y: 3, weight: 1 },
        ]),
    ],
    ['a negative cohort variance', () => gradeJump(ridit, ridit, -1, { minimumN: 10, z: 2.58 })],
    [
      'a mean that is not a number',
      () =>
        meanExcess({ mean: NaN, n: 9 }, { mean: 1, sd: 1, n: 9 }, guard, {
          minimumN: 10,
          effectAbove: 0.5,
        }),
    ],
    [
      'a change that is not a number',
      () => measureEffect({ value: 1, se: 1 }, { value: 2, se: 1 }, { ...prior, change: NaN }),
    ],
    [
      'a series without years',
      () =>
        trendOf([], 9, {
          significanceZ: 1.96,
          materialChange: 5,
          stableInterval: 2,
          minimumN: 10,
          better: 'higher',
        }),
    ],
  ])('refuse %s', (_, call) => {
    expect(outcome(call)).toBe('refusal')
  })
})
