import { describe, expect, it } from 'vitest'
import {
  gapOfTwo,
  journalInflation,
  journalMatrix,
  journalSpread,
  tooGoodAgreement,
} from '../../../../transforms/methods/education/journal_marker.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

const rule = { minimumN: 10, loweredShare: 0.3, gap2Share: 0.05 }

describe('external marks against journal marks', () => {
  it('give vector 12 of DOMAIN 3.15', () => {
    const matrix = journalMatrix([
      [2, 0, 0, 0],
      [4, 6, 1, 0],
      [0, 7, 9, 1],
      [0, 0, 4, 6],
    ])
    expect(matrix).toMatchObject({ n: 40, lowered: 0.375, confirmed: 0.575, raised: 0.05, gap2: 0 })
    expect(matrix.meanGap).toBeCloseTo(-0.325, 12)
    expect(matrix.kappa).toBeCloseTo(0.7518, 4)
    expect(matrix.z).toBeCloseTo(3.153, 3)
  })

  it('have no κ where one mark only occurs, and refuse an empty table', () => {
    expect(
      journalMatrix([
        [0, 0],
        [0, 5],
      ]).kappa,
    ).toBeNull()
    expect(() =>
      journalMatrix([
        [0, 0],
        [0, 0],
      ]),
    ).toThrow(StatisticsError)
  })

  it('flag O1 only where the share is large and surely above the reference', () => {
    const counts = (lowered: number, compared: number) => ({
      compared,
      lowered,
      raised: 0,
      gap2: 0,
    })
    expect(journalInflation(counts(30, 60), 0.25, rule).isFlagged).toBe(true)
    expect(journalInflation(counts(17, 60), 0.1, rule).isFlagged).toBe(false)
    expect(journalInflation(counts(20, 60), 0.25, rule).isFlagged).toBe(false)
    expect(journalInflation(counts(9, 9), 0.25, rule).isFlagged).toBe(false)
  })

  it('flag O1 against how much honest schools differ in strictness', () => {
    const counts = { compared: 100, lowered: 42, raised: 5, gap2: 0 }
    const alike = journalInflation(counts, 0.3, rule)
    const apart = journalInflation(counts, 0.3, rule, 0.03)
    expect(alike.isFlagged).toBe(true)
    expect(apart.isFlagged).toBe(false)
    expect(apart.p).toBeGreaterThan(5 * alike.p)
    expect(journalInflation({ ...counts, lowered: 75 }, 0.3, rule, 0.03).isFlagged).toBe(true)
    expect(journalInflation(counts, 0, rule, 0.03).p).toBe(0)
    expect(() => journalInflation(counts, 0.3, rule, 1)).toThrow(StatisticsError)
  })

  it('find the strictness that honest schools differ by, and keep most of them unflagged', () => {
    const source = random(311)
    const schools = Array.from({ length: 60 }, () => {
      const lowered = source.binomial(150, source.beta(9, 21))
      return { counts: { compared: 150, lowered, raised: 5, gap2: 0 }, referenceShare: 0.3 }
    })
    const spread = journalSpread(schools)
    expect(Math.abs(spread - 1 / 31)).toBeLessThan(0.02)
    const flagged = (own: number): number =>
      schools.filter(
        ({ counts, referenceShare }) =>
          journalInflation(counts, referenceShare, rule, own).isFlagged,
      ).length
    expect(flagged(0)).toBeGreaterThan(6)
    expect(flagged(spread)).toBeLessThanOrEqual(4)
  })

  it('list O2 from the share of the rule and know when gaps were not delivered', () => {
    const counts = { compared: 40, lowered: 10, raised: 2, gap2: 2 }
    expect(gapOfTwo(counts, 0.01, rule)).toMatchObject({ share: 0.05, isFlagged: true })
    expect(gapOfTwo({ ...counts, gap2: null }, 0.01, rule)).toBeUndefined()
  })

  it('find agreement too good to be honest', () => {
    const copied = { compared: 60, lowered: 1, raised: 0, gap2: 0 }
    const prime = { minimumN: 20, mostDiffering: 0.05, referenceFrom: 0.25, p: 0.01 }
    expect(tooGoodAgreement(copied, 0.4, prime).isFlagged).toBe(true)
    expect(tooGoodAgreement(copied, 0.2, prime).isFlagged).toBe(false)
    expect(tooGoodAgreement({ ...copied, lowered: 6 }, 0.4, prime).isFlagged).toBe(false)
  })

  it('refuse counts that cannot be', () => {
    expect(() =>
      journalInflation({ compared: 5, lowered: 4, raised: 2, gap2: 0 }, 0.2, rule),
    ).toThrow(StatisticsError)
  })
})
