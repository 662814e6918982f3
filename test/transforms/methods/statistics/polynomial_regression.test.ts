import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { polynomialRegression } from '../../../../transforms/methods/statistics/polynomial_regression.ts'
import { sharedData } from '../../../support/shared-data.ts'
import { digits, readReference, readRows } from './reference.ts'

describe('polynomialRegression', () => {
  it('gives back a polynomial it is shown', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 5 }),
        (betas) => {
          const x = Array.from({ length: 12 }, (_, i) => i - 3)
          const y = x.map((value) => betas.reduce((sum, b, k) => sum + b * value ** k, 0))
          const fit = polynomialRegression(x, y, betas.length - 1)
          fit.coefficients.forEach((b, k) => {
            expect(b).toBeCloseTo(betas[k] ?? NaN, 9)
          })
        },
      ),
    )
  })

  it('refuses fewer different x than coefficients', () => {
    expect(() => polynomialRegression([1, 1, 2, 2], [1, 2, 3, 4], 2)).toThrow(/2 different/)
    expect(() => polynomialRegression([1, 2, 3], [1, 2], 1)).toThrow(/of one length/)
  })
})

const nist = sharedData('nist_strd')

describe.runIf(nist)('polynomialRegression on the certified sets of NIST', () => {
  const folder = nist ?? ''
  const certified = new Map(
    (nist ? readRows(folder, 'certified_values.csv') : []).map((row) => [
      `${row['dataset']} ${row['parameter']}`,
      Number(row['certified_value']),
    ]),
  )

  it.each([
    ['Filip', 10],
    ['Pontius', 2],
    ['Norris', 1],
  ])('%s of degree %i to 13 digits, errors too', (name, degree) => {
    const rows = readReference(folder, `original/${name}.dat`)
      .split(/\r?\n/)
      .slice(60)
      .map((line) => line.trim().split(/\s+/).map(Number))
      .filter((row) => row.length > 1)
    const fit = polynomialRegression(
      rows.map((row) => row[1] ?? NaN),
      rows.map((row) => row[0] ?? NaN),
      degree,
    )
    const value = (parameter: string) => certified.get(`${name} ${parameter}`) ?? NaN
    fit.coefficients.forEach((b, k) => {
      expect(digits(b, value(`B${k}`))).toBeGreaterThan(13)
      expect(digits(fit.standardErrors[k] ?? NaN, value(`B${k}_se`))).toBeGreaterThan(13)
    })
    expect(digits(fit.residualSd, value('residual_sd'))).toBeGreaterThan(13)
    expect(digits(fit.rSquared ?? NaN, value('r_squared'))).toBeGreaterThan(13)
  })
})
