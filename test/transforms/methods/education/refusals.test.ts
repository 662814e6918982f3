import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  crossingCurves,
  dynamicsOfTwos,
} from '../../../../transforms/methods/education/attainment.ts'
import { biasIndex } from '../../../../transforms/methods/education/bias_index.ts'
import { bunchingP } from '../../../../transforms/methods/education/boundary_bunching.ts'
import { bunchingMass } from '../../../../transforms/methods/education/bunching_mass.ts'
import { easyHardInversion } from '../../../../transforms/methods/education/easy_hard.ts'
import {
  headScorecard,
  indicatorScore,
} from '../../../../transforms/methods/education/head_scorecard.ts'
import {
  implausibleTails,
  tailLimits,
} from '../../../../transforms/methods/education/implausible_tails.ts'
import {
  gapOfTwo,
  journalInflation,
  journalMatrix,
  journalSpread,
  tooGoodAgreement,
} from '../../../../transforms/methods/education/journal_marker.ts'
import {
  isSystemicDeficit,
  levelStatus,
  plannedResult,
} from '../../../../transforms/methods/education/level_rule.ts'
import { lowResults } from '../../../../transforms/methods/education/low_results.ts'
import { meanExcess } from '../../../../transforms/methods/education/mean_excess.ts'
import {
  matchedEffect,
  measureEffect,
  programmeEffect,
} from '../../../../transforms/methods/education/measure_effect.ts'
import {
  medalBreadth,
  medalIndices,
  medalZone,
} from '../../../../transforms/methods/education/medal_index.ts'
import {
  expertResiduals,
  ogeToEgeDrop,
} from '../../../../transforms/methods/education/oge_objectivity.ts'
import {
  homeJuryEffect,
  olympiadConfirmation,
} from '../../../../transforms/methods/education/olympiad_index.ts'
import { absenceOfWeak } from '../../../../transforms/methods/education/participation_marker.ts'
import {
  basicLevelShare,
  observerAgreement,
  preschoolMonitoring,
  selfAssessmentGap,
} from '../../../../transforms/methods/education/preschool_quality.ts'
import { recheck } from '../../../../transforms/methods/education/recheck.ts'
import { resilienceClass } from '../../../../transforms/methods/education/resilience.ts'
import {
  cohortDrop,
  cohortJump,
  gradeJump,
  isUnconfirmedByExam,
} from '../../../../transforms/methods/education/ridit_marker.ts'
import { riskProfile } from '../../../../transforms/methods/education/risk_profile.ts'
import { satisfaction } from '../../../../transforms/methods/education/service_quality.ts'
import { severityOfP, severityOfZ } from '../../../../transforms/methods/education/severity.ts'
import { noiseOfUnit, slopeOf } from '../../../../transforms/methods/education/trend_class.ts'
import {
  cohortValueAdded,
  nationalHalfWidth,
  pooledResidual,
} from '../../../../transforms/methods/education/value_added.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'

const journal = { compared: 20, lowered: 5, raised: 2, gap2: 1 }
const wrongJournal = { ...journal, raised: 17 }
const journalRule = { minimumN: 10, loweredShare: 0.3, gap2Share: 0.05 }
const copyRule = { minimumN: 10, mostDiffering: 0.05, referenceFrom: 0.2, p: 0.01 }
const scorecard = {
  weights: new Map([['a', 1]]),
  bands: [0.8, 0.6, 0.4],
  leastWeight: 0.6,
  bootstraps: 10,
  weightChange: 0.5,
  seed: 1,
}
const indicator = { group: 'a', code: 'x', value: 1, se: 0.1, from: 0, to: 2 }
const gate = { isClosed: false, objectivityGroup: 'o', attainmentGroups: new Set<string>() }
const bands = { sufficientFrom: 0.6, insufficientBelow: 0.57 }
const levels = { basic: bands, advanced: bands, high: bands }
const task = { completion: NaN, difficulty: 'basic' as const }
const lowRule = {
  shareFrom: 0.3,
  nearFrom: 0.25,
  minimumN: 5,
  procedures: 2,
  listedFrom: 0.5,
  confidentFrom: 0.9,
}
const excessRule = { minimumN: 10, effectAbove: 0.3 }
const noGuard = { isAdvanced: false, isConfirmed: false }
const seen = { value: 50, se: 2 }
const prior = {
  mean: 50,
  meanVariance: 1,
  tau2: 30,
  cohortVariance: 9,
  change: 1,
  changeVariance: 0,
}
const effect = measureEffect(seen, seen, prior)
const exam = { subject: 'x', score: 80, minimum: 24, regionalMean: 60 }
const threshold = { russianFrom: 70, secondFrom: 70, baseMarkFrom: 5 }
const thresholds = { 1: threshold, 2: threshold }
const ridit = { value: 0.6, n: 30, variance: 0.07 }
const riditRule = { minimumN: 10, from: 0.1, z: 1.96 }
const resilience = {
  wellbeingRank: 0.1,
  resultRank: 0.9,
  residuals: [1, 1],
  pooled: null,
  objectivityFlags: 0,
}
const resilienceRule = { adverseTo: 0.25, highFrom: 0.67, residualFrom: 0.5, years: 2 }
const observerRule = { withinFrom: 0.85, kappaFrom: 0.6, scale: [1, 7] as const }
const gower = [{ kind: 'numeric' as const, values: [1, 2, 3, 4] }]
const massRule = {
  minimumN: 10,
  degree: 2,
  minimumExpected: 5,
  indexFrom: 1,
  bootstraps: 0,
  seed: 1,
}
const easyRule = {
  minimumPupils: 1,
  minimumTasks: 1,
  easyFrom: 0.7,
  hardTo: 0.4,
  gapFrom: 0.1,
  p: 0.05,
  permutations: 10,
  seed: 1,
}
const confirmation = {
  schoolFrom: 0.7,
  municipalFrom: 0.3,
  minimumN: 5,
  z: 1.96,
  correlationBelow: 0.3,
}
const scale = { from: 1.96, to: 3.09 }

/** What the docstrings say has no answer. */
const refused: Record<string, readonly (() => unknown)[]> = {
  dynamicsOfTwos: [() => dynamicsOfTwos(NaN, 0.1, 0.1)],
  crossingCurves: [() => crossingCurves([[NaN], [0.5]], 0), () => crossingCurves([[0.5]], NaN)],
  biasIndex: [
    () =>
      biasIndex(new Map([['O1', 2]]), {
        weights: {
          O1: 1,
          O2: 1,
          O3: 1,
          O4: 1,
          O5: 1,
          O6: 1,
          O7: 1,
          O8: 1,
          O9: 1,
          O10: 1,
          O11: 1,
          O12: 1,
        },
        leastMarkers: 1,
        mediumFrom: 25,
        highFrom: 50,
      }),
  ],
  bunchingP: [
    () => bunchingP([]),
    () => bunchingP([{ above: 1, window: 2.5, share: 0.5, variance: 0 }]),
    () => bunchingP([{ above: 3, window: 2, share: 0.5, variance: 0 }]),
    () => bunchingP([{ above: 1, window: 2, share: 1.5, variance: 0 }]),
  ],
  bunchingMass: [
    () => bunchingMass([1, 2, 3, 4], 1, massRule),
    () => bunchingMass([1, 2, 3, 4], 3, massRule),
    () => bunchingMass([1, 2.5, 3, 4], 2, massRule),
    () => bunchingMass([1, 2, 3, 4], 2, { ...massRule, level: 1 }),
    () => bunchingMass([1, 2, 3, 4], 2, { ...massRule, degree: 0 }),
    () => bunchingMass([1, 2, 3, 4], 2, { ...massRule, bootstraps: 2.5 }),
    () => bunchingMass([1, 2, 3, 4], 2, { ...massRule, minimumN: NaN }),
    () => bunchingMass([1, 2, 3, 4], 2, { ...massRule, minimumExpected: -1 }),
  ],
  easyHardInversion: [() => easyHardInversion([{ school: NaN, reference: 0.5 }], 20, easyRule)],
  headScorecard: [
    () => headScorecard([{ ...indicator, group: 'b' }], gate, scorecard),
    () => headScorecard([{ ...indicator, to: 0 }], gate, scorecard),
    () => headScorecard([{ ...indicator, se: -1 }], gate, scorecard),
    () => headScorecard([indicator], gate, { ...scorecard, weights: new Map([['a', -1]]) }),
    () => headScorecard([indicator], gate, { ...scorecard, bootstraps: 1.5 }),
  ],
  indicatorScore: [() => indicatorScore(1, 2, 2), () => indicatorScore(NaN, 1, 2)],
  tailLimits: [
    () => tailLimits([], 0.05),
    () => tailLimits([{ twos: NaN, fives: 0.1 }], 0.05),
    () => tailLimits([{ twos: 0.1, fives: 0.1 }], 2),
  ],
  implausibleTails: [
    () =>
      implausibleTails(
        { n: 30, twos: NaN, fives: 0, sd: 1 },
        1,
        { fewestTwos: 0, mostFives: 1 },
        { minimumN: 10, narrowBelow: 0.5 },
      ),
  ],
  journalSpread: [
    () => journalSpread([{ counts: wrongJournal, referenceShare: 0.2 }]),
    () => journalSpread([{ counts: journal, referenceShare: 1.2 }]),
  ],
  journalInflation: [
    () => journalInflation(wrongJournal, 0.2, journalRule),
    () => journalInflation(journal, 1.2, journalRule),
    () => journalInflation(journal, 0.2, { ...journalRule, level: 1 }),
    () => journalInflation(journal, 0.2, journalRule, 1),
  ],
  gapOfTwo: [
    () => gapOfTwo(wrongJournal, 0.2, journalRule),
    () => gapOfTwo(journal, 1.2, journalRule),
  ],
  tooGoodAgreement: [
    () => tooGoodAgreement(wrongJournal, 0.2, copyRule),
    () => tooGoodAgreement(journal, 1.2, copyRule),
  ],
  journalMatrix: [
    () => journalMatrix([[1, 2]]),
    () =>
      journalMatrix([
        [1, 0.5],
        [0, 1],
      ]),
    () =>
      journalMatrix([
        [0, 0],
        [0, 0],
      ]),
  ],
  levelStatus: [() => levelStatus(NaN, 'basic', levels)],
  isSystemicDeficit: [() => isSystemicDeficit([task], levels, 1)],
  plannedResult: [() => plannedResult([task], levels)],
  lowResults: [
    () =>
      lowResults(
        [{ procedure: 'x', year: 2024, low: 5, n: 4 }],
        2026,
        () => ({ alpha: 1, beta: 1 }),
        lowRule,
      ),
  ],
  meanExcess: [
    () => meanExcess({ mean: NaN, n: 20 }, { mean: 50, sd: 10, n: 1000 }, noGuard, excessRule),
    () => meanExcess({ mean: 60, n: 20 }, { mean: 50, sd: 0, n: 1000 }, noGuard, excessRule),
    () =>
      meanExcess({ mean: 60, n: 20 }, { mean: 50, sd: 1, n: 9 }, noGuard, {
        ...excessRule,
        level: 1,
      }),
  ],
  measureEffect: [
    () => measureEffect({ ...seen, value: NaN }, seen, prior),
    () => measureEffect(seen, seen, { ...prior, tau2: -1 }),
    () => measureEffect(seen, seen, prior, 1),
  ],
  programmeEffect: [
    () => programmeEffect([{ ...effect, effect: NaN }], prior, 1),
    () => programmeEffect([effect], prior, 1, 1),
  ],
  matchedEffect: [
    () => matchedEffect(gower, [1, 2, 3, 4], [true, false, false, false], 1),
    () => matchedEffect(gower, [1, 2, 3, 4], [true, true, true, false], 1),
    () => matchedEffect([], [1, 2, 3, 4], [true, true, false, false], 1),
  ],
  medalIndices: [
    () =>
      medalIndices(
        [{ degree: 1, russian: { ...exam, score: NaN }, others: [], baseMark: null }],
        thresholds,
      ),
  ],
  medalZone: [
    () => medalZone({ nonconfirmed: 1, contenders: 3 }, 1.5, 0.05),
    () => medalZone({ nonconfirmed: 1, contenders: 2.5 }, 0.5, 0.05),
  ],
  medalBreadth: [
    () => medalBreadth({ graduates: 0, contenders: 0, strong: 0 }, 1.5),
    () => medalBreadth({ graduates: 5, contenders: 6, strong: 0 }, 1.5),
  ],
  ogeToEgeDrop: [
    () => ogeToEgeDrop(ridit, ridit, { graduates: 5, stayers: 6 }, riditRule),
    () => ogeToEgeDrop({ ...ridit, n: 0 }, ridit, { graduates: 5, stayers: 5 }, riditRule),
  ],
  expertResiduals: [
    () => expertResiduals([{ unit: 'a', commission: 'b', short: NaN, long: 0.5, n: 4 }]),
    () => expertResiduals([{ unit: 'a', commission: 'b', short: 0.5, long: 0.5, n: 0 }]),
    () => expertResiduals([{ unit: 'a', commission: 'b', short: 0.5, long: 0.5, n: 4 }]),
  ],
  olympiadConfirmation: [
    () => olympiadConfirmation([{ school: NaN, municipal: 0.5 }], [], confirmation),
  ],
  homeJuryEffect: [
    () =>
      homeJuryEffect([true, true, false, false].map((ownJuror) => ({ residual: NaN, ownJuror }))),
  ],
  absenceOfWeak: [
    () =>
      absenceOfWeak(
        { enrolled: 0, participants: [1], journal: null },
        { minimumEnrolled: 5, participationBelow: 0.9, differenceAbove: 0.15 },
      ),
    () =>
      absenceOfWeak(
        { enrolled: 9, participants: [10], journal: null },
        { minimumEnrolled: 5, participationBelow: 0.9, differenceAbove: 0.15 },
      ),
    () =>
      absenceOfWeak(
        { enrolled: 9, participants: [8], journal: { absent: NaN, present: 4 } },
        { minimumEnrolled: 5, participationBelow: 0.9, differenceAbove: 0.15 },
      ),
  ],
  observerAgreement: [
    () => observerAgreement([], observerRule),
    () => observerAgreement([[1, 8]], observerRule),
    () => observerAgreement([[1, 2.5]], observerRule),
  ],
  preschoolMonitoring: [
    () => preschoolMonitoring([{ area: 'a', score: null }], [1, 5]),
    () => preschoolMonitoring([{ area: 'a', score: 6 }], [1, 5]),
  ],
  basicLevelShare: [() => basicLevelShare([NaN], 3), () => basicLevelShare([1], NaN)],
  selfAssessmentGap: [() => selfAssessmentGap(NaN, 3, 1)],
  recheck: [
    () => recheck([], 20, { minimumWorks: 10, meanFrom: 0.05, changedBy: 0.1, changedFrom: 0.2 }),
    () =>
      recheck([{ first: 1, second: 1 }], 0, {
        minimumWorks: 10,
        meanFrom: 0.05,
        changedBy: 0.1,
        changedFrom: 0.2,
      }),
    () =>
      recheck([{ first: NaN, second: 1 }], 20, {
        minimumWorks: 10,
        meanFrom: 0.05,
        changedBy: 0.1,
        changedFrom: 0.2,
      }),
  ],
  resilienceClass: [
    () => resilienceClass({ ...resilience, resultRank: NaN }, resilienceRule),
    () => resilienceClass({ ...resilience, residuals: [NaN] }, resilienceRule),
    () => resilienceClass({ ...resilience, pooled: { lo: NaN, hi: 1 } }, resilienceRule),
    () => resilienceClass(resilience, { ...resilienceRule, years: 0 }),
  ],
  cohortDrop: [
    () => cohortDrop({ ...ridit, value: NaN }, ridit, riditRule),
    () => cohortDrop({ ...ridit, n: 0 }, ridit, riditRule),
    () => cohortDrop({ ...ridit, variance: 0 }, ridit, riditRule),
  ],
  isUnconfirmedByExam: [() => isUnconfirmedByExam(NaN, 0.4, { testAbove: 0.6, examBelow: 0.4 })],
  cohortJump: [() => cohortJump({ ...ridit, n: 0 }, ridit, riditRule)],
  gradeJump: [
    () => gradeJump({ ...ridit, n: 0 }, ridit, 0, riditRule),
    () => gradeJump(ridit, ridit, -1, riditRule),
  ],
  riskProfile: [() => riskProfile(new Map(), { highFrom: 1, mediumFrom: 3 })],
  satisfaction: [() => satisfaction(0, 0), () => satisfaction(4, 3)],
  severityOfZ: [() => severityOfZ(NaN, scale), () => severityOfZ(2, { from: 3, to: 3 })],
  severityOfP: [() => severityOfP(NaN, scale), () => severityOfP(0.01, { from: 3, to: 3 })],
  slopeOf: [
    () => slopeOf([{ year: 2024, value: 1, se: 1, n: 20 }], 0),
    () =>
      slopeOf(
        [
          { year: 2024, value: 1, se: 1, n: 20 },
          { year: 2024, value: 2, se: 1, n: 20 },
        ],
        0,
      ),
    () =>
      slopeOf(
        [
          { year: 2024, value: NaN, se: 1, n: 20 },
          { year: 2025, value: 2, se: 1, n: 20 },
        ],
        0,
      ),
  ],
  noiseOfUnit: [
    () => noiseOfUnit(NaN, [1]),
    () => noiseOfUnit(1, [NaN]),
    () => noiseOfUnit(1, [-1, 3]),
  ],
  cohortValueAdded: [
    () =>
      cohortValueAdded(
        [{ school: 'a', year: 2024, ridit: 0.5, prior: null, wellbeing: 1, isRural: true, n: 9 }],
        10,
        30,
      ),
  ],
  nationalHalfWidth: [
    () => nationalHalfWidth(1, 0, 2),
    () => nationalHalfWidth(-1, 9, 2),
    () => nationalHalfWidth(1, 9, NaN),
  ],
  pooledResidual: [
    () => pooledResidual([], []),
    () => pooledResidual([1, 2], [1]),
    () => pooledResidual([1, 2], [0, 0]),
  ],
}

describe('methods and rules', () => {
  for (const [name, calls] of Object.entries(refused)) {
    it(`refuse what ${name} says has no answer`, () => {
      for (const call of calls) expect(call).toThrow(StatisticsError)
    })
  }

  it.each(['education', 'statistics'])(
    'of %s have docstrings, which say that they refuse',
    (name) => {
      const folder = new URL(`../../../../transforms/methods/${name}/`, import.meta.url)
      const silent = readdirSync(folder).flatMap((file) => {
        const text = readFileSync(new URL(file, folder), 'utf8')
        const parts = text.split(/^(?=export |const |interface |type |\/\*\*)/m)
        return parts.flatMap((part, i) => {
          const exported = /^export const (\w+)/.exec(part)?.[1]
          const refuses = /throw new StatisticsError|\brequire[A-Z]\w*\(/.test(part)
          const docstring = parts[i - 1] ?? ''
          const isSaid = /(@t|T)hrows StatisticsError/.test(docstring)
          const isSilent = !docstring.startsWith('/**') || (refuses && !isSaid)
          return exported !== undefined && isSilent ? [`${file} ${exported}`] : []
        })
      })
      expect(silent).toEqual([])
    },
  )
})
