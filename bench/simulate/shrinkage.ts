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
import { equal, unequal, type SchoolSizes } from './school_sizes.ts'
import { SIZES, type CoverageStudy, type Draw } from './study.ts'

const tally = (
  truths: ArrayLike<number>,
  shrunk: readonly Shrunk[],
  judged = shrunk.length,
): Draw => {
  let covered = 0
  shrunk.slice(0, judged).forEach(({ lo, hi }, i) => {
    const truth = truths[i] as number
    if (lo <= truth && truth <= hi) covered++
  })
  return { covered, of: judged }
}

const tallyShares = (
  truths: ArrayLike<number>,
  counts: readonly Count[],
  judged = counts.length,
): Draw => {
  const prior = betaPrior(counts)
  const held = holdShares(truths, counts.slice(0, judged), prior)
  return { covered: held.filter((holds) => holds).length, of: judged }
}

/** Means of n pupils of spread 20 in schools whose truths spread by `tau`, with their known variances. */
const meansRegion = (pupils: readonly number[], tau: number, source: Random) => {
  const truths = Float64Array.from(pupils, () => source.normal(50, tau))
  const errors = pupils.map((n) => 20 / Math.sqrt(n))
  const values = truths.map((truth, i) => source.normal(truth, errors[i]))
  return { truths, values, variances: Float64Array.from(pupils, (n) => 400 / n) }
}

const sharesRegion = (pupils: readonly number[], mean: number, rho: number, source: Random) => {
  const precision = (1 - rho) / rho
  const truths = Float64Array.from(pupils, () =>
    source.beta(mean * precision, (1 - mean) * precision),
  )
  const counts = pupils.map((n, i) => ({ successes: source.binomial(n, truths[i] as number), n }))
  return { truths, counts }
}

const normalScenario = (sizes: SchoolSizes, tau: number) => ({
  label: `${sizes.label}, τ = ${tau} при σ ученика 20`,
  draw: (n: number, source: Random): Draw => {
    const { truths, values, variances } = meansRegion(sizes.of(n), tau, source)
    const shrunk = shrinkNormal(values, variances, derSimonianLaird(values, variances))
    return tally(truths, shrunk, sizes.judged)
  },
})

/** One school, its prior found from others: the rest of a region, or of three years. */
const poolScenario = (others: number, tau: number) => ({
  label: `школа, разброс и среднее взяты у ${others} других школ, τ = ${tau} при σ ученика 20`,
  draw: (n: number, source: Random): Draw => {
    const pool = meansRegion(
      Array.from({ length: others }, () => n),
      tau,
      source,
    )
    const own = meansRegion([n], tau, source)
    const prior = derSimonianLaird(pool.values, pool.variances)
    return tally(own.truths, shrinkNormal(own.values, own.variances, prior))
  },
})

const betaScenario = (sizes: SchoolSizes, mean: number, rho: number) => ({
  label: `${sizes.label}, средняя доля ${mean.toLocaleString('ru-RU')}, ρ = ${rho.toLocaleString('ru-RU')}`,
  draw: (n: number, source: Random): Draw => {
    const { truths, counts } = sharesRegion(sizes.of(n), mean, rho, source)
    return tallyShares(truths, counts, sizes.judged)
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
      normalScenario(equal(30), 6),
      normalScenario(equal(30), 3),
      normalScenario(equal(100), 6),
      normalScenario(equal(8), 6),
      normalScenario(unequal, 6),
      poolScenario(30, 6),
      poolScenario(30, 3),
      {
        label: '30 школ, доли 0,3 с дисперсией по (x + ½)/(n + 1)',
        draw: (n, source) => {
          const { truths, counts } = sharesRegion(equal(30).of(n), 0.3, 0.06, source)
          const values = counts.map(({ successes }) => successes / n)
          const variances = counts.map(({ successes }) => shareVariance(successes, n))
          return tally(truths, shrinkNormal(values, variances, derSimonianLaird(values, variances)))
        },
      },
    ],
    instead:
      'Поправка Морриса предполагает, что τ² больше нуля: где разброс школ тонет в шуме (n = 5) или τ² нередко выходит нулём, отклонения остаются в один–четыре пункта. У долей дисперсия зависит от самой доли, и нормальная модель при n < 50 узка: для долей берётся бета-биномиальная (30 школ, доля 0,3: 93,2–96,2 %). Для средних баллов другого сжатого интервала нет: вывод о школе делается по её собственному t-интервалу, а сжатая оценка служит предсказанию (следующая таблица). При менее чем пяти школах разброс и среднее берутся из региона или трёхлетнего пула, с той же поправкой: их строки здесь тоже есть (93,5–97,4 %).',
  },
  {
    key: 'eb_beta',
    sizes: SIZES,
    counts: 'учеников в школе',
    scenarios: [
      betaScenario(equal(30), 0.3, 0.05),
      betaScenario(equal(30), 0.15, 0.05),
      betaScenario(equal(100), 0.15, 0.05),
      betaScenario(equal(30), 0.5, 0.15),
      betaScenario(equal(8), 0.15, 0.05),
      betaScenario(unequal, 0.15, 0.05),
      betaScenario(unequal, 0.1, 0.01),
      ...[0.1, 0.05].flatMap((mean) => [
        betaScenario(equal(30), mean, 0.05),
        betaScenario(equal(8), mean, 0.05),
        betaScenario(equal(5), mean, 0.05),
      ]),
      betaScenario(equal(30), 0.02, 0.02),
      betaScenario(equal(8), 0.02, 0.02),
      betaScenario(equal(5), 0.02, 0.02),
      allZeroScenario(8, 0.001),
    ],
    instead:
      'Разброс школ по пяти–тридцати школам виден плохо, и за него отчасти говорит априорное распределение: где школы различаются сильнее, чем оно ждёт, интервал накрывает на один–два пункта реже, где меньше — чаще; при ста школах отличие от 95 % — около пункта и меньше. Вывод о школе делается по её собственному интервалу Уилсона (его таблица выше), а сжатая оценка служит предсказанию (следующая таблица); при n < 10 вывода о школе нет.',
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
      const { truths, values, variances } = meansRegion(equal(schools).of(n), tau, source)
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
      const { truths, counts } = sharesRegion(equal(schools).of(n), mean, 0.05, source)
      const raw = counts.map(({ successes }) => successes / n)
      return errors(truths, raw, shrinkShares(counts, betaPrior(counts)))
    },
  })),
]
