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
import { mean as meanOf, variance as varianceOf } from '../../transforms/methods/statistics/sums.ts'
import { cohortVariance } from '../../transforms/methods/statistics/trend.ts'
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

/** What schools show in a year: a level that lasts, a cohort that spreads by 3, and `error`. */
const shownBy = (levels: Float64Array, error: number, source: Random): Float64Array =>
  levels.map((level) => source.normal(level + source.normal(0, 3), error))

/** Prior and change as found from three years of schools and the year after. */
const foundFrom = (
  years: readonly [Float64Array, Float64Array, Float64Array],
  after: Float64Array,
  error: number,
) => {
  const [, , before] = years
  const spread = derSimonianLaird(
    before,
    before.map(() => error ** 2),
  )
  const series = Array.from(before, (_, s) =>
    years.map((year, t) => ({ t, value: year[s] as number, se: error })),
  )
  const changes = after.map((value, s) => value - (before[s] as number))
  return {
    mean: spread.mean,
    meanVariance: spread.meanVariance,
    tau2: spread.tau2,
    cohortVariance: cohortVariance(series).variance,
    change: meanOf(changes),
    changeVariance: varianceOf(changes) / changes.length,
  }
}

/**
 * Thirty schools in two years, five of the lowest helped by three points; the lasting spread is 6, that of cohorts 3. Spreads and the change
 * of the whole are known; or found from a hundred schools elsewhere; or from the thirty themselves, the helped among them; or the change
 * alone from those that are left.
 */
const helped =
  (judge: 'each' | 'programme', from: 'known' | 'elsewhere' | 'own' | 'left') =>
  (n: number, source: Random): Draw => {
    const gain = 3
    const error = SCORE_SD / Math.sqrt(n)
    const levels = normals(30, source, 50, 6)
    const before = shownBy(levels, error, source)
    const after = shownBy(levels, error, source)
    const lowest = Array.from(before.keys())
      .sort((a, b) => (before[a] as number) - (before[b] as number))
      .slice(0, 5)
    for (const s of lowest) after[s] = (after[s] as number) + gain
    const threeYears = (of: Float64Array, last: Float64Array) =>
      [shownBy(of, error, source), shownBy(of, error, source), last] as const
    const elsewhere = (): ReturnType<typeof foundFrom> => {
      const others = normals(100, source, 50, 6)
      const years = threeYears(others, shownBy(others, error, source))
      return foundFrom(years, shownBy(others, error, source), error)
    }
    const known = {
      mean: before.reduce((sum, value) => sum + value, 0) / 30,
      meanVariance: (36 + 9 + error ** 2) / 30,
      tau2: 45,
      cohortVariance: 9,
      change: 0,
      changeVariance: 0,
    }
    const left = () => {
      const changes = after
        .map((value, s) => value - (before[s] as number))
        .filter((_, s) => !lowest.includes(s))
      return { change: meanOf(changes), changeVariance: varianceOf(changes) / changes.length }
    }
    const prior =
      from === 'known'
        ? known
        : from === 'left'
          ? { ...known, ...left() }
          : from === 'elsewhere'
            ? elsewhere()
            : foundFrom(threeYears(levels, before), after, error)
    const effects = lowest.map((s) =>
      measureEffect(
        { value: before[s] as number, se: error },
        { value: after[s] as number, se: error },
        prior,
      ),
    )
    if (judge === 'programme') {
      const { mean } = programmeEffect(effects, prior, 5)
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
      { label: 'одна школа из пяти отстающих', draw: helped('each', 'known') },
      { label: 'программа: среднее по пяти школам', draw: helped('programme', 'known') },
      {
        label:
          'одна школа; разбросы, среднее и общее изменение оценены по 100 школам вне муниципалитета',
        draw: helped('each', 'elsewhere'),
      },
      {
        label:
          'программа; разбросы, среднее и общее изменение оценены по 100 школам вне муниципалитета',
        draw: helped('programme', 'elsewhere'),
      },
      {
        label: 'одна школа; всё оценено по самим тридцати школам вместе с получателями',
        draw: helped('each', 'own'),
      },
      {
        label: 'программа; всё оценено по самим тридцати школам вместе с получателями',
        draw: helped('programme', 'own'),
      },
      {
        isComparison: true,
        label: 'для сравнения: программа, общее изменение взято по двадцати пяти школам без мер',
        draw: helped('programme', 'left'),
      },
    ],
    instead:
      'Неточность самих разбросов τ² и τ_c² в ошибку не входит: где они оценены, интервал программы накрывает до двух пунктов реже. По самим тридцати школам он осторожнее, но в общее изменение тогда входит часть эффекта, тем большая, чем больше получателей. Изменение по одним школам без мер (последняя строка) при пяти получателях из тридцати накрывает так же, но сдвинуто в пользу меры: без отстающих школы в среднем снижаются сами, и сдвиг растёт с числом получателей. Поэтому разбросы и изменение берут вне муниципалитета, рядом считается разность разностей, и об эффекте говорят, только когда согласны обе.',
  },
]
