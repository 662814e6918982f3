import {
  headScorecard,
  indicatorScore,
  type ScorecardIndicator,
} from '../../transforms/methods/education/head_scorecard.ts'
import { standardDeviation, mean, quantile } from '../../transforms/methods/statistics/sums.ts'
import type { Random } from '../../transforms/methods/statistics/random.ts'
import { MARKS, drawCategory, expectation, sharesOf } from './population.ts'
import { NO_ANSWER, SIZES, held, type CoverageStudy, type Draw, type Scenario } from './study.ts'

/** Weights of the five groups; indicators fall to them in turn. */
const WEIGHTS = [3, 2, 2, 1, 1]
const GROUPS = WEIGHTS.map((_, g) => `g${String(g)}`)
const BEHIND = 6

/** An indicator and the value it would have without error. */
interface Known extends ScorecardIndicator {
  readonly value: number
  readonly se: number
  readonly truth: number
}

const totalOf = (indicators: readonly Known[], of: 'truth' | 'value') =>
  headScorecard(
    indicators.map((one) => ({ ...one, value: one[of] })),
    { isClosed: false, attainmentGroups: new Set(), objectivityGroup: '' },
    {
      weights: new Map(GROUPS.map((group, g) => [group, WEIGHTS[g] as number])),
      leastWeight: 0,
      bands: [0.75, 0.5, 0.25],
      bootstraps: 0,
      weightChange: 0.5,
      seed: 1,
    },
  )

const totalHeld = (indicators: readonly Known[]): Draw => {
  const { interval } = totalOf(indicators, 'value')
  const truth = totalOf(indicators, 'truth').total
  if (interval === null || truth === null) return NO_ANSWER
  // Both limits and the truth are weighted means: at the edge of the scale they agree to binary rounding only.
  return held(truth, { lo: interval.lo - 1e-12, hi: interval.hi + 1e-12 })
}

/** n indicators of the given true scores, each with an error of 0.06–0.18 of its scale; `shared` is what their errors have in common. */
const indicators = (
  n: number,
  truthOf: (i: number, source: Random) => number,
  source: Random,
  shared = 0,
): Known[] => {
  const common = source.normal()
  return Array.from({ length: n }, (_, i) => {
    const truth = truthOf(i, source)
    const se = 0.06 + 0.12 * source.uniform()
    const noise = Math.sqrt(shared) * common + Math.sqrt(1 - shared) * source.normal()
    const group = GROUPS[i % GROUPS.length] as string
    return { group, truth, value: truth + se * noise, se, from: 0, to: 1 }
  })
}

const middle = (_: number, source: Random): number => 0.3 + 0.4 * source.uniform()
const edges = (_: number, source: Random): number => (source.uniform() < 0.5 ? 0.02 : 0.98)
/** A tenth of schools below the scale and a tenth above it, as its limits are quantiles. */
const peers = (_: number, source: Random): number => source.normal(0.5, 0.39)

const card = (label: string, truthOf: (i: number, source: Random) => number): Scenario => ({
  label,
  draw: (n, source) => totalHeld(indicators(n, truthOf, source)),
})

/** The interval of version 2: quantiles of totals of clipped scores that move within their errors. */
const moved = (label: string, truthOf: (i: number, source: Random) => number): Scenario => ({
  label,
  isComparison: true,
  draw: (n, source) => {
    const all = indicators(n, truthOf, source)
    const shares = all.map(({ group }) => {
      const members = all.filter((other) => other.group === group).length
      return (WEIGHTS[GROUPS.indexOf(group)] as number) / 9 / members
    })
    const scored = (valueOf: (one: Known) => number): number =>
      all.reduce(
        (sum, one, i) => sum + (shares[i] as number) * indicatorScore(valueOf(one), 0, 1),
        0,
      )
    const totals = Array.from({ length: 200 }, () =>
      scored(({ value, se }) => source.normal(value, se)),
    )
    const total = scored(({ value }) => value)
    return held(
      scored(({ truth }) => truth),
      {
        lo: Math.min(total, quantile(totals, 0.025)) - 1e-12,
        hi: Math.max(total, quantile(totals, 0.975)) + 1e-12,
      },
    )
  },
})

/** Six indicators, each found from n pupils with its error from the same pupils. */
const ofPupils = (label: string, one: (n: number, source: Random) => Omit<Known, 'group'>) => ({
  label,
  draw: (n: number, source: Random): Draw =>
    totalHeld(
      Array.from({ length: BEHIND }, (_, i) => ({
        ...one(n, source),
        group: GROUPS[i % GROUPS.length] as string,
      })),
    ),
})

export const scorecardStudies: readonly CoverageStudy[] = [
  {
    key: 'head_scorecard',
    sizes: SIZES,
    counts: `показателей (в строках «из учеников» — учеников за каждым из ${String(BEHIND)} показателей)`,
    scenarios: [
      card('все показатели в середине шкалы', middle),
      card('показатели как у школ кластера (десятая часть ниже шкалы, десятая — выше)', peers),
      card('показатели у краёв шкалы (0,02 и 0,98)', edges),
      card('все на верхней границе', () => 1),
      card('все выше границы на 0,1', () => 1.1),
      card('половина далеко за границей (1,5), половина посередине', (i) => (i % 2 ? 1.5 : 0.5)),
      ofPupils('из учеников: средние отметки', (n, source) => {
        const shares = sharesOf(source.normal(0, 0.4), 0.9)
        const marks = Float64Array.from(
          { length: n },
          () => MARKS[drawCategory(shares, source)] as number,
        )
        const se = standardDeviation(marks) / Math.sqrt(n)
        return { truth: expectation(shares, MARKS), value: mean(marks), se, from: 3.3, to: 4.2 }
      }),
      ofPupils('из учеников: доли от 0,1 до 0,9', (n, source) => {
        const truth = 0.1 + 0.8 * source.uniform()
        const value = source.binomial(n, truth) / n
        return { truth, value, se: Math.sqrt((value * (1 - value)) / n), from: 0.2, to: 0.8 }
      }),
      moved('для сравнения: бутстреп обрезанных баллов (версия 2), у краёв шкалы', edges),
      moved('для сравнения: бутстреп обрезанных баллов (версия 2), все выше на 0,1', () => 1.1),
      {
        isComparison: true,
        label: 'для сравнения: середина шкалы, ошибки показателей связаны (ρ = 0,3)',
        draw: (n, source) => totalHeld(indicators(n, middle, source, 0.3)),
      },
    ],
    instead:
      'Реже обещанного интервал не накрывает нигде; чем больше показателей у границ шкалы или за ними, тем он осторожнее, а где за границей все — накрывает всегда: судят человека, и ошибка должна быть в эту сторону. Версия 2 (бутстреп обрезанных баллов) у краёв шкалы накрывала 89–91 %, а где все показатели выше границы — от 87 % до ни разу; её интервал не берётся. Одного не видит и новый: ошибки показателей, найденных по одним и тем же работам, связаны, а складываются как независимые, и он узок (последняя строка). Такие показатели до оценки сводят в один; где это невозможно, интервала не показывают. Больше пятидесяти показателей не проверялось.',
  },
]
