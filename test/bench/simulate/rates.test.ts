import { describe, expect, it } from 'vitest'
import { runRates, type Aim, type RateStudy } from '../../../bench/simulate/rate_study.ts'
import { meetsAim, rateTable } from '../../../bench/simulate/rate_table.ts'
import { rateStudies } from '../../../bench/simulate/rates.ts'
import { random } from '../../../transforms/methods/statistics/random.ts'

const coin = (aim: Aim, chance: number): RateStudy => ({
  key: 'coin',
  sizes: [5, 10],
  counts: 'бросков',
  scenarios: [
    {
      label: 'решка',
      aim,
      draw: (size, source) => ({
        events: Array.from({ length: size }, () => source.uniform()).filter((u) => u < chance)
          .length,
        of: size,
      }),
    },
  ],
  instead: 'Берётся другое.',
})

describe('runRates', () => {
  it('counts events of what could have been, the same for the same seed', () => {
    const study = coin({ most: 0.05 }, 0.05)
    const rows = runRates(study)
    for (const { rate, draws } of rows[0]?.cells ?? []) {
      expect(draws).toBe(10_000)
      expect(rate).toBeGreaterThan(0.045)
      expect(rate).toBeLessThan(0.055)
    }
    expect(runRates(study)).toEqual(rows)
  })

  it('has no rate where nothing could have been', () => {
    const study = coin('comparison', 0.5)
    const none = {
      ...study,
      scenarios: [{ ...study.scenarios[0]!, draw: () => ({ events: 0, of: 0 }) }],
    }
    expect(runRates(none, { draws: 3 })[0]?.cells[0]?.rate).toBeUndefined()
  })
})

describe('rateTable', () => {
  it('marks a rate beyond its aim and says what is used instead', () => {
    const high = coin({ most: 0.05 }, 0.2)
    const text = rateTable(high, runRates(high), 'coin@1')
    expect(text).toContain('▲')
    expect(text).toContain('не больше 5 %')
    expect(text).toContain('Не достигнуто: 2 из 2')
    expect(text).toContain('Берётся другое')
    const low = coin({ least: 0.8 }, 0.2)
    expect(rateTable(low, runRates(low), 'coin@1')).toContain('▼')
  })

  it('does not judge what is shown for comparison, nor what is at its aim but for chance', () => {
    const shown = coin('comparison', 0.9)
    const text = rateTable(shown, runRates(shown), 'coin@1')
    expect(text).toContain('Все доли там, где должны быть')
    expect(text).not.toMatch(/[▲▼]/)
    expect(meetsAim(0.055, { most: 0.05 })).toBe(true)
    expect(meetsAim(0.06, { most: 0.05 })).toBe(false)
    expect(meetsAim(0.79, { least: 0.8 })).toBe(false)
  })
})

describe('the studies of tests', () => {
  it('give events that do not exceed what could have been', () => {
    for (const { key, sizes, scenarios } of rateStudies) {
      for (const { label, draw } of scenarios) {
        const { events, of } = draw(sizes[0] ?? 0, random(1))
        expect([key, label, events >= 0 && events <= of]).toEqual([key, label, true])
      }
    }
  })

  it('find more of what is planted the more there is to find it by', () => {
    for (const [key, label] of [
      ['mann_kendall', 'найдено: рост на σ в год'],
      ['stouffer', 'найдено: каждый блок на 1 ошибку выше'],
      ['dispersion', 'лишний разброс найден: φ = 2'],
    ] as const) {
      const study = rateStudies.find((one) => one.key === key)!
      const scenarios = study.scenarios.filter((one) => one.label === label)
      const rates = runRates({ ...study, scenarios }, { draws: 300 })[0]?.cells ?? []
      expect(rates.at(-1)?.rate).toBeGreaterThan((rates[0]?.rate ?? 1) + 0.1)
    }
  })
})
