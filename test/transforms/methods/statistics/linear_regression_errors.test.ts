import { describe, it } from 'vitest'
import {
  linearRegression,
  type LinearRegressionOptions,
} from '../../../../transforms/methods/statistics/linear_regression.ts'
import { matrixOfColumns } from '../../../../transforms/methods/statistics/matrix.ts'
import { near } from './near.ts'

/** statsmodels OLS(y, [1, x₁, x₂]).fit(cov_type=…).bse; clusters with cov_type='cluster'. */
const printed: readonly (readonly [
  string,
  NonNullable<LinearRegressionOptions['errors']>,
  readonly number[],
])[] = [
  ['HC1', 'hc1', [0.424188662920648, 0.14954407467801, 0.121996078300632]],
  ['HC2', 'hc2', [0.434952660540753, 0.160028766416325, 0.136783619174952]],
  ['HC3', 'hc3', [0.544406377912843, 0.206636784041312, 0.189294119257556]],
  [
    'clusters',
    { clusters: [0, 0, 1, 1, 1, 2, 2, 3, 3, 3], kind: 'cr1' },
    [0.386993855861145, 0.095312634436805, 0.157762214156805],
  ],
]

describe('the standard errors of a linear regression', () => {
  const x = matrixOfColumns([
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    [3, 1, 4, 1, 5, 9, 2, 6, 5, 3],
  ])
  const y = [2.1, 3.9, 6.2, 7.8, 10.5, 11.2, 14.9, 15.1, 19, 18]

  it.each(printed)('by %s are those of statsmodels', (_, errors, expected) => {
    linearRegression(x, y, { errors }).standardErrors.forEach((se, j) => {
      near(se, expected[j] ?? NaN, 1e-11)
    })
  })
})
