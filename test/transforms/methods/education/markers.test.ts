import { describe, expect, it } from 'vitest'
import {
  biasIndex,
  biasStatus,
  federalShare,
  isWithoutControl,
  type BiasIndexRule,
  type MarkerName,
} from '../../../../transforms/methods/education/bias_index.ts'
import { easyHardInversion } from '../../../../transforms/methods/education/easy_hard.ts'
import { identicalVectors } from '../../../../transforms/methods/education/identical_vectors.ts'
import {
  implausibleTails,
  tailLimits,
} from '../../../../transforms/methods/education/implausible_tails.ts'
import { meanExcess } from '../../../../transforms/methods/education/mean_excess.ts'
import {
  expertResiduals,
  ogeToEgeDrop,
} from '../../../../transforms/methods/education/oge_objectivity.ts'
import { absenceOfWeak } from '../../../../transforms/methods/education/participation_marker.ts'
import { recheck } from '../../../../transforms/methods/education/recheck.ts'
import {
  cohortDrop,
  cohortJump,
  gradeJump,
  isUnconfirmedByExam,
} from '../../../../transforms/methods/education/ridit_marker.ts'
import {
  equivalentZ,
  severityOfP,
  severityOfZ,
} from '../../../../transforms/methods/education/severity.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

describe('O3, a mean too high', () => {
  const rule = { minimumN: 10, effectAbove: 0.5 }
  const reference = { mean: 20, sd: 6, n: 1_000_000 }
  const none = { isAdvanced: false, isConfirmed: false }
  it('needs size, certainty, no advanced study and no confirmation', () => {
    expect(meanExcess({ mean: 25, n: 40 }, reference, none, rule).isFlagged).toBe(true)
    expect(meanExcess({ mean: 22.5, n: 400 }, reference, none, rule).isFlagged).toBe(false)
    expect(meanExcess({ mean: 25, n: 9 }, reference, none, rule).isFlagged).toBe(false)
    expect(
      meanExcess({ mean: 25, n: 40 }, reference, { ...none, isAdvanced: true }, rule).isFlagged,
    ).toBe(false)
    expect(
      meanExcess({ mean: 25, n: 40 }, reference, { ...none, isConfirmed: true }, rule).isFlagged,
    ).toBe(false)
  })
})

describe('O4–O6, ridits of cohorts', () => {
  const rule = { minimumN: 10, from: 0.15, z: 1.96 }
  const first = { value: 0.62, n: 28, variance: 0.0726 }
  const second = { value: 0.44, n: 26, variance: 0.075 }
  it('give vector 13 of DOMAIN 3.15: D 0.18, SE 0.07401, z 2.432', () => {
    const drop = cohortDrop(first, second, rule)
    expect(drop.difference).toBeCloseTo(0.18, 12)
    expect(drop.se).toBeCloseTo(0.07401, 5)
    expect(drop.z).toBeCloseTo(2.432, 3)
    expect(drop.isFlagged).toBe(true)
    expect(cohortDrop(second, first, rule).isFlagged).toBe(false)
    expect(cohortDrop({ ...first, n: 9 }, second, rule).isFlagged).toBe(false)
  })
  it('flag a jump either way, and less surely with cohort noise', () => {
    expect(cohortJump(second, { ...first, value: 0.7 }, { ...rule, from: 0.2 })).toMatchObject({
      isFlagged: true,
    })
    expect(cohortJump(first, { ...second, value: 0.35 }, { ...rule, from: 0.2 }).isFlagged).toBe(
      true,
    )
    const still = gradeJump(second, first, 0, { minimumN: 10, z: 2.4 })
    const noisy = gradeJump(second, first, 0.0025, { minimumN: 10, z: 2.4 })
    expect([still.isFlagged, noisy.isFlagged]).toEqual([true, false])
    expect(noisy.se).toBeCloseTo(Math.sqrt(still.se ** 2 + 0.005), 12)
  })
  it('tell a high test with a low exam', () => {
    const limits = { testAbove: 0.65, examBelow: 0.5 }
    expect(isUnconfirmedByExam(0.7, 0.4, limits)).toBe(true)
    expect(isUnconfirmedByExam(0.6, 0.4, limits)).toBe(false)
  })
  it('tell the stayers beside the drop from ОГЭ to ЕГЭ', () => {
    expect(ogeToEgeDrop(first, second, { graduates: 40, stayers: 26 }, rule)).toMatchObject({
      stayerShare: 0.65,
      isFlagged: true,
    })
    expect(() => ogeToEgeDrop(first, second, { graduates: 4, stayers: 26 }, rule)).toThrow(
      StatisticsError,
    )
  })
})

describe('O8, easy and hard tasks turned round', () => {
  const rule = {
    minimumPupils: 15,
    minimumTasks: 3,
    easyFrom: 0.7,
    hardTo: 0.4,
    gapFrom: 0.15,
    p: 0.05,
    permutations: 2000,
    seed: 1,
  }
  const reference = [0.92, 0.85, 0.78, 0.66, 0.51, 0.38, 0.27, 0.15]
  const school = [0.8, 0.74, 0.72, 0.66, 0.6, 0.52, 0.45, 0.36]
  const tasks = reference.map((share, i) => ({ reference: share, school: school[i] ?? 0 }))
  it('gives vector 14 of DOMAIN 3.15: E −0.0967, H 0.1767, slope −0.4614', () => {
    const found = easyHardInversion(tasks, 30, rule)
    expect(found?.easy).toBeCloseTo(-0.0967, 4)
    expect(found?.hard).toBeCloseTo(0.1767, 4)
    expect(found?.slope).toBeCloseTo(-0.4614, 4)
    expect(found?.isFlagged).toBe(true)
  })
  it('is not a school that does everything better, nor one of few pupils or tasks', () => {
    const better = tasks.map((task) => ({ ...task, school: task.reference + 0.05 }))
    expect(easyHardInversion(better, 30, rule)?.isFlagged).toBe(false)
    expect(easyHardInversion(tasks, 14, rule)).toBeNull()
    expect(easyHardInversion(tasks.slice(0, 5), 30, rule)).toBeNull()
  })
})

describe('O9, implausible tails', () => {
  it('lie outside the quantiles of unflagged schools, or are too narrow', () => {
    const limits = tailLimits(
      Array.from({ length: 101 }, (_, i) => ({ twos: i / 400, fives: i / 200 })),
      0.05,
    )
    expect(limits.fewestTwos).toBeCloseTo(5 / 400, 12)
    expect(limits.mostFives).toBeCloseTo(95 / 200, 12)
    const rule = { minimumN: 20, narrowBelow: 0.5 }
    const plain = { n: 30, twos: 0.1, fives: 0.2, sd: 5 }
    expect(implausibleTails(plain, 6, limits, rule).isFlagged).toBe(false)
    expect(implausibleTails({ ...plain, twos: 0 }, 6, limits, rule)).toMatchObject({
      fewTwos: true,
      isFlagged: true,
    })
    expect(implausibleTails({ ...plain, fives: 0.6 }, 6, limits, rule).manyFives).toBe(true)
    expect(implausibleTails({ ...plain, sd: 2 }, 6, limits, rule).narrow).toBe(true)
    expect(implausibleTails({ ...plain, n: 19, twos: 0 }, 6, limits, rule).isFlagged).toBe(false)
  })
})

describe('O10, identical works', () => {
  const rule = {
    minimumPupils: 15,
    minimumTasks: 10,
    shareFrom: 0.2,
    p: 0.01,
    simulations: 400,
    seed: 2,
  }
  const maxima = Array.from({ length: 12 }, () => 2)
  const work = (draw: () => number) => maxima.map(() => Math.floor(3 * draw()))
  it('are found among planted copies and not among independent works', () => {
    const source = random(4)
    const honest = Array.from({ length: 24 }, () => work(source.uniform))
    const copy = honest[0] ?? []
    const copied = honest.map((vector, i) => (i < 8 ? copy : vector))
    expect(identicalVectors(copied, maxima, rule)).toMatchObject({ share: 8 / 24, isFlagged: true })
    expect(identicalVectors(honest, maxima, rule)?.isFlagged).toBe(false)
  })
  it('are not found in honest classes whose pupils are of very different ability', () => {
    const source = random(77)
    const tasks = Array.from({ length: 12 }, () => 1)
    const found = Array.from({ length: 20 }, (_, seed) => {
      const vectors = Array.from({ length: 100 }, () => {
        const ability = source.normal(0.5, 1.5)
        return tasks.map((_, task) =>
          source.uniform() < 1 / (1 + Math.exp(-2 + (4 * task) / 11 - ability)) ? 1 : 0,
        )
      })
      return identicalVectors(vectors, tasks, { ...rule, p: 0.001, simulations: 1199, seed })
    })
    expect(Math.max(...found.map((one) => one?.share ?? 0))).toBeGreaterThan(0.2)
    expect(found.filter((one) => one?.isFlagged === true)).toEqual([])
    expect(found.filter((one) => (one?.p ?? 0) < 0.05).length).toBeLessThan(4)
  })
  it('do not count perfect works, and need a class', () => {
    const perfect = Array.from({ length: 20 }, () => maxima)
    expect(identicalVectors(perfect, maxima, rule)?.share).toBe(0)
    expect(identicalVectors(perfect.slice(0, 14), maxima, rule)).toBeNull()
  })
})

describe('O11–O13 and the federal list', () => {
  it('find weak pupils kept away', () => {
    const rule = { minimumEnrolled: 10, participationBelow: 0.9, differenceAbove: 0.15 }
    expect(
      absenceOfWeak(
        { enrolled: 50, participants: [43, 42], journal: { absent: 3.1, present: 3.8 } },
        rule,
      ).isFlagged,
    ).toBe(true)
    expect(
      absenceOfWeak(
        { enrolled: 50, participants: [43, 42], journal: { absent: 4.1, present: 3.8 } },
        rule,
      ).isFlagged,
    ).toBe(false)
    expect(
      absenceOfWeak({ enrolled: 50, participants: [48, 40], journal: null }, rule).isFlagged,
    ).toBe(true)
    expect(
      absenceOfWeak({ enrolled: 50, participants: [48, 47], journal: null }, rule).isFlagged,
    ).toBe(false)
  })
  it('find generous checking by a second look', () => {
    const rule = { minimumWorks: 10, meanFrom: 0.05, changedBy: 0.1, changedFrom: 0.2 }
    const works = (shift: number) =>
      Array.from({ length: 10 }, () => ({ first: 20 + shift, second: 20 }))
    expect(recheck(works(2), 38, rule)).toMatchObject({ isFlagged: true, changed: 0 })
    expect(recheck(works(-4), 38, rule)).toMatchObject({ isFlagged: true, changed: 1 })
    expect(recheck(works(1), 38, rule).isFlagged).toBe(false)
    expect(recheck(works(2).slice(1), 38, rule).isFlagged).toBe(false)
  })
  it('know a procedure without control and the share of marked schools', () => {
    expect(isWithoutControl({ hasVideo: false, hasObserver: false, isCheckedOutside: false })).toBe(
      true,
    )
    expect(isWithoutControl({ hasVideo: false, hasObserver: true, isCheckedOutside: false })).toBe(
      false,
    )
    const markers = { russian4: false, mathematics4: false, russian5: false, mathematics5: false }
    expect(
      federalShare([
        { markers, wroteRussian4: true },
        { markers: { ...markers, mathematics5: true }, wroteRussian4: true },
        { markers: { ...markers, russian4: true }, wroteRussian4: false },
      ]),
    ).toBe(0.5)
    expect(federalShare([])).toBeNull()
  })
  it('weigh what a commission adds to the long answers', () => {
    const units = [0.3, 0.5, 0.7, 0.9].flatMap((short) => [
      { unit: 'a', commission: 'east', short, long: short - 0.1, n: 20 },
      { unit: 'b', commission: 'west', short, long: short + 0.1, n: 20 },
    ])
    const found = expertResiduals(units)
    expect(found.get('east')?.residual).toBeCloseTo(-0.1, 12)
    expect(found.get('west')).toMatchObject({ works: 80 })
  })
})

describe('the index of non-objectivity', () => {
  const weights = {
    O1: 1,
    O2: 0.5,
    O3: 1.5,
    O4: 2,
    O5: 1,
    O6: 1,
    O7: 2,
    O8: 1.5,
    O9: 1,
    O10: 2,
    O11: 0.5,
    O12: 2,
  }
  const rule: BiasIndexRule = { weights, leastMarkers: 4, mediumFrom: 25, highFrom: 50 }
  const of = (entries: readonly (readonly [MarkerName, number])[]) =>
    biasIndex(new Map(entries), rule)
  it('weighs the markers that could be computed', () => {
    const found = of([
      ['O1', 1],
      ['O2', 0],
      ['O7', 0.5],
      ['O9', 0],
    ])
    expect(found).toMatchObject({
      kind: 'index',
      value: (100 * 2) / 4.5,
      band: 'medium',
      markers: 4,
    })
    expect(found.computable).toBeCloseTo(4.5 / 16, 12)
  })
  it('speaks only from four markers', () => {
    expect(
      of([
        ['O1', 1],
        ['O2', 1],
        ['O7', 1],
      ]).kind,
    ).toBe('insufficient')
  })
  it('has bands that begin at 25 and 50, and none at 0', () => {
    const bandOf = (severity: number) => {
      const found = of((['O1', 'O5', 'O6', 'O9'] as const).map((marker) => [marker, severity]))
      return found.kind === 'index' ? found.band : found.kind
    }
    expect([0, 0.1, 0.25, 0.5].map(bandOf)).toEqual(['none', 'low', 'medium', 'high'])
  })
  it('refuses a severity outside 0–1', () => {
    expect(() => of([['O1', 1.2]])).toThrow(StatisticsError)
  })
  it('is stable after two years that call for work', () => {
    expect(biasStatus(['high', 'none'], ['none'], 2)).toBe('preventive')
    expect(biasStatus(['medium', 'medium'], ['high'], 2)).toBe('stable')
    expect(biasStatus(['medium', 'low'], ['high'], 2)).toBe('clear')
  })
})

describe('the severity of a marker', () => {
  const scale = { from: 1.96, to: 3.09 }
  it('runs from nothing at 1.96 to all at 3.09, by z or by p', () => {
    expect([1.9, 2.525, -4].map((z) => severityOfZ(z, scale))).toEqual([
      0,
      expect.closeTo(0.5, 10),
      1,
    ])
    expect(severityOfP(0.001, scale)).toBeCloseTo(1, 2)
    expect(severityOfP(0.7, scale)).toBe(0)
    expect(equivalentZ(0.025)).toBeCloseTo(1.96, 2)
    expect(Number.isFinite(equivalentZ(0)) && Number.isFinite(equivalentZ(1))).toBe(true)
  })
})
