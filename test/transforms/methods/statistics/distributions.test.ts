import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as d from '../../../../transforms/methods/statistics/distributions.ts'
import { StatisticsError } from '../../../../transforms/methods/statistics/errors.ts'
import { near } from './near.ts'

/* Reference rows: mpmath at 40 digits (quantiles by root-finding on the distribution function); discrete quantiles by scipy. */

describe('normal', () => {
  it.each([
    [-37, 5.7255712225245768e-300],
    [-8.5, 9.4795348222033184e-18],
    [-3.090232, 0.001000001030895095],
    [-1.96, 0.024997895148220436],
    [-0.1, 0.46017216272297102],
    [0.5, 0.6914624612740131],
    [2.5, 0.99379033467422386],
    [6, 0.99999999901341235],
  ])('distribution function at %d', (x, p) => {
    near(d.normalCdf(x), p, 1e-13)
  })

  it.each([
    [1e-300, -37.047096299361199],
    [1e-20, -9.2623400897984076],
    [0.0005, -3.2905267314918948],
    [0.025, -1.9599639845400542],
    [0.3, -0.52440051270804082],
    [0.6, 0.25334710313579974],
    [0.975, 1.9599639845400539],
    [0.999, 3.0902323061678133],
  ])('quantile of %d', (p, x) => {
    near(d.normalQuantile(p), x, 2e-13)
  })

  it('states the multipliers of 95 % and 99.8 %', () => {
    near(d.Z_95, d.normalQuantile(0.975), 1e-15)
    near(d.Z_998, d.normalQuantile(0.999), 1e-15)
    near(d.normalTwoSided(-d.Z_95), 0.05, 1e-14)
    expect(d.normalPdf(0)).toBeCloseTo(0.3989422804014327, 15)
  })
})

describe("Student's t", () => {
  it.each([
    [-12.7, 1, 0.02501216384467208],
    [-3, 2.5, 0.036288047774515922],
    [-0.01, 7, 0.49615015882181089],
    [0.7, 4, 0.73874991720327488],
    [1.96, 30, 0.97032884355197476],
    [-4.5, 119, 7.963692436579393e-6],
    [-2, 100000, 0.022751481728753232],
    [-30, 12, 5.886590953509474e-13],
  ])('distribution function at %d with %d degrees', (x, df, p) => {
    near(d.tCdf(x, df), p, 1e-12)
  })

  it.each([
    [0.975, 1, 12.706204736174693],
    [0.975, 2, 4.3026527297494618],
    [0.975, 9, 2.262157162798205],
    [0.995, 29, 2.7563859036706051],
    [0.6, 3.5, 0.27326545405577962],
    [0.2, 50, -0.84886924450866445],
    [0.0001, 8, -6.4419998210203925],
    [0.975, 1000, 1.9623390808264081],
  ])('quantile of %d with %d degrees', (p, df, x) => {
    near(d.tQuantile(p, df), x, 1e-13)
  })

  it('is symmetric', () => {
    expect(d.tCdf(0, 3)).toBe(0.5)
    expect(d.tQuantile(0.5, 3)).toBe(0)
    near(d.tTwoSided(2.262157162798205, 9), 0.05, 1e-13)
    expect(d.tCdf(-Infinity, 3)).toBe(0)
    expect(d.tCdf(1e200, 3)).toBe(1)
  })
})

describe('χ²', () => {
  it.each([
    [0.004, 1, 0.050429028848894912, 0.94957097115110509],
    [3.84, 1, 0.9499564787512949, 0.050043521248705103],
    [18.3, 10, 0.94989093858853755, 0.050109061411462452],
    [70, 100, 0.0098455024764085416, 0.99015449752359146],
    [1100, 1000, 0.98538559187370481, 0.014614408126295194],
    [2, 7.5, 0.027799164855620114, 0.97220083514437989],
  ])('distribution function and tail at %d with %d degrees', (x, df, p, tail) => {
    near(d.chiSquaredCdf(x, df), p, 1e-13)
    near(d.chiSquaredTail(x, df), tail, 1e-13)
  })

  it.each([
    [0.95, 1, 3.8414588206941245],
    [0.95, 10, 18.307038053275144],
    [0.05, 4, 0.71072302139732413],
    [0.999, 40, 73.401957518991039],
    [0.5, 300, 299.33359734921804],
  ])('quantile of %d with %d degrees', (p, df, x) => {
    near(d.chiSquaredQuantile(p, df), x, 1e-13)
  })
})

describe('beta', () => {
  it.each([
    [0.3, 3, 18, 0.96451686770153131, 0.035483132298468692],
    [0.01, 0.5, 0.5, 0.063768560858519849, 0.93623143914148015],
    [0.99, 0.5, 8, 0.99999999999999998, 1.9725935438015151e-17],
    [0.45, 200, 240, 0.42520928092396784, 0.57479071907603216],
    [0.2, 1.51979, 8.20688, 0.7072077528053082, 0.2927922471946918],
    [0.7, 40, 5, 0.00088904865952238916, 0.99911095134047761],
  ])('distribution function and tail at %d for (%d, %d)', (x, a, b, p, tail) => {
    near(d.betaCdf(x, a, b), p, 1e-13)
    near(d.betaTail(x, a, b), tail, 1e-13)
  })

  it.each([
    [0.025, 3, 18, 0.032070937185463706],
    [0.975, 4, 17, 0.3789268265453139],
    [0.025, 0.5, 0.5, 0.0015413331334360121],
    [0.9, 200, 240, 0.48499966129936558],
    [0.001, 1.51979, 8.20688, 0.0015343202762859701],
    [0.5, 40, 5, 0.89464844278197399],
  ])('quantile of %d for (%d, %d)', (p, a, b, x) => {
    near(d.betaQuantile(p, a, b), x, 1e-13)
  })
})

describe('binomial', () => {
  it.each([
    [3, 10, 0.15, 0.12983372075390624, 0.95003020112148438],
    [0, 12, 0.3, 0.013841287201000003, 0.013841287201000003],
    [15, 20, 0.52, 0.021712013537853289, 0.99039697925120485],
    [49, 100, 0.5, 0.078028664105077217, 0.46020538130641062],
    [300, 1000, 0.33, 0.0034769920580547071, 0.022972516779060467],
    [999, 1000, 0.99, 0.00043607320616826164, 0.99995682875258934],
    [5000, 10000, 0.5, 0.0079786461393821538, 0.50398932306969108],
  ])('mass and distribution function at %d of %d with p %d', (k, n, p, mass, below) => {
    near(d.binomialPmf(k, n, p), mass, 1e-11)
    near(d.binomialCdf(k, n, p), below, 1e-12)
    near(d.binomialTail(k + 1, n, p) + below, 1, 1e-12)
  })

  it.each([
    [0.025, 10, 0.15, 0],
    [0.975, 10, 0.15, 4],
    [0.999, 100, 0.15, 27],
    [0.5, 37, 0.9, 33],
    [0.001, 1000, 0.02, 8],
  ])('quantile %d of Bin(%d, %d)', (q, n, p, k) => {
    expect(d.binomialQuantile(q, n, p)).toBe(k)
  })

  it('gives the one-sided p of 16 of 20 at 0.52', () => {
    expect(d.binomialTail(16, 20, 0.52)).toBeCloseTo(0.009603, 6)
  })

  it('answers at the ends', () => {
    expect(d.binomialPmf(0, 5, 0)).toBe(1)
    expect(d.binomialPmf(5, 5, 1)).toBe(1)
    expect(d.binomialPmf(2.5, 5, 0.5)).toBe(0)
    expect(d.binomialCdf(-1, 5, 0.5)).toBe(0)
    expect(d.binomialCdf(3, 5, 1)).toBe(0)
    expect(d.binomialCdf(0, 0, 0.3)).toBe(1)
    expect(d.binomialTail(6, 5, 0.5)).toBe(0)
    expect(d.binomialQuantile(1, 5, 0)).toBe(0)
  })

  it('has a quantile for as many trials as a double counts', () => {
    expect(d.binomialQuantile(0.5, Number.MAX_SAFE_INTEGER, 1)).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => d.betaBinomialMasses(Number.MAX_SAFE_INTEGER, 1, 2)).toThrow(StatisticsError)
  })

  it('is inverted by its quantile', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (n, p, q) => {
          const k = d.binomialQuantile(q, n, p)
          expect(d.binomialCdf(k, n, p)).toBeGreaterThanOrEqual(q)
          expect(d.binomialCdf(k - 1, n, p)).toBeLessThan(q)
        },
      ),
    )
  })
})

describe('beta-binomial', () => {
  it.each([
    [0, 10, 1.5, 8.2, 0.30968133949166289, 0.30968133949166289],
    [3, 10, 1.5, 8.2, 0.11516182682884752, 0.88246336275925646],
    [25, 25, 0.4, 0.3, 0.22266411762060528, 1],
    [60, 400, 30, 170, 0.032145464645424485, 0.53487042703144719],
  ])('mass and distribution function at %d of %d for (%d, %d)', (k, n, a, b, mass, below) => {
    near(d.betaBinomialPmf(k, n, a, b), mass, 1e-13)
    near(d.betaBinomialCdf(k, n, a, b), below, 1e-13)
    near(d.betaBinomialTail(k, n, a, b) + below - mass, 1, 1e-13)
  })

  it.each([
    [0.025, 25, 1.5, 8.2, 0],
    [0.975, 25, 1.5, 8.2, 12],
    [0.999, 40, 3, 3, 39],
    [0.5, 10, 0.4, 0.3, 7],
  ])('quantile %d of (%d, %d, %d)', (q, n, a, b, k) => {
    expect(d.betaBinomialQuantile(q, n, a, b)).toBe(k)
  })

  it('has the mean na/(a + b)', () => {
    const shape = fc.double({ min: 0.05, max: 500, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), shape, shape, (n, a, b) => {
        const masses = d.betaBinomialMasses(n, a, b)
        near(
          masses.reduce((total, mass, k) => total + k * mass, 0),
          (n * a) / (a + b),
          1e-11,
        )
      }),
    )
  })

  it('keeps the digits of a small beta-binomial tail', () => {
    near(d.betaBinomialTail(60, 60, 5, 50), d.betaBinomialPmf(60, 60, 5, 50), 1e-12)
    expect(d.betaBinomialTail(60, 60, 5, 50)).toBeGreaterThan(0)
    expect(d.betaBinomialTail(0, 9, 1, 2)).toBe(1)
    expect(d.betaBinomialTail(10, 9, 1, 2)).toBe(0)
  })
})

describe('log-gamma', () => {
  it.each([
    [0.01, 4.5994798780420217],
    [0.5, 0.57236494292470009],
    [1.5, -0.12078223763524522],
    [12, 17.502307845873886],
    [1000.5, 5908.6741758486775],
    [1e6, 12815504.569147612],
  ])('at %d', (x, value) => {
    near(d.logGamma(x), value, 1e-14)
  })
})

describe('what docs/methods.md promises of large shapes', () => {
  it.each([
    [0.019439279633531363, 11, 990, 0.986126562231235, 0.013873437768764995],
    [0.34188611699158106, 501, 500, 3.5593759464532387e-25, 1],
    [0.0011706526671832447, 6, 9995, 0.97564220106834, 0.02435779893166002],
    [0.4992094305849579, 50001, 50000, 0.30742454342632486, 0.6925754565736751],
    [0.20120000000000002, 200001, 800000, 0.9986233629761404, 0.0013766370238595515],
    [0.2, 1800001, 7200000, 0.4998005288739617, 0.5001994711260382],
    [0.49833333333333335, 4500001, 4500000, 7.592095749965346e-24, 1],
    [0.5000833333333333, 4500001, 4500000, 0.6913451025011887, 0.3086548974988112],
  ])('beta and binomial at %d for (%d, %d)', (x, a, b, below, above) => {
    const promised = 1e-14 + 2e-16 * (a + b)
    near(d.betaCdf(x, a, b), below, promised)
    near(d.betaTail(x, a, b), above, promised)
    near(d.binomialTail(a, a + b - 1, x), below, promised)
    near(d.binomialCdf(a - 1, a + b - 1, x), above, promised)
    if (below > 1e-12) near(d.betaQuantile(below, a, b), x, 2e-13)
  })

  it.each([
    [1000, 0.2, -0.8419808221624285],
    [10000, 0.2, -0.8416571791416527],
    [100000, 0.2, -0.8416248279969009],
    [10000000, 1e-12, -7.03449270352616],
    [10000000, 0.025, -1.9599642217672055],
    [10000000, 0.2, -0.8416212695170079],
    [10000000, 0.4, -0.25334710987600295],
  ])('Student with %d degrees at p = %d', (df, p, x) => {
    near(d.tQuantile(p, df), x, 1e-15 + 5e-17 * df)
    near(d.tCdf(x, df), p, 1e-14)
  })
})

describe('laws of the distributions', () => {
  const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true })
  const shape = fc.double({ min: 0.5, max: 300, noNaN: true })

  it('quantiles invert the distribution functions', () => {
    fc.assert(
      fc.property(probability, shape, shape, (p, a, b) => {
        near(d.normalCdf(d.normalQuantile(p)), p, 1e-11)
        near(d.chiSquaredCdf(d.chiSquaredQuantile(p, a), a), p, 1e-9)
        near(d.tCdf(d.tQuantile(p, a), a), p, 1e-9)
        const x = d.betaQuantile(p, a, b)
        if (x < 1 - 1e-6) near(d.betaCdf(x, a, b), p, 1e-7)
      }),
    )
  })

  it('distribution functions rise and stay in [0, 1]', () => {
    const point = fc.double({ min: -50, max: 50, noNaN: true })
    fc.assert(
      fc.property(point, point, shape, (x, y, df) => {
        const [low, high] = [Math.min(x, y), Math.max(x, y)]
        for (const cdf of [
          d.normalCdf,
          (v: number) => d.tCdf(v, df),
          (v: number) => d.chiSquaredCdf(v, df),
        ]) {
          expect(cdf(low)).toBeLessThanOrEqual(cdf(high) * (1 + 1e-12))
          expect(cdf(low)).toBeGreaterThanOrEqual(0)
          expect(cdf(high)).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('refuse parameters without a distribution', () => {
    expect(() => d.normalQuantile(0)).toThrow(StatisticsError)
    expect(() => d.normalQuantile(1)).toThrow(StatisticsError)
    expect(() => d.normalCdf(Number.NaN)).toThrow(StatisticsError)
    expect(() => d.tCdf(1, 0)).toThrow(StatisticsError)
    expect(() => d.betaQuantile(0.5, -1, 1)).toThrow(StatisticsError)
    expect(() => d.binomialCdf(1, 2.5, 0.5)).toThrow(StatisticsError)
    expect(() => d.binomialPmf(1, 2, 1.5)).toThrow(StatisticsError)
    expect(() => d.chiSquaredQuantile(1, 2)).toThrow(StatisticsError)
  })
})
