import { describe, expect, it } from 'vitest'
import { matrix } from '../../../../transforms/methods/statistics/matrix.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import { randomIntercept } from '../../../../transforms/methods/statistics/random_intercept.ts'
import { profileOf } from '../../../../transforms/methods/statistics/random_intercept_profile.ts'
import { near } from './near.ts'

const panel = (schools: number, n: number, between: number, source: ReturnType<typeof random>) => {
  const effects = Array.from({ length: schools }, () => source.normal(0, Math.sqrt(between)))
  const rows = schools * n
  const groups = Int32Array.from({ length: rows }, (_, i) => Math.floor(i / n))
  const x = Float64Array.from({ length: rows }, () => source.normal())
  const y = x.map((value, i) => 0.6 * value + (effects[groups[i] ?? 0] ?? 0) + source.normal())
  return { effects, groups, x: matrix(rows, 1, x), y }
}

describe('the error of a predicted effect', () => {
  it.each([
    [30, 5, 0.05],
    [10, 10, 0.15],
    [5, 20, 0.15],
  ])(
    'makes intervals that cover, with %i groups of %i and σ_u² = %d σ_e²',
    (schools, n, between) => {
      const source = random(211)
      let covered = 0
      let total = 0
      for (let round = 0; round < 1800 / schools; round++) {
        const { effects, groups, x, y } = panel(schools, n, between, source)
        const fit = randomIntercept(x, y, groups)
        fit.effects.forEach((effect, g) => {
          covered +=
            Math.abs((effects[g] ?? 0) - effect) <= 1.96 * (fit.predictionErrors[g] ?? 0) ? 1 : 0
          total++
        })
      }
      expect(covered / total).toBeGreaterThan(0.93)
    },
  )

  it('is the average over the restricted likelihood of λ by brute force', () => {
    const { groups, x, y } = panel(12, 8, 0.2, random(223))
    const fit = randomIntercept(x, y, groups)
    const profile = profileOf(x, y, groups, true)
    const steps = 2000
    let [mass, total] = [0, 0]
    for (let i = 0; i < steps; i++) {
      const share = (i + 0.5) / steps
      const ratio = share / (1 - share)
      const { deviance, rss } = profile.at(ratio, true)
      const weight = Math.exp((fit.deviance - deviance) / 2) / (1 - share) ** 2
      const { means, leverages } = profile.solution(ratio)
      const within = rss / (96 - 2 - 2)
      const pull = (8 * ratio) / (1 + 8 * ratio)
      const own = within * (ratio / (1 + 8 * ratio) + pull ** 2 * (leverages[3] ?? 0))
      mass += weight
      total += weight * (own + (pull * (means[3] ?? 0) - (fit.effects[3] ?? 0)) ** 2)
    }
    near((fit.predictionErrors[3] ?? 0) ** 2, total / mass, 1e-3)
  })

  it('is above 0 where no variance between groups was found', () => {
    const source = random(227)
    const y = Float64Array.from({ length: 40 }, (_, i) => (i % 4) + source.normal(0, 1e-3))
    const groups = Int32Array.from({ length: 40 }, (_, i) => Math.floor(i / 4))
    const fit = randomIntercept(matrix(40, 0), y, groups)
    expect(fit.varianceBetween).toBe(0)
    for (const error of fit.predictionErrors) expect(error).toBeGreaterThan(0.1)
  })

  it('comes to the conditional error as groups and rows grow many', () => {
    const { groups, x, y } = panel(600, 20, 0.3, random(229))
    const fit = randomIntercept(x, y, groups)
    fit.predictionErrors.forEach((error, g) => {
      near(error, fit.effectErrors[g] ?? 0, 1e-2)
    })
  })
})
