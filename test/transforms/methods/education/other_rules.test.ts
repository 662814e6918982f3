import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  demandMatch,
  destinationRates,
} from '../../../../transforms/methods/education/destinations.ts'
import {
  headScorecard,
  indicatorScore,
  type ScorecardIndicator,
} from '../../../../transforms/methods/education/head_scorecard.ts'
import {
  basicLevelShare,
  environmentRating,
  observerAgreement,
  preschoolMonitoring,
  selfAssessmentGap,
} from '../../../../transforms/methods/education/preschool_quality.ts'
import {
  municipalServiceQuality,
  satisfaction,
  serviceQuality,
} from '../../../../transforms/methods/education/service_quality.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

describe('a head’s scorecard', () => {
  const rule = {
    weights: new Map([
      ['attainment', 2],
      ['objectivity', 1],
      ['staff', 1],
    ]),
    leastWeight: 0.6,
    bands: [0.75, 0.5, 0.25],
    bootstraps: 500,
    weightChange: 0.5,
    seed: 1,
  }
  const open = {
    isClosed: false,
    attainmentGroups: new Set(['attainment']),
    objectivityGroup: 'objectivity',
  }
  const indicator = (group: string, value: number | null, se = 0): ScorecardIndicator => ({
    group,
    value,
    se,
    from: 0,
    to: 10,
  })
  it('scores within the limits of the cluster, also where less is better', () => {
    expect([-1, 2.5, 12].map((value) => indicatorScore(value, 0, 10))).toEqual([0, 0.25, 1])
    expect(indicatorScore(2, 10, 0)).toBeCloseTo(0.8, 12)
    expect(() => indicatorScore(1, 3, 3)).toThrow(StatisticsError)
  })
  it('is the weighted mean of available groups, and nothing with too little weight', () => {
    const found = headScorecard(
      [indicator('attainment', 8), indicator('attainment', 6), indicator('staff', 3)],
      open,
      rule,
    )
    expect(found.total).toBeCloseTo((2 * 0.7 + 0.3) / 3, 12)
    expect(found).toMatchObject({ availableWeight: 0.75, band: 'B' })
    expect(headScorecard([indicator('staff', 3)], open, rule)).toMatchObject({
      total: null,
      band: null,
    })
  })
  it('does not count attainment that is not objective', () => {
    const found = headScorecard(
      [indicator('attainment', 10), indicator('objectivity', 9), indicator('staff', 8)],
      { ...open, isClosed: true },
      { ...rule, leastWeight: 0.5 },
    )
    expect(found.groups.get('attainment')).toBeNull()
    expect(found.groups.get('objectivity')).toBe(0)
    expect(found.total).toBeCloseTo(0.4, 12)
  })
  it('has no interval where the error of an indicator that counts is not known', () => {
    const known = indicator('attainment', 4, 1)
    const unknown = { ...indicator('staff', 6), se: null }
    const whole = { ...rule, leastWeight: 0 }
    expect(headScorecard([known, unknown], open, whole)).toMatchObject({ interval: null })
    expect(headScorecard([known, { ...unknown, value: null }], open, whole).interval).not.toBeNull()
    expect(headScorecard([known, { ...unknown, se: 0 }], open, whole).interval).not.toBeNull()
  })
  it('tells how sure the band is, the same every time', () => {
    const sure = headScorecard(
      [indicator('attainment', 9), indicator('objectivity', 9), indicator('staff', 9)],
      open,
      rule,
    )
    expect(sure).toMatchObject({ band: 'A', stability: 1 })
    const shaky = [
      indicator('attainment', 9, 1),
      indicator('objectivity', 2),
      indicator('staff', 2),
    ]
    const found = headScorecard(shaky, open, rule)
    expect(found.stability).toBeLessThan(1)
    expect((found.interval?.hi ?? 0) - (found.interval?.lo ?? 0)).toBeGreaterThan(0.1)
    expect(headScorecard(shaky, open, rule)).toEqual(found)
  })
  const of = (values: readonly number[], se: number, bootstraps = 0) =>
    headScorecard(
      values.map((value) => indicator('attainment', value, se)),
      open,
      { ...rule, leastWeight: 0, bootstraps },
    )
  it('is total ± 1.96·√Σ(share·se)² in the middle of the scale, without any draws', () => {
    const { interval, total } = headScorecard(
      [indicator('attainment', 4, 1), indicator('attainment', 5, 2), indicator('staff', 6, 0.5)],
      open,
      { ...rule, bootstraps: 0 },
    )
    const half = 1.959964 * Math.sqrt((0.1 / 3) ** 2 + (0.2 / 3) ** 2 + (0.05 / 3) ** 2)
    expect(interval?.lo).toBeCloseTo((total ?? 0) - half, 7)
    expect(interval?.hi).toBeCloseTo((total ?? 0) + half, 7)
  })
  it('holds a total at the edge of the scale 95 times of a hundred, though scores cannot rise above it', () => {
    for (const truth of [10, 10.5, 0, -0.5]) {
      const source = random(11)
      let held = 0
      for (let i = 0; i < 400; i++) {
        const values = Array.from({ length: 20 }, () => source.normal(truth, 1))
        const { interval } = of(values, 1)
        const whole = truth >= 10 ? 1 : 0
        if (interval && interval.lo <= whole + 1e-12 && whole - 1e-12 <= interval.hi) held += 1
      }
      expect([truth, held >= 372]).toEqual([truth, true])
    }
  })
  it('does not let an indicator far beyond the scale make up for others by more than its error', () => {
    expect(of([40, 2, 2, 2], 1).interval?.hi).toBeCloseTo((1.1 + 0.6) / 4 + 0.0979982, 6)
    expect(of([-40, 8, 8, 8], 1).interval?.lo).toBeCloseTo((-0.1 + 2.4) / 4 - 0.0979982, 6)
  })
  it('has limits that never fall when an indicator rises, and that hold the total', () => {
    const value = fc.double({ min: -5, max: 15, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0.1, max: 4, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (values, se, rise) => {
          const before = of(values, se)
          const after = of([(values[0] ?? 0) + rise, ...values.slice(1)], se)
          const limits = [before, after].map(({ interval }) => interval ?? { lo: NaN, hi: NaN })
          expect(limits[1]!.lo).toBeGreaterThanOrEqual(limits[0]!.lo - 1e-12)
          expect(limits[1]!.hi).toBeGreaterThanOrEqual(limits[0]!.hi - 1e-12)
          expect(limits[0]!.lo).toBeLessThanOrEqual(before.total ?? NaN)
          expect(limits[0]!.hi).toBeGreaterThanOrEqual(before.total ?? NaN)
          expect(limits.every(({ lo, hi }) => lo >= 0 && hi <= 1)).toBe(true)
        },
      ),
    )
  })
  it('takes no error from what is not counted', () => {
    const rest = [indicator('objectivity', 5, 3), indicator('staff', 5, 1)]
    const found = headScorecard(
      [indicator('attainment', 5, 3), ...rest],
      { ...open, isClosed: true },
      {
        ...rule,
        leastWeight: 0.5,
      },
    )
    expect(found.total).toBeCloseTo(0.25, 12)
    expect(found.interval?.hi).toBeCloseTo(0.25 + (1.959964 * 0.1) / 2, 7)
  })
  it('refuses a group without a weight', () => {
    expect(() => headScorecard([indicator('parents', 1)], open, rule)).toThrow(StatisticsError)
  })
})

describe('НОКО', () => {
  const weights = new Map([
    [
      'K1',
      new Map([
        ['1.1', 0.3],
        ['1.2', 0.3],
        ['1.3', 0.4],
      ]),
    ],
    [
      'K2',
      new Map([
        ['2.1', 0.5],
        ['2.3', 0.5],
      ]),
    ],
    [
      'K3',
      new Map([
        ['3.1', 0.3],
        ['3.2', 0.4],
        ['3.3', 0.3],
      ]),
    ],
    [
      'K4',
      new Map([
        ['4.1', 0.4],
        ['4.2', 0.4],
        ['4.3', 0.2],
      ]),
    ],
    [
      'K5',
      new Map([
        ['5.1', 0.3],
        ['5.2', 0.2],
        ['5.3', 0.5],
      ]),
    ],
  ])
  const values = new Map([
    ['1.1', 95],
    ['1.2', 100],
    ['1.3', 92],
    ['2.1', 90],
    ['2.3', 88],
    ['3.1', 60],
    ['3.2', 80],
    ['3.3', 85],
    ['4.1', 96],
    ['4.2', 97],
    ['4.3', 95],
    ['5.1', 90],
    ['5.2', 94],
    ['5.3', 93],
  ])
  it('gives vector 16 of DOMAIN 3.15', () => {
    const found = serviceQuality(values, weights)
    const expected = [95.3, 89, 75.5, 96.2, 92.3]
    ;[...found.criteria.values()].forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? 0, 10)
    })
    expect(found.total).toBeCloseTo(89.66, 10)
  })
  it('refuses missing indicators and weights that do not make 1', () => {
    expect(() => serviceQuality(new Map(), weights)).toThrow(StatisticsError)
    expect(() => serviceQuality(values, new Map([['K1', new Map([['1.1', 0.9]])]]))).toThrow(
      StatisticsError,
    )
  })
  it('has intervals of respondents and a mean over one cycle only', () => {
    const found = satisfaction(40, 89)
    expect(found.lo).toBeCloseTo(35.0324, 3)
    expect(found.hi).toBeCloseTo(55.2737, 3)
    const organisations = [
      { year: 2022, total: 50 },
      { year: 2025, total: 80 },
      { year: 2026, total: 90 },
    ]
    expect(municipalServiceQuality(organisations, { from: 2024, to: 2026 })).toEqual({
      mean: 85,
      organisations: 2,
    })
    expect(municipalServiceQuality(organisations, { from: 2019, to: 2021 })).toBeNull()
  })
})

describe('preschool scales', () => {
  const ecers = { adequateFrom: 3, goodFrom: 5, scale: [1, 7] } as const
  it('average scored items, not subscales, and leave N/A out', () => {
    const found = environmentRating(
      [
        { area: 'space', score: 4 },
        { area: 'space', score: 6 },
        { area: 'space', score: 5 },
        { area: 'care', score: 3 },
        { area: 'parents', score: null },
      ],
      ecers,
    )
    expect(found.areas.get('space')).toBe(5)
    expect(found.areas.get('parents')).toBeNull()
    expect(found).toMatchObject({ total: 4.5, level: 'adequate' })
    expect(() => environmentRating([{ area: 'space', score: 8 }], ecers)).toThrow(StatisticsError)
    expect(() => environmentRating([{ area: 'space', score: null }], ecers)).toThrow(
      StatisticsError,
    )
  })
  it('trust observers who agree', () => {
    const limits = { withinFrom: 0.85, kappaFrom: 0.6, scale: [1, 7] } as const
    const agreeing = Array.from(
      { length: 40 },
      (_, i) => [1 + (i % 7), Math.min(7, 1 + (i % 7) + (i % 2))] as const,
    )
    expect(observerAgreement(agreeing, limits)).toMatchObject({ withinOne: 1, isReliable: true })
    const far = agreeing.map(([first], i) => [first, 1 + ((i * 3) % 7)] as const)
    expect(observerAgreement(far, limits).isReliable).toBe(false)
    expect(
      observerAgreement(
        [
          [3, 3],
          [3, 3],
        ],
        limits,
      ),
    ).toMatchObject({ kappa: null, isReliable: false })
  })
  it('average the indicators of МКДО and compare inside with outside', () => {
    expect(
      preschoolMonitoring(
        [
          { area: 'programme', score: 3 },
          { area: 'programme', score: 4 },
          { area: 'parents', score: 5 },
        ],
        [1, 5],
      ).total,
    ).toBe(4)
    expect(basicLevelShare([2.9, 3, 4], 3)).toBeCloseTo(2 / 3, 12)
    expect(basicLevelShare([], 3)).toBeNull()
    expect(selfAssessmentGap(4.2, 3.2, 1)).toMatchObject({ isFlagged: true })
    expect(selfAssessmentGap(3.2, 4.2, 1).isFlagged).toBe(false)
  })
})

describe('destinations of graduates', () => {
  it('are shares of all graduates, the unknown told apart', () => {
    const found = destinationRates(
      {
        known: new Map([
          ['college', 30],
          ['grade10', 60],
        ]),
        unknown: 10,
      },
      0.1,
    )
    expect(found.rates.map(({ share }) => share)).toEqual([0.3, 0.6])
    expect(found).toMatchObject({ graduates: 100, unknownShare: 0.1, isGrey: false })
    expect(destinationRates({ known: new Map([['college', 8]]), unknown: 2 }, 0.1).isGrey).toBe(
      true,
    )
    expect(() => destinationRates({ known: new Map(), unknown: 0 }, 0.1)).toThrow(StatisticsError)
  })
  it('match the demand of the municipality', () => {
    const found = demandMatch(['welder', 'nurse', null, 'actor'], new Set(['welder', 'nurse']))
    expect(found?.share).toBeCloseTo(2 / 3, 12)
    expect(found?.n).toBe(3)
    expect(demandMatch([null], new Set())).toBeNull()
  })
})
