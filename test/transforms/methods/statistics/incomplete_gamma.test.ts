import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as d from '../../../../transforms/methods/statistics/distributions.ts'
import {
  gammaQuantile,
  gammaTails,
} from '../../../../transforms/methods/statistics/incomplete_gamma.ts'
import { near } from './near.ts'

/* Reference rows: mpmath at 40 digits, the series of the lower tail and the continued fraction of the upper one. */
const rows: readonly (readonly [number, number, number, number])[] = [
  [150, 98.03847577293368, 0.00033731270987021246, 0.9996626872901297],
  [150, 167.32050807568876, 0.841841782892777, 0.15815821710722294],
  [200, 80, 1.2062542053086514e-15, 0.9999999999999988],
  [200, 600, 1, 1.4110215102111522e-41],
  [400, 371.7157287525381, 0.15844291029000887, 0.8415570897099911],
  [400, 484.8528137423857, 0.9977012594729429, 0.00229874052705714],
  [1500, 1828.6335345030998, 0.9999999905873783, 9.412621729833099e-9],
  [1990, 2053.08724118235, 0.8413843844480959, 0.15861561555190407],
  [2000, 1810.2633403898972, 0.0010012389950642836, 0.9989987610049357],
  [2000, 2063.2455532033678, 0.8413841884287209, 0.15861581157127913],
  [2010.5, 1947.0886445500491, 0.15861421473428755, 0.8413857852657124],
  [2010.5, 2010.5, 0.5041942485689422, 0.4958057514310578],
  [2010.5, 2200.734066349852, 0.9982538530243176, 0.0017461469756824433],
  [3000, 1450.8066615170333, 2.7215838836708173e-139, 1],
  [3000, 3007.7459666924146, 0.5432079874651148, 0.4567920125348852],
  [5000, 5100, 0.841360651380596, 0.15863934861940396],
  [5000, 5600, 0.9999999963116907, 3.6883093291848836e-9],
  [10000, 9151.471862576143, 3.3315557537638083e-10, 0.9999999996668444],
  [10000, 9858.57864376269, 0.158647106266362, 0.841352893733638],
  [10000, 10141.42135623731, 0.8413527314880205, 0.15864726851197952],
  [10000, 10424.26406871193, 0.9984781576285573, 0.0015218423714426865],
  [100000, 98658.35921350012, 0.0012975347014833425, 0.9987024652985167],
  [100000, 100000, 0.5005947081047933, 0.4994052918952067],
  [100000, 108944.27190999917, 1, 1.9714028175179912e-84],
  [1000000, 998585.7864376269, 0.15865517319335395, 0.841344826806646],
  [1000000, 1008485.2813742385, 0.9999999989085981, 1.0914018031672503e-9],
  [10000000, 9910557.280900009, 8.288739127834344e-90, 1],
  [10000000, 9973167.184270002, 9.553286167105456e-10, 0.9999999990446714],
  [10000000, 9995527.864045, 0.15865524586316154, 0.8413447541368384],
  [10000000, 9999552.7864045, 0.4602307458104816, 0.5397692541895184],
  [10000000, 10000447.2135955, 0.5398864190898385, 0.4601135809101616],
  [10000000, 10004472.135955, 0.8413447541317084, 0.15865524586829166],
  [10000000, 10013416.407864999, 0.9986448118077589, 0.0013551881922411464],
  [10000000, 10089442.719099991, 1, 9.002678610605421e-89],
  [2100, 2035.19, 0.15860609905832412, 0.8413939009416759],
  [200, 20, 5.398589728139581e-63, 1],
  [200, 900, 1, 2.3608990755064563e-89],
  [1000, 2600, 1, 1.251533134027511e-142],
  [3000, 1500, 3.0843372305983793e-128, 1],
  [3000, 5500, 1, 1.2170536167029215e-150],
]

/** The relative error held from 150 degrees on, within what docs/methods.md promises. */
const promised = (tail: number): number => (tail < 1e-30 ? 2e-13 : 1e-14)

/* Reference rows: roots by mpmath at 50 digits. */
const quantiles: readonly (readonly [number, number, number])[] = [
  [1, 1e-40, 1.5707963267948964e-80],
  [1, 1e-100, 1.5707963267948966e-200],
  [3, 1e-15, 2.417987931141638e-10],
  [19, 1e-30, 0.00603335140996126],
  [50, 1e-40, 0.5163779863485907],
  [99, 1e-60, 2.425727117773251],
  [124, 1e-30, 18.138407257549357],
  [150, 1e-35, 22.806008359314824],
  [150, 1e-40, 19.08905326443829],
  [150, 1e-45, 16.048931759327516],
  [187, 1e-50, 23.53047127755381],
  [198, 1e-15, 78.53358806004522],
  [198, 1e-40, 35.42326804384882],
  [199, 1e-20, 66.08442943543777],
  [199, 1e-40, 35.7994644554114],
  [199, 1e-60, 20.93140649020636],
  [199, 1e-100, 7.769097310191265],
  [199, 0.975, 239.95968182764423],
]

describe('χ² quantile of fewer than 200 degrees', () => {
  it.each(quantiles)('of %d degrees at %d', (df, p, x) => {
    near(d.chiSquaredQuantile(p, df), x, 2e-15)
  })

  it('is inverted by its distribution function in tails of any smallness', () => {
    for (let df = 1; df < 200; df += 6.5)
      for (let power = 1; power <= 300; power += 13) {
        const x = d.chiSquaredQuantile(10 ** -power, df)
        if (x > 1e-300) near(d.chiSquaredCdf(x, df), 10 ** -power, 4e-13)
      }
  })

  it('is 0 only where it is below the doubles', () => {
    expect(d.chiSquaredQuantile(1e-300, 1)).toBe(0)
    expect(d.chiSquaredQuantile(1e-100, 1)).toBeGreaterThan(0)
  })
})

describe('χ² of many degrees of freedom', () => {
  it.each(rows)('has both tails with %d degrees at %d', (df, x, lower, upper) => {
    near(d.chiSquaredCdf(x, df), lower, promised(lower))
    near(d.chiSquaredTail(x, df), upper, promised(upper))
  })

  it.each(rows.filter(([, , lower, upper]) => lower > 0 && upper > 1e-3))(
    'has the quantile with %d degrees that is %d',
    (df, x, lower) => {
      near(d.chiSquaredQuantile(lower, df), x, 1e-14)
    },
  )

  it('meets the library where the expansion takes over', () => {
    const below = 100 - 1e-9
    for (let x = 40; x < 220; x += 4.5) {
      const [library, own] = [gammaTails(below, x), gammaTails(100, x)]
      near(own.lower, library.lower, 1e-8)
      near(own.upper, library.upper, 1e-8)
    }
  })

  it('rises, adds up to 1 and is inverted by its quantile', () => {
    const shape = fc.double({ min: Math.log(100), max: Math.log(1e8), noNaN: true }).map(Math.exp)
    const deviation = fc.double({ min: -12, max: 12, noNaN: true })
    fc.assert(
      fc.property(shape, deviation, deviation, (a, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)].map((z) =>
          gammaTails(a, Math.max(1e-3, a + z * Math.sqrt(a))),
        )
        expect(low!.lower).toBeLessThanOrEqual(high!.lower * (1 + 1e-13))
        expect(high!.upper).toBeLessThanOrEqual(low!.upper * (1 + 1e-13))
        near(low!.lower + low!.upper, 1, 1e-15)
      }),
    )
    fc.assert(
      fc.property(shape, fc.double({ min: 1e-300, max: 0.999999, noNaN: true }), (a, p) => {
        near(gammaTails(a, gammaQuantile(p, a)).lower, p, 1e-14 + 1e-15 * Math.sqrt(a) * 40)
      }),
    )
  })

  it.each([100, 150, 1e3, 1e4, 1e6])(
    'has the quantile of a tail of any smallness for shape %d',
    (a) => {
      for (let power = 1; power <= 300; power += 13) {
        const p = 10 ** -power
        near(gammaTails(a, gammaQuantile(p, a)).lower, p, 1e-14 + 4e-14 * Math.sqrt(a))
      }
    },
  )

  it('has no tail where the doubles have none, and no crash', () => {
    expect(d.chiSquaredTail(1.7e308, 200)).toBe(0)
    expect(d.chiSquaredCdf(5e-324, 200)).toBe(0)
    expect(d.chiSquaredCdf(1, 1.7e308)).toBe(0)
    expect(d.chiSquaredCdf(1e300, 1e300)).toBe(0.5)
    near(d.chiSquaredQuantile(0.3, 1e300), 1e300, 1e-15)
  })
})
