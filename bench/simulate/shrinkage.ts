import {
  betaPrior,
  holdShares,
  shrinkShares,
  type Count,
} from '../../transforms/methods/statistics/beta_binomial.ts'
import {
  derSimonianLaird,
  shareVariance,
  shrinkNormal,
  type Shrunk,
} from '../../transforms/methods/statistics/shrinkage.ts'
import type { Random } from '../../transforms/methods/statistics/random.ts'
import { SIZES, type CoverageStudy, type Draw } from './study.ts'

const tally = (truths: ArrayLike<number>, shrunk: readonly Shrunk[]): Draw => {
  let covered = 0
  shrunk.forEach(({ lo, hi }, i) => {
    const truth = truths[i] as number
    if (lo <= truth && truth <= hi) covered++
  })
  return { covered, of: shrunk.length }
}

const tallyShares = (truths: ArrayLike<number>, counts: readonly Count[]): Draw => ({
  covered: holdShares(truths, counts, betaPrior(counts)).filter((holds) => holds).length,
  of: counts.length,
})

/** Means of n pupils of spread 20 in schools whose truths spread by `tau`, with their known variances. */
const meansRegion = (schools: number, n: number, tau: number, source: Random) => {
  const truths = Float64Array.from({ length: schools }, () => source.normal(50, tau))
  const values = truths.map((truth) => source.normal(truth, 20 / Math.sqrt(n)))
  return { truths, values, variances: truths.map(() => 400 / n) }
}

const sharesRegion = (schools: number, n: number, mean: number, rho: number, source: Random) => {
  const precision = (1 - rho) / rho
  const truths = Float64Array.from({ length: schools }, () =>
    source.beta(mean * precision, (1 - mean) * precision),
  )
  return {
    truths,
    counts: Array.from(truths, (truth) => ({ successes: source.binomial(n, truth), n })),
  }
}

const normalScenario = (schools: number, tau: number) => ({
  label: `${schools} школ, τ = ${tau} при σ ученика 20`,
  draw: (n: number, source: Random): Draw => {
    const { truths, values, variances } = meansRegion(schools, n, tau, source)
    return tally(truths, shrinkNormal(values, variances, derSimonianLaird(values, variances)))
  },
})

const betaScenario = (schools: number, mean: number, rho: number) => ({
  label: `${schools} школ, средняя доля ${mean.toLocaleString('ru-RU')}, ρ = ${rho.toLocaleString('ru-RU')}`,
  draw: (n: number, source: Random): Draw => {
    const { truths, counts } = sharesRegion(schools, n, mean, rho, source)
    return tallyShares(truths, counts)
  },
})

/** Shares so rare that most regions have not one success: every school’s share is `mean`. */
const allZeroScenario = (schools: number, mean: number) => ({
  label: `${schools} школ, доля у всех ${mean.toLocaleString('ru-RU')}: почти везде ни одного случая`,
  draw: (n: number, source: Random): Draw => {
    const counts = Array.from({ length: schools }, () => ({
      successes: source.binomial(n, mean),
      n,
    }))
    return tallyShares(
      counts.map(() => mean),
      counts,
    )
  },
})

export const shrinkageStudies: readonly CoverageStudy[] = [
  {
    key: 'eb_normal',
    sizes: SIZES,
    counts: 'учеников в школе',
    scenarios: [
      normalScenario(30, 6),
      normalScenario(30, 3),
      normalScenario(100, 6),
      normalScenario(8, 6),
      {
        label: '30 школ, доли 0,3 с дисперсией по (x + ½)/(n + 1)',
        draw: (n, source) => {
          const { truths, counts } = sharesRegion(30, n, 0.3, 0.06, source)
          const values = counts.map(({ successes }) => successes / n)
          const variances = counts.map(({ successes }) => shareVariance(successes, n))
          return tally(truths, shrinkNormal(values, variances, derSimonianLaird(values, variances)))
        },
      },
    ],
    instead:
      'Поправка Морриса предполагает, что τ² больше нуля: где разброс школ тонет в шуме (n = 5) или τ² нередко выходит нулём, отклонения остаются в один–четыре пункта. У долей дисперсия зависит от самой доли, и нормальная модель при n < 50 узка: для долей берётся бета-биномиальная (30 школ, доля 0,3: 93,2–96,2 %). Для средних баллов другого сжатого интервала нет: вывод о школе делается по её собственному t-интервалу, а сжатая оценка служит предсказанию (следующая таблица). При менее чем пяти школах априорное распределение берётся из региона или трёхлетнего пула.',
  },
  {
    key: 'eb_beta',
    sizes: SIZES,
    counts: 'учеников в школе',
    scenarios: [
      betaScenario(30, 0.3, 0.05),
      betaScenario(30, 0.15, 0.05),
      betaScenario(100, 0.15, 0.05),
      betaScenario(30, 0.5, 0.15),
      betaScenario(8, 0.15, 0.05),
      ...[0.1, 0.05].flatMap((mean) => [
        betaScenario(30, mean, 0.05),
        betaScenario(8, mean, 0.05),
        betaScenario(5, mean, 0.05),
      ]),
      betaScenario(30, 0.02, 0.02),
      betaScenario(8, 0.02, 0.02),
      betaScenario(5, 0.02, 0.02),
      allZeroScenario(8, 0.001),
    ],
    instead:
      'Разброс школ по пяти–тридцати школам виден плохо, и за него отчасти говорит априорное распределение: где школы различаются сильнее, чем оно ждёт, интервал накрывает на один–два пункта реже, где меньше — чаще; при ста школах отличие от 95 % — около пункта и меньше. При n < 10 вывода о школе нет; решение «список ШНОР» опирается на вероятность P(доля ≥ 0,30), а не на край интервала.',
  },
]

/** Root mean square errors against the next result of the same school. */
export interface PredictionCell {
  readonly size: number
  readonly raw: number
  readonly shrunk: number
}

/** How well this year's value says what comes next, raw and shrunk. */
export interface PredictionStudy {
  readonly key: string
  readonly label: string
  readonly draws: number
  /** Sums of squared errors of one region against truths that were not used. */
  readonly draw: (n: number, source: Random) => { raw: number; shrunk: number; of: number }
}

const errors = (truths: ArrayLike<number>, raw: ArrayLike<number>, shrunk: readonly Shrunk[]) => {
  let a = 0
  let b = 0
  shrunk.forEach(({ value }, i) => {
    a += ((raw[i] as number) - (truths[i] as number)) ** 2
    b += (value - (truths[i] as number)) ** 2
  })
  return { raw: a, shrunk: b, of: shrunk.length }
}

export const predictionStudies: readonly PredictionStudy[] = [
  ...(
    [
      [30, 6],
      [30, 3],
      [8, 6],
    ] as const
  ).map(([schools, tau]): PredictionStudy => ({
    key: 'eb_normal',
    label: `средний балл: ${schools} школ, τ = ${tau}, σ ученика 20`,
    draws: 2000,
    draw: (n, source) => {
      const { truths, values, variances } = meansRegion(schools, n, tau, source)
      return errors(
        truths,
        values,
        shrinkNormal(values, variances, derSimonianLaird(values, variances)),
      )
    },
  })),
  ...([0, 3] as const).map((transient): PredictionStudy => ({
    key: 'eb_normal',
    label:
      transient === 0
        ? 'уровень школы через год (шум набора τ_c = 3), весь τ²'
        : 'уровень школы через год (шум набора τ_c = 3), только устойчивая часть τ² − τ_c²',
    draws: 2000,
    draw: (n, source) => {
      const lasting = Float64Array.from({ length: 30 }, () => source.normal(50, 5))
      const values = lasting.map((truth) =>
        source.normal(truth + source.normal(0, 3), 20 / Math.sqrt(n)),
      )
      const variances = lasting.map(() => 400 / n)
      const prior = derSimonianLaird(values, variances)
      return errors(
        lasting,
        values,
        shrinkNormal(values, variances, { ...prior, transient: transient ** 2 }),
      )
    },
  })),
  ...(
    [
      [30, 0.15],
      [8, 0.15],
    ] as const
  ).map(([schools, mean]): PredictionStudy => ({
    key: 'eb_beta',
    label: `доля: ${schools} школ, средняя ${mean.toLocaleString('ru-RU')}, ρ = 0,05`,
    draws: schools < 10 ? 1250 : 400,
    draw: (n, source) => {
      const { truths, counts } = sharesRegion(schools, n, mean, 0.05, source)
      const raw = counts.map(({ successes }) => successes / n)
      return errors(truths, raw, shrinkShares(counts, betaPrior(counts)))
    },
  })),
]
