import { describe, expect, it } from 'vitest'
import { coverageStudies } from '../../../bench/simulate/coverage_studies.ts'
import { coverageTable } from '../../../bench/simulate/coverage_table.ts'
import { InsteadMissing, insteadText } from '../../../bench/simulate/instead.ts'
import { markerStudies } from '../../../bench/simulate/markers/marker_studies.ts'
import { markerTable } from '../../../bench/simulate/markers/marker_table.ts'
import { rateTable } from '../../../bench/simulate/rate_table.ts'
import { rateStudies } from '../../../bench/simulate/rates.ts'

const cell = { size: 5, draws: 10, intervals: 10, unanswered: 0, error: 0 }

describe('what is used instead', () => {
  it('is said by every study', () => {
    const silent = [...coverageStudies, ...rateStudies, ...markerStudies].filter(
      ({ instead }) => instead.trim() === '',
    )
    expect(silent.map(({ key }) => key)).toEqual([])
  })

  it('is refused where a study says nothing, and told without spaces around it', () => {
    expect(() => insteadText({ key: 'coin', instead: ' ' })).toThrow(InsteadMissing)
    expect(insteadText({ key: 'coin', instead: ' Другое. ' })).toBe('**Что вместо этого.** Другое.')
  })

  it('cannot be empty in a table of coverage that has one cell outside the band', () => {
    const study = { key: 'coin', sizes: [5], counts: 'учеников', scenarios: [], instead: '' }
    const rows = (coverage: number) => [
      { label: 'монета', isComparison: false, cells: [{ ...cell, coverage }] },
    ]
    expect(() => coverageTable(study, rows(0.9), 'coin@1')).toThrow(InsteadMissing)
    expect(coverageTable(study, rows(0.95), 'coin@1')).not.toContain('Что вместо')
  })

  it('cannot be empty in a table of rates or of a marker that misses', () => {
    const study = { key: 'coin', sizes: [5], counts: 'бросков', scenarios: [], instead: '' }
    const row = { label: 'ложно', aim: { most: 0.05 }, cells: [{ size: 5, rate: 0.2, draws: 10 }] }
    expect(() => rateTable(study, [row], 'coin@1')).toThrow(InsteadMissing)
    const marker = markerStudies[0]
    if (marker === undefined) throw new Error('no marker is studied')
    const weak = { power: 0.1, falseShare: 0 }
    const cells = [{ size: 25, rule: weak, controlled: undefined, computable: 1 }]
    expect(() => markerTable({ ...marker, instead: '' }, cells, 2)).toThrow(InsteadMissing)
  })
})

describe('a false rate', () => {
  it('is judged wherever it is shown', () => {
    const unjudged = rateStudies.flatMap(({ key, scenarios }) =>
      scenarios
        .filter(({ label, aim }) => label.startsWith('ложно') && aim === 'comparison')
        .map(({ label }) => `${key}: ${label}`),
    )
    expect(unjudged).toEqual([])
  })
})
