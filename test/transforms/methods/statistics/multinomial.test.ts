import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { multinomial } from '../../../../transforms/methods/statistics/multinomial.ts'
import { random } from '../../../../transforms/methods/statistics/random.ts'

describe('multinomial', () => {
  it('deals out all of n by the weights, none to a weight of 0', () => {
    const weights = fc.array(fc.nat(50), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(weights, fc.nat(3000), fc.nat(1000), (own, n, seed) => {
        const total = own.reduce((all, weight) => all + weight, 0)
        const drawn = multinomial(random(seed), n, own, total)
        expect(drawn.reduce((all, count) => all + count, 0)).toBe(total > 0 ? n : 0)
        drawn.forEach((count, cell) => {
          if (own[cell] === 0) expect(count).toBe(0)
          expect(count).toBeGreaterThanOrEqual(0)
        })
      }),
    )
  })

  it('leaves to no cell what the weights leave out of the total', () => {
    const [cell] = multinomial(random(3), 1_000_000, [0.3], 1)
    expect((cell ?? 0) / 1_000_000).toBeCloseTo(0.3, 2)
  })

  it('gives a cell its share, and cells the covariance −n·p·q', () => {
    const source = random(17)
    const draws = Array.from({ length: 20_000 }, () => multinomial(source, 100, [2, 3, 5], 10))
    const mean = (of: (draw: readonly number[]) => number): number =>
      draws.reduce((all, draw) => all + of(draw), 0) / draws.length
    const [first, second] = [mean(([a = 0]) => a), mean(([, b = 0]) => b)]
    expect(first).toBeCloseTo(20, 0)
    expect(second).toBeCloseTo(30, 0)
    const covariance = mean(([a = 0, b = 0]) => (a - first) * (b - second))
    expect(Math.abs(covariance + 6)).toBeLessThan(0.5)
  })

  it('keeps its draws from version to version', () => {
    expect(multinomial(random(20_250_901), 3000, [5, 0, 100, 40, 7], 152)).toMatchInlineSnapshot(`
      [
        109,
        0,
        1990,
        756,
        145,
      ]
    `)
  })
})
