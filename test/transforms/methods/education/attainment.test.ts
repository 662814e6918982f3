import { describe, expect, it } from 'vitest'
import {
  crossingCurves,
  dynamicsOfTwos,
  markSummary,
} from '../../../../transforms/methods/education/attainment.ts'
import {
  isSystemicDeficit,
  levelStatus,
  plannedResult,
  type LevelRule,
} from '../../../../transforms/methods/education/level_rule.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'

const weights = { 5: 1, 4: 0.64, 3: 0.36, 2: 0.16, absent: 0.08 }
const rule: LevelRule = {
  basic: { sufficientFrom: 0.6, insufficientBelow: 0.57 },
  advanced: { sufficientFrom: 0.3, insufficientBelow: 0.285 },
  high: { sufficientFrom: 0.3, insufficientBelow: 0.285 },
}

describe('base indicators of marks', () => {
  it('give СОУ 55.0667 % for vector 16 of DOMAIN 3.15', () => {
    const found = markSummary({ 5: 3, 4: 15, 3: 10, 2: 2 }, weights)
    expect(100 * found.trained).toBeCloseTo(55.0667, 4)
    expect(found.passRate).toBeCloseTo(28 / 30, 12)
    expect(found.qualityRate).toBeCloseTo(18 / 30, 12)
    expect(found.meanMark).toBeCloseTo((15 + 60 + 30 + 4) / 30, 12)
  })
  it('count those not attested in n but not in the mean mark', () => {
    const found = markSummary({ 5: 1, 4: 1, 3: 0, 2: 0, absent: 2 }, weights)
    expect(found).toMatchObject({ n: 4, passRate: 0.5, meanMark: 4.5 })
    expect(found.trained).toBeCloseTo((1 + 0.64 + 0.16) / 4, 12)
    expect(() => markSummary({ 5: 0, 4: 0, 3: 0, 2: 0 }, weights)).toThrow(StatisticsError)
  })
  it('read the dynamics of «2»', () => {
    expect([0.1, 0.15, 0.2].map((now) => dynamicsOfTwos(0.1, now, 0.1))).toEqual([
      'positive',
      'neutral',
      'negative',
    ])
  })
  it('see where a weaker group does better', () => {
    expect(
      crossingCurves(
        [
          [0.2, 0.6],
          [0.5, 0.4],
          [0.9, 0.8],
        ],
        0.05,
      ),
    ).toEqual([{ task: 1, weaker: 0, stronger: 1 }])
  })
})

describe('the level rule', () => {
  it('has zones of uncertainty from 57 to 60 and from 28.5 to 30 percent', () => {
    expect([0.6, 0.57, 0.5699].map((share) => levelStatus(share, 'basic', rule))).toEqual([
      'sufficient',
      'uncertain',
      'insufficient',
    ])
    expect([0.3, 0.285, 0.28].map((share) => levelStatus(share, 'high', rule))).toEqual([
      'sufficient',
      'uncertain',
      'insufficient',
    ])
    expect(levelStatus(0.9, null, rule)).toBeNull()
  })
  it('needs two tasks and more than half of them for a systemic deficit', () => {
    const red = { completion: 0.4, difficulty: 'basic' } as const
    const green = { completion: 0.7, difficulty: 'basic' } as const
    expect(isSystemicDeficit([red, red, green], rule, 2)).toBe(true)
    expect(isSystemicDeficit([red, green], rule, 2)).toBe(false)
    expect(isSystemicDeficit([red], rule, 2)).toBe(false)
  })
  it('judges a planned result by the difficulty that most of its tasks have', () => {
    const tasks = [
      { completion: 0.5, difficulty: 'basic' },
      { completion: 0.3, difficulty: 'advanced' },
      { completion: 0.34, difficulty: 'advanced' },
    ] as const
    expect(plannedResult(tasks, rule)?.status).toBe('sufficient')
    expect(plannedResult(tasks.slice(0, 2), rule)?.status).toBe('insufficient')
    expect(plannedResult([], rule)).toBeNull()
  })
})
