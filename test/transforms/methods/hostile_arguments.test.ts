import { describe, expect, it } from 'vitest'
import { decomposeChange } from '../../../transforms/methods/statistics/composition.ts'
import * as distributions from '../../../transforms/methods/statistics/distributions.ts'
import { StatisticsError } from '../../../transforms/methods/statistics/errors.ts'
import { leaveOneOut } from '../../../transforms/methods/statistics/funnel.ts'
import { wilson } from '../../../transforms/methods/statistics/interval.ts'
import { linearRegression } from '../../../transforms/methods/statistics/linear_regression.ts'
import { matrix } from '../../../transforms/methods/statistics/matrix.ts'
import { stouffer } from '../../../transforms/methods/statistics/multiple_testing.ts'
import { normalScoreMean } from '../../../transforms/methods/statistics/normal_scores.ts'
import { orderedProbit } from '../../../transforms/methods/statistics/ordered_probit.ts'
import { ridit, riditDifference } from '../../../transforms/methods/statistics/ridit.ts'
import { absenceOfWeak } from '../../../transforms/methods/education/participation_marker.ts'
import { dynamicsOfTwos } from '../../../transforms/methods/education/attainment.ts'
import { biasIndex, type MarkerName } from '../../../transforms/methods/education/bias_index.ts'
import { comparabilityKey } from '../../../transforms/methods/education/comparability.ts'
import { headScorecard } from '../../../transforms/methods/education/head_scorecard.ts'
import { journalMatrix } from '../../../transforms/methods/education/journal_marker.ts'
import { levelStatus } from '../../../transforms/methods/education/level_rule.ts'
import { measureEffect } from '../../../transforms/methods/education/measure_effect.ts'
import { resilienceClass } from '../../../transforms/methods/education/resilience.ts'
import { severityOfZ } from '../../../transforms/methods/education/severity.ts'
import { pooledResidual } from '../../../transforms/methods/education/value_added.ts'
import { wellbeingIndex } from '../../../transforms/methods/education/wellbeing_index.ts'

const isBad = (value: unknown): boolean =>
  typeof value === 'number'
    ? !Number.isFinite(value)
    : ArrayBuffer.isView(value)
      ? Array.from(value as Float64Array).some(isBad)
      : typeof value === 'object' && value !== null && Object.values(value).some(isBad)

/** «a number», «not a finite number» or «refusal». */
const outcome = (call: () => unknown): string => {
  try {
    return isBad(call()) ? 'not a finite number' : 'a number'
  } catch (error) {
    if (error instanceof StatisticsError) return 'refusal'
    throw error
  }
}

const extremes = [
  5e-324, 1e-310, 1e-200, 1e-9, 1e-3, 0.05, 0.999, 1, 3.5, 30, 1e3, 1e7, 9e15, 1e100, 1e308,
]
const d = distributions
const functions: readonly (readonly [string, (a: number, b: number) => unknown])[] = [
  ['t quantile', (a, b) => d.tQuantile(a, b)],
  ['t distribution', (a, b) => d.tCdf(a, b)],
  ['χ² distribution', (a, b) => d.chiSquaredCdf(a, b)],
  ['χ² tail', (a, b) => d.chiSquaredTail(a, b)],
  ['χ² quantile', (a, b) => d.chiSquaredQuantile(a, b)],
  ['beta distribution', (a, b) => d.betaCdf(0.3, a, b)],
  ['beta quantile', (a, b) => d.betaQuantile(0.001, a, b)],
  ['log beta', (a, b) => d.logBeta(a, b)],
  ['beta-binomial masses', (a, b) => d.betaBinomialMasses(5, a, b)],
  ['beta-binomial quantile', (a, b) => d.betaBinomialQuantile(0.3, 5, a, b)],
  ['Wilson interval', (a) => wilson(25, 30, a)],
  ['ridit', (a, b) => ridit([a, b, 1], [1, b, a])],
  [
    'ridit difference',
    (a, b) => riditDifference({ value: 0.5, n: a, variance: b }, { value: 0.4, n: b, variance: a }),
  ],
  ['normal score mean', (a, b) => normalScoreMean([a, b, 1], [1, b, a])],
  ['Stouffer', (a, b) => stouffer([a, b, -1], [b, a, 1])],
  ['ordered probit', (a, b) => withoutBounds([a, b, 1, 1], [1, b, a, 2], 1)],
  ['ordered probit by spread', (a) => withoutBounds([30, 1000, 1, 30], [31, 13, 4, 1001], a)],
  ['ordered probit, free', (a, b) => withoutBounds([30, a, b, 30], [31, 13, 4, 1001], 'free')],
  [
    'decomposition',
    (a, b) =>
      decomposeChange([
        { before: { weight: a, value: b }, after: { weight: b, value: a } },
        { before: { weight: b, value: -a }, after: { weight: 1, value: -b } },
      ]),
  ],
  [
    'weighted regression',
    (a, b) => {
      const { coefficients, standardErrors } = linearRegression(
        matrix(5, 1, Float64Array.of(1, 2, 3, 4, 6)),
        [1, b, 2, 5, 3],
        { weights: [a, b, 1, a, 2] },
      )
      return { coefficients, standardErrors }
    },
  ],
]

const withoutBounds = (
  counts: readonly number[],
  shares: readonly number[],
  spread: number | 'free',
) => {
  const found = orderedProbit(counts, shares, { spread })
  return found.kind === 'estimate' ? found : 0
}

describe.each(functions)('%s', (_, call) => {
  it('gives a finite number or refuses, whatever the sizes of its arguments', () => {
    const wrong = extremes.flatMap((a) =>
      extremes.flatMap((b) =>
        outcome(() => call(a, b)) === 'not a finite number' ? [[a, b]] : [],
      ),
    )
    expect(wrong).toEqual([])
  })
})

describe('what makes no sense', () => {
  const scorecard = (se: number, weight: number) => () =>
    headScorecard(
      [{ group: 'a', value: 0.5, se, from: 0, to: 1 }],
      { isClosed: false, attainmentGroups: new Set(), objectivityGroup: 'b' },
      {
        weights: new Map([['a', weight]]),
        leastWeight: 0.6,
        bands: [0.5],
        bootstraps: 5,
        weightChange: 0.5,
        seed: 1,
      },
    )
  const resilient = (years: number, rank: number) => () =>
    resilienceClass(
      {
        wellbeingRank: rank,
        resultRank: 0.5,
        residuals: [1, 1],
        pooled: { lo: 1, hi: 2 },
        objectivityFlags: 0,
      },
      { adverseTo: 0.25, highFrom: 0.67, residualFrom: 0.5, years },
    )
  const levels = {
    basic: { sufficientFrom: 0.6, insufficientBelow: 0.57 },
    advanced: { sufficientFrom: 0.3, insufficientBelow: 0.285 },
    high: { sufficientFrom: 0.3, insufficientBelow: 0.285 },
  }
  const weights = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`O${String(i + 1)}`, 1]),
  ) as Readonly<Record<MarkerName, number>>

  it.each<readonly [string, () => unknown]>([
    [
      'five successes of three',
      () => leaveOneOut([5, 1].map((successes) => ({ successes, n: 3 }))),
    ],
    ['residuals without weights', () => pooledResidual([1, 2, 3], [1, 1])],
    [
      'twice as many participants as pupils',
      () =>
        absenceOfWeak(
          { enrolled: 20, participants: [40], journal: null },
          { minimumEnrolled: 10, participationBelow: 0.9, differenceAbove: 0.15 },
        ),
    ],
    ['shares that are not numbers', () => dynamicsOfTwos(NaN, 0.2, 0.02)],
    ['a completion that is not a number', () => levelStatus(NaN, 'basic', levels)],
    ['a z that is not a number', () => severityOfZ(NaN, { from: 1.96, to: 3.09 })],
    ['a negative standard error of a head', scorecard(-1, 1)],
    ['a weight that is not a number', scorecard(1, NaN)],
    [
      'a negative standard error of a measure',
      () =>
        measureEffect(
          { value: 1, se: -1 },
          { value: 2, se: 1 },
          {
            mean: 50,
            meanVariance: 1,
            tau2: 36,
            cohortVariance: 9,
            change: 0,
            changeVariance: 0,
          },
        ),
    ],
    [
      'negative counts of marks',
      () =>
        journalMatrix([
          [5, -1],
          [2, 3],
        ]),
    ],
    [
      'a marker without a weight',
      () =>
        biasIndex(new Map([['O99' as MarkerName, 1]]), {
          weights,
          leastMarkers: 1,
          mediumFrom: 25,
          highFrom: 50,
        }),
    ],
    ['no years of resilience', resilient(0, 0.2)],
    ['a rank that is not a number', resilient(2, NaN)],
  ])('is refused: %s', (_, call) => {
    expect(outcome(call)).toBe('refusal')
  })

  it('does not make an index of well-being leave 0–100', () => {
    const inputs = [0.1, 0.2, 0.7].map((share, k) => ({
      name: `share ${String(k)}`,
      favourable: k !== 1,
      values: Array.from({ length: 40 }, (_, i) => share * Math.sin(i * (k + 1)) ** 2),
    }))
    const { values } = wellbeingIndex(inputs, new Int32Array(40), null, {
      weighting: 'equal',
      regressionFrom: 60,
      mostMissing: 0.3,
      scale: 'minmax',
    })
    expect(Math.max(...values.map((value) => value ?? 0))).toBeLessThanOrEqual(100)
    expect(Math.min(...values.map((value) => value ?? 0))).toBeGreaterThanOrEqual(0)
  })

  it('gives different tests different keys though their names hold the separator', () => {
    const test = { level: 'b', programmeGrade: '5', version: 1, season: 'spring' }
    expect(comparabilityKey({ ...test, procedure: 'x|y', subject: 'z' })).not.toBe(
      comparabilityKey({ ...test, procedure: 'x', subject: 'y|z' }),
    )
    expect(comparabilityKey({ ...test, procedure: 'x', subject: 'z' })).toBe('x|z|b|5|v1|spring')
  })
})
