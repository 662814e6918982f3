import { describe, expect, it } from 'vitest'
import { tTwoSided } from '../../../../transforms/methods/statistics/distributions.ts'
import { matrixOfColumns } from '../../../../transforms/methods/statistics/matrix.ts'
import { sum, variance, weightedMean } from '../../../../transforms/methods/statistics/sums.ts'
import {
  surveyMean,
  surveyQuantile,
  surveyRegression,
  surveyTotal,
} from '../../../../transforms/methods/statistics/survey.ts'
import type { SurveyDesign } from '../../../../transforms/methods/statistics/survey_design.ts'
import { sharedData } from '../../../support/shared-data.ts'
import { readRows } from './reference.ts'

const api = sharedData('survey_api_california')

type Row = Record<string, string>
const numbers = (rows: readonly Row[], name: string): number[] =>
  rows.map((row) => (row[name] === '' ? NaN : Number(row[name])))
const load = (file: string): Row[] => (api ? readRows(api, `csv/${file}`) : [])
const KINDS = ['E', 'H', 'M'] as const

/** What `svydesign` of the package's documentation says of each sample, and what it prints (reference_svy.txt). */
const samples = [
  {
    file: 'apisrs.csv',
    name: 'the simple sample',
    design: (rows: Row[]): SurveyDesign => ({
      weights: numbers(rows, 'pw'),
      stages: [{ units: [...rows.keys()], populations: numbers(rows, 'fpc') }],
    }),
    means: { api00: ['656.58', '9.2497'], api99: ['624.68', '9.5003'] },
    total: [3_621_074, 169_520],
    kinds: [
      ['666.1408', '11.19352'],
      ['605.3600', '21.92664'],
      ['654.2727', '21.82612'],
    ],
    quantiles: [
      [544, 529, 577, '12.17065'],
      [658, 633, 693, '15.21332'],
      [752, 739, 787, '12.17065'],
    ],
  },
  {
    file: 'apistrat.csv',
    name: 'the stratified sample',
    design: (rows: Row[]): SurveyDesign => ({
      weights: numbers(rows, 'pw'),
      stages: [
        {
          units: [...rows.keys()],
          strata: rows.map((row) => (row['stype'] ?? '').charCodeAt(0)),
          populations: numbers(rows, 'fpc'),
        },
      ],
    }),
    means: { api00: ['662.29', '9.4089'], api99: ['629.39', '9.9639'] },
    total: [3_687_178, 114_642],
    kinds: [
      ['674.43', '12.38248'],
      ['625.82', '14.93713'],
      ['636.60', '16.21471'],
    ],
    quantiles: [
      [565, 535, 597, '15.71945'],
      [668, 642, 694, '13.18406'],
      [756, 726, 778, '13.18406'],
    ],
  },
  {
    file: 'apiclus1.csv',
    name: 'the sample of districts',
    design: (rows: Row[]): SurveyDesign => ({
      weights: numbers(rows, 'pw'),
      stages: [{ units: numbers(rows, 'dnum'), populations: numbers(rows, 'fpc') }],
    }),
    means: { api00: ['644.17', '23.542'], api99: ['606.98', '24.225'] },
    total: [3_404_940, 932_235],
    kinds: [
      ['648.8681', '22.36241'],
      ['618.5714', '38.02025'],
      ['631.4400', '31.60947'],
    ],
    quantiles: [
      [552, 492, 627, '31.47166'],
      [652, 561, 714, '35.66788'],
      [719, 696, 777, '18.88300'],
    ],
  },
  {
    file: 'apiclus2.csv',
    name: 'the sample of schools in districts',
    design: (rows: Row[]): SurveyDesign => ({
      weights: numbers(rows, 'pw'),
      stages: [
        { units: numbers(rows, 'dnum'), populations: numbers(rows, 'fpc1') },
        { units: numbers(rows, 'snum'), populations: numbers(rows, 'fpc2') },
      ],
    }),
    means: { api00: ['670.81', '30.099'], api99: ['645.03', '29.711'] },
    total: [2_639_273, 799_638],
    kinds: [
      ['692.8104', '29.92660'],
      ['598.3407', '17.69417'],
      ['642.3520', '45.09132'],
    ],
    quantiles: [
      [545, 489, 627, '34.11297'],
      [653, 580, 766, '45.97835'],
      [807, 710, 929, '54.13580'],
    ],
  },
] as const

/** As R prints it: the number rounded to the digits of the text, ties of binary numbers aside. */
const prints = (value: number, text: string): void => {
  const decimals = text.split('.')[1]?.length ?? 0
  expect(Math.abs(value - Number(text)), `${value} as ${text}`).toBeLessThanOrEqual(
    0.5 * 10 ** -decimals * (1 + 1e-6),
  )
}

describe.runIf(api)('the population of the California schools', () => {
  it('has the means and the total printed', () => {
    const all = load('apipop.csv.gz')
    expect(all).toHaveLength(6194)
    const truths = { api00: '664.7126', api99: '631.913' }
    for (const [name, text] of Object.entries(truths)) {
      const scores = numbers(all, name)
      prints(
        weightedMean(
          scores,
          scores.map(() => 1),
        ),
        text,
      )
    }
    expect(sum(numbers(all, 'enroll').filter((value) => !Number.isNaN(value)))).toBe(3_811_472)
    KINDS.forEach((kind, i) => {
      const scores = numbers(
        all.filter((row) => row['stype'] === kind),
        'api00',
      )
      prints(sum(scores) / scores.length, ['672.0627', '633.7947', '655.7230'][i] ?? '')
    })
  })
})

for (const sample of samples) {
  describe.runIf(api)(`survey estimates from ${sample.name}`, () => {
    const rows = load(sample.file)
    const design = sample.design(rows)
    const scores = numbers(rows, 'api00')

    it('are the means and their errors', () => {
      for (const name of ['api00', 'api99'] as const) {
        const [estimate, se] = sample.means[name]
        const found = surveyMean(numbers(rows, name), design)
        prints(found.estimate, estimate)
        prints(found.se, se)
      }
    })

    it('are the total over the schools where it is known, and its error', () => {
      const enrolled = numbers(rows, 'enroll')
      const found = surveyTotal(
        enrolled,
        design,
        enrolled.map((value) => !Number.isNaN(value)),
      )
      expect([found.estimate, found.se].map(Math.round)).toEqual(sample.total)
    })

    it('are the means of the kinds of school and their errors', () => {
      KINDS.forEach((kind, i) => {
        const found = surveyMean(
          scores,
          design,
          rows.map((row) => row['stype'] === kind),
        )
        prints(found.estimate, sample.kinds[i]?.[0] ?? '')
        prints(found.se, sample.kinds[i]?.[1] ?? '')
      })
    })

    it('are the quartiles, their intervals and errors', () => {
      sample.quantiles.forEach(([estimate, lo, hi, se], i) => {
        const found = surveyQuantile(scores, (i + 1) / 4, design)
        expect([found.estimate, found.lo, found.hi]).toEqual([estimate, lo, hi])
        prints(found.se, se)
      })
    })
  })
}

describe.runIf(api)('the regression of the stratified sample', () => {
  const rows = load('apistrat.csv')
  const design = samples[1].design(rows)
  const x = matrixOfColumns(['ell', 'meals', 'mobility'].map((name) => numbers(rows, name)))
  const y = numbers(rows, 'api00')

  it('has the coefficients, errors, t and p of svyglm', () => {
    const fit = surveyRegression(x, y, design)
    const printed = [
      ['820.8873', '10.0777', '81.456'],
      ['-0.4806', '0.3920', '-1.226', '0.222'],
      ['-3.1415', '0.2839', '-11.064'],
      ['0.2257', '0.3932', '0.574', '0.567'],
    ] as const
    printed.forEach(([estimate, se, t, p], j) => {
      const [b, error] = [fit.coefficients[j] ?? NaN, fit.standardErrors[j] ?? NaN]
      prints(b, estimate)
      prints(error, se)
      prints(b / error, t)
      if (p !== undefined) prints(tTwoSided(b / error, fit.degreesOfFreedom), p)
    })
  })

  it('leaves residuals of the dispersion printed', () => {
    const { coefficients } = surveyRegression(x, y, design)
    const residuals = y.map((value, i) =>
      [1, x.values[3 * i], x.values[3 * i + 1], x.values[3 * i + 2]].reduce<number>(
        (left, term, j) => left - (term ?? NaN) * (coefficients[j] ?? NaN),
        value,
      ),
    )
    const centre = weightedMean(residuals, Array.from(design.weights))
    const squares = residuals.map((value) => (value - centre) ** 2)
    prints(
      (weightedMean(squares, Array.from(design.weights)) * rows.length) / (rows.length - 1),
      '5171.966',
    )
  })
})

describe.runIf(api)('the mean of the stratified sample', () => {
  it('has the error of the text-book formula N²·(1 − n/N)·s²/n summed over the strata', () => {
    const rows = load('apistrat.csv')
    const parts = KINDS.map((kind) => {
      const own = rows.filter((row) => row['stype'] === kind)
      const of = Number(own[0]?.['fpc'])
      return (of ** 2 * (1 - own.length / of) * variance(numbers(own, 'api00'))) / own.length
    })
    const { se } = surveyMean(numbers(rows, 'api00'), samples[1].design(rows))
    expect(se).toBeCloseTo(Math.sqrt(sum(parts)) / 6194, 4)
  })
})
