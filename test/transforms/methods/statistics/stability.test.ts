import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kMeans } from '../../../../transforms/methods/statistics/kmeans.ts'
import { takeRows } from '../../../../transforms/methods/statistics/matrix.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'
import {
  adjustedRandIndex,
  bootstrapJaccard,
} from '../../../../transforms/methods/statistics/stability.ts'
import { clouds } from './points.ts'

const labels = fc.array(fc.nat(4), { minLength: 2, maxLength: 30 })

describe('adjustedRandIndex', () => {
  it('matches a table worked by hand', () => {
    expect(adjustedRandIndex([0, 0, 1, 1], [0, 0, 1, 2])).toBeCloseTo(4 / 7, 15)
    expect(adjustedRandIndex([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(-0.5, 15)
    expect(adjustedRandIndex([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2])).toBeCloseTo(8 / 33, 15)
  })

  it('is that of scikit-learn, below 0 too', () => {
    const index = adjustedRandIndex([0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [0, 0, 1, 1, 2, 2, 2, 2, 0, 1])
    expect(index).toBeCloseTo(-0.022727272727272728, 15)
  })

  it('is 1 for a partition and itself under other labels', () => {
    fc.assert(
      fc.property(labels, (a) => {
        expect(adjustedRandIndex(a, a)).toBe(1)
        expect(
          adjustedRandIndex(
            a,
            a.map((label) => 7 - 2 * label),
          ),
        ).toBe(1)
      }),
    )
  })

  it('is symmetric, at most 1, and finite', () => {
    fc.assert(
      fc.property(labels, fc.nat(1000), (a, seed) => {
        const b = random(seed).shuffle(a)
        const index = adjustedRandIndex(a, b)
        expect(index).toBe(adjustedRandIndex(b, a))
        expect(index).toBeLessThanOrEqual(1)
        expect(Number.isFinite(index)).toBe(true)
      }),
    )
  })

  it('is 0 on average for labels given by chance', () => {
    const draw = random(11)
    const a = Array.from({ length: 60 }, (_, i) => i % 3)
    const sum = Array.from({ length: 2000 }, () => adjustedRandIndex(a, draw.shuffle(a))).reduce(
      (total, value) => total + value,
      0,
    )
    expect(Math.abs(sum / 2000)).toBeLessThan(0.002)
  })

  it('refuses different numbers of rows', () => {
    expect(() => adjustedRandIndex([0], [0, 1])).toThrow(/partitions of 1 and 2 rows/)
    expect(() => adjustedRandIndex([], [])).toThrow(/at least one/)
  })
})

describe('bootstrapJaccard', () => {
  const cluster = (points: ReturnType<typeof clouds>) => (rows: Int32Array, seed: number) =>
    kMeans(takeRows(points, rows), 3, { seed, restarts: 3 }).labels

  it('is 1 for clusters that are always found again', () => {
    const points = clouds(
      [
        [0, 0],
        [30, 0],
        [0, 30],
      ],
      15,
      2,
    )
    const found = kMeans(points, 3, { seed: 1, restarts: 5 }).labels
    const stability = bootstrapJaccard(found, cluster(points), { seed: 1, resamples: 40 })
    expect([...stability.perCluster]).toEqual([1, 1, 1])
    expect(stability.mean).toBe(1)
    expect([...stability.drawn]).toEqual([40, 40, 40])
  })

  it('is low where one cloud is cut into three, and the same for the same seed', () => {
    const points = clouds([[0, 0]], 60, 4)
    const found = kMeans(points, 3, { seed: 1, restarts: 5 }).labels
    const stability = bootstrapJaccard(found, cluster(points), { seed: 6, resamples: 40 })
    expect(stability.mean).toBeLessThan(0.8)
    expect(stability.mean).toBeGreaterThan(0)
    expect(bootstrapJaccard(found, cluster(points), { seed: 6, resamples: 40 })).toEqual(stability)
  })

  it('is the mean over every possible resample, counted one by one', () => {
    const labels = [0, 0, 0, 1]
    const sums = [0, 0]
    const times = [0, 0]
    for (let code = 0; code < 4 ** 4; code++) {
      const rows = new Set([0, 1, 2, 3].map((place) => Math.floor(code / 4 ** place) % 4))
      for (const label of [0, 1]) {
        const own = [...rows].filter((row) => labels[row] === label).length
        if (own === 0) continue
        sums[label] = (sums[label] ?? 0) + own / rows.size
        times[label] = (times[label] ?? 0) + 1
      }
    }
    const together = (rows: Int32Array) => new Int32Array(rows.length)
    const { perCluster } = bootstrapJaccard(labels, together, { seed: 3, resamples: 20_000 })
    for (const label of [0, 1])
      expect(
        Math.abs((perCluster[label] ?? 0) - (sums[label] ?? 0) / (times[label] ?? 1)),
      ).toBeLessThan(0.006)
  })

  it('compares with the most similar new cluster', () => {
    const oneCluster = (rows: Int32Array) => new Int32Array(rows.length)
    const { perCluster } = bootstrapJaccard([0, 0, 0, 1], oneCluster, { seed: 1, resamples: 500 })
    expect(perCluster[0]).toBeGreaterThan(0.6)
    expect(perCluster[1]).toBeLessThan(0.6)
  })

  it('refuses labels with gaps and a method that loses rows', () => {
    const none = () => []
    expect(() => bootstrapJaccard([0, 2], none, { seed: 1 })).toThrow(/without gaps/)
    expect(() => bootstrapJaccard([0, 1], none, { seed: 1 })).toThrow(/0 labels for/)
  })
})
