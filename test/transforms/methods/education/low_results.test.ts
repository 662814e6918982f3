import { describe, expect, it } from 'vitest'
import { lowResults, type LowCount } from '../../../../transforms/methods/education/low_results.ts'
import { resilienceClass } from '../../../../transforms/methods/education/resilience.ts'
import { riskProfile } from '../../../../transforms/methods/education/risk_profile.ts'
import {
  wellbeingIndex,
  type WellbeingInput,
} from '../../../../transforms/methods/education/wellbeing_index.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

const rule = {
  shareFrom: 0.3,
  nearFrom: 0.25,
  minimumN: 5,
  procedures: 2,
  listedFrom: 0.5,
  confidentFrom: 0.9,
}
const prior = () => ({ alpha: 1, beta: 4 })
const counts = (year: number, lows: readonly number[], n = 40): LowCount[] =>
  lows.map((low, i) => ({ procedure: `p${String(i)}`, year, low, n }))
const of = (rows: readonly LowCount[]) => lowResults(rows, 2026, prior, rule)

describe('schools with low results', () => {
  it('are low in two procedures of each of the two years before', () => {
    expect(of([...counts(2025, [12, 20, 0]), ...counts(2024, [15, 15, 1])]).isLow).toBe(true)
    expect(of([...counts(2025, [12, 20, 0]), ...counts(2024, [15, 2, 1])])).toMatchObject({
      isLow: false,
      isNear: true,
    })
    expect(of([...counts(2025, [3, 2, 0]), ...counts(2024, [1, 2, 1])])).toMatchObject({
      isLow: false,
      isNear: false,
    })
  })
  it('are near from a quarter in both years', () => {
    expect(of([...counts(2025, [10, 11]), ...counts(2024, [10, 10])])).toMatchObject({
      isLow: false,
      isNear: true,
    })
  })
  it('do not rest on three pupils', () => {
    const small = [...counts(2025, [1, 1], 3), ...counts(2024, [1, 1], 3)]
    expect(of(small)).toMatchObject({ isLow: false, isNear: false })
    expect(of(small).procedures[0]?.certainty).toBe('not listed')
  })
  it('pass over a year without data and say so', () => {
    const found = of([...counts(2025, [20, 20]), ...counts(2023, [20, 20])])
    expect(found).toMatchObject({ isLow: true, hasGap: true, years: [2025, 2023] })
    expect(of(counts(2025, [20, 20]))).toMatchObject({ isLow: false, years: null })
  })
  it('look at nothing of the year itself or after', () => {
    expect(
      of([...counts(2026, [40, 40]), ...counts(2025, [0, 0]), ...counts(2024, [0, 0])]).isLow,
    ).toBe(false)
  })
  it('have a posterior probability that is right against simulation', () => {
    const source = random(1)
    const [low, n] = [14, 40]
    let above = 0
    const draws = 200_000
    for (let i = 0; i < draws; i++) if (source.beta(1 + low, 4 + n - low) >= 0.3) above += 1
    const [first] = of([...counts(2025, [low, low]), ...counts(2024, [low, low])]).procedures
    expect(first?.probability).toBeCloseTo(above / draws, 2)
    expect(first?.certainty).toBe('listed')
  })
  it('take procedures for independent in the probability of the list', () => {
    const found = of([...counts(2025, [14, 14]), ...counts(2024, [14, 14])])
    const p = found.procedures[0]?.probability ?? 0
    expect(found.probability).toBeCloseTo(p ** 4, 12)
  })
  it('refuse more low results than participants', () => {
    expect(() => of(counts(2025, [50]))).toThrow(StatisticsError)
  })
})

describe('a risk profile', () => {
  it('calls for a programme with one high or three medium factors', () => {
    const limits = { highFrom: 1, mediumFrom: 3 }
    const medium = (n: number) =>
      new Map(
        Array.from({ length: 10 }, (_, i) => [`f${String(i)}`, i < n ? 'medium' : 'low'] as const),
      )
    expect(riskProfile(medium(2), limits).needsProgramme).toBe(false)
    expect(riskProfile(medium(3), limits).needsProgramme).toBe(true)
    expect(
      riskProfile(
        new Map([
          ['staff', 'high'],
          ['equipment', null],
        ] as const),
        limits,
      ),
    ).toEqual({
      high: 1,
      medium: 0,
      unknown: 1,
      needsProgramme: true,
      factors: ['staff'],
    })
  })
})

describe('the index of social well-being', () => {
  const source = random(3)
  const n = 80
  const latent = Array.from({ length: n }, () => source.normal())
  const input = (name: string, sign: 1 | -1, noise: number): WellbeingInput => ({
    name,
    favourable: sign === 1,
    values: latent.map((value) => sign * value + source.normal(0, noise)),
  })
  const inputs = [input('higher', 1, 0.5), input('single', -1, 0.5), input('registered', -1, 0.7)]
  const clusters = latent.map((_, i) => i % 3)
  const base = {
    weighting: 'equal',
    regressionFrom: 60,
    mostMissing: 0.34,
    scale: 'minmax',
  } as const
  const correlation = (values: readonly (number | null)[]): number => {
    const known = values.map((value) => value ?? 0)
    const mean = (row: readonly number[]) => row.reduce((sum, value) => sum + value, 0) / row.length
    const [a, b] = [mean(known), mean(latent)]
    const dot = (x: readonly number[], y: readonly number[], mx: number, my: number) =>
      x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] ?? 0) - my), 0)
    return dot(known, latent, a, b) / Math.sqrt(dot(known, known, a, a) * dot(latent, latent, b, b))
  }
  it('is high where the context is favourable, by any weighting, from 0 to 100', () => {
    const results = latent.map((value) => 0.5 * value + source.normal(0, 0.3))
    for (const weighting of ['equal', 'component', 'regression'] as const) {
      const found = wellbeingIndex(inputs, clusters, results, { ...base, weighting })
      expect(found.weighting).toBe(weighting)
      expect(correlation(found.values)).toBeGreaterThan(0.85)
      expect(Math.min(...found.values.map((value) => value ?? 50))).toBe(0)
      expect(Math.max(...found.values.map((value) => value ?? 50))).toBe(100)
    }
  })
  it('falls back to equal weights with too few schools', () => {
    const few = inputs.map((one) => ({ ...one, values: Array.from(one.values).slice(0, 40) }))
    const found = wellbeingIndex(few, clusters.slice(0, 40), latent.slice(0, 40), {
      ...base,
      weighting: 'regression',
    })
    expect(found.weighting).toBe('equal')
  })
  it('fills one missing input by the cluster and gives none where too much is missing', () => {
    const holes = inputs.map((one, j) => ({
      ...one,
      values: Array.from(one.values, (value, i) =>
        (i === 0 && j === 0) || (i === 1 && j < 2) ? Number.NaN : value,
      ),
    }))
    const found = wellbeingIndex(holes, clusters, null, base)
    expect(found.values[0]).not.toBeNull()
    expect(found.isImputed[0]).toBe(true)
    expect(found.values[1]).toBeNull()
  })
})

describe('resilience', () => {
  const limits = { adverseTo: 0.25, highFrom: 2 / 3, residualFrom: 1, years: 3 }
  const school = {
    wellbeingRank: 0.1,
    resultRank: 0.8,
    residuals: [],
    pooled: null,
    objectivityFlags: 0,
  } as const
  it('is high results in adverse conditions, honestly come by', () => {
    expect(resilienceClass(school, limits)).toBe('resilient')
    expect(resilienceClass({ ...school, objectivityFlags: 1 }, limits)).toBe('not objective')
    expect(resilienceClass({ ...school, wellbeingRank: 0.6 }, limits)).toBe('ordinary')
  })
  it('is also three years of residuals that last', () => {
    const lasting = {
      ...school,
      resultRank: 0.5,
      residuals: [0, 1.2, 1.1, 1.4],
      pooled: { lo: 0.2, hi: 2 },
    }
    expect(resilienceClass(lasting, limits)).toBe('resilient')
    expect(resilienceClass({ ...lasting, pooled: { lo: -0.1, hi: 2 } }, limits)).toBe('ordinary')
    const down = {
      ...school,
      resultRank: 0.2,
      residuals: [-1.2, -1.1, -1.4],
      pooled: { lo: -2, hi: -0.3 },
    }
    expect(resilienceClass(down, limits)).toBe('struggling')
    expect(resilienceClass({ ...down, wellbeingRank: 0.9 }, limits)).toBe('coasting')
  })
})
