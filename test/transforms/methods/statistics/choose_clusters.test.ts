import { describe, expect, it } from 'vitest'
import { chooseClusters } from '../../../../transforms/methods/statistics/choose_clusters.ts'

const rule = { leastSilhouette: 0.25, leastSize: 2, tie: 0.01 }
const two = { labels: [0, 0, 0, 1, 1, 1, 1], silhouette: 0.5 }
const three = { labels: [0, 0, 1, 1, 2, 2, 2], silhouette: 0.505 }

describe('chooseClusters', () => {
  it('gives ties to fewer clusters', () => {
    expect(chooseClusters([three, two], rule).k).toBe(2)
    expect(chooseClusters([{ ...three, silhouette: 0.52 }, two], rule).k).toBe(3)
  })

  it('passes over small clusters and weak silhouettes', () => {
    expect(chooseClusters([two, { ...three, silhouette: 0.9 }], { ...rule, leastSize: 3 }).k).toBe(
      2,
    )
    const weak = chooseClusters([{ ...two, silhouette: 0.2 }], rule)
    expect(weak.k).toBeUndefined()
    expect(weak.judged).toEqual([
      { k: 2, silhouette: 0.2, smallest: 3, passesGap: true, accepted: false },
    ])
  })

  it('asks the gap statistic for more than one cluster has', () => {
    const gap = {
      gap: Float64Array.of(0.5, 0.55, 0.9),
      error: Float64Array.of(0.1, 0.1, 0.1),
      best: 1,
    }
    expect(chooseClusters([two, three], rule, gap).k).toBe(3)
    expect(chooseClusters([two], rule, gap).k).toBeUndefined()
  })

  it('refuses an empty choice, labels with gaps and a gap not measured so far', () => {
    expect(() => chooseClusters([], rule)).toThrow(/nothing to choose/)
    expect(() => chooseClusters([{ labels: [0, 2], silhouette: 1 }], rule)).toThrow(/without gaps/)
    const short = { gap: Float64Array.of(1), error: Float64Array.of(0), best: 1 }
    expect(() => chooseClusters([two], rule, short)).toThrow(/not known for 2/)
  })
})
