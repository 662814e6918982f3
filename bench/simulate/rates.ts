import {
  normalQuantile,
  normalTwoSided,
  tCdf,
} from '../../transforms/methods/statistics/distributions.ts'
import {
  beyond,
  dispersion,
  funnelLimits,
  funnelZ,
} from '../../transforms/methods/statistics/funnel.ts'
import { mannKendall } from '../../transforms/methods/statistics/mann_kendall.ts'
import {
  benjaminiHochberg,
  stouffer,
} from '../../transforms/methods/statistics/multiple_testing.ts'
import type { Random } from '../../transforms/methods/statistics/random.ts'
import { mean, standardDeviation } from '../../transforms/methods/statistics/sums.ts'
import { normals } from './population.ts'
import type { RateScenario, RateStudy } from './rate_study.ts'

const LEVEL = 0.05
const once = (isSo: boolean) => ({ events: Number(isSo), of: 1 })

/** m two-sided tests, a share of them of something planted, three standard errors off; `shared` is what all have in common. */
const tested = (m: number, planted: number, shared: number, source: Random) => {
  const found = Math.round(m * planted)
  const common = source.normal()
  const p = Array.from({ length: m }, (_, i) =>
    normalTwoSided(
      (i < found ? 3 : 0) + Math.sqrt(shared) * common + Math.sqrt(1 - shared) * source.normal(),
    ),
  )
  const { rejected, count } = benjaminiHochberg(p, LEVEL)
  const right = rejected.slice(0, found).filter(Boolean).length
  return { found, right, wrong: count - right, count }
}

const falseShare = (planted: number, shared: number, label: string): RateScenario => ({
  label,
  aim: { most: LEVEL },
  draw: (m, source) => {
    const { wrong, count } = tested(m, planted, shared, source)
    return { events: wrong / Math.max(1, count), of: 1 }
  },
})

const blocks = (
  label: string,
  aim: RateScenario['aim'],
  scores: (m: number, source: Random) => Float64Array,
): RateScenario => ({
  label,
  aim,
  draw: (m, source) => once(normalTwoSided(stouffer(scores(m, source))) <= LEVEL),
})

const series = (
  label: string,
  aim: RateScenario['aim'],
  value: (t: number, before: number, source: Random) => number,
  isRounded = false,
): RateScenario => ({
  label,
  aim,
  draw: (years, source) => {
    let noise = 0
    const points = Array.from({ length: years }, (_, t) => {
      noise = value(t, noise, source)
      return { t, value: isRounded ? Math.round(noise) : noise }
    })
    return once(mannKendall(points).p <= LEVEL)
  },
})

/** The years of a series with a correlation of 0.4 between neighbours. */
const dependent = (t: number, before: number, source: Random): number =>
  t === 0 ? source.normal() : 0.4 * before + Math.sqrt(1 - 0.16) * source.normal()

/** Every second of dependent years, with a rise of `rise` standard deviations a year; fewer than three points find nothing. */
const everySecond = (label: string, aim: RateScenario['aim'], rise: number): RateScenario => ({
  label,
  aim,
  draw: (years, source) => {
    let noise = 0
    const points = Array.from({ length: years }, (_, t) => {
      noise = dependent(t, noise, source)
      return { t, value: noise + rise * t }
    }).filter(({ t }) => t % 2 === 0)
    return once(points.length >= 3 && mannKendall(points).p <= LEVEL)
  },
})

const TARGET = 0.3
const PUPILS = 50

/** Rates of K schools of fifty pupils whose counts vary φ times as much as binomial ones. */
const rates = (schools: number, phi: number, source: Random): number[] =>
  Array.from({ length: schools }, () => {
    const precision = (PUPILS - 1) / (phi - 1) - 1
    const p = phi > 1 ? source.beta(TARGET * precision, (1 - TARGET) * precision) : TARGET
    return source.binomial(PUPILS, p) / PUPILS
  })

const judged = (own: readonly number[]) =>
  dispersion(
    own.map((rate) => funnelZ(rate, { target: TARGET, n: PUPILS })),
    { seed: 11, draws: 2000 },
  )

const alarms = (phi: number, isCorrected: boolean, label: string): RateScenario => ({
  label,
  aim: isCorrected ? { most: LEVEL } : 'comparison',
  draw: (schools, source) => {
    const own = rates(schools, phi, source)
    const factor = isCorrected ? judged(own).factor : 1
    const limits = funnelLimits({ target: TARGET, n: PUPILS, dispersion: factor })
    return {
      events: own.filter((rate) => beyond(rate, limits) !== 'inside').length,
      of: schools,
    }
  },
})

const significant = (phi: number, aim: RateScenario['aim'], label: string): RateScenario => ({
  label,
  aim,
  draw: (schools, source) => once(judged(rates(schools, phi, source)).significant),
})

export const rateStudies: readonly RateStudy[] = [
  {
    key: 'benjamini_hochberg',
    sizes: [20, 60, 200],
    counts: 'проверок; q = 0,05, посажено по 3 ошибки',
    scenarios: [
      falseShare(0, 0, 'ложных среди отмеченных: не посажено ничего'),
      falseShare(0.1, 0, 'ложных среди отмеченных: посажено 10 %'),
      falseShare(0.3, 0, 'ложных среди отмеченных: посажено 30 %'),
      falseShare(0.1, 0.5, 'ложных среди отмеченных: посажено 10 %, проверки связаны (ρ = 0,5)'),
      ...[0.1, 0.3].map((planted): RateScenario => ({
        label: `найдено из посаженных ${planted * 100} %`,
        aim: 'comparison',
        draw: (m, source) => {
          const { right, found } = tested(m, planted, 0, source)
          return { events: right, of: found }
        },
      })),
    ],
    instead:
      'Поправка обещает долю ложных в среднем по многим наборам; один набор связанных проверок может дать больше.',
  },
  {
    key: 'stouffer',
    sizes: [2, 3, 5, 10],
    counts: 'блоков; проверка на 5 %',
    scenarios: [
      blocks('ложно: блоки независимы, z точны', { most: LEVEL }, (m, source) =>
        normals(m, source),
      ),
      blocks('ложно: z — это t по десяти ученикам в блоке', { most: LEVEL }, (m, source) =>
        Float64Array.from({ length: m }, () => {
          const own = normals(10, source)
          return (mean(own) * Math.sqrt(10)) / standardDeviation(own)
        }),
      ),
      blocks('ложно: то же t, переведённое в z', { most: LEVEL }, (m, source) =>
        Float64Array.from({ length: m }, () => {
          const own = normals(10, source)
          return normalQuantile(tCdf((mean(own) * Math.sqrt(10)) / standardDeviation(own), 9))
        }),
      ),
      blocks('ложно: блоки связаны (ρ = 0,3)', { most: LEVEL }, (m, source) => {
        const common = source.normal()
        return Float64Array.from(
          { length: m },
          () => Math.sqrt(0.3) * common + Math.sqrt(0.7) * source.normal(),
        )
      }),
      blocks('найдено: каждый блок на 1 ошибку выше', 'comparison', (m, source) =>
        normals(m, source, 1),
      ),
    ],
    instead:
      'Блок, где z — это t по нескольким ученикам, сначала переводится в z по своему распределению, Φ⁻¹(F(t)): ложных тогда 4,9–5,3 %. Связанные блоки (8,4–31,0 % ложных) не сводятся вовсе: каждый проверяется отдельно с поправкой Бенджамини — Хохберга, которая и при связи ρ = 0,5 держит 3,0–3,8 % (таблица выше).',
  },
  {
    key: 'mann_kendall',
    sizes: [4, 5, 6, 8, 10],
    counts: 'лет; двусторонняя проверка на 5 %',
    scenarios: [
      series('ложно: годы независимы', { most: LEVEL }, (_, __, source) => source.normal()),
      series(
        'ложно: годы независимы, значения повторяются (округлены)',
        { most: LEVEL },
        (_, __, source) => source.normal(),
        true,
      ),
      series('ложно: соседние годы связаны (ρ = 0,4)', { most: LEVEL }, dependent),
      everySecond('ложно: годы связаны (ρ = 0,4), взяты через один', { most: LEVEL }, 0),
      everySecond('найдено: рост на σ в год, годы связаны, взяты через один', 'comparison', 1),
      series('найдено: рост на 0,5 σ в год', 'comparison', (t, _, source) =>
        source.normal(0.5 * t),
      ),
      series('найдено: рост на σ в год', 'comparison', (t, _, source) => source.normal(t)),
    ],
    instead:
      'Связь соседних лет критерий принимает за тренд: при ρ = 0,4 ложных 9,3 % за 8 лет и 14,4 % за 10. Тогда берутся годы через один: за 10 лет ложных 2,3 %, рост на σ в год найден в 76 % случаев. При восьми годах через один остаётся четыре точки, значимыми они не бывают, и тренд по такому ряду не объявляется. На страницах этого критерия нет; их наклон (раздел выше) тоже считает годы независимыми.',
  },
  {
    key: 'dispersion',
    sizes: [10, 20, 60],
    counts: `школ по ${PUPILS} учеников, доля 0,3`,
    scenarios: [
      alarms(1, true, 'за 95-процентными пределами: φ = 1, с поправкой'),
      alarms(2, true, 'за 95-процентными пределами: φ = 2, с поправкой'),
      alarms(4, true, 'за 95-процентными пределами: φ = 4, с поправкой'),
      alarms(2, false, 'за 95-процентными пределами: φ = 2, без поправки'),
      alarms(4, false, 'за 95-процентными пределами: φ = 4, без поправки'),
      significant(1, { most: LEVEL }, 'разброс ложно признан лишним: φ = 1'),
      significant(2, 'comparison', 'лишний разброс найден: φ = 2'),
      significant(4, 'comparison', 'лишний разброс найден: φ = 4'),
    ],
    instead:
      'Поправка берётся, только если лишний разброс значим: при десяти–двадцати школах φ = 2 находится не всегда, и пределы остаются узки; z-оценки долей не вполне нормальны, и лишний разброс признаётся ложно чуть чаще, чем в 5 %. Поэтому красная зона требует внешнего предела или двух лет подряд за внутренним, а рядом печатается, сколько школ отмечено бы случайно.',
  },
]
