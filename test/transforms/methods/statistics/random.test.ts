import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  binomialPmf,
  chiSquaredTail,
  betaCdf,
  normalCdf,
} from '../../../../transforms/methods/statistics/distributions.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

/** Kolmogorov distance of draws from a distribution, times √n (above 1.95 in 1 of 1,000 cases). */
const kolmogorov = (draws: readonly number[], cdf: (x: number) => number): number => {
  const sorted = [...draws].sort((a, b) => a - b)
  const n = sorted.length
  return (
    Math.sqrt(n) *
    Math.max(
      ...sorted.map((x, i) => Math.max(Math.abs((i + 1) / n - cdf(x)), Math.abs(cdf(x) - i / n))),
    )
  )
}

describe('random', () => {
  it('gives the same draws for the same seed', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        const [a, b] = [random(seed), random(seed)]
        for (let i = 0; i < 5; i++) {
          expect(a.bits()).toBe(b.bits())
          expect(a.normal()).toBe(b.normal())
        }
      }),
    )
  })

  it('gives other draws for other seeds, beyond 32 bits too', () => {
    const first = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 40].map((seed) => random(seed).bits())
    expect(new Set(first).size).toBe(first.length)
  })

  it('keeps its stream from version to version', () => {
    const source = random(20_250_901)
    expect([source.bits(), source.bits(), source.bits()]).toMatchInlineSnapshot(`
      [
        3017755937,
        4021227592,
        3310921511,
      ]
    `)
  })

  it('draws what it says', () => {
    const source = random(11)
    const draws = (draw: () => number) => Array.from({ length: 5000 }, draw)
    expect(kolmogorov(draws(source.uniform), (x) => x)).toBeLessThan(1.95)
    expect(
      kolmogorov(
        draws(() => source.normal(2, 3)),
        (x) => normalCdf((x - 2) / 3),
      ),
    ).toBeLessThan(1.95)
    expect(
      kolmogorov(
        draws(() => source.beta(0.5, 3)),
        (x) => betaCdf(x, 0.5, 3),
      ),
    ).toBeLessThan(1.95)
  })

  it.each([
    [12, 0.3],
    [400, 0.02],
    [100, 0.97],
  ])('draws Bin(%d, %d)', (n, p) => {
    const source = random(5)
    const total = 20_000
    const counts = new Map<number, number>()
    for (let i = 0; i < total; i++) {
      const k = source.binomial(n, p)
      counts.set(k, (counts.get(k) ?? 0) + 1)
    }
    let statistic = 0
    let cells = -1
    let pooled = 0
    let expectedPooled = 0
    for (let k = 0; k <= n; k++) {
      const expected = total * binomialPmf(k, n, p)
      if (expected < 5) {
        pooled += counts.get(k) ?? 0
        expectedPooled += expected
        continue
      }
      statistic += ((counts.get(k) ?? 0) - expected) ** 2 / expected
      cells++
    }
    if (expectedPooled > 1) {
      statistic += (pooled - expectedPooled) ** 2 / expectedPooled
      cells++
    }
    expect(chiSquaredTail(statistic, cells)).toBeGreaterThan(0.001)
  })

  it('shuffles without loss and without favour', () => {
    const source = random(3)
    const first = [0, 0, 0, 0]
    for (let i = 0; i < 4000; i++) {
      const row = source.shuffle([0, 1, 2, 3])
      expect([...row].sort()).toEqual([0, 1, 2, 3])
      const head = row[0] ?? 0
      first[head] = (first[head] ?? 0) + 1
    }
    for (const count of first) expect(Math.abs(count - 1000)).toBeLessThan(120)
  })

  it('refuses seeds, bounds and probabilities outside their range', () => {
    expect(() => random(-1)).toThrow(StatisticsError)
    expect(() => random(0.5)).toThrow(StatisticsError)
    expect(() => random(1).integer(0)).toThrow(StatisticsError)
    expect(() => random(1).binomial(5, 1.5)).toThrow(StatisticsError)
    expect(() => random(1).gamma(0)).toThrow(StatisticsError)
    expect(random(1).integer(1)).toBe(0)
    expect(random(1).binomial(0, 0.5)).toBe(0)
    expect(random(1).binomial(50, 1)).toBe(50)
  })

  it('draws sure outcomes of any number of trials at once', () => {
    expect(random(1).binomial(9e15, 1)).toBe(9e15)
    expect(random(1).binomial(9e15, 0)).toBe(0)
    expect(Math.abs(random(1).binomial(9e15, 0.5) / 9e15 - 0.5)).toBeLessThan(1e-7)
  })

  it('spends a number a trial on sure outcomes of few trials, so that declared seeds keep their draws', () => {
    const [spent, counted] = [random(8), random(8)]
    spent.binomial(1000, 1)
    for (let i = 0; i < 1000; i++) counted.uniform()
    expect(spent.bits()).toBe(counted.bits())
  })
})
