import { describe, expect, it } from 'vitest'
import { measureEffect } from '../../../transforms/methods/education/measure_effect.ts'
import { valueAdded } from '../../../transforms/methods/education/value_added.ts'
import {
  partialCorrelation,
  pearson,
  spearman,
  weightedPearson,
} from '../../../transforms/methods/statistics/correlation.ts'
import {
  matchedDifferenceInDifferences,
  pairedDifferenceInDifferences,
} from '../../../transforms/methods/statistics/difference_in_differences.ts'
import { gowerDistances } from '../../../transforms/methods/statistics/gower.ts'
import { pooledWithinSd, tInterval } from '../../../transforms/methods/statistics/interval.ts'
import { kMeans } from '../../../transforms/methods/statistics/kmeans.ts'
import { linearRegression } from '../../../transforms/methods/statistics/linear_regression.ts'
import { matrix, matrixOfColumns } from '../../../transforms/methods/statistics/matrix.ts'
import { polynomialRegression } from '../../../transforms/methods/statistics/polynomial_regression.ts'
import { firstPrincipalComponent } from '../../../transforms/methods/statistics/principal_component.ts'
import { random } from '../../../transforms/methods/statistics/random.ts'
import { randomIntercept } from '../../../transforms/methods/statistics/random_intercept.ts'
import { rankIntervals } from '../../../transforms/methods/statistics/rank_interval.ts'
import { robustScores, standardScores } from '../../../transforms/methods/statistics/scaling.ts'
import { derSimonianLaird, shrinkNormal } from '../../../transforms/methods/statistics/shrinkage.ts'
import { silhouetteOfPoints } from '../../../transforms/methods/statistics/silhouette.ts'
import {
  autocorrelation,
  variance,
  weightedMean,
} from '../../../transforms/methods/statistics/sums.ts'
import { theilSen } from '../../../transforms/methods/statistics/theil_sen.ts'
import { cohortVariance, curvature, slope } from '../../../transforms/methods/statistics/trend.ts'
import { varianceComponents } from '../../../transforms/methods/statistics/variance_components.ts'
import { cutTree, wardTree } from '../../../transforms/methods/statistics/ward.ts'

/** Above 10⁹; a shift by it is exact for the values below, which are multiples of 1/64, so what is lost is lost by the method. */
const SHIFT = 2 ** 30
const source = random(1979)
const drawn = Array.from({ length: 24 }, () => Math.round(64 * source.normal(50, 8)) / 64)
const other = drawn.map((value) => Math.round(64 * (value / 2 + source.normal(0, 3))) / 64)
const third = drawn.map((_, i) => (i * i) % 7)
const groups = drawn.map((_, i) => i % 6)
const weights = drawn.map((_, i) => 1 + (i % 3))
const series = (values: readonly number[]) =>
  values.slice(0, 6).map((value, t) => ({ t, value, se: 1 + (t % 2) }))

/** Numbers that a common shift of the first row leaves as they are; `shift` takes a number that moves with it back. */
const methods: readonly (readonly [
  string,
  (values: readonly number[], shift: number) => ArrayLike<number>,
])[] = [
  ['variance', (x) => [variance(x), autocorrelation(x)]],
  ['weightedMean', (x, shift) => [weightedMean(x, weights) - shift]],
  ['tInterval', (x, shift) => [tInterval(x).lo - shift, tInterval(x).hi - shift]],
  ['pooledWithinSd', (x) => [pooledWithinSd([x.slice(0, 9), x.slice(9)])]],
  ['pearson', (x) => [pearson(x, other).r, pearson(other, x).p ?? NaN]],
  ['spearman', (x) => [spearman(x, other).r]],
  ['weightedPearson', (x) => [weightedPearson(x, other, weights).r]],
  ['partialCorrelation', (x) => [partialCorrelation(x, other, [third]).r]],
  ['partialCorrelation of a control', (x) => [partialCorrelation(third, other, [x]).r]],
  ['slope', (x) => [slope(series(x), 1).slope, slope(series(x), 1).z]],
  ['theilSen', (x) => [theilSen(series(x)).slope, theilSen(series(x)).interval?.lo ?? NaN]],
  ['curvature', (x) => [curvature(series(x).slice(0, 3), 1).difference]],
  ['cohortVariance', (x) => [cohortVariance([series(x)]).variance]],
  [
    'empirical Bayes',
    (x, shift) => {
      const prior = derSimonianLaird(x, weights)
      return [
        prior.tau2,
        prior.mean - shift,
        ...shrinkNormal(x, weights, prior).flatMap(({ value, se }) => [value - shift, se]),
      ]
    },
  ],
  [
    'rankIntervals',
    (x) =>
      rankIntervals(
        x.map((value) => ({ value, se: 2 })),
        { seed: 1, draws: 200 },
      ).map(({ rank, lo, hi }) => rank + 100 * lo + 10_000 * hi),
  ],
  ['paired difference', (x, shift) => [pairedDifferenceInDifferences(x, other).lo - shift]],
  [
    'matched difference',
    (x, shift) => {
      const found = matchedDifferenceInDifferences(x.slice(0, 3), other, [[0, 1], [2], [3, 4]])
      return [found.estimate - shift, found.se]
    },
  ],
  ['standardScores', (x) => standardScores(x)],
  ['robustScores', (x) => robustScores(x)],
  [
    'linearRegression of y',
    (x) => linearRegression(matrixOfColumns([other, third]), x).standardErrors,
  ],
  [
    'linearRegression on x',
    (x) => linearRegression(matrixOfColumns([x, third]), other).coefficients.slice(1),
  ],
  [
    'HC3 on x',
    (x) =>
      linearRegression(matrixOfColumns([x, third]), other, { errors: 'hc3' }).standardErrors.slice(
        1,
      ),
  ],
  ['polynomialRegression', (x) => polynomialRegression(x, other, 2).residuals],
  [
    'varianceComponents',
    (x) => {
      const { meanSquareBetween, meanSquareWithin } = varianceComponents(x, groups)
      return [meanSquareBetween, meanSquareWithin]
    },
  ],
  [
    'randomIntercept',
    (x) => {
      const fit = randomIntercept(matrixOfColumns([third]), x, groups)
      return [fit.varianceBetween, fit.varianceWithin, ...fit.effects]
    },
  ],
  [
    'valueAdded of outcomes',
    (x) =>
      valueAdded({ outcome: x, prior: other, schools: groups }).schools.map(({ value }) => value),
  ],
  [
    'valueAdded by priors',
    (x) => valueAdded({ outcome: other, prior: x, schools: groups }).schools.map(({ lo }) => lo),
  ],
  [
    'measureEffect',
    (x, shift) => {
      const [before = 0, after = 0] = x
      const prior = {
        mean: shift + 50,
        meanVariance: 1,
        tau2: 36,
        cohortVariance: 9,
        change: 1,
        changeVariance: 0,
      }
      return [measureEffect({ value: before, se: 2 }, { value: after, se: 2 }, prior).effect]
    },
  ],
  ['kMeans', (x) => kMeans(matrixOfColumns([x, other]), 3, { seed: 1 }).labels],
  ['ward', (x) => cutTree(wardTree(matrixOfColumns([x, other])), 4)],
  ['silhouette', (x) => silhouetteOfPoints(matrixOfColumns([x, other]), groups).values],
  ['gower', (x) => gowerDistances([{ kind: 'numeric', values: x }]).values],
  ['principal component', (x) => firstPrincipalComponent(matrixOfColumns([x, other])).scores],
  ['random intercept without columns', (x) => [randomIntercept(matrix(24, 0), x, groups).deviance]],
]

describe('a shift of 2³⁰', () => {
  it.each(methods)('changes no digit before the ninth: %s', (_, method) => {
    const here = method(drawn, 0)
    const far = method(
      drawn.map((value) => value + SHIFT),
      SHIFT,
    )
    expect(far.length).toBe(here.length)
    Array.from(here).forEach((value, i) => {
      // A result that is moved back is known to an ulp of the shift, 2⁻²².
      expect(Math.abs((far[i] ?? NaN) - value)).toBeLessThan(1e-9 * Math.abs(value) + 2 ** -21)
    })
  })
})
