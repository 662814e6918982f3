import { describe, expect, it } from 'vitest'
import { markerStudies } from '../../../../bench/simulate/markers/marker_studies.ts'
import { runMarker } from '../../../../bench/simulate/markers/marker_study.ts'
import { markerTable } from '../../../../bench/simulate/markers/marker_table.ts'
import { HIGHEST, PLANTED, SCALE, SCHOOLS } from '../../../../bench/simulate/markers/region.ts'
import {
  corrected,
  markCounts,
  nation,
  plantedSchools,
  rescued,
} from '../../../../bench/simulate/markers/works.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('meddling with works', () => {
  it('adds the points it says and no more than the work has', () => {
    const scores = Array.from({ length: 4000 }, (_, i) => i % (HIGHEST + 1))
    const raised = [...scores]
    corrected.apply(raised, random(3))
    raised.forEach((score, i) => {
      expect(score).toBeGreaterThanOrEqual(scores[i] ?? 0)
      expect(score).toBeLessThanOrEqual(HIGHEST)
    })
    expect(mean(raised) - mean(scores)).toBeGreaterThan(3)
  })

  it('draws works up to «3» and leaves the others', () => {
    const scores = Array.from({ length: 4000 }, (_, i) => i % (HIGHEST + 1))
    const drawn = [...scores]
    rescued.apply(drawn, random(3))
    drawn.forEach((score, i) => {
      if ((scores[i] ?? 0) >= SCALE.from3) expect(score).toBe(scores[i])
    })
    const [twos = 0] = markCounts(drawn)
    expect(twos / (markCounts(scores)[0] ?? 1)).toBeCloseTo(0.1, 1)
  })

  it('is set against an honest nation', () => {
    expect(nation.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
    expect(nation.shares[0]).toBeGreaterThan(0.03)
    expect(nation.shares[3]).toBeGreaterThan(0.1)
    expect(plantedSchools.filter(Boolean)).toHaveLength(PLANTED)
    expect(plantedSchools).toHaveLength(SCHOOLS)
  })
})

describe('the studies of markers', () => {
  it('cover O1 to O13, O1′ and the federal list', () => {
    const wanted = ['O1p', 'F', ...Array.from({ length: 13 }, (_, i) => `O${i + 1}`)]
    expect([...new Set(markerStudies.map(({ marker }) => marker))].sort()).toEqual(wanted.sort())
  })

  it('give the same table for the same seed, with its setting and version', () => {
    const study = markerStudies.find(({ key }) => key === 'marker_o4')
    if (study === undefined) throw new Error('no study of O4')
    const table = () => markerTable(study, runMarker(study, 0.01), 2)
    expect(table()).toBe(table())
    expect(table()).toContain('`O4@1`')
    expect(table()).toContain(study.setting)
  })

  it('find what is planted in works raised beyond what ГИА confirms', () => {
    const study = markerStudies.find(({ key }) => key === 'marker_o4')
    if (study === undefined) throw new Error('no study of O4')
    const large = runMarker(study, 0.05).at(-1)
    expect(large?.rule.power).toBeGreaterThan(0.7)
    expect(large?.controlled?.falseShare).toBeLessThan(0.1)
  })
})
