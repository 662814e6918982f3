import { describe, expect, it } from 'vitest'
import { hasBoundaryGap } from '../../../../transforms/methods/education/boundary_bunching.ts'
import { bunchingMass } from '../../../../transforms/methods/education/bunching_mass.ts'
import {
  journalInflation,
  journalSpread,
} from '../../../../transforms/methods/education/journal_marker.ts'
import { meanExcess } from '../../../../transforms/methods/education/mean_excess.ts'
import {
  measureEffect,
  programmeEffect,
} from '../../../../transforms/methods/education/measure_effect.ts'
import { valueAdded } from '../../../../transforms/methods/education/value_added.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { multiplierOf } from '../../../../transforms/methods/statistics/interval.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

const width = ({ lo, hi }: { readonly lo: number; readonly hi: number }): number => hi - lo
const ratio = multiplierOf(0.8) / multiplierOf(0.95)

describe('the level of an interval', () => {
  it('is 95 % unless another is passed', () => {
    expect(multiplierOf(0.95)).toBeCloseTo(1.959963984540054, 12)
    const excess = (level?: number) =>
      meanExcess(
        { mean: 62, n: 25 },
        { mean: 50, sd: 20, n: 4000 },
        { isAdvanced: false, isConfirmed: false },
        { minimumN: 10, effectAbove: 0.5, ...(level === undefined ? {} : { level }) },
      )
    expect(width(excess(0.8)) / width(excess())).toBeCloseTo(ratio, 12)
    expect(() => excess(1)).toThrow(StatisticsError)
    const prior = {
      mean: 50,
      meanVariance: 1,
      tau2: 36,
      cohortVariance: 9,
      change: 1,
      changeVariance: 0,
    }
    const effect = (level?: number) =>
      measureEffect({ value: 40, se: 3 }, { value: 48, se: 3 }, prior, level)
    expect(width(effect(0.8)) / width(effect())).toBeCloseTo(ratio, 12)
    const programme = (level?: number) =>
      programmeEffect([effect(), effect()], prior, 2, level).mean ?? { lo: 0, hi: 0 }
    expect(width(programme(0.8)) / width(programme())).toBeCloseTo(ratio, 12)
    const source = random(8)
    const schools = Array.from({ length: 60 }, (_, i) => i % 6)
    const prior0 = schools.map(() => source.normal())
    const outcome = schools.map((school, i) => school / 3 + (prior0[i] ?? 0) + source.normal())
    const [added] = valueAdded({ outcome, prior: prior0, schools }).schools
    const [narrow] = valueAdded({ outcome, prior: prior0, schools }, 0.8).schools
    expect(width(narrow ?? { lo: 0, hi: 0 }) / width(added ?? { lo: 0, hi: 1 })).toBeCloseTo(
      ratio,
      12,
    )
  })

  it('decides how rare a count of lowered marks must be', () => {
    const counts = { compared: 40, lowered: 16, raised: 0, gap2: null }
    const rule = { minimumN: 10, loweredShare: 0.3, gap2Share: 0.05 }
    expect(journalInflation(counts, 0.28, rule).isFlagged).toBe(false)
    expect(journalInflation(counts, 0.28, { ...rule, level: 0.8 }).isFlagged).toBe(true)
    expect(() => journalInflation(counts, 0.28, { ...rule, level: 0 })).toThrow(StatisticsError)
    const four = [2, 30, 4, 28].map((lowered) => ({
      counts: { compared: 40, lowered, raised: 0, gap2: null },
      referenceShare: 0.4,
    }))
    expect(journalSpread(four)).toBe(0)
    expect(journalSpread(four, { fewest: 4 })).toBeGreaterThan(0)
  })
})

describe('bunching', () => {
  it('has no interval without bootstraps, and is then never flagged', () => {
    const counts = Array.from({ length: 25 }, (_, score) => (score === 12 ? 400 : 100))
    const rule = {
      minimumN: 100,
      degree: 4,
      minimumExpected: 5,
      indexFrom: 0.1,
      bootstraps: 0,
      seed: 1,
    }
    const bare = bunchingMass(counts, 12, rule)
    expect(bare).toMatchObject({ interval: null, isFlagged: false })
    const found = bunchingMass(counts, 12, { ...rule, bootstraps: 100 })
    const narrow = bunchingMass(counts, 12, { ...rule, bootstraps: 100, level: 0.5 })
    expect(found?.isFlagged).toBe(true)
    expect(width(narrow?.interval ?? { lo: 0, hi: 9 })).toBeLessThan(
      width(found?.interval ?? { lo: 0, hi: 0 }),
    )
  })

  it('sees a gap where the count on the boundary is as many times the mean as asked', () => {
    const histogram = [2, 2, 2, 0, 6, 2, 2, 2, 0, 2]
    expect(hasBoundaryGap(histogram, 4)).toBe(true)
    expect(hasBoundaryGap(histogram, 4, 3.5)).toBe(false)
  })
})
