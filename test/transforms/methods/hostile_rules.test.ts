import { describe, expect, it } from 'vitest'
import { markSummary } from '../../../transforms/methods/education/attainment.ts'
import {
  bunching,
  hasBoundaryGap,
} from '../../../transforms/methods/education/boundary_bunching.ts'
import { destinationRates } from '../../../transforms/methods/education/destinations.ts'
import { easyHardInversion } from '../../../transforms/methods/education/easy_hard.ts'
import { indicatorScore } from '../../../transforms/methods/education/head_scorecard.ts'
import { implausibleTails } from '../../../transforms/methods/education/implausible_tails.ts'
import { leastSquaresLine } from '../../../transforms/methods/education/line.ts'
import { lowResults } from '../../../transforms/methods/education/low_results.ts'
import { measureEffect } from '../../../transforms/methods/education/measure_effect.ts'
import { medalBreadth, medalZone } from '../../../transforms/methods/education/medal_index.ts'
import {
  homeJuryEffect,
  olympiadConfirmation,
  weightedAchievements,
} from '../../../transforms/methods/education/olympiad_index.ts'
import { environmentRating } from '../../../transforms/methods/education/preschool_quality.ts'
import { recheck } from '../../../transforms/methods/education/recheck.ts'
import { cohortDrop, gradeJump } from '../../../transforms/methods/education/ridit_marker.ts'
import { equivalentZ, severityOfP } from '../../../transforms/methods/education/severity.ts'
import { noiseOfUnit } from '../../../transforms/methods/education/trend_class.ts'
import { cohortValueAdded, valueAdded } from '../../../transforms/methods/education/value_added.ts'
import { type Calls, brokenBy, column, halves, other } from './hostile.ts'

const calls: Calls = [
  [
    'markSummary',
    (a, b) =>
      markSummary({ 2: a, 3: 1, 4: b, 5: 1 }, { 2: 0.16, 3: 0.36, 4: 0.64, 5: 1, absent: 0.08 }),
  ],
  [
    'bunching',
    (a, b) =>
      bunching([{ mark: 3, boundary: 8, share: a, variance: 0, above: 3, window: b }], {
        pOne: 0.01,
        pTwo: 0.05,
      }),
  ],
  ['hasBoundaryGap', (a, b) => hasBoundaryGap([1, a, b, 2], 2)],
  [
    'destinationRates',
    (a, b) => destinationRates({ known: new Map([['college', a]]), unknown: b }, 0.1),
  ],
  [
    'easyHardInversion',
    (a, b) =>
      easyHardInversion(
        [0.9, 0.8, 0.3, 0.2, a].map((reference) => ({ reference, school: b })),
        20,
        {
          minimumPupils: 15,
          minimumTasks: 2,
          easyFrom: 0.7,
          hardTo: 0.4,
          gapFrom: 0.15,
          p: 0.05,
          permutations: 5,
          seed: 1,
        },
      ),
  ],
  ['indicatorScore', (a, b) => indicatorScore(1, a, b)],
  ['indicatorScore of a value', (a, b) => indicatorScore(a, b, 7)],
  [
    'implausibleTails',
    (a, b) =>
      implausibleTails(
        { n: 30, twos: a, fives: 0.1, sd: b },
        b,
        { fewestTwos: 0, mostFives: 1 },
        { minimumN: 20, narrowBelow: 0.5 },
      ),
  ],
  [
    'leastSquaresLine',
    (a, b) =>
      leastSquaresLine([
        { x: a, y: 1, weight: b },
        { x: 2, y: 3, weight: b },
      ]),
  ],
  [
    'lowResults',
    (a, b) =>
      lowResults(
        [2025, 2024].map((year) => ({ procedure: 'x', year, low: a, n: b })),
        2026,
        () => ({ alpha: 1, beta: 4 }),
        {
          shareFrom: 0.3,
          nearFrom: 0.25,
          minimumN: 5,
          procedures: 1,
          listedFrom: 0.5,
          confidentFrom: 0.9,
        },
      ).probability,
  ],
  [
    'measureEffect',
    (a, b) =>
      measureEffect(
        { value: a, se: b },
        { value: 2, se: 1 },
        {
          mean: 50,
          meanVariance: 1,
          tau2: a,
          cohortVariance: b,
          change: 1,
          changeVariance: b,
        },
      ),
  ],
  ['medalZone', (a, b) => medalZone({ nonconfirmed: a, contenders: b }, 0.3, 0.05)],
  ['medalBreadth', (a, b) => medalBreadth({ graduates: 30, contenders: a, strong: b }, 1.5)],
  [
    'homeJuryEffect',
    (a, b) => homeJuryEffect([a, 1, b, 2].map((residual, i) => ({ residual, ownJuror: i < 2 }))),
  ],
  [
    'olympiadConfirmation',
    (a, b) => {
      const pairs = [a, 0.5, 0.7, b].map((school, i) => ({ school, municipal: i / 4 }))
      return olympiadConfirmation(pairs, pairs, {
        schoolFrom: 0.7,
        municipalFrom: 0.3,
        minimumN: 3,
        z: 1.96,
        correlationBelow: 0.2,
      })
    },
  ],
  [
    'weightedAchievements',
    (a, b) =>
      weightedAchievements(
        [{ pupil: 'a', event: 'b', subject: 'c', level: 'd', result: 'e' }],
        a,
        new Map([['d', b]]),
        new Map([['e', 1]]),
      ),
  ],
  [
    'environmentRating',
    (a, b) =>
      environmentRating(
        [
          { area: 'space', score: a },
          { area: 'care', score: b },
        ],
        { adequateFrom: 3, goodFrom: 5, scale: [1, 7] },
      ),
  ],
  [
    'recheck',
    (a, b) =>
      recheck([{ first: a, second: 2 }], b, {
        minimumWorks: 1,
        meanFrom: 0.05,
        changedBy: 0.1,
        changedFrom: 0.2,
      }),
  ],
  [
    'cohortDrop',
    (a, b) =>
      cohortDrop(
        { value: a, n: 20, variance: b },
        { value: 0.5, n: 20, variance: 0.07 },
        { minimumN: 10, from: 0.15, z: 1.96 },
      ),
  ],
  [
    'gradeJump',
    (a, b) =>
      gradeJump({ value: 0.4, n: a, variance: 0.07 }, { value: 0.5, n: 20, variance: 0.07 }, b, {
        minimumN: 10,
        z: 1.96,
      }),
  ],
  ['equivalentZ', (a) => equivalentZ(a)],
  ['severityOfP', (a) => severityOfP(a, { from: 1.96, to: 3.09 })],
  ['noiseOfUnit', (a, b) => noiseOfUnit(a, [b, 2])],
  [
    'cohortValueAdded',
    (a, b) =>
      cohortValueAdded(
        [a, 0.4, 0.5, b, 0.6].map((ridit, i) => ({
          school: String(i),
          year: 2025,
          ridit,
          prior: i / 9,
          wellbeing: i * i,
          isRural: i === 3,
          n: 20,
        })),
        25,
        3,
      ),
  ],
  [
    'valueAdded',
    (a, b) => valueAdded({ outcome: column(a, b), prior: other(a, b), schools: halves }),
  ],
]

describe.each(calls)('%s', (_, call) => {
  it('gives finite numbers or refuses, whatever numbers it gets', () => {
    expect(brokenBy(call)).toEqual([])
  })
})
