import { describe, expect, it } from 'vitest'
import {
  boundaryExpectations,
  smoothReference,
} from '../../../../transforms/methods/education/boundary_bunching.ts'
import { bunchingMass } from '../../../../transforms/methods/education/bunching_mass.ts'
import { easyHardInversion } from '../../../../transforms/methods/education/easy_hard.ts'
import { headScorecard } from '../../../../transforms/methods/education/head_scorecard.ts'
import { tooGoodAgreement } from '../../../../transforms/methods/education/journal_marker.ts'
import { fitLogPolynomial } from '../../../../transforms/methods/education/log_polynomial.ts'
import { lowResults } from '../../../../transforms/methods/education/low_results.ts'
import { meanExcess } from '../../../../transforms/methods/education/mean_excess.ts'
import { medalZone } from '../../../../transforms/methods/education/medal_index.ts'
import { homeJuryEffect } from '../../../../transforms/methods/education/olympiad_index.ts'
import { severityOfP } from '../../../../transforms/methods/education/severity.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'

describe('chances of the rules', () => {
  it('of so few marks that differ (O1′), of non-confirmed medals and of a low procedure are those of scipy', () => {
    const copied = tooGoodAgreement({ compared: 40, lowered: 1, raised: 0, gap2: 0 }, 0.3, {
      minimumN: 20,
      mostDiffering: 0.05,
      referenceFrom: 0.25,
      p: 0.01,
    })
    expect(copied.p).toBeCloseTo(1.1551204737649206e-5, 15)
    expect(copied.isFlagged).toBe(true)
    expect(medalZone({ nonconfirmed: 4, contenders: 6 }, 0.15, 0.05)?.p).toBeCloseTo(
      0.00588515625,
      14,
    )
    expect(medalZone({ nonconfirmed: 1, contenders: 3 }, 0.15, 0.05)?.p).toBeCloseTo(0.385875, 14)
    const low = [2025, 2024].map((year) => ({ procedure: 'x', year, low: 14, n: 40 }))
    const { procedures } = lowResults(low, 2026, () => ({ alpha: 1, beta: 4 }), {
      shareFrom: 0.3,
      nearFrom: 0.25,
      minimumN: 5,
      procedures: 2,
      listedFrom: 0.5,
      confidentFrom: 0.9,
    })
    expect(procedures[0]?.probability).toBeCloseTo(0.6718584252534486, 13)
  })

  it('of what cannot be are refused', () => {
    expect(() => medalZone({ nonconfirmed: 5, contenders: 3 }, 0.5, 0.05)).toThrow(StatisticsError)
    expect(() => severityOfP(-0.1, { from: 1.96, to: 3.09 })).toThrow(StatisticsError)
    const without = { procedure: 'x', year: 2025, low: 3 }
    for (const n of [0, NaN])
      expect(() =>
        lowResults([{ ...without, n }], 2026, () => ({ alpha: 1, beta: 1 }), {
          shareFrom: 0.3,
          nearFrom: 0.25,
          minimumN: 5,
          procedures: 2,
          listedFrom: 0.5,
          confidentFrom: 0.9,
        }),
      ).toThrow(StatisticsError)
  })
})

describe('O3', () => {
  it('has d = 5/6, z = d·√40 and the interval 25 ± 1.96·6/√40', () => {
    const found = meanExcess(
      { mean: 25, n: 40 },
      { mean: 20, sd: 6, n: 1_000_000 },
      { isAdvanced: false, isConfirmed: false },
      { minimumN: 10, effectAbove: 0.5 },
    )
    expect(found.effect).toBeCloseTo(5 / 6, 14)
    expect(found.z).toBeCloseTo(5.270462766947299, 12)
    expect(found.lo).toBeCloseTo(25 - 1.8593851, 6)
    expect(found.hi).toBeCloseTo(25 + 1.8593851, 6)
  })
})

describe('O8', () => {
  it('has for vector 14 the p of all 560 ways to deal three easy and three hard tasks: one is as extreme', () => {
    const reference = [0.92, 0.85, 0.78, 0.66, 0.51, 0.38, 0.27, 0.15]
    const school = [0.8, 0.74, 0.72, 0.66, 0.6, 0.52, 0.45, 0.36]
    const found = easyHardInversion(
      reference.map((share, i) => ({ reference: share, school: school[i] ?? 0 })),
      30,
      {
        minimumPupils: 15,
        minimumTasks: 3,
        easyFrom: 0.7,
        hardTo: 0.4,
        gapFrom: 0.15,
        p: 0.05,
        permutations: 40_000,
        seed: 3,
      },
    )
    expect(found?.gap).toBeCloseTo(0.2733333333333333, 12)
    expect(Math.abs((found?.p ?? 1) - 1 / 560)).toBeLessThan(0.0007)
  })
})

describe('a histogram of twenty scores', () => {
  const honest = [3, 6, 11, 17, 25, 33, 41, 47, 52, 50, 49, 44, 36, 30, 22, 15, 9, 5, 3, 1]
  const outside = honest.map((_, score) => score < 6 || score > 9)

  it('has the curve of the Poisson regression of statsmodels', () => {
    // GLM(counts, Chebyshev polynomials to degree 4, Poisson) without the window 6 … 9
    const mean = fitLogPolynomial(honest, outside, 4)?.mean
    const expected = [40.65768558623888, 46.64040557711655, 50.20031657928996, 50.87679029810539]
    expected.forEach((value, i) => {
      expect((mean?.[6 + i] ?? 0) / value).toBeCloseTo(1, 7)
    })
    const scale = { from3: 8, from4: 40, from5: 60 }
    const [three] = boundaryExpectations(smoothReference(honest, scale, 4))
    const [a = 0, b = 0, c = 0, d = 0] = expected
    expect(three?.share).toBeCloseTo((c + d) / (a + b + c + d), 8)
  })

  it('has the excess, missing mass and index of that curve (O7m)', () => {
    const moved = honest.map((count, score) => count + ([-20, -15, 25, 10][score - 6] ?? 0))
    const found = bunchingMass(moved, 8, {
      minimumN: 200,
      degree: 4,
      minimumExpected: 5,
      indexFrom: 0.5,
      bootstraps: 200,
      seed: 1,
    })
    expect(found?.excess).toBeCloseTo(35.92289312260465, 4)
    expect(found?.missing).toBeCloseTo(34.29809116335542, 4)
    expect(found?.index).toBeCloseTo(0.762794539753233, 6)
    expect(found?.isFlagged).toBe(true)
  })
})

describe('the effect of own jurors', () => {
  it('has the t of Welch in scipy', () => {
    const works = [
      ...[0.1, 0.12, 0.08, 0.2].map((residual) => ({ residual, ownJuror: true })),
      ...[-0.02, 0, 0.02, 0.05, 0.01].map((residual) => ({ residual, ownJuror: false })),
    ]
    expect(homeJuryEffect(works)?.z).toBeCloseTo(3.9325664297330336, 11)
  })
})

describe('the sureness of a head’s band', () => {
  const card = (bands: readonly number[], se = 0) =>
    headScorecard(
      [
        { group: 'a', value: 0.5 + 0.5 * Number(se === 0), se, from: 0, to: 1 },
        { group: 'b', value: se === 0 ? 0 : 0.5, se: 0, from: 0, to: 1 },
      ],
      { isClosed: false, attainmentGroups: new Set(), objectivityGroup: 'o' },
      {
        weights: new Map([
          ['a', 1],
          ['b', 1],
        ]),
        leastWeight: 0.6,
        bands,
        bootstraps: 20_000,
        weightChange: 0.5,
        seed: 5,
      },
    )

  it('under weights moved by half is the area where w₁ ≥ w₂ (½) and where w₁ ≥ ⅔w₂ (13/16)', () => {
    expect(Math.abs((card([0.5]).stability ?? 0) - 1 / 2)).toBeLessThan(0.012)
    expect(Math.abs((card([0.4]).stability ?? 0) - 13 / 16)).toBeLessThan(0.01)
  })

  it('under the error of one of two indicators is total ± 1.96·se/2', () => {
    const { interval, total } = card([0.5], 0.1)
    expect(total).toBe(0.5)
    expect(Math.abs((interval?.hi ?? 0) - (0.5 + 0.0979982))).toBeLessThan(1e-7)
    expect(Math.abs((interval?.lo ?? 0) - (0.5 - 0.0979982))).toBeLessThan(1e-7)
  })
})
