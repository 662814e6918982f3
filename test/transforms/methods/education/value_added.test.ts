import { describe, expect, it } from 'vitest'
import {
  fulfilment,
  countsAsExit,
  matchedEffect,
  measureEffect,
  programmeEffect,
} from '../../../../transforms/methods/education/measure_effect.ts'
import {
  cohortValueAdded,
  growthLevel,
  nationalHalfWidth,
  pooledResidual,
  progressBand,
  valueAdded,
} from '../../../../transforms/methods/education/value_added.ts'
import { pearson } from '../../../../transforms/methods/statistics/correlation.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { linearRegression } from '../../../../transforms/methods/statistics/linear_regression.ts'
import { matrixOfColumns } from '../../../../transforms/methods/statistics/matrix.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

/** 60 schools whose intake differs more than their effect. */
const panel = () => {
  const source = random(17)
  const rows: { outcome: number; prior: number; school: number }[] = []
  const effects: number[] = []
  for (let school = 0; school < 60; school++) {
    const effect = source.normal(0, 2)
    const intake = source.normal(0, 6)
    effects.push(effect)
    const size = 15 + source.integer(50)
    for (let i = 0; i < size; i++) {
      const prior = 50 + intake + source.normal(0, 8)
      rows.push({ prior, school, outcome: 10 + 0.8 * prior + effect + source.normal(0, 6) })
    }
  }
  return { rows, effects }
}

describe('value added', () => {
  const { rows, effects } = panel()
  const column = (key: 'outcome' | 'prior' | 'school') => rows.map((row) => row[key])
  const found = valueAdded({
    outcome: column('outcome'),
    prior: column('prior'),
    schools: column('school'),
  })

  it('needs the school’s mean prior: without it ē_s is the raw school mean, with it it is the effect', () => {
    const means = new Map<number, number[]>()
    for (const { school, prior } of rows) means.set(school, [...(means.get(school) ?? []), prior])
    const average = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length
    const centred = rows.map(({ prior, school }) => prior - average(means.get(school) ?? []))
    const naive = linearRegression(matrixOfColumns([centred]), column('outcome')).residuals
    const bySchool = (values: ArrayLike<number>) =>
      effects.map((_, school) =>
        average(rows.flatMap((row, i) => (row.school === school ? [values[i] ?? 0] : []))),
      )
    const rawMeans = bySchool(column('outcome'))
    expect(pearson(bySchool(naive), rawMeans).r).toBeCloseTo(1, 6)
    expect(pearson(bySchool(naive), effects).r).toBeLessThan(0.6)
    expect(
      pearson(
        found.schools.map(({ value }) => value),
        effects,
      ).r,
    ).toBeGreaterThan(0.85)
  })
  it('finds the variances and the slope that made the data', () => {
    expect(found.slope).toBeCloseTo(0.8, 1)
    expect(found.varianceWithin).toBeGreaterThan(33)
    expect(found.varianceWithin).toBeLessThan(39)
    expect(found.varianceBetween).toBeGreaterThan(2)
    expect(found.varianceBetween).toBeLessThan(7)
  })
  it('shrinks to the mean, more where pupils are few, and covers the truth', () => {
    let covered = 0
    for (const { school, raw, value, lo, hi } of found.schools) {
      expect(Math.abs(value)).toBeLessThanOrEqual(Math.abs(raw))
      if (lo <= (effects[school] ?? 0) && (effects[school] ?? 0) <= hi) covered += 1
    }
    expect(covered / 60).toBeGreaterThan(0.85)
  })
  it.each([
    [30, 10, 0.15],
    [10, 5, 0.15],
    [30, 5, 0.05],
  ])('covers the effects of %i schools of %i pupils, σ_u² = %d', (count, size, between) => {
    const source = random(331)
    let covered = 0
    let total = 0
    for (let round = 0; round < 1500 / count; round++) {
      const truths = Array.from({ length: count }, () => source.normal(0, Math.sqrt(between)))
      const intakes = truths.map(() => source.normal(0, 0.4))
      const schools = Array.from({ length: count * size }, (_, i) => Math.floor(i / size))
      const prior = schools.map((school) => (intakes[school] ?? 0) + source.normal())
      const outcome = prior.map(
        (x, i) => 0.6 * x + (truths[schools[i] ?? 0] ?? 0) + source.normal(),
      )
      for (const { school, lo, hi } of valueAdded({ outcome, prior, schools }).schools) {
        const truth = truths[school] ?? 0
        covered += lo <= truth && truth <= hi ? 1 : 0
        total++
      }
    }
    expect(covered / total).toBeGreaterThan(0.9)
  })
  it('refuses numbers of a hundred orders of magnitude rather than give an interval without ends', () => {
    const orders = {
      outcome: [-1.4, 0.49, 0.38, 0, 1.6e103, 1.1e-23],
      prior: [1.95e52, 0.49, 1.3e-11, 1.7, -1.2, 0.13],
      schools: [2, 2, 0, 0, 1, 0],
    }
    expect(() => valueAdded(orders)).toThrow(StatisticsError)
  })

  it('has an interval where no variance between schools was found', () => {
    const outcome = [1, 2, 3, 4, 4, 3, 2, 1, 1, 4, 2, 3, 1, 2, 3, 4, 4, 3, 2, 1]
    const even = valueAdded({
      outcome,
      prior: outcome.map((_, i) => i % 4),
      schools: outcome.map((_, i) => Math.floor(i / 4)),
    })
    expect(even.varianceBetween).toBe(0)
    for (const { value, lo, hi } of even.schools) {
      expect(value).toBe(0)
      expect(hi - lo).toBeGreaterThan(0.5)
    }
  })
  it('has the levels of TVAAS, a bound belonging to the higher', () => {
    expect([-3, -2, -1, 0, 1, 2].map((index) => growthLevel(index, [-2, -1, 1, 2]))).toEqual([
      1, 2, 3, 3, 4, 5,
    ])
  })
  it('has the half-widths of vector 17 and the bands of Progress 8', () => {
    expect(nationalHalfWidth(1.25, 24, 1.96)).toBeCloseTo(0.5001, 4)
    expect(nationalHalfWidth(1.25, 45, 1.96)).toBeCloseTo(0.3652, 4)
    const band = (value: number, half: number) =>
      progressBand({ value, lo: value - half, hi: value + half }, { well: 0.5 })
    expect(band(0.45, 0.5001)).toBe('average')
    expect(band(0.45, 0.3652)).toBe('above')
    expect(band(0.8, 0.3)).toBe('well above')
    expect(band(-0.8, 0.3)).toBe('well below')
  })
})

describe('value added of cohorts', () => {
  const source = random(23)
  const effects = Array.from({ length: 20 }, () => source.normal(0, 0.04))
  const rows = effects.flatMap((effect, s) =>
    [2024, 2025, 2026].map((year) => {
      const wellbeing = (s % 10) * 10
      const prior = 0.4 + wellbeing / 500 + source.normal(0, 0.03)
      return {
        school: String(s),
        year,
        prior,
        wellbeing,
        isRural: s % 3 === 0,
        n: 30 + s,
        ridit:
          0.1 +
          0.7 * prior +
          wellbeing / 1000 +
          (year - 2025) * 0.02 +
          effect +
          source.normal(0, 0.01),
      }
    }),
  )
  it('is what prior, context and year do not explain', () => {
    const found = cohortValueAdded(rows, 20, 30)
    expect(found.usesPrior).toBe(true)
    const pooled = effects.map((_, s) => {
      const own = found.residuals.filter(({ school }) => school === String(s))
      return pooledResidual(
        own.map(({ residual }) => residual),
        own.map(() => 1),
      )
    })
    expect(pearson(pooled, effects).r).toBeGreaterThan(0.85)
  })
  it('is what ИСБШ alone does not explain where too few rows have a prior', () => {
    const doubtful = rows.map((row, i) => (i < 40 ? { ...row, prior: null } : row))
    const found = cohortValueAdded(doubtful, 20, 30)
    expect(found).toMatchObject({ usesPrior: false })
    const { residuals } = linearRegression(
      matrixOfColumns([rows.map(({ wellbeing }) => wellbeing)]),
      rows.map((row) => row.ridit),
      { weights: rows.map(({ n }) => n / (n + 20)) },
    )
    expect(found.residuals).toHaveLength(60)
    found.residuals.forEach(({ residual }, i) => {
      expect(residual).toBeCloseTo(residuals[i] ?? NaN, 12)
    })
  })
})

describe('the effect of measures', () => {
  const region = {
    mean: 50,
    meanVariance: 1,
    tau2: 45,
    cohortVariance: 9,
    change: 2,
    changeVariance: 0.5,
  }
  it('is nothing on average for the lowest schools when nothing was done, where the whole τ² claims two points', () => {
    const source = random(31)
    const [lasting, cohort, sampling] = [6, 3, 4]
    const prior = {
      mean: 50,
      meanVariance: 0,
      tau2: lasting ** 2 + cohort ** 2,
      cohortVariance: cohort ** 2,
      change: 0,
      changeVariance: 0,
    }
    const schools = Array.from({ length: 40_000 }, () => {
      const level = source.normal(50, lasting)
      const seen = () => source.normal(level, Math.hypot(cohort, sampling))
      return { before: seen(), after: seen() }
    }).sort((a, b) => a.before - b.before)
    const lowest = schools.slice(0, 6000)
    let corrected = 0
    let naive = 0
    let squares = 0
    let claimed = 0
    for (const { before, after } of lowest) {
      const found = measureEffect(
        { value: before, se: sampling },
        { value: after, se: sampling },
        prior,
      )
      const whole = measureEffect(
        { value: before, se: sampling },
        { value: after, se: sampling },
        { ...prior, cohortVariance: 0 },
      )
      corrected += found.effect / lowest.length
      naive += whole.effect / lowest.length
      squares += (found.effect / found.se) ** 2 / lowest.length
      if (found.isClaimed) claimed += 1 / lowest.length
    }
    expect(Math.abs(corrected)).toBeLessThan(0.3)
    expect(naive).toBeGreaterThan(1.4)
    expect(squares).toBeGreaterThan(0.93)
    expect(squares).toBeLessThan(1.07)
    expect(claimed).toBeGreaterThan(0.04)
    expect(claimed).toBeLessThan(0.06)
  })
  it('follows the change of the whole and the direction of λ', () => {
    const found = measureEffect({ value: 40, se: 4 }, { value: 47, se: 4 }, region)
    expect(found.lambda).toBeCloseTo(36 / 61, 12)
    expect(found.expected).toBeCloseTo(50 - 10 * (36 / 61) + 2, 12)
    expect(found.effect).toBeCloseTo(47 - found.expected, 12)
  })
  it('is told as cases with fewer than five recipients', () => {
    const exact = { ...region, meanVariance: 0, changeVariance: 0 }
    const one = measureEffect({ value: 40, se: 4 }, { value: 47, se: 4 }, exact)
    expect(programmeEffect([one, one], exact, 5)).toEqual({ mean: null, cases: 2 })
    const five = programmeEffect([one, one, one, one, one], exact, 5).mean
    expect(five?.effect).toBeCloseTo(one.effect, 12)
    expect(five?.se).toBeCloseTo(one.se / Math.sqrt(5), 12)
  })
  it('is no surer of the mean and change that all recipients share, however many they are', () => {
    const one = measureEffect({ value: 40, se: 4 }, { value: 47, se: 4 }, region)
    const shared = (25 / 61) ** 2 * region.meanVariance + region.changeVariance
    expect(one.se ** 2).toBeCloseTo(16 + 9 + 36 * (25 / 61) + shared, 12)
    const many = Array.from({ length: 400 }, () => one)
    const { se = 0 } = programmeEffect(many, region, 5).mean ?? {}
    expect(se ** 2).toBeCloseTo(shared + (one.se ** 2 - shared) / 400, 12)
  })
  it('against matched others takes away what the others gained too', () => {
    const source = random(5)
    const baseline = Array.from({ length: 80 }, () => source.normal(50, 10))
    const treated = baseline.map((_, i) => i < 25)
    const changes = baseline.map(
      (value, i) => 0.5 * (50 - value) + (i < 25 ? 6 : 0) + source.normal(0, 1),
    )
    const found = matchedEffect([{ kind: 'numeric', values: baseline }], changes, treated, 3)
    expect(found.estimate).toBeGreaterThan(5)
    expect(found.estimate).toBeLessThan(7)
  })
  it('counts an exit only where objectivity did not worsen, and a target that was reached', () => {
    expect(
      countsAsExit({ isListed: true, biasIndex: 10 }, { isListed: false, biasIndex: 10 }),
    ).toBe(true)
    expect(
      countsAsExit({ isListed: true, biasIndex: 10 }, { isListed: false, biasIndex: 30 }),
    ).toBe(false)
    expect(
      countsAsExit({ isListed: false, biasIndex: null }, { isListed: false, biasIndex: null }),
    ).toBe(false)
    expect(
      fulfilment([
        { target: 5, fact: 5, better: 'higher' },
        { target: 5, fact: 6, better: 'lower' },
        { target: 5, fact: null, better: 'lower' },
      ]),
    ).toBeCloseTo(1 / 3, 12)
    expect(fulfilment([])).toBeNull()
  })
})
