import { describe, expect, it } from 'vitest'
import {
  groupSchools,
  type ClusterRule,
  type ContextFeature,
} from '../../../../transforms/methods/education/school_clusters.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

const rule: ClusterRule = {
  clusterFrom: 15,
  kmeansFrom: 40,
  mostClusters: 6,
  schoolsPerCluster: 6,
  smallestCluster: 5,
  silhouetteFrom: 0.25,
  silhouetteTie: 0.001,
  patternsFrom: 0.6,
  bootstraps: 40,
  starts: 10,
  neighbours: 5,
  winsorShare: 0.025,
  seed: 20260901,
}
const numeric = (name: string, values: readonly number[]): ContextFeature => ({
  name,
  kind: 'numeric',
  values,
})
/** Schools of several kinds, each described by its features, with a little noise. */
const schoolsOf = (
  kinds: readonly { readonly schools: number; readonly features: readonly number[] }[],
  noise = 0.02,
): readonly ContextFeature[] => {
  const source = random(7)
  const rows = kinds.flatMap(({ schools, features }) =>
    Array.from({ length: schools }, () =>
      features.map((value) => value + noise * (source.uniform() - 0.5)),
    ),
  )
  return (rows[0] ?? []).map((_, j) =>
    numeric(
      `f${String(j)}`,
      rows.map((row) => row[j] ?? 0),
    ),
  )
}
const sizes = (labels: Int32Array): readonly number[] =>
  [...new Set(labels)].map((label) => labels.filter((other) => other === label).length)

describe('groupSchools', () => {
  it('takes the grouping with the largest silhouette, though one with fewer groups is nearly as clear', () => {
    const found = groupSchools(
      schoolsOf([
        { schools: 6, features: [0, 1, 0.1, 0] },
        { schools: 9, features: [0, 0.8, 0.6, 0.1] },
        { schools: 13, features: [1, 0.3, 0, 0.2] },
        { schools: 5, features: [1, 0.3, 1, 1] },
      ]),
      rule,
    )
    expect(sizes(found.labels)).toEqual([6, 9, 13, 5])
    expect(found.stability).toBeGreaterThan(0.75)
  })

  it('takes fewer groups where silhouettes are equal within the tie of the rule', () => {
    const features = schoolsOf([
      { schools: 6, features: [0, 1, 0.1, 0] },
      { schools: 9, features: [0, 0.8, 0.6, 0.1] },
      { schools: 13, features: [1, 0.3, 0, 0.2] },
      { schools: 5, features: [1, 0.3, 1, 1] },
    ])
    expect(groupSchools(features, { ...rule, silhouetteTie: 2 }).clusters).toBe(2)
  })

  it('tries no more groups than the rule has schools for', () => {
    const features = schoolsOf([
      { schools: 6, features: [0, 1, 0.1, 0] },
      { schools: 9, features: [0, 0.8, 0.6, 0.1] },
      { schools: 13, features: [1, 0.3, 0, 0.2] },
      { schools: 5, features: [1, 0.3, 1, 1] },
    ])
    expect(groupSchools(features, { ...rule, schoolsPerCluster: 11 }).clusters).toBe(3)
    expect(groupSchools(features, { ...rule, schoolsPerCluster: 17 }).algorithm).toBe('none')
  })

  it('makes no groups where none is clear enough, or none comes back in bootstraps', () => {
    const source = random(1)
    const features = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      numeric(
        name,
        Array.from({ length: 30 }, () => source.uniform()),
      ),
    )
    expect(groupSchools(features, { ...rule, silhouetteFrom: 0 }).algorithm).toBe('k-medoids')
    expect(
      groupSchools(features, { ...rule, silhouetteFrom: 0, patternsFrom: 1.01 }).algorithm,
    ).toBe('none')
    expect(groupSchools(features, rule).algorithm).toBe('none')
  })
})
