import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { coverageStudies } from '../../../bench/simulate/coverage_studies.ts'
import { PlaceMissing, fill, placesOf } from '../../../bench/simulate/document.ts'
import { markerStudies } from '../../../bench/simulate/markers/marker_studies.ts'
import { DRAWS } from '../../../bench/simulate/study.ts'
import { versionOf } from '../../../bench/simulate/method_version.ts'
import { rateStudies } from '../../../bench/simulate/rates.ts'
import { predictionStudies } from '../../../bench/simulate/shrinkage.ts'
import { methodVersions, ruleVersions } from '../../../transforms/methods/version.ts'

const page =
  'до\n<!-- simulate:one -->\nстарое\n<!-- /simulate -->\nмежду\n<!-- simulate:two -->\n<!-- /simulate -->\nпосле'

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
      ...coverageStudies.map(({ key }) => key),
      ...new Set(predictionStudies.map(({ key }) => `${key}_prediction`)),
      ...rateStudies.map(({ key }) => key),
      ...markerStudies.map(({ key }) => key),
    ]
    expect([...placesOf(methods)].sort()).toEqual([...wanted].sort())
  })

  it('shows a table of the present version of every method that is simulated', () => {
    const versions = [
      ...coverageStudies.map(({ key, method = key }) => versionOf(method)),
      ...rateStudies.map(({ key }) => versionOf(key)),
      ...markerStudies.map(({ marker }) => versionOf(marker)),
    ]
    const shown = new Set(
      [...methods.matchAll(/Версия(?: метода)? `([^`]+)`/g)].map((match) => match[1]),
    )
    expect(versions.filter((version) => !shown.has(version))).toEqual([])
  })

  it('names the present version of every method and rule, and no other', () => {
    const present = Object.entries({ ...methodVersions, ...ruleVersions }).map(
      ([method, version]) => `${method}@${version}`,
    )
    const named = [...methods.matchAll(/`([A-Za-z0-9_]+@\d+)`/g)].map((match) => match[1])
    // The version of an indicator, as an example of what is not the version of a method.
    expect(named.filter((name) => !present.includes(name ?? '') && name !== 'pass_rate@1')).toEqual(
      [],
    )
    expect(present.filter((name) => !named.includes(name))).toEqual([])
  })

  it('says instead of a miss what its study says, word for word', () => {
    for (const { key, instead } of [...coverageStudies, ...rateStudies, ...markerStudies]) {
      const from = methods.indexOf(`<!-- simulate:${key} -->`)
      const table = methods.slice(from, methods.indexOf('<!-- /simulate -->', from))
      const said = /\*\*Что вместо этого\.\*\* (.*)/.exec(table)?.[1]
      expect([key, said ?? instead]).toEqual([key, instead])
    }
  })

  it('says how many data sets stand behind a table where they are fewer than 10,000', () => {
    for (const { key, scenarios } of coverageStudies) {
      const from = methods.indexOf(`<!-- simulate:${key} -->`)
      const table = methods.slice(from, methods.indexOf('<!-- /simulate -->', from))
      const fewest = Math.min(...scenarios.map(({ draws = DRAWS }) => draws))
      const said = /независимых (?:выборок|наборов данных) в клетке: ([\d\s]+)/.exec(table)?.[1]
      expect([key, Number(said?.replace(/\s/g, ''))]).toEqual([key, fewest])
    }
  })
})
