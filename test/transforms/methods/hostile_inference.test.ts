import { describe, expect, it } from 'vitest'
import { betaPrior, shrinkShares } from '../../../transforms/methods/statistics/beta_binomial.ts'
import { pChart } from '../../../transforms/methods/statistics/control_chart.ts'
import {
  effectiveNumber,
  fisherInterval,
  partialCorrelation,
  weightedPearson,
} from '../../../transforms/methods/statistics/correlation.ts'
import {
  differenceInDifferences,
  matchedDifferenceInDifferences,
} from '../../../transforms/methods/statistics/difference_in_differences.ts'
import {
  dispersion,
  exactLimits,
  funnelLimits,
  funnelZ,
  leaveOneOut,
  waldLimits,
} from '../../../transforms/methods/statistics/funnel.ts'
import {
  clopperPearson,
  levelOf,
  newcombe,
  pooledInterval,
  pooledWithinSd,
  tIntervalOf,
  wilson,
} from '../../../transforms/methods/statistics/interval.ts'
import { intraclassSpread } from '../../../transforms/methods/statistics/intraclass_spread.ts'
import { kappaInterval, weightedKappa } from '../../../transforms/methods/statistics/kappa.ts'
import { normalScores } from '../../../transforms/methods/statistics/normal_scores.ts'
import { commonSpread } from '../../../transforms/methods/statistics/ordered_probit.ts'
import { rankIntervals } from '../../../transforms/methods/statistics/rank_interval.ts'
import {
  empiricalLogit,
  inverseLogit,
  logarithms,
  logit,
  robustScale,
  winsorise,
} from '../../../transforms/methods/statistics/scaling.ts'
import { shareVariance, shrinkNormal } from '../../../transforms/methods/statistics/shrinkage.ts'
import { signTest } from '../../../transforms/methods/statistics/sign_test.ts'
import { autocorrelation, weightedMean } from '../../../transforms/methods/statistics/sums.ts'
import { theilSen } from '../../../transforms/methods/statistics/theil_sen.ts'
import { cohortVariance, curvature, slope } from '../../../transforms/methods/statistics/trend.ts'
import { type Calls, brokenBy, column, other } from './hostile.ts'

const calls: Calls = [
  ['wilson', (a, b) => wilson(a, b)],
  ['wilson at its multiplier', (a, b) => wilson(3, 20, a * b)],
  ['newcombe', (a, b) => newcombe({ successes: a, n: b }, { successes: 3, n: 9 })],
  ['clopperPearson', (a, b) => clopperPearson(a, b)],
  ['clopperPearson at its level', (a, b) => clopperPearson(3, 9, a + b)],
  ['tIntervalOf', (a, b) => tIntervalOf(a, b, 5)],
  ['tIntervalOf at its n', (a, b) => tIntervalOf(1, 2, a, b)],
  ['pooledInterval', (a, b) => pooledInterval(a, 5, b)],
  ['pooledInterval at its n', (a, b) => pooledInterval(1, a, 2, b)],
  ['pooledWithinSd', (a, b) => pooledWithinSd([[1, a, 3], [b], []])],
  ['levelOf', (a) => levelOf(a)],
  ['funnelLimits', (a, b) => funnelLimits({ target: a, n: b, dispersion: 2 })],
  [
    'funnelLimits by dispersion',
    (a, b) => funnelLimits({ target: 0.3, n: 25, dispersion: a, rest: b }),
  ],
  ['waldLimits', (a, b) => waldLimits({ target: 0.3, n: 25, dispersion: a, level: b })],
  ['exactLimits', (a, b) => exactLimits({ target: a, n: 25, dispersion: b })],
  ['funnelZ', (a, b) => funnelZ(a, { target: b, n: 25 })],
  [
    'leaveOneOut',
    (a, b) =>
      leaveOneOut([
        { successes: a, n: b },
        { successes: 1, n: 3 },
      ]),
  ],
  ['dispersion', (a, b) => dispersion([1, a, b], { seed: 1, draws: 400 })],
  [
    'dispersion by its options',
    (a, b) => dispersion([1, 2, 3], { seed: 1, share: a, draws: b > 400 ? 400 : b }),
  ],
  [
    'pChart',
    (a, b) =>
      pChart(
        [
          { successes: a, n: b },
          { successes: 2, n: 9 },
        ],
        { least: 2 },
      ),
  ],
  ['pChart by its multiplier', (a) => pChart([{ successes: 1, n: 9 }], { least: 1, z: a })],
  ['shareVariance', (a, b) => shareVariance(a, b)],
  ['shrinkNormal', (a, b) => shrinkNormal([1, a], [1, b], { mean: 2, tau2: 1, meanVariance: 0.1 })],
  [
    'shrinkNormal by its prior',
    (a, b) => shrinkNormal([1, 3], [1, 2], { mean: a, tau2: b, meanVariance: b }),
  ],
  [
    'betaPrior',
    (a, b) =>
      betaPrior([
        { successes: a, n: b },
        { successes: 1, n: 5 },
        { successes: 4, n: 9 },
      ]),
  ],
  [
    'shrinkShares',
    (a, b) =>
      shrinkShares(
        [{ successes: a, n: b }],
        betaPrior([
          { successes: 1, n: 5 },
          { successes: 8, n: 9 },
        ]),
      ),
  ],
  [
    'rankIntervals',
    (a, b) =>
      rankIntervals(
        [
          { value: a, se: b },
          { value: 1, se: 2 },
        ],
        { seed: 1, draws: 50 },
      ),
  ],
  ['weightedPearson', (a, b) => weightedPearson([1, 2, 3, 5], [2, 1, 4, 4], [a, b, 1, 1])],
  [
    'weightedPearson of values',
    (a, b) => weightedPearson(column(a, b), other(a, b), [1, 2, 1, 2, 1, 3]),
  ],
  [
    'partialCorrelation',
    (a, b) => partialCorrelation(column(a, b), other(a, b), [[3, 1, 4, 1, 5, 9]]),
  ],
  ['effectiveNumber', (a, b) => effectiveNumber([a, b, 1])],
  ['fisherInterval', (a, b) => fisherInterval(a, b)],
  ['fisherInterval by its multiplier', (a, b) => fisherInterval(0.3, 20, { z: a, widening: b })],
  [
    'differenceInDifferences',
    (a, b) => {
      const cell = { mean: 3, sd: 1, n: 9 }
      const { df, ...found } = differenceInDifferences({
        treatedBefore: { mean: a, sd: b, n: 4 },
        treatedAfter: cell,
        controlBefore: { mean: 3, sd: 1, n: 5 },
        controlAfter: { mean: b, sd: 0, n: 2 },
      })
      return [found, df > 0 ? 1 : NaN]
    },
  ],
  [
    'matchedDifferenceInDifferences',
    (a, b) => {
      const { df, ...found } = matchedDifferenceInDifferences(
        [a, 2, 3],
        [b, 1, 2],
        [[0], [1, 2], [0, 2]],
      )
      return [found, df > 0 ? 1 : NaN]
    },
  ],
  [
    'weightedKappa',
    (a, b) =>
      weightedKappa([
        [a, 1],
        [2, b],
      ]),
  ],
  [
    'kappaInterval',
    (a, b) =>
      kappaInterval([
        [a, 0],
        [0, b],
      ]),
  ],
  [
    'kappaInterval by its multiplier',
    (a) =>
      kappaInterval(
        [
          [4, 1],
          [2, 5],
        ],
        'quadratic',
        a,
      ),
  ],
  ['signTest', (a, b) => signTest(a, b)],
  ['weightedMean', (a, b) => weightedMean([a, 3, b], [1, 2, 3])],
  ['weightedMean by its weights', (a, b) => weightedMean([1, 3, 2], [a, b, 0])],
  ['autocorrelation', (a, b) => autocorrelation([1, a, b, 3])],
  [
    'slope',
    (a, b) =>
      slope(
        [
          { t: 0, value: a, se: 1 },
          { t: 1, value: b, se: 2 },
          { t: 2, value: 1, se: 1 },
        ],
        1,
      ),
  ],
  [
    'slope by its errors',
    (a, b) =>
      slope(
        [0, 1, 2, 3].map((t) => ({ t, value: t * t, se: t % 2 === 0 ? a : b })),
        0,
      ),
  ],
  [
    'slope by its times',
    (a, b) =>
      slope(
        [a, b, 5, 9].map((t, i) => ({ t, value: i * i, se: 1 })),
        1,
      ),
  ],
  [
    'curvature',
    (a, b) =>
      curvature(
        [a, b, 1].map((value, t) => ({ t, value, se: 1 })),
        2,
      ),
  ],
  [
    'cohortVariance',
    (a, b) => cohortVariance([[a, b, 1].map((value, t) => ({ t, value, se: 1 }))]),
  ],
  ['theilSen', (a, b) => theilSen([1, a, b, 3, 4].map((value, t) => ({ t, value })))],
  ['theilSen by its times', (a, b) => theilSen([1, a, b, 3, 4].map((t, value) => ({ t, value })))],
  [
    'commonSpread',
    (a, b) =>
      commonSpread(
        [
          [a, 1, 4],
          [3, b, 2],
        ],
        [1, 2, 1],
      ),
  ],
  ['normalScores', (a, b) => normalScores([a, b, 1])],
  ['winsorise', (a, b) => winsorise([1, a, 3, b], 0.1)],
  ['robustScale', (a, b) => robustScale([1, a, 3, b])],
  ['logit', (a) => logit(a)],
  ['inverseLogit', (a) => inverseLogit(a)],
  ['empiricalLogit', (a, b) => empiricalLogit(a, b)],
  ['logarithms', (a, b) => logarithms([a], b)],
  [
    'intraclassSpread',
    (a, b) =>
      intraclassSpread(
        [0.1, 0.2, 0.3, 0.2, b].map((target) => ({ successes: a, n: 12, target })),
        { seed: 1, draws: 50 },
      ),
  ],
]

describe.each(calls)('%s', (_, call) => {
  it('gives finite numbers or refuses, whatever numbers it gets', () => {
    expect(brokenBy(call)).toEqual([])
  })
})
