import {
  measureEffect,
  programmeEffect,
} from '../../transforms/methods/education/measure_effect.ts'
import { valueAdded } from '../../transforms/methods/education/value_added.ts'
import { tQuantile } from '../../transforms/methods/statistics/distributions.ts'
import {
  linearRegression,
  type LinearRegressionOptions,
} from '../../transforms/methods/statistics/linear_regression.ts'
import { matrix } from '../../transforms/methods/statistics/matrix.ts'
import type { Random } from '../../transforms/methods/statistics/random.ts'
import { rankIntervals } from '../../transforms/methods/statistics/rank_interval.ts'
import { derSimonianLaird, shrinkNormal } from '../../transforms/methods/statistics/shrinkage.ts'
import { normals } from './population.ts'
import { equal, schoolsOf, unequal, type SchoolSizes } from './school_sizes.ts'
import { SIZES, held, type CoverageStudy, type Draw, type Scenario } from './study.ts'

const SLOPE = 0.5

type Noise = (x: number, source: Random) => number

const slopeHeld = (
  x: Float64Array,
  y: Float64Array,
  options: LinearRegressionOptions,
  level = 0.95,
): Draw => {
  const fit = linearRegression(matrix(x.length, 1, x), y, options)
  const half =
    tQuantile((1 + level) / 2, fit.testDegreesOfFreedom[1] as number) *
    (fit.standardErrors[1] as number)
  const slope = fit.coefficients[1] as number
  return held(SLOPE, { lo: slope - half, hi: slope + half })
}

const line =
  (noise: Noise, errors: 'classical' | 'hc1' | 'hc2' | 'hc3', level = 0.95) =>
  (n: number, source: Random): Draw => {
    const x = normals(n, source)
    return slopeHeld(
      x,
      x.map((value) => SLOPE * value + noise(value, source)),
      { errors },
      level,
    )
  }

/** n schools of three years each: the years of a school share a part of the regressor and of the noise. */
const panel =
  (kind: 'cr1' | 'cr2') =>
  (n: number, source: Random): Draw => {
    const schools = Array.from({ length: n }, () => ({ x: source.normal(), u: source.normal() }))
    const rows = schools.flatMap(({ x, u }, school) =>
      [0, 1, 2].map(() => {
        const value = x + source.normal(0, 0.5)
        return { school, x: value, y: SLOPE * value + u + source.normal(0, 0.5) }
      }),
    )
    return slopeHeld(
      Float64Array.from(rows, ({ x }) => x),
      Float64Array.from(rows, ({ y }) => y),
      { errors: { clusters: rows.map(({ school }) => school), kind } },
    )
  }

const valueAddedRegion =
  (sizes: SchoolSizes, between: number) =>
  (n: number, source: Random): Draw => {
    const pupils = sizes.of(n)
    const effects = normals(pupils.length, source, 0, Math.sqrt(between))
    const intakes = normals(pupils.length, source, 0, 0.4)
    const school = schoolsOf(pupils)
    const prior = Float64Array.from(school, (s) => (intakes[s] as number) + source.normal())
    const outcome = prior.map(
      (x, i) => 0.6 * x + (effects[school[i] as number] as number) + source.normal(),
    )
    const found = valueAdded({ outcome, prior, schools: school })
    let covered = 0
    for (const row of found.schools)
      if (row.school < sizes.judged) covered += held(effects[row.school] as number, row).covered
    return { covered, of: sizes.judged }
  }

const SCORE_SD = 20

/**
 * Thirty schools in two years, five of the lowest helped by three points; the lasting spread is 6, that of cohorts 3, both known as from
 * a wider pool, the mean from the region.
 */
const helped =
  (judge: 'each' | 'programme') =>
  (n: number, source: Random): Draw => {
    const gain = 3
    const error = SCORE_SD / Math.sqrt(n)
    const levels = normals(30, source, 50, 6)
    const seen = (): Float64Array =>
      levels.map((level) => source.normal(level + source.normal(0, 3), error))
    const before = seen()
    const after = seen()
    const lowest = Array.from(before.keys())
      .sort((a, b) => (before[a] as number) - (before[b] as number))
      .slice(0, 5)
    const prior = {
      mean: before.reduce((sum, value) => sum + value, 0) / 30,
      meanVariance: (36 + 9 + error ** 2) / 30,
      tau2: 45,
      cohortVariance: 9,
    }
    const effects = lowest.map((s) =>
      measureEffect(
        { value: before[s] as number, se: error },
        { value: (after[s] as number) + gain, se: error },
        0,
        prior,
      ),
    )
    if (judge === 'programme') {
      const { mean } = programmeEffect(effects, 5)
      return mean === null ? { covered: 0, of: 0, unanswered: 1 } : held(gain, mean)
    }
    return {
      covered: effects.filter(({ lo, hi }) => lo <= gain && gain <= hi).length,
      of: effects.length,
    }
  }

const ranked =
  (schools: number) =>
  (n: number, source: Random): Draw => {
    const truths = normals(schools, source, 50, 6)
    const error = SCORE_SD / Math.sqrt(n)
    const values = truths.map((truth) => source.normal(truth, error))
    const variances = values.map(() => error ** 2)
    const shrunk = shrinkNormal(values, variances, derSimonianLaird(values, variances))
    const places = rankIntervals(shrunk, { seed: 17, draws: 500 })
    let covered = 0
    truths.forEach((truth, s) => {
      const place = 1 + truths.filter((other) => other > truth).length
      const { lo, hi } = places[s] as { lo: number; hi: number }
      if (lo <= place && place <= hi) covered++
    })
    return { covered, of: schools }
  }

export const modelStudies: readonly CoverageStudy[] = [
  {
    key: 'rank_interval',
    sizes: SIZES,
    counts: 'учеников в школе',
    scenarios: [
      { label: '12 школ, τ = 6 при σ ученика 20', draw: ranked(12) },
      { label: '30 школ, τ = 6 при σ ученика 20', draw: ranked(30) },
    ],
    instead:
      'Мест целое число, а краёв у списка два: интервал места накрывает чаще обещанного и потому широк — на малых n он занимает почти весь список. Более узкого верного интервала у нас нет: место без интервала не толкуют, различие школ читают по пределам воронки. Номера места на страницах нет: «Место среди похожих» там — слова по расстоянию от медианы кластера.',
  },
  {
    key: 'linear_regression',
    sizes: SIZES,
    counts: 'строк (где по три года — школ)',
    scenarios: [
      {
        label: 'разброс постоянный, классическая ошибка',
        draw: line((_, source) => source.normal(), 'classical'),
      },
      {
        label: 'разброс постоянный, ошибка HC2',
        draw: line((_, source) => source.normal(), 'hc2'),
      },
      {
        label: 'разброс растёт с ростом x, ошибка HC2',
        draw: line((x, source) => source.normal(0, 0.3 + Math.abs(x)), 'hc2'),
      },
      {
        isComparison: true,
        label: 'для сравнения: разброс растёт с ростом x, HC2, интервал уровня 96 %',
        draw: line((x, source) => source.normal(0, 0.3 + Math.abs(x)), 'hc2', 0.96),
      },
      { label: 'по три года в школе, ошибка CR2', draw: panel('cr2') },
      ...(
        [
          ['HC3', 'hc3'],
          ['HC1', 'hc1'],
          ['классическая ошибка', 'classical'],
        ] as const
      ).map(([name, errors]): Scenario => ({
        isComparison: true,
        label: `для сравнения: разброс растёт с ростом x, ${name}`,
        draw: line((x, source) => source.normal(0, 0.3 + Math.abs(x)), errors),
      })),
      {
        isComparison: true,
        label: 'для сравнения: по три года в школе, ошибка CR1 (Лян — Зегер)',
        draw: panel('cr1'),
      },
    ],
    instead:
      'HC2 со своими степенями свободы у каждого коэффициента накрывает на один–два пункта реже, где разброс резко растёт к краям, и чаще при пяти–десяти строках с постоянным разбросом; HC1 и классическая ошибка там промахиваются сильнее, HC3 при десяти–двадцати строках хуже, дальше так же узка. Где разброс растёт, берётся тот же HC2 с запасом — интервал уровня 96 % (его строка — для сравнения) накрывает 94,6–95,8 %. При нескольких годах школы берётся CR2: ошибка по кластерам Ляна — Зегера (CR1) узка до пятидесяти школ.',
  },
  {
    key: 'value_added',
    sizes: SIZES,
    counts: 'учеников в школе',
    scenarios: [
      { label: '30 школ, σ²ᵤ = 0,15 от σ²ₑ', draw: valueAddedRegion(equal(30), 0.15) },
      { label: '30 школ, σ²ᵤ = 0,05 от σ²ₑ', draw: valueAddedRegion(equal(30), 0.05) },
      { label: '100 школ, σ²ᵤ = 0,15 от σ²ₑ', draw: valueAddedRegion(equal(100), 0.15) },
      { label: '10 школ, σ²ᵤ = 0,15 от σ²ₑ', draw: valueAddedRegion(equal(10), 0.15) },
      { label: `${unequal.label}, σ²ᵤ = 0,15 от σ²ₑ`, draw: valueAddedRegion(unequal, 0.15) },
    ],
    instead:
      'Дисперсия σ²ᵤ по моментам нередко выходит нулём, и интервал узок: при 30 школах и n = 5–30 — до 91,4 %, при 10 школах — до 92,5 %, при 100 и n = 5 — на краю, 94,0 %. Там берётся смешанная модель по REML, `random_intercept` (таблица выше): при 30 школах 94,5–95,4 % с n = 10 и 94,6–97,8 % при n = 5, при 10 школах 96,3–97,7 %. У школы среди семи других очень разного размера моменты ещё уже — до 85,9 % при n = 50, а смешанная модель осторожна: 97,4–98,0 %. Моментам доверяют, где школы близки по размеру: при 100 школах и n от 10 (94,7–95,0 %) и при 30 школах и n = 50 (94,3–94,7 %). При n < 10 вывода о школе нет.',
  },
  {
    key: 'measure_effect',
    sizes: SIZES,
    counts: 'учеников в школе',
    scenarios: [
      { label: 'одна школа из пяти отстающих', draw: helped('each') },
      { label: 'программа: среднее по пяти школам', draw: helped('programme') },
    ],
    instead:
      'Среднее по программе складывает ошибки школ как независимые; общая для всех неточность среднего μ̂ в нём не усредняется. Поэтому рядом считается разность разностей, и об эффекте говорят, только когда согласны обе.',
  },
]
