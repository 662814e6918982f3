import { recheck } from '../../../transforms/methods/education/recheck.ts'
import { bunchedAmong, checked, histogramOf, inverted } from './detectors.ts'
import type { MarkerStudy } from './marker_study.ts'
import { HIGHEST, makeRegion, raisedThroughout } from './region.ts'
import { recheckRule } from './rules.ts'
import { SPREADS, abilities, plantedSchools, rescued, scoresOf } from './works.ts'

/** Spread of the teachers' own strictness, as in the other tables; it does not enter the marks of a work. */
const STRICTNESS = 0.15

const twos = 'честные школы различаются на 0,35 σ, работы внутри школы — на 0,1 σ'

/** Markers on a mechanism they are not made for: what one may hope of them where the marker made for it misses. */
export const otherMechanismStudies: readonly MarkerStudy[] = [
  {
    key: 'marker_o7_twos',
    marker: 'O7',
    title: 'сгущение у границы, когда «двойки» дотянуты до «тройки»',
    mechanism: rescued,
    setting: twos,
    regions: 100,
    draw: (n, source) => ({
      planted: plantedSchools,
      findings: bunchedAmong(
        plantedSchools.map((isPlanted) => {
          const scores = scoresOf(abilities(n, source.normal(0, SPREADS.schools), source), source)
          if (isPlanted) rescued.apply(scores, source)
          return histogramOf(scores)
        }),
      ),
    }),
    instead:
      'С поправкой цель достигнута только при n = 200. Другого признака, который находил бы такую подделку раньше, нет: O9 отмечает 36 % школ при n = 50 и 81 % при n = 100, но 41–61 % отмеченных — честные; перепроверка случайной половины работ (O12) находит 1–6 %. Поэтому перепроверяются все работы, стоящие ровно на границе «тройки» (в подстроенной школе поднятых среди них около 70 %), а где их единицы — процедура повторяется с наблюдателем.',
  },
  ...([undefined, -0.5] as const).map((mean): MarkerStudy => ({
    key: mean === undefined ? 'marker_o8_throughout' : 'marker_o8_throughout_weak',
    marker: 'O8',
    title: `исправлено всё подряд${mean === undefined ? '' : ', слабые школы'}`,
    mechanism: raisedThroughout,
    setting: mean === undefined ? 'школы любые' : 'школы слабые (среднее −0,5)',
    regions: 40,
    draw: (n, source) => {
      const region = makeRegion(
        n,
        { ...raisedThroughout, ...(mean === undefined ? {} : { mean }) },
        STRICTNESS,
        source,
      )
      return { planted: region.map(({ planted }) => planted), findings: inverted(region) }
    },
    instead:
      mean === undefined
        ? 'Где прибавлено всё подряд, лёгкие задания хуже эталона не становятся, и признак молчит. Такую подделку находит перепроверка работ (O12 по половине работ — 100 %), а где есть ГИА — O4 (82–89 % с n = 50).'
        : 'И среди слабых школ находится не больше двух третей; замена та же: перепроверка работ (O12), а где есть ГИА — O4.',
  })),
  {
    key: 'marker_o12_twos',
    marker: 'O12',
    title: 'перепроверка, когда «двойки» дотянуты до «тройки»',
    mechanism: rescued,
    setting: `перепроверена половина работ; проверяющие ошибаются на балл в одной работе из пяти; ${twos}`,
    regions: 200,
    draw: (n, source) => ({
      planted: plantedSchools,
      findings: plantedSchools.map((isPlanted) => {
        const own = scoresOf(abilities(n, source.normal(0, SPREADS.schools), source), source)
        const given = [...own]
        if (isPlanted) rescued.apply(given, source)
        const works = own
          .map((score, i) => ({
            first: checked(given[i] ?? 0, source),
            second: checked(score, source),
          }))
          .filter((_, i) => i % 2 === 0)
        return recheck(works, HIGHEST, recheckRule)
      }),
    }),
    instead:
      '«Двоек» в школе немного, и в случайной половине работ их подъём теряется. Поэтому перепроверяются все работы, стоящие ровно на границе «тройки» (в подстроенной школе поднятых среди них около 70 %), а где их единицы — процедура повторяется с наблюдателем.',
  },
]
