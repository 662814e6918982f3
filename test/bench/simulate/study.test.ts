import { describe, expect, it } from 'vitest'
import { coverageTable, verdictOf } from '../../../bench/simulate/coverage_table.ts'
import { predictionTable, runPrediction } from '../../../bench/simulate/prediction_table.ts'
import {
  NO_ANSWER,
  held,
  runCoverage,
  seedOf,
  type CoverageStudy,
} from '../../../bench/simulate/study.ts'

const study = (label: string, cover: (uniform: number) => boolean): CoverageStudy => ({
  key: 'coin',
  sizes: [5, 10],
  counts: 'учеников',
  scenarios: [
    {
      label,
      draw: (_, source) => held(0, cover(source.uniform()) ? { lo: -1, hi: 1 } : { lo: 1, hi: 2 }),
    },
  ],
  instead: 'Берётся другое.',
})
const often = study('часто', (uniform) => uniform < 0.95)

describe('runCoverage', () => {
  it('counts the intervals that hold the truth', () => {
    for (const { coverage, intervals } of runCoverage(often)[0]?.cells ?? []) {
      expect(intervals).toBe(10_000)
      expect(coverage).toBeGreaterThan(0.94)
      expect(coverage).toBeLessThan(0.96)
    }
  })

  it('gives the same for the same seed, and other draws to a scenario of another name', () => {
    expect(runCoverage(often)).toEqual(runCoverage(often))
    expect(runCoverage(study('иначе', (uniform) => uniform < 0.95))[0]?.cells).not.toEqual(
      runCoverage(often)[0]?.cells,
    )
    expect(seedOf('a')).not.toBe(seedOf('b'))
  })

  it('tells draws without an answer apart', () => {
    let turn = 0
    const half: CoverageStudy = {
      ...often,
      scenarios: [
        {
          label: 'половина',
          draw: () => (turn++ % 2 === 0 ? NO_ANSWER : held(0, { lo: 0, hi: 0 })),
        },
      ],
    }
    expect(runCoverage(half)[0]?.cells[0]).toEqual({
      size: 5,
      coverage: 1,
      draws: 10_000,
      unanswered: 0.5,
      intervals: 5000,
      error: 0,
    })
  })

  it('knows a coverage the worse the more the intervals of a data set hold or miss together', () => {
    const of = (together: boolean): CoverageStudy => ({
      ...often,
      scenarios: [
        {
          label: together ? 'вместе' : 'врозь',
          draws: 400,
          draw: (_, source) => {
            const all = Array.from({ length: 20 }, () => source.uniform())
            const held = all.map((own) => (together ? (all[0] ?? 1) : own) < 0.9)
            return { covered: held.filter(Boolean).length, of: 20 }
          },
        },
      ],
    })
    const errorOf = (study: CoverageStudy) => runCoverage(study)[0]?.cells[0]?.error ?? NaN
    const alone = 1.96 * Math.sqrt((0.9 * 0.1) / 400)
    expect(errorOf(of(true)) / alone).toBeGreaterThan(0.85)
    expect(errorOf(of(true)) / alone).toBeLessThan(1.15)
    expect((errorOf(of(false)) * Math.sqrt(20)) / alone).toBeGreaterThan(0.85)
    expect((errorOf(of(false)) * Math.sqrt(20)) / alone).toBeLessThan(1.15)
    expect(coverageTable(of(true), runCoverage(of(true)), 'coin@1')).toContain('известно до ±3')
  })
})

describe('coverageTable', () => {
  it('says that all is inside 94–96 % only where it is', () => {
    const fine = coverageTable(often, runCoverage(often), 'coin@1')
    expect(fine).toContain('внутри 94–96 %')
    expect(fine).not.toContain('Берётся другое')
    const seldom = study('редко', (uniform) => uniform < 0.9)
    const text = coverageTable(seldom, runCoverage(seldom), 'coin@1')
    expect(text).toContain('▼')
    expect(text).toContain('Вне 94–96 %: 2 из 2')
    expect(text).toContain('Берётся другое')
    expect(text).toContain('coin@1')
  })

  it('says how well a coverage is known where samples are fewer than 10,000', () => {
    const few = coverageTable(often, runCoverage(often, { draws: 400 }), 'coin@1')
    expect(few).toMatch(/клетке: 400 \(где их меньше 10\s000, покрытие известно до ±2,\d п. п.\)/)
    expect(coverageTable(often, runCoverage(often), 'coin@1')).not.toContain('известно до')
  })

  it('judges the ends of the band as inside', () => {
    expect([0.9399, 0.94, 0.96, 0.9601, undefined].map(verdictOf)).toEqual([
      'short',
      'right',
      'right',
      'wide',
      'none',
    ])
  })
})

describe('predictionTable', () => {
  it('shows root mean squares and names what is worse than raw', () => {
    const row = runPrediction({
      key: 'two',
      label: 'два',
      draws: 4,
      draw: () => ({ raw: 8, shrunk: 18, of: 2 }),
    })
    expect(row.cells[0]).toEqual({ size: 5, raw: 2, shrunk: 3 })
    expect(predictionTable([row], 'two@1')).toContain('хуже сырой в 5 из 5')
  })
})
