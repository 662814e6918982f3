import { Z_95 } from '../../transforms/methods/statistics/distributions.ts'
import {
  pooledInterval,
  pooledWithinSd,
  tInterval,
} from '../../transforms/methods/statistics/interval.ts'
import { mean } from '../../transforms/methods/statistics/sums.ts'
import {
  ridit,
  riditDifference,
  riditScores,
  riditVariance,
} from '../../transforms/methods/statistics/ridit.ts'
import { commonSpread, orderedProbit } from '../../transforms/methods/statistics/ordered_probit.ts'
import type { Random } from '../../transforms/methods/statistics/random.ts'
import {
  MARKS,
  REFERENCE,
  drawCategory,
  drawCounts,
  expectation,
  normals,
  sharesOf,
} from './population.ts'
import { NO_ANSWER, SIZES, held, type CoverageStudy, type Draw, type Scenario } from './study.ts'

const SCHOOLS = 30
const WEAK = sharesOf(-0.5, 0.9)
const STRONG = sharesOf(1, 0.7)

const marks = (n: number, shares: readonly number[], source: Random): Float64Array =>
  Float64Array.from({ length: n }, () => MARKS[drawCategory(shares, source)] as number)

const constant = (values: Float64Array): boolean => values.every((value) => value === values[0])

const ofMarks = (label: string, shares: readonly number[]): Scenario => ({
  label,
  draw: (n, source) => {
    const values = marks(n, shares, source)
    return constant(values) ? NO_ANSWER : held(expectation(shares, MARKS), tInterval(values))
  },
})

/** One region of schools with their own means; the interval of each by the spread pooled within schools. */
const pooledRegion =
  (spreadOf: (source: Random) => number) =>
  (n: number, source: Random): Draw => {
    const truths = normals(SCHOOLS, source, 50, 6)
    const rows = Array.from(truths, (truth) => normals(n, source, truth, spreadOf(source)))
    const sd = pooledWithinSd(rows)
    let covered = 0
    rows.forEach(
      (row, i) => (covered += held(truths[i] as number, pooledInterval(mean(row), n, sd)).covered),
    )
    return { covered, of: SCHOOLS }
  }

const riditScore = riditScores(REFERENCE)
const riditOf = (shares: readonly number[], by: 'null' | 't', label: string): Scenario => ({
  label,
  draw: (n, source) => {
    const truth = expectation(shares, riditScore)
    if (by === 'null') {
      const { value, se } = ridit(drawCounts(n, shares, source), REFERENCE)
      return held(truth, { lo: value - Z_95 * se, hi: value + Z_95 * se })
    }
    const values = Float64Array.from(
      { length: n },
      () => riditScore[drawCategory(shares, source)] as number,
    )
    return constant(values) ? NO_ANSWER : held(truth, tInterval(values))
  },
})

const probit = (counts: readonly number[], spread: number | 'free', truth: number): Draw => {
  if (spread === 'free' && counts.filter((count) => count > 0).length < 3) return NO_ANSWER
  const result = orderedProbit(counts, REFERENCE, { spread })
  if (result.kind !== 'estimate') return NO_ANSWER
  return held(truth, {
    lo: result.mean - Z_95 * result.meanSe,
    hi: result.mean + Z_95 * result.meanSe,
  })
}

const probitOf = (label: string, truth: number, sd: number, spread: number | 'free'): Scenario => ({
  label,
  draw: (n, source) => probit(drawCounts(n, sharesOf(truth, sd), source), spread, truth),
})

export const meanStudies: readonly CoverageStudy[] = [
  {
    key: 't_mean',
    sizes: SIZES,
    counts: 'учеников',
    scenarios: [
      {
        label: 'баллы, нормальное распределение',
        draw: (n, source) => held(50, tInterval(normals(n, source, 50, 20))),
      },
      ofMarks('отметки 2–5, как в стране', REFERENCE),
      ofMarks('отметки 2–5, слабая школа', WEAK),
      ofMarks('отметки 2–5, сильная школа', STRONG),
      {
        label: 'баллы, скошенные (показательное распределение)',
        draw: (n, source) =>
          held(1, tInterval(Float64Array.from({ length: n }, () => source.gamma(1)))),
      },
    ],
    instead:
      'При n = 5 собственный разброс школы ненадёжен (отметки бывают все одинаковы: такие выборки здесь без ответа), и при n < 10 берётся разброс внутри школ, объединённый по всем школам (следующий метод). У сильно скошенных баллов интервал узок и дальше: при n = 10–50 накрывает 89,9–93,8 %, и объединённый разброс скоса не убирает. Такое среднее заменяют долей за порогом с интервалом Уилсона или ридитом отметок (t по ридитам при n от 10 накрывает 94,4–96,6 %): от длинного хвоста они не зависят.',
  },
  {
    key: 'pooled_mean',
    sizes: SIZES,
    counts: 'учеников в каждой из 30 школ',
    scenarios: [
      { label: 'разброс во всех школах один', draw: pooledRegion(() => 20) },
      {
        label: 'разброс у школ разный (от 14 до 26)',
        draw: pooledRegion((source) => 14 + 12 * source.uniform()),
      },
      {
        label: 'отметки 2–5, школы как в стране',
        draw: (n, source) => {
          const shares = Array.from({ length: SCHOOLS }, () =>
            sharesOf(source.normal(0, 0.35), 0.93),
          )
          const rows = shares.map((share) => marks(n, share, source))
          const sd = pooledWithinSd(rows)
          let covered = 0
          rows.forEach((row, i) => {
            const truth = expectation(shares[i] as number[], MARKS)
            covered += held(truth, pooledInterval(mean(row), n, sd)).covered
          })
          return { covered, of: SCHOOLS }
        },
      },
    ],
    instead:
      'Где у школ заметно разный разброс, объединённый для одних узок, для других широк. Поэтому он служит только при n < 10; с десяти учеников — свой разброс школы и t.',
  },
  {
    key: 'ridit',
    sizes: SIZES,
    counts: 'учеников',
    scenarios: [
      riditOf(REFERENCE, 'null', 'R ± z·SE нулевой гипотезы: школа как эталон'),
      riditOf(WEAK, 'null', 'R ± z·SE нулевой гипотезы: слабая школа'),
      riditOf(STRONG, 'null', 'R ± z·SE нулевой гипотезы: сильная школа'),
      riditOf(REFERENCE, 't', 't по ридитам учеников: школа как эталон'),
      riditOf(WEAK, 't', 't по ридитам учеников: слабая школа'),
      riditOf(STRONG, 't', 't по ридитам учеников: сильная школа'),
      {
        label: 'разность двух лет, R ± z·SE',
        draw: (n, source) => {
          const variance = riditVariance(REFERENCE)
          const first = ridit(drawCounts(n, WEAK, source), REFERENCE)
          const second = ridit(drawCounts(n, REFERENCE, source), REFERENCE)
          const { difference, se } = riditDifference(
            { ...first, variance },
            { ...second, variance },
          )
          const truth = expectation(WEAK, riditScore) - expectation(REFERENCE, riditScore)
          return held(truth, { lo: difference - Z_95 * se, hi: difference + Z_95 * se })
        },
      },
    ],
    instead:
      'SE нулевой гипотезы описывает школу, похожую на эталон; для школы с более узким распределением он велик (накрывает чаще). Он нужен для проверки «как эталон или нет»; интервал показателя «ридит» на страницах — t по ридитам учеников (при n < 10 — по объединённому разбросу).',
  },
  {
    key: 'hetop',
    sizes: SIZES,
    counts: 'учеников',
    scenarios: [
      probitOf('μ = 0, σ = 1; σ задан верно', 0, 1, 1),
      probitOf('μ = −0,5, σ = 0,8; σ = 1 задан неверно', -0.5, 0.8, 1),
      probitOf('μ = 1, σ = 0,8; σ = 0,8 задан верно', 1, 0.8, 0.8),
      {
        label: '30 школ, σ = 0,85 оценён как общий',
        draw: (n, source) => {
          const truths = normals(SCHOOLS, source, 0, 0.4)
          const rows = Array.from(truths, (truth) => drawCounts(n, sharesOf(truth, 0.85), source))
          const { spread } = commonSpread(rows, REFERENCE)
          let covered = 0
          let of = 0
          let unanswered = 0
          rows.forEach((row, i) => {
            const one = probit(row, spread, truths[i] as number)
            covered += one.covered
            of += one.of
            unanswered += one.unanswered ?? 0
          })
          return { covered, of, unanswered }
        },
      },
      probitOf('μ = −0,3, σ = 0,85; σ свободен', -0.3, 0.85, 'free'),
    ],
    instead:
      'Со свободным σ нужны три заполненные отметки, при малых n это редкость и интервал ненадёжен: при n < 50 берётся общий для малых школ σ (`commonSpread`: 94,7–95,1 %), σ = 1 — только если его не из чего оценить (тогда интервал осторожен, 97,9–98,4 %). Выборки, где все в одной крайней отметке, дают одностороннюю границу («за краем шкалы») и в покрытие не входят.',
  },
]
