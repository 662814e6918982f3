import { describe, expect, it } from 'vitest'
import {
  sum,
  sumOfProducts,
  variance,
  weightedMean,
} from '../../../../transforms/methods/statistics/sums.ts'
import { sharedData } from '../../../support/shared-data.ts'
import { readRows } from './reference.ts'

const api = sharedData('survey_api_california')

type Row = Record<string, string>
const numbers = (rows: readonly Row[], name: string): number[] =>
  rows.map((row) => (row[name] === '' ? NaN : Number(row[name])))

/** Var of Σ over strata of N·ȳ by the text-book formula N²·(1 − n/N)·s²/n of simple samples. */
const totalVariance = (
  strata: readonly { readonly values: readonly number[]; readonly of: number }[],
): number =>
  sum(
    strata.map(
      ({ values, of }) => (of ** 2 * (1 - values.length / of) * variance(values)) / values.length,
    ),
  )

describe.runIf(api)('weighted means against the California school samples', () => {
  const load = (file: string): Row[] => (api ? readRows(api, `csv/${file}`) : [])

  it('give the truths of the population', () => {
    const all = load('apipop.csv.gz')
    expect(all).toHaveLength(6194)
    const scores = numbers(all, 'api00')
    expect(
      weightedMean(
        scores,
        scores.map(() => 1),
      ),
    ).toBeCloseTo(664.7126, 4)
    const enrolled = numbers(all, 'enroll').filter((value) => !Number.isNaN(value))
    expect(sum(enrolled)).toBe(3_811_472)
  })

  it('give the means, totals and errors of the simple sample', () => {
    const rows = load('apisrs.csv')
    const [weights, size] = [numbers(rows, 'pw'), 6194]
    for (const [name, mean, se] of [
      ['api00', 656.58, 9.2497],
      ['api99', 624.68, 9.5003],
    ] as const) {
      const values = numbers(rows, name)
      expect(weightedMean(values, weights)).toBeCloseTo(mean, 2)
      expect(Math.sqrt(totalVariance([{ values, of: size }])) / size).toBeCloseTo(se, 4)
    }
    const values = numbers(rows, 'enroll')
    expect(Math.round(sumOfProducts(values, weights))).toBe(3_621_074)
    expect(Math.round(Math.sqrt(totalVariance([{ values, of: size }])))).toBe(169_520)
  })

  it('give the means, totals and errors of the stratified sample', () => {
    const rows = load('apistrat.csv')
    const weights = numbers(rows, 'pw')
    const strata = (name: string) =>
      ['E', 'H', 'M'].map((kind) => {
        const own = rows.filter((row) => row['stype'] === kind)
        return { values: numbers(own, name), of: Number(own[0]?.['fpc']) }
      })
    for (const [name, mean, se] of [
      ['api00', 662.29, 9.4089],
      ['api99', 629.39, 9.9639],
    ] as const) {
      expect(weightedMean(numbers(rows, name), weights)).toBeCloseTo(mean, 2)
      expect(Math.sqrt(totalVariance(strata(name))) / 6194).toBeCloseTo(se, 4)
    }
    expect(Math.round(sumOfProducts(numbers(rows, 'enroll'), weights))).toBe(3_687_178)
    expect(Math.round(Math.sqrt(totalVariance(strata('enroll'))))).toBe(114_642)
    strata('api00').forEach(({ values, of }, i) => {
      expect(
        weightedMean(
          values,
          values.map(() => 1),
        ),
      ).toBeCloseTo([674.43, 625.82, 636.6][i] ?? 0, 2)
      expect(Math.sqrt(totalVariance([{ values, of }])) / of).toBeCloseTo(
        [12.38248, 14.93713, 16.21471][i] ?? 0,
        5,
      )
    })
  })

  it('give the means and totals of the two cluster samples', () => {
    for (const [file, mean, total] of [
      ['apiclus1.csv', 644.17, 3_404_940],
      ['apiclus2.csv', 670.81, 2_639_273],
    ] as const) {
      const rows = load(file)
      expect(weightedMean(numbers(rows, 'api00'), numbers(rows, 'pw'))).toBeCloseTo(mean, 2)
      const known = rows.filter((row) => row['enroll'] !== '')
      expect(Math.round(sumOfProducts(numbers(known, 'enroll'), numbers(known, 'pw')))).toBe(total)
    }
  })
})
