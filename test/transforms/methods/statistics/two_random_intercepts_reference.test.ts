import { describe, expect, it } from 'vitest'
import { matrix, matrixOfColumns } from '../../../../transforms/methods/statistics/matrix.ts'
import { twoRandomIntercepts } from '../../../../transforms/methods/statistics/two_random_intercepts.ts'
import { sharedData } from '../../../support/shared-data.ts'
import { readRows } from './reference.ts'

const multilevel = sharedData('mlmrev_exam_chem97_scotssec')

describe.runIf(multilevel)('twoRandomIntercepts on the sets of lme4', () => {
  const folder = multilevel ?? ''
  const column = (rows: Record<string, string>[], name: string) =>
    rows.map((row) => Number(row[name]))
  const chemistry = multilevel ? readRows(folder, 'csv/Chem97.csv.gz') : []
  const score = column(chemistry, 'score')
  const districts = column(chemistry, 'lea')
  const schools = column(chemistry, 'school')

  it('prints schools within districts', () => {
    const x = matrix(chemistry.length, 0)
    const fit = twoRandomIntercepts(x, score, districts, schools, { method: 'ml' })
    expect(fit.first.groups).toHaveLength(131)
    expect(fit.second.groups).toHaveLength(2410)
    expect(fit.coefficients[0]).toBeCloseTo(5.31922, 5)
    expect(fit.standardErrors[0]).toBeCloseTo(0.05776, 5)
    expect(fit.second.variance).toBeCloseTo(2.749, 4)
    expect(Math.sqrt(fit.second.variance)).toBeCloseTo(1.658, 4)
    expect(fit.first.variance).toBeCloseTo(0.1493, 4)
    expect(Math.sqrt(fit.first.variance)).toBeCloseTo(0.3864, 4)
    expect(fit.varianceResidual).toBeCloseTo(8.5161, 4)
    expect(Math.sqrt(fit.varianceResidual)).toBeCloseTo(2.9182, 4)
    expect(fit.deviance).toBeCloseTo(157869.9, 1)
  })

  it('prints schools within districts with the earlier examination', () => {
    const x = matrixOfColumns([column(chemistry, 'gcsecnt')])
    const fit = twoRandomIntercepts(x, score, districts, schools, { method: 'ml' })
    expect(fit.coefficients[0]).toBeCloseTo(5.635, 4)
    expect(fit.coefficients[1]).toBeCloseTo(2.4726, 4)
    expect(fit.standardErrors[0]).toBeCloseTo(0.031, 4)
    expect(fit.standardErrors[1]).toBeCloseTo(0.0169, 4)
    expect(fit.second.variance).toBeCloseTo(1.1662, 4)
    expect(Math.sqrt(fit.second.variance)).toBeCloseTo(1.0799, 4)
    expect(fit.first.variance).toBeCloseTo(0.0136, 4)
    expect(Math.sqrt(fit.first.variance)).toBeCloseTo(0.1166, 4)
    expect(fit.varianceResidual).toBeCloseTo(5.1541, 4)
    expect(Math.sqrt(fit.varianceResidual)).toBeCloseTo(2.2703, 4)
    expect(fit.deviance).toBeCloseTo(141685.6, 1)
  })

  it('prints primary crossed with secondary schools', () => {
    const rows = readRows(folder, 'csv/ScotsSec.csv')
    const fit = twoRandomIntercepts(
      matrix(rows.length, 0),
      column(rows, 'attain'),
      column(rows, 'primary'),
      column(rows, 'second'),
      { method: 'ml' },
    )
    expect(fit.first.groups).toHaveLength(148)
    expect(fit.second.groups).toHaveLength(19)
    expect(fit.coefficients[0]).toBeCloseTo(5.504, 4)
    expect(fit.standardErrors[0]).toBeCloseTo(0.1749, 4)
    expect(fit.first.variance).toBeCloseTo(1.1244, 4)
    expect(Math.sqrt(fit.first.variance)).toBeCloseTo(1.0604, 4)
    expect(fit.second.variance).toBeCloseTo(0.3482, 4)
    expect(Math.sqrt(fit.second.variance)).toBeCloseTo(0.5901, 4)
    expect(fit.varianceResidual).toBeCloseTo(8.1115, 4)
    expect(Math.sqrt(fit.varianceResidual)).toBeCloseTo(2.8481, 4)
    expect(fit.deviance).toBeCloseTo(17149.1, 1)
  })
})
