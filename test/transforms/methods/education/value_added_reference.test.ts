import { describe, expect, it } from 'vitest'
import {
  cohortValueAdded,
  valueAdded,
} from '../../../../transforms/methods/education/value_added.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { variance } from '../../../../transforms/methods/statistics/sums.ts'

describe('value added of thirty pupils in seven schools', () => {
  const sizes = [4, 5, 3, 6, 4, 5, 3]
  const schools = sizes.flatMap((size, school) => Array.from({ length: size }, () => school))
  const prior = [
    41, 52, 47, 60, 55, 49, 63, 58, 44, 38, 45, 51, 62, 57, 66, 70, 49, 53, 44, 40, 58, 47, 51, 61,
    55, 48, 59, 66, 43, 57,
  ]
  const outcome = [
    44, 50, 52, 63, 61, 57, 70, 60, 52, 36, 40, 49, 65, 66, 64, 75, 55, 51, 40, 44, 52, 43, 58, 66,
    55, 57, 60, 60, 42, 50,
  ]
  const found = valueAdded({ outcome, prior, schools })

  it('has the slope, variances, residuals and indices of statsmodels and numpy', () => {
    // OLS on [1, prior − school mean, school mean], then MSW, (MSB − MSW)/n₀ and (ē_s − ē)·σ_u²/(σ_u² + MSW/n_s).
    expect(found.slope).toBeCloseTo(0.8013760528250049, 11)
    expect(found.varianceWithin).toBeCloseTo(10.464407865773461, 10)
    expect(found.varianceBetween).toBeCloseTo(9.573236675947419, 10)
    const raw = [
      1.81893216846, 4.27164826729, -1.32961674218, -1.0076109178, -1.84750711359, 2.07762618803,
      -7.19918558757,
    ]
    const shrunk = [
      1.42854905069, 3.50532190622, -0.974532778493, -0.852331724614, -1.4509911799, 1.70490361897,
      -5.27658994578,
    ]
    const index = [
      1.12457693017, 2.95272606677, -0.711917671118, -0.762976497843, -1.14224373745, 1.43613439556,
      -3.85466523912,
    ]
    found.schools.forEach((school, s) => {
      expect(school.n).toBe(sizes[s])
      expect(school.raw).toBeCloseTo(raw[s] ?? NaN, 9)
      expect(school.value).toBeCloseTo(shrunk[s] ?? NaN, 9)
      expect(school.index).toBeCloseTo(index[s] ?? NaN, 9)
    })
  })
})

describe('value added of twelve cohorts', () => {
  const n = [20, 35, 50, 15, 80, 40, 25, 60, 30, 45, 10, 70]
  const rural = [0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0]
  const second = [0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1]
  const wellbeing = [40, 35, 60, 80, 20, 50, 75, 30, 55, 85, 15, 45]
  const prior = [0.5, 0.49, 0.53, 0.57, 0.46, 0.52, 0.55, 0.45, 0.54, 0.58, 0.45, 0.5]
  const ridit = [0.52, 0.48, 0.55, 0.6, 0.44, 0.5, 0.58, 0.47, 0.53, 0.61, 0.42, 0.51]
  const rows = ridit.map((value, i) => ({
    school: String(i),
    year: 2025 + (second[i] ?? 0),
    ridit: value,
    prior: prior[i] ?? 0,
    wellbeing: wellbeing[i] ?? 0,
    isRural: rural[i] === 1,
    n: n[i] ?? 0,
  }))

  it('are the residuals of the weighted regression of statsmodels', () => {
    // WLS(ridit, [1, prior, wellbeing, rural, year], weights = n/(n + 25)).resid
    const expected = [
      0.0143356602042, 0.0037004206754, -0.00381326248593, 0.00139090523943, 0.00349928589662,
      -0.00369446251533, -0.00456123609215, 0.00104209851286, -0.00590812358631, 0.00639393818602,
      -0.01150374705, -0.00401439726471,
    ]
    cohortValueAdded(rows, 25, 5).residuals.forEach(({ residual }, i) => {
      expect(residual).toBeCloseTo(expected[i] ?? NaN, 11)
    })
  })

  it('are found best with weights n/(n + n₀*), n₀* = MSW/σ_u²: neither n nor 1 does as well', () => {
    const source = random(2027)
    const sizes = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 8 : 400))
    const truth = sizes.map((_, i) => (i * 37) % 100)
    const [between, within] = [1, 25]
    const slopes: number[][] = [[], [], []]
    for (let round = 0; round < 1500; round++) {
      const own = sizes.map((size, i) => ({
        school: String(i),
        year: 2026,
        ridit:
          0.05 * (truth[i] ?? 0) +
          source.normal(0, Math.sqrt(between)) +
          source.normal(0, Math.sqrt(within / size)),
        prior: null,
        wellbeing: truth[i] ?? 0,
        isRural: false,
        n: size,
      }))
      // n₀* of the rule, one so large that the weights are as n, and one so small that they are equal.
      ;[within / between, 1e9, 1e-9].forEach((half, k) => {
        const { residuals } = cohortValueAdded(own, half, 30)
        const fitted = own.map(({ ridit: value }, i) => value - (residuals[i]?.residual ?? 0))
        slopes[k]?.push(((fitted[1] ?? 0) - (fitted[0] ?? 0)) / 37)
      })
    }
    const [rule = 0, bySize = 0, equal = 0] = slopes.map(variance)
    expect(rule).toBeLessThan(0.9 * bySize)
    expect(rule).toBeLessThan(0.9 * equal)
  })
})
