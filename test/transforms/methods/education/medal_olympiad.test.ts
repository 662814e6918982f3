import { describe, expect, it } from 'vitest'
import {
  hasEarlyRisk,
  isConfirmed,
  medalBreadth,
  medalIndices,
  medalZone,
  type MedalContender,
} from '../../../../transforms/methods/education/medal_index.ts'
import {
  homeJuryEffect,
  olympiadConfirmation,
  weightedAchievements,
} from '../../../../transforms/methods/education/olympiad_index.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'

const thresholds = {
  1: { russianFrom: 70, secondFrom: 70, baseMarkFrom: 5 },
  2: { russianFrom: 60, secondFrom: 60, baseMarkFrom: 5 },
}
const exam = (subject: string, score: number) => ({ subject, score, minimum: 24, regionalMean: 60 })
const contender = (
  degree: 1 | 2,
  russian: number,
  others: readonly number[],
  baseMark: number | null = null,
): MedalContender => ({
  degree,
  russian: exam('russian', russian),
  others: others.map((score, i) => exam(`s${String(i)}`, score)),
  baseMark,
})

describe('medal contenders', () => {
  it('are confirmed by Russian and one more subject, or base mathematics where nothing else was taken', () => {
    expect(isConfirmed(contender(1, 70, [40, 70]), thresholds)).toBe(true)
    expect(isConfirmed(contender(1, 70, [69]), thresholds)).toBe(false)
    expect(isConfirmed(contender(1, 69, [90]), thresholds)).toBe(false)
    expect(isConfirmed(contender(2, 60, [60]), thresholds)).toBe(true)
    expect(isConfirmed(contender(1, 80, [], 5), thresholds)).toBe(true)
    expect(isConfirmed(contender(1, 80, [], 4), thresholds)).toBe(false)
    expect(isConfirmed(contender(1, 80, [60], 5), thresholds)).toBe(false)
  })
  it('give four indices, each its own question', () => {
    const found = medalIndices(
      [
        contender(1, 80, [90, 65]),
        contender(1, 64, [90]),
        contender(2, 75, [58]),
        contender(2, 61, [62]),
      ],
      thresholds,
    )
    expect(found).toMatchObject({
      contenders: 4,
      nonconfirmed: 0.5,
      strict: 0.75,
      critical: 0.25,
      depth: (0 + 6 + 2 + 0) / 4,
    })
    expect(medalIndices([], thresholds)).toBeNull()
  })
  it('of a school are judged exactly against the municipality', () => {
    expect(medalZone({ nonconfirmed: 4, contenders: 6 }, 0.15, 0.05)?.isAbove).toBe(true)
    expect(medalZone({ nonconfirmed: 1, contenders: 3 }, 0.15, 0.05)?.isAbove).toBe(false)
    expect(medalZone({ nonconfirmed: 0, contenders: 0 }, 0.15, 0.05)).toBeNull()
  })
  it('are too many where strong graduates are few', () => {
    expect(medalBreadth({ graduates: 50, contenders: 10, strong: 5 }, 1.5)).toEqual({
      ratio: 2,
      isInflated: true,
    })
    expect(medalBreadth({ graduates: 50, contenders: 10, strong: 8 }, 1.5).isInflated).toBe(false)
    expect(medalBreadth({ graduates: 50, contenders: 0, strong: 0 }, 1.5)).toEqual({
      ratio: null,
      isInflated: false,
    })
  })
  it('are warned early by a low ВПР, ОГЭ or mock exam', () => {
    const limits = new Map([
      ['vpr', 4],
      ['oge', 5],
      ['mock', 70],
    ])
    const subjects = new Set(['russian', 'mathematics'])
    expect(
      hasEarlyRisk([{ procedure: 'oge', subject: 'russian', value: 4 }], limits, subjects),
    ).toBe(true)
    expect(
      hasEarlyRisk(
        [
          { procedure: 'oge', subject: 'russian', value: 5 },
          { procedure: 'vpr', subject: 'history', value: 3 },
        ],
        limits,
        subjects,
      ),
    ).toBe(false)
  })
})

describe('the olympiad', () => {
  const rule = { schoolFrom: 0.7, municipalFrom: 0.3, minimumN: 10, z: 1.96, correlationBelow: 0.2 }
  const honest = Array.from({ length: 60 }, (_, i) => ({
    school: 0.5 + i / 150,
    municipal: 0.3 + i / 150 + (i % 5) / 50,
  }))
  it('confirms a school whose pupils do as well a stage higher', () => {
    const found = olympiadConfirmation(honest.slice(20, 40), honest, rule)
    expect(found).toMatchObject({ isFlagged: false, confirmed: 1 })
    expect(found.correlation).toBeGreaterThan(0.8)
  })
  it('flags a school whose pupils fall far deeper than others', () => {
    const inflated = Array.from({ length: 12 }, (_, i) => ({
      school: 0.95,
      municipal: 0.1 + i / 100,
    }))
    const found = olympiadConfirmation(inflated, [...honest, ...inflated], rule)
    expect(found).toMatchObject({ isFlagged: true, confirmed: 0, confirmable: 12 })
    expect(found.z).toBeLessThan(-1.96)
    expect(
      olympiadConfirmation(inflated.slice(0, 9), [...honest, ...inflated], rule).isFlagged,
    ).toBe(false)
  })
  it('leaves out those who did not come to the municipal stage', () => {
    const absent = honest.map((pair) => ({ ...pair, municipal: null }))
    expect(olympiadConfirmation(absent, honest, rule)).toMatchObject({
      confirmed: null,
      drop: null,
      isFlagged: false,
    })
  })
  it('counts a pupil’s best result of an event once', () => {
    const levels = new Map([
      ['municipal', 1],
      ['regional', 3],
    ])
    const results = new Map([
      ['winner', 1],
      ['prize', 0.7],
    ])
    const one = { pupil: 'a', event: 'vsosh', subject: 'physics' }
    expect(
      weightedAchievements(
        [
          { ...one, level: 'municipal', result: 'winner' },
          { ...one, level: 'regional', result: 'prize' },
          { ...one, pupil: 'b', level: 'municipal', result: 'prize' },
        ],
        200,
        levels,
        results,
      ),
    ).toBeCloseTo((2.1 + 0.7) / 2, 12)
    expect(() =>
      weightedAchievements([{ ...one, level: 'world', result: 'winner' }], 10, levels, results),
    ).toThrow(StatisticsError)
  })
  it('measures what own jurors add', () => {
    const works = [0.1, 0.12, 0.08, -0.02, 0, 0.02].map((residual, i) => ({
      residual,
      ownJuror: i < 3,
    }))
    expect(homeJuryEffect(works)?.effect).toBeCloseTo(0.1, 12)
    expect(homeJuryEffect(works.slice(0, 4))).toBeNull()
  })
})
