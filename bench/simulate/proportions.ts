import { clopperPearson, newcombe, wilson } from '../../transforms/methods/statistics/interval.ts'
import {
  beyond,
  funnelLimits,
  leaveOneOut,
  waldLimits,
} from '../../transforms/methods/statistics/funnel.ts'
import { SIZES, held, type CoverageStudy, type Draw, type Scenario } from './study.ts'

type Interval = (x: number, n: number) => { readonly lo: number; readonly hi: number }

const shares: readonly (number | 'any')[] = [0.05, 0.15, 0.3, 0.5, 'any']
const named = (p: number | 'any'): string =>
  p === 'any' ? 'доля любая, равновероятно 0–1' : `доля ${p.toLocaleString('ru-RU')}`

const ofShare = (interval: Interval): Scenario[] =>
  shares.map((share) => ({
    label: named(share),
    draw: (n, source) => {
      const p = share === 'any' ? source.uniform() : share
      return held(p, interval(source.binomial(n, p), n))
    },
  }))

const inside = (rate: number, limits: { readonly lo: number; readonly hi: number }): Draw => ({
  covered: beyond(rate, limits) === 'inside' ? 1 : 0,
  of: 1,
})

export const proportionStudies: readonly CoverageStudy[] = [
  {
    key: 'wilson',
    sizes: SIZES,
    counts: 'учеников',
    scenarios: ofShare((x, n) => wilson(x, n)),
    instead:
      'Доля меняется ступенями в 1/n, поэтому при одной фиксированной доле покрытие скачет вокруг 95 % (в среднем по долям — последняя строка — оно на месте). Где накрыть реже 95 % нельзя, берётся точный интервал Клоппера — Пирсона (через одну таблицу: не реже 95,2 %); при n < 10 зона не ставится.',
  },
  {
    key: 'newcombe',
    sizes: SIZES,
    counts: 'учеников в каждой группе',
    scenarios: (
      [
        [0.15, 0.15],
        [0.5, 0.3],
        [0.05, 0.25],
        ['any', 'any'],
      ] as const
    ).map(([first, second]) => ({
      label:
        first === 'any'
          ? 'доли любые'
          : `доли ${first.toLocaleString('ru-RU')} и ${second.toLocaleString('ru-RU')}`,
      draw: (n, source) => {
        const p = first === 'any' ? source.uniform() : first
        const q = second === 'any' ? source.uniform() : second
        return held(
          p - q,
          newcombe(
            { successes: source.binomial(n, p), n },
            { successes: source.binomial(n, q), n },
          ),
        )
      },
    })),
    instead:
      'Все отклонения — в сторону осторожности: интервал шире нужного и накрывает до 99,2 % там, где обе доли у края при малом n. Ложных отличий это не добавляет, и другого интервала взамен не берётся; цена — при малом n небольшое отличие редких долей остаётся незамеченным. При n < 10 об отличии двух школ не судят.',
  },
  {
    key: 'clopper_pearson',
    sizes: SIZES,
    counts: 'учеников',
    scenarios: ofShare((x, n) => clopperPearson(x, n)),
    instead:
      'Интервал по построению накрывает не реже 95 %, обычно чаще: это его смысл, а не ошибка. Для показа долей берётся Уилсон, этот — там, где нельзя ошибиться в меньшую сторону.',
  },
  {
    key: 'funnel',
    sizes: SIZES,
    counts: 'учеников',
    scenarios: [
      ...[0.05, 0.15, 0.5].map((target): Scenario => ({
        label: `цель ${target.toLocaleString('ru-RU')} задана`,
        draw: (n, source) => inside(source.binomial(n, target) / n, funnelLimits({ target, n })),
      })),
      {
        label: 'цель 0,15 — по остальным 11 школам',
        draw: (n, source) => {
          const groups = Array.from({ length: 12 }, () => ({
            successes: source.binomial(n, 0.15),
            n,
          }))
          const [first] = leaveOneOut(groups)
          const own = groups[0]
          if (first === undefined || own === undefined) return { covered: 0, of: 0, unanswered: 1 }
          return inside(
            own.successes / n,
            funnelLimits({ target: first.target, n, rest: first.rest }),
          )
        },
      },
      {
        label: 'цель 0,3, разброс φ = 2 (бета-биномиальный)',
        draw: (n, source) => {
          const precision = (n - 1) / 1 - 1
          const p = source.beta(0.3 * precision, 0.7 * precision)
          return inside(source.binomial(n, p) / n, funnelLimits({ target: 0.3, n, dispersion: 2 }))
        },
      },
      {
        isComparison: true,
        label: 'для сравнения: пределы Вальда, цель 0,15',
        draw: (n, source) => inside(source.binomial(n, 0.15) / n, waldLimits({ target: 0.15, n })),
      },
    ],
    instead:
      'Точные пределы ступенчаты и накрывают не реже 95 %: ложно отмеченных школ меньше обещанных 5 %. Пределы Вальда при малых n промахиваются в обе стороны и потому при n < 30, nθ₀ < 5 или n(1 − θ₀) < 5 не применяются (последняя строка — для сравнения). Но и с n = 30 нормальные пределы промахиваются: точный счёт для θ₀ = 0,05; 0,10; … 0,50 и n = 30–400 даёт от 92,7 до 97,1 % (θ₀ = 0,3 и n = 30 — 93,0 %), то есть случайно за ними оказывается до 7,3 % обычных школ. Поэтому красная зона требует внешнего предела или двух лет подряд за внутренним, а где решается судьба одной школы, точные пределы берутся при любом n (`exactLimits`): за ними обычная школа случайно не чаще, чем в 5 % лет.',
  },
]
