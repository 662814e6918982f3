import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PlaceMissing, fill, placesOf } from '../../../bench/simulate/document.ts'
import { markerStudies } from '../../../bench/simulate/markers/marker_studies.ts'
import { meanStudies } from '../../../bench/simulate/means.ts'
import { methodVersions, otherVersions } from '../../../bench/simulate/method_version.ts'
import { modelStudies } from '../../../bench/simulate/models.ts'
import { proportionStudies } from '../../../bench/simulate/proportions.ts'
import { relationStudies } from '../../../bench/simulate/relations.ts'
import { predictionStudies, shrinkageStudies } from '../../../bench/simulate/shrinkage.ts'

const page =
  'до\n<!-- simulate:one -->\nстарое\n<!-- /simulate -->\nмежду\n<!-- simulate:two -->\n<!-- /simulate -->\nпосле'
const coverage = [
  ...proportionStudies,
  ...meanStudies,
  ...shrinkageStudies,
  ...relationStudies,
  ...modelStudies,
]

describe('fill', () => {
  it('replaces what stands between the markers and nothing else', () => {
    const once = fill(page, 'one', '| новое |')
    expect(once).toContain('до\n<!-- simulate:one -->\n\n| новое |\n\n<!-- /simulate -->\nмежду')
    expect(once).not.toContain('старое')
    expect(once.endsWith('после')).toBe(true)
  })

  it('is the same when done twice', () => {
    const once = fill(page, 'two', 'таблица')
    expect(fill(once, 'two', 'таблица')).toBe(once)
  })

  it('refuses a page without the place, or a place without an end', () => {
    expect(() => fill(page, 'three', '')).toThrow(PlaceMissing)
    expect(() => fill('<!-- simulate:one -->\nтекст', 'one', '')).toThrow(PlaceMissing)
    expect(() =>
      fill('<!-- simulate:one -->\n<!-- simulate:two -->\n<!-- /simulate -->', 'one', ''),
    ).toThrow(PlaceMissing)
  })
})

describe('the page of methods', () => {
  const methods = readFileSync(new URL('../../../docs/methods.md', import.meta.url), 'utf8')

  it('has one place for every study and no other', () => {
    const wanted = [
      ...coverage.map(({ key }) => key),
      ...new Set(predictionStudies.map(({ key }) => `${key}_prediction`)),
      ...markerStudies.map(({ key }) => key),
    ]
    expect([...placesOf(methods)].sort()).toEqual([...wanted].sort())
  })

  it('shows a table of the present version of every method', () => {
    const versions = [
      ...Object.entries(methodVersions).map(([method, version]) => `${method}@${version}`),
      ...markerStudies.map(({ marker, version }) => `${marker}@${version}`),
    ]
    const shown = new Set(
      [...methods.matchAll(/Версия(?: метода)? `([^`]+)`/g)].map((match) => match[1]),
    )
    expect(versions.filter((version) => !shown.has(version))).toEqual([])
  })

  it('names no version but the present one, and every method that is not simulated', () => {
    const present = new Map<string, number>([
      ...Object.entries({ ...methodVersions, ...otherVersions }),
      ...markerStudies.map(({ marker, version }): [string, number] => [marker, version]),
    ])
    const named = [...methods.matchAll(/`([A-Za-z0-9_]+)@(\d+)`/g)].map(
      ([, method = '', version]) => `${method}@${version ?? ''}`,
    )
    const stale = named.filter((name) => {
      const [method = '', version] = name.split('@')
      return present.get(method) !== Number(version)
    })
    expect(stale).toEqual([])
    for (const [method, version] of Object.entries(otherVersions))
      expect(named).toContain(`${method}@${version}`)
  })

  it('knows a version of every method that is simulated', () => {
    expect(Object.keys(methodVersions).sort()).toEqual(
      [...new Set(coverage.map(({ key }) => key))].sort(),
    )
  })
})
