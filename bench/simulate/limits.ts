import { normalCdf } from '../../transforms/methods/statistics/distributions.ts'
import { weightedPearson } from '../../transforms/methods/statistics/correlation.ts'
import {
  differenceInDifferences,
  type Cell,
} from '../../transforms/methods/statistics/difference_in_differences.ts'
import { cutPoints } from '../../transforms/methods/statistics/normal_scores.ts'
import { commonSpread, orderedProbit } from '../../transforms/methods/statistics/ordered_probit.ts'
import type { Random } from '../../transforms/methods/statistics/random.ts'
import { mean, standardDeviation } from '../../transforms/methods/statistics/sums.ts'
import { MARKS, REFERENCE, drawCategory, drawCounts, normals, sharesOf } from './population.ts'
import { NO_ANSWER, SIZES, held, type CoverageStudy, type Draw, type Scenario } from './study.ts'

type Values = (n: number, level: number, source: Random) => Float64Array

const EFFECT = 3

/** Four independent samples of n units; the levels are 50, 51 and, with the measure, 45 and 46 + EFFECT. */
const fourCells = (n: number, values: Values, source: Random): Draw => {
  const cell = (level: number): Cell => {
    const all = values(n, level, source)
    return { mean: mean(all), sd: standardDeviation(all), n }
  }
  return held(
    EFFECT,
    differenceInDifferences({
      controlBefore: cell(50),
      controlAfter: cell(51),
      treatedBefore: cell(45),
      treatedAfter: cell(46 + EFFECT),
    }),
  )
}

const cells = (label: string, values: Values): Scenario => ({
  label,
  draw: (n, source) => fourCells(n, values, source),
})

const marked = (n: number, latent: number, source: Random): Cell => {
  const shares = sharesOf(latent, 0.9)
  const all = Float64Array.from({ length: n }, () => MARKS[drawCategory(shares, source)] as number)
  return { mean: mean(all), sd: standardDeviation(all), n }
}
const meanMark = (latent: number): number =>
  sharesOf(latent, 0.9).reduce((sum, share, k) => sum + share * (MARKS[k] as number), 0)

const weighted =
  (rho: number, weightOf: (source: Random) => number) =>
  (n: number, source: Random): Draw => {
    const x = normals(n, source)
    const y = x.map((value) => rho * value + Math.sqrt(1 - rho * rho) * source.normal())
    const weights = Float64Array.from({ length: n }, () => weightOf(source))
    const { interval } = weightedPearson(x, y, weights)
    return interval === undefined ? NO_ANSWER : held(rho, interval)
  }

const even = (source: Random): number => 20 + 80 * source.uniform()
const uneven = (source: Random): number => Math.exp(source.normal())

const CUTS = cutPoints(REFERENCE)
const SPREAD = 0.85
const END = { below: CUTS[0] as number, above: CUTS.at(-1) as number } as const

/** Whether the bound that the counts are given holds; no bound is no answer. */
const boundHeld = (
  counts: readonly number[],
  spread: number,
  truth: number,
  reference: readonly number[] = REFERENCE,
): Draw => {
  const result = orderedProbit(counts, reference, { spread })
  if (result.kind !== 'beyond scale') return NO_ANSWER
  return held(
    truth,
    result.side === 'above'
      ? { lo: result.bound, hi: Infinity }
      : { lo: -Infinity, hi: result.bound },
  )
}

/** A school that is told no bound is not told a false one. */
const NOT_WRONG: Draw = { covered: 1, of: 1 }

/** The bound of n marks that are all of one end under the spread. */
const boundOf = (n: number, side: 'below' | 'above', spread: number): number => {
  const counts = side === 'above' ? [0, 0, 0, n] : [n, 0, 0, 0]
  const result = orderedProbit(counts, REFERENCE, { spread })
  if (result.kind !== 'beyond scale') throw new RangeError('all marks of one end have a bound')
  return result.bound
}

/** The spread common to 30 schools of n pupils. */
const commonOf = (n: number, source: Random): number =>
  commonSpread(
    Array.from({ length: 30 }, () =>
      drawCounts(n, sharesOf(source.normal(0, 0.4), SPREAD), source),
    ),
    REFERENCE,
  ).spread

/** Schools whose level is the very bound, to 1e-9 on its wrong side: under a known spread it is told falsely nowhere else more often. */
const atBound = (
  label: string,
  side: 'below' | 'above',
  spreadOf: (n: number, source: Random) => number = () => SPREAD,
  edge = SPREAD,
): Scenario => ({
  label,
  draw: (n, source) => {
    const truth = boundOf(n, side, edge) + (side === 'above' ? -1e-9 : 1e-9)
    const counts = drawCounts(n, sharesOf(truth, SPREAD), source)
    if (counts[side === 'above' ? 3 : 0] !== n) return NOT_WRONG
    return boundHeld(counts, spreadOf(n, source), truth)
  },
})

const GRID = 6000

/** Levels of schools of N(centre, 0.6²) all of whose n marks are of one end: cumulative chances over steps of 0.002 about the centre. */
const levelsTold = (n: number, side: 'below' | 'above', centre: number): Float64Array => {
  let total = 0
  const sums = Float64Array.from({ length: GRID }, (_, i) => {
    const level = centre - 6 + (12 * (i + 0.5)) / GRID
    const z = (END[side] - level) / SPREAD
    total +=
      Math.exp(-0.5 * ((level - centre) / 0.6) ** 2) * normalCdf(side === 'below' ? z : -z) ** n
    return total
  })
  return sums.map((value) => value / total)
}

/** Of schools that are alike, those that are told a bound. */
const told = (label: string, side: 'below' | 'above', centre: number): Scenario => {
  const known = new Map<number, Float64Array>()
  return {
    label,
    isComparison: true,
    draw: (n, source) => {
      const levels = known.get(n) ?? levelsTold(n, side, centre)
      known.set(n, levels)
      const chance = source.uniform()
      const step = levels.findIndex((value) => value > chance)
      const truth = centre - 6 + (12 * (step + source.uniform())) / GRID
      return boundHeld(side === 'above' ? [0, 0, 0, n] : [n, 0, 0, 0], SPREAD, truth)
    },
  }
}

/** A reference without fives against a school that has some: μ is told to be above a bound found from the marks that the reference has. */
const emptyEnd = (label: string, truth: number): Scenario => {
  const shares = sharesOf(truth, SPREAD)
  const known = [...REFERENCE.slice(0, 2), (REFERENCE[2] as number) + (REFERENCE[3] as number), 0]
  return {
    label,
    draw: (n, source) => boundHeld(drawCounts(n, shares, source), SPREAD, truth, known),
  }
}

export const limitStudies: readonly CoverageStudy[] = [
  {
    key: 'hetop_bound',
    method: 'hetop',
    sizes: SIZES,
    counts: 'учеников',
    scenarios: [
      atBound('все «пять», μ на самой границе; σ = 0,85 задан верно', 'above'),
      atBound('все «два», μ на самой границе; σ = 0,85 задан верно', 'below'),
      atBound('все «пять», μ на границе при верном σ; σ — общий 30 школ', 'above', commonOf),
      emptyEnd('в эталоне нет «пятёрок», у школы есть; μ = 0', 0),
      emptyEnd('в эталоне нет «пятёрок», у школы есть; μ = 1', 1),
      {
        isComparison: true,
        ...atBound('для сравнения: все «пять», σ = 1 вместо верного 0,85', 'above', () => 1, 1),
      },
      told('для сравнения: только школы, где все «пять»; школы — N(0,5; 0,6²)', 'above', 0.5),
      told('для сравнения: только школы, где все «два»; школы — N(−0,5; 0,6²)', 'below', -0.5),
    ],
    instead:
      'Граница держит своё обещание, где σ верен (с общим σ осторожнее): ложно она названа не больше чем пяти школам из ста (и то лишь при μ на ней самой). Где σ взят больше верного, она ложна чаще, при пятидесяти учениках — у каждой пятой: σ = 1 берётся, только если общий (`commonSpread`) оценить не из чего, и на такую границу не опираются. С пустой категорией эталона граница неточна в обе стороны: берётся эталон, где заполнены все отметки. И граница — не вероятность о школе: из похожих школ, которым она названа, за ней на деле 57–86 % (последние строки), потому что крайних школ мало. Поэтому «за краем шкалы» — слова, а не место школы: судят по доле отметок с интервалом Уилсона.',
  },
  {
    key: 'weighted_correlation',
    method: 'correlation',
    sizes: SIZES,
    counts: 'школ',
    scenarios: ([0, 0.5, 0.8] as const).flatMap((rho): Scenario[] => [
      {
        label: `ρ = ${rho.toLocaleString('ru-RU')}, веса от 20 до 100`,
        draw: weighted(rho, even),
      },
      {
        label: `ρ = ${rho.toLocaleString('ru-RU')}, веса резко разные (логнормальные, σ = 1)`,
        draw: weighted(rho, uneven),
      },
    ]),
    instead:
      'Действующее число при резко разных весах меньше, чем нужно: интервал шире (накрывает чаще), а при пяти школах его у каждой третьей выборки нет. Реже обещанного он не накрывает нигде. Где веса резко разные, берётся невзвешенный коэффициент (таблица выше); при K < 10 — только таблица.',
  },
  {
    key: 'four_cells',
    method: 'difference_in_differences',
    sizes: SIZES,
    counts: 'учеников в каждой из четырёх групп',
    scenarios: [
      cells('баллы, нормальное распределение, разброс один', (n, level, source) =>
        normals(n, source, level, 20),
      ),
      cells('баллы, разброс с мерой вдвое больше', (n, level, source) =>
        normals(n, source, level, level < 50 ? 24 : 12),
      ),
      cells('баллы, скошенные (показательное распределение)', (n, level, source) =>
        Float64Array.from({ length: n }, () => level + 20 * (source.gamma(1) - 1)),
      ),
      {
        label: 'отметки 2–5',
        draw: (n, source) => {
          const latent = {
            controlBefore: 0,
            controlAfter: 0.1,
            treatedBefore: -0.6,
            treatedAfter: 0,
          }
          const truth =
            meanMark(latent.treatedAfter) -
            meanMark(latent.treatedBefore) -
            meanMark(latent.controlAfter) +
            meanMark(latent.controlBefore)
          return held(
            truth,
            differenceInDifferences({
              controlBefore: marked(n, latent.controlBefore, source),
              controlAfter: marked(n, latent.controlAfter, source),
              treatedBefore: marked(n, latent.treatedBefore, source),
              treatedAfter: marked(n, latent.treatedAfter, source),
            }),
          )
        },
      },
      {
        isComparison: true,
        label: 'для сравнения: у набора каждого года общий сдвиг τ_c = 3, он не учтён',
        draw: (n, source) =>
          fourCells(n, (k, level, s) => normals(k, s, s.normal(level, 3), 20), source),
      },
      {
        isComparison: true,
        label: 'для сравнения: до и после — одни и те же ученики (ρ = 0,7)',
        draw: (n, source) => {
          const pupils = [0, 1].map(() => normals(n, source, 0, 20 * Math.sqrt(0.7)))
          let turn = 0
          return fourCells(
            n,
            (k, level, s) => {
              const own = pupils[turn++ < 2 ? 0 : 1] as Float64Array
              return normals(k, s, level, 20 * Math.sqrt(0.3)).map((v, i) => v + (own[i] as number))
            },
            source,
          )
        },
      },
    ],
    instead:
      'При пяти учениках и резко скошенных баллах интервал чуть широк. Главное — две последние строки: набор каждого года сдвинут целиком, четыре группы этого не видят, и чем больше учеников, тем чаще промах; там, где школ несколько, берётся разность по изменениям школ (таблица выше), для одной школы — «Эффект меры», где шум набора входит в ошибку. Где ученики до и после одни и те же, интервал много шире нужного: берётся разность по их изменениям.',
  },
]
