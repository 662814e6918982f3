import { describe, expect, it } from 'vitest'
import {
  wellbeingIndex,
  type WellbeingRule,
} from '../../../../transforms/methods/education/wellbeing_index.ts'

/** Computed with numpy and statsmodels: z scores (n − 1), signs, then the mean, eigh of the correlations, or OLS of the results. */
const printed: Readonly<
  Record<WellbeingRule['weighting'], { weights: readonly number[]; values: readonly number[] }>
> = {
  equal: {
    weights: [1 / 3, 1 / 3, 1 / 3],
    values: [
      86.6718509442, 20.7980479715, 54.8695498557, 0, 68.4079223798, 34.2270302095, 25.679132337,
      100,
    ],
  },
  component: {
    weights: [0.592896614338, 0.563151458606, 0.575616225776],
    values: [
      86.6806369272, 20.7424622496, 54.6231893086, 0, 68.5427584602, 34.2998348742, 25.3798793802,
      100,
    ],
  },
  regression: {
    weights: [5.14211108017, 2.96606583412, -0.521257539445],
    values: [
      86.3343517219, 24.7272192961, 53.5694705798, 0, 66.8162868046, 18.8728029399, 21.0290196447,
      100,
    ],
  },
}

describe('the index of social well-being of eight schools', () => {
  const inputs = [
    { name: 'higher education', favourable: true, values: [45, 20, 28, 12, 40, 22, 15, 50] },
    { name: 'single', favourable: false, values: [0.1, 0.3, 0.15, 0.4, 0.2, 0.35, 0.25, 0.05] },
    { name: 'registered', favourable: false, values: [2, 8, 5, 9, 3, 4, 7, 1] },
  ]

  it.each(['equal', 'component', 'regression'] as const)(
    'by %s weights is that of numpy',
    (weighting) => {
      const found = wellbeingIndex(inputs, new Int32Array(8), [55, 42, 49, 38, 55, 41, 44, 58], {
        weighting,
        regressionFrom: 8,
        mostMissing: 0.3,
        scale: 'minmax',
      })
      const { weights, values } = printed[weighting]
      ;[...found.weights.values()].forEach((weight, j) => {
        expect(weight).toBeCloseTo(weights[j] ?? NaN, 10)
      })
      found.values.forEach((value, i) => {
        expect(value).toBeCloseTo(values[i] ?? NaN, 8)
      })
    },
  )
})
