import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headScorecard } from '../../../../transforms/methods/education/head_scorecard.ts'
import {
  isSystemicDeficit,
  levelStatus,
  plannedResult,
  type LevelRule,
} from '../../../../transforms/methods/education/level_rule.ts'
import { cohortDrop, cohortJump } from '../../../../transforms/methods/education/ridit_marker.ts'
import {
  atLeast,
  atMost,
  isAbove,
  isBelow,
} from '../../../../transforms/methods/education/threshold.ts'

const levels: LevelRule = {
  basic: { sufficientFrom: 0.6, insufficientBelow: 0.57 },
  advanced: { sufficientFrom: 0.3, insufficientBelow: 0.285 },
  high: { sufficientFrom: 0.3, insufficientBelow: 0.285 },
}
const ridit = (value: number) => ({ value, n: 400, variance: 0.08 })

describe('a threshold', () => {
  it('is reached by a number that equals it but for binary rounding', () => {
    expect(0.7 - 0.5).toBeLessThan(0.2)
    expect(atLeast(0.7 - 0.5, 0.2)).toBe(true)
    expect(isBelow(0.7 - 0.5, 0.2)).toBe(false)
    expect(isAbove(0.1 + 0.2, 0.3)).toBe(false)
    expect(atMost(0.1 + 0.2, 0.3)).toBe(true)
    expect(atLeast(0.1999, 0.2)).toBe(false)
    expect(atLeast(NaN, 0.2)).toBe(false)
    expect(atLeast(-1e-12, 0)).toBe(false)
  })

  it('is either reached or missed', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(number, number, (value, threshold) => {
        expect(atLeast(value, threshold)).toBe(!isBelow(value, threshold))
        expect(atMost(value, threshold)).toBe(!isAbove(value, threshold))
        expect(atLeast(value, threshold) || atMost(value, threshold)).toBe(true)
      }),
    )
  })
})

describe('rules at their thresholds', () => {
  it('flag a jump of .20 and a drop of .15 whatever the numbers that make them', () => {
    const jump = { minimumN: 10, from: 0.2, z: 1.96 }
    for (const [before, after] of [
      [0.5, 0.7],
      [0.4, 0.6],
      [0.6, 0.8],
      [0.7, 0.5],
    ] as const)
      expect(cohortJump(ridit(before), ridit(after), jump).isFlagged).toBe(true)
    expect(cohortJump(ridit(0.5), ridit(0.699), jump).isFlagged).toBe(false)
    const drop = { minimumN: 10, from: 0.15, z: 1.96 }
    expect(cohortDrop(ridit(0.7), ridit(0.55), drop).isFlagged).toBe(true)
    expect(cohortDrop(ridit(0.65), ridit(0.5), drop).isFlagged).toBe(true)
  })

  it('give a planned result one status in whatever order its tasks stand', () => {
    const completions = [0.15, 0.9, 1, 0.55, 0.4]
    const orders = completions.map((_, i) => [...completions.slice(i), ...completions.slice(0, i)])
    const statuses = orders.map(
      (order) =>
        plannedResult(
          order.map((completion) => ({ completion, difficulty: 'basic' as const })),
          levels,
        )?.status,
    )
    expect(statuses).toEqual(orders.map(() => 'sufficient'))
    expect(levelStatus(3 * 0.19, 'basic', levels)).toBe('uncertain')
    expect(isSystemicDeficit([], levels, 2)).toBe(false)
  })

  it('give a head one band in whatever order the indicators stand', () => {
    const card = (values: readonly number[]) =>
      headScorecard(
        values.map((value) => ({ group: 'results', value, se: 0.01, from: 0, to: 1 })),
        { isClosed: false, attainmentGroups: new Set(), objectivityGroup: 'objectivity' },
        {
          weights: new Map([['results', 1]]),
          leastWeight: 0.6,
          bands: [0.8, 0.6, 0.4],
          bootstraps: 50,
          weightChange: 0.5,
          seed: 4,
        },
      )
    for (const order of [
      [0.7, 0.8, 0.9],
      [0.9, 0.8, 0.7],
      [0.8, 0.9, 0.7],
    ]) {
      const { band, total, interval } = card(order)
      expect(band).toBe('A')
      expect(interval?.lo).toBeLessThanOrEqual(total ?? 0)
      expect(interval?.hi).toBeGreaterThanOrEqual(total ?? 1)
    }
  })

  it('keep the total of a head within its interval at the edge of the scale, and promise no certainty without errors', () => {
    const card = (se: number) =>
      headScorecard(
        Array.from({ length: 6 }, () => ({ group: 'results', value: 1, se, from: 0, to: 1 })),
        { isClosed: false, attainmentGroups: new Set(), objectivityGroup: 'objectivity' },
        {
          weights: new Map([['results', 1]]),
          leastWeight: 0.6,
          bands: [0.8],
          bootstraps: 200,
          weightChange: 0.5,
          seed: 4,
        },
      )
    expect(card(0.1).total).toBe(1)
    expect(card(0.1).interval?.hi).toBe(1)
    expect(card(0.1).interval?.lo).toBeLessThan(0.95)
    expect(card(0).interval).toBeNull()
  })
})
