import { describe, expect, it } from 'vitest'
import { massStudies } from '../../../bench/simulate/bunching_mass.ts'
import { limitStudies } from '../../../bench/simulate/limits.ts'
import { scorecardStudies } from '../../../bench/simulate/scorecards.ts'
import { runCoverage, type CoverageStudy } from '../../../bench/simulate/study.ts'
import { random } from '../../../transforms/methods/statistics/random.ts'

const studies = [...limitStudies, ...scorecardStudies, ...massStudies]
const studyOf = (key: string): CoverageStudy => studies.find((one) => one.key === key)!

/** The coverage of one row at one size. */
const coverage = (key: string, label: string, size: number, draws: number): number => {
  const study = studyOf(key)
  const scenarios = study.scenarios.filter((one) => one.label.includes(label))
  expect(scenarios).toHaveLength(1)
  return (
    runCoverage({ ...study, sizes: [size], scenarios }, { draws })[0]?.cells[0]?.coverage ?? NaN
  )
}

describe('the studies of limits, scorecards and bunching', () => {
  it('give an interval or no answer for every population, and nothing that is covered twice', () => {
    for (const { key, sizes, scenarios } of studies) {
      for (const { label, draw } of scenarios) {
        const { covered, of, unanswered = 0 } = draw(sizes[0] ?? 0, random(3))
        expect([key, label, covered <= of, of + unanswered]).toEqual([key, label, true, 1])
      }
    }
  })

  it('name every population once, for its draws hang on its name', () => {
    for (const { key, scenarios } of studies) {
      const labels = scenarios.map(({ label }) => label)
      expect([key, new Set(labels).size]).toEqual([key, labels.length])
    }
  })

  it('hold the total of a head above the scale, where clipped scores that are moved do not', () => {
    expect(coverage('head_scorecard', 'все выше границы на 0,1', 20, 300)).toBeGreaterThan(0.94)
    expect(coverage('head_scorecard', '(версия 2), все выше на 0,1', 20, 100)).toBeLessThan(0.3)
  })

  it('tell a false bound of a mark that all have to one school in twenty that stands on it', () => {
    const told = coverage('hetop_bound', 'все «пять», μ на самой границе; σ = 0,85', 20, 2000)
    expect(Math.abs(told - 0.95)).toBeLessThan(0.02)
    expect(coverage('hetop_bound', 'σ = 1 вместо верного', 50, 1000)).toBeLessThan(0.88)
  })

  it('miss four cells by the noise of cohorts that they do not see', () => {
    expect(coverage('four_cells', 'разброс один', 30, 1000)).toBeGreaterThan(0.93)
    expect(coverage('four_cells', 'τ_c = 3', 50, 1000)).toBeLessThan(0.88)
  })
})
