import { federalCount, isWithoutControl } from '../../../transforms/methods/education/bias_index.ts'
import {
  implausibleTails,
  tailLimits,
} from '../../../transforms/methods/education/implausible_tails.ts'
import { meanExcess } from '../../../transforms/methods/education/mean_excess.ts'
import { recheck } from '../../../transforms/methods/education/recheck.ts'
import {
  cohortDrop,
  cohortJump,
  gradeJump,
  type RiditValue,
} from '../../../transforms/methods/education/ridit_marker.ts'
import { normalCdf, normalTwoSided } from '../../../transforms/methods/statistics/distributions.ts'
import type { Random } from '../../../transforms/methods/statistics/random.ts'
import { ridit, riditVariance } from '../../../transforms/methods/statistics/ridit.ts'
import { mean, standardDeviation } from '../../../transforms/methods/statistics/sums.ts'
import { cohortVariance } from '../../../transforms/methods/statistics/trend.ts'
import { bunchedAmong, checked, histogramOf } from './detectors.ts'
import type { Drawn, Finding, MarkerStudy } from './marker_study.ts'
import { HIGHEST } from './region.ts'
import { dropRule, excessRule, gradeRule, jumpRule, recheckRule, tailRule } from './rules.ts'
import {
  SPREADS,
  abilities,
  corrected,
  markCounts,
  nation,
  plantedSchools,
  rescued,
  scoresOf,
  type Meddling,
} from './works.ts'

const riditVarianceOfNation = riditVariance(nation.shares)
const riditOf = (scores: readonly number[]): RiditValue => ({
  value: ridit(markCounts(scores), nation.shares).value,
  n: scores.length,
  variance: riditVarianceOfNation,
})

const levelOf = (source: Random): number => source.normal(0, SPREADS.schools)
const grown = (pupils: Float64Array, source: Random): Float64Array =>
  pupils.map((ability) => ability + source.normal(0, SPREADS.growth))

/** Every school by the judgement given; what is planted is done to the scores of a work by `meddle`. */
const region = (
  source: Random,
  meddling: Meddling,
  judge: (meddle: (scores: number[]) => number[], isPlanted: boolean) => Finding | undefined,
): Drawn => ({
  planted: plantedSchools,
  findings: plantedSchools.map((isPlanted) =>
    judge((scores) => {
      if (isPlanted) meddling.apply(scores, source)
      return scores
    }, isPlanted),
  ),
})

const excessOf = (scores: readonly number[], isConfirmed: boolean): boolean =>
  meanExcess(
    { mean: mean(scores), n: scores.length },
    nation,
    { isAdvanced: false, isConfirmed },
    excessRule,
  ).isFlagged

/** A work of the programme of grade 8 and, a year on, the ГИА of the same pupils. */
const testAndExam = (n: number, source: Random, meddle: (scores: number[]) => number[]) => {
  const pupils = abilities(n, levelOf(source), source)
  const test = meddle(scoresOf(pupils, source))
  return { test, exam: scoresOf(grown(pupils, source), source) }
}

const federal = (n: number, source: Random, meddle: (scores: number[]) => number[]): number => {
  const level = levelOf(source)
  const cell = (): boolean =>
    excessOf(
      meddle(scoresOf(abilities(n, level + source.normal(0, SPREADS.cohorts), source), source)),
      false,
    )
  return federalCount({
    russian4: cell(),
    mathematics4: cell(),
    russian5: cell(),
    mathematics5: cell(),
  })
}

const gradeJumps = (n: number, source: Random): Drawn => {
  const years = [0, 1, 2, 3] as const
  const schools = plantedSchools.map((isPlanted) => {
    const level = levelOf(source)
    return years.map((year) => {
      const own = level + source.normal(0, SPREADS.cohorts)
      const scores = scoresOf(abilities(n, own, source), source)
      if (isPlanted && year === 3) corrected.apply(scores, source)
      return riditOf(scores)
    })
  })
  const noise = cohortVariance(
    schools.map((own) =>
      own.slice(0, 3).map(({ value, variance }, t) => ({ t, value, se: Math.sqrt(variance / n) })),
    ),
  ).variance
  return {
    planted: plantedSchools,
    findings: schools.map(([, , before, now]) => {
      if (before === undefined || now === undefined) return undefined
      const { isFlagged, z } = gradeJump(before, now, noise, gradeRule)
      return { isFlagged, p: normalTwoSided(z) }
    }),
  }
}

const tails = (n: number, source: Random): Drawn => {
  const schools = plantedSchools.map((isPlanted) => {
    const scores = scoresOf(abilities(n, levelOf(source), source), source)
    if (isPlanted) rescued.apply(scores, source)
    const [twos = 0, , , fives = 0] = markCounts(scores)
    return { n, twos: twos / n, fives: fives / n, sd: standardDeviation(scores), scores }
  })
  const bunched = bunchedAmong(schools.map(({ scores }) => histogramOf(scores)))
  const limits = tailLimits(
    schools.filter((_, i) => bunched[i]?.isFlagged !== true),
    tailRule.outside,
  )
  return {
    planted: plantedSchools,
    findings: schools.map((school) => implausibleTails(school, nation.sd, limits, tailRule)),
  }
}

const context = 'честные школы различаются на 0,35 σ, работы внутри школы — на 0,1 σ'

export const resultStudies: readonly MarkerStudy[] = [
  {
    key: 'marker_o3',
    marker: 'O3',
    title: 'слишком высокое среднее, ГИА ещё нет',
    mechanism: corrected,
    setting: `подтверждения ГИА нет (4–7 классы); ${context}`,
    regions: 200,
    draw: (n, source) =>
      region(source, corrected, (meddle) => ({
        isFlagged: excessOf(meddle(scoresOf(abilities(n, levelOf(source), source), source)), false),
      })),
    instead:
      'Сильная честная школа по одному среднему неотличима от исправленных работ: O3 — список, какие работы посмотреть, а не вывод. Разделяет их перепроверка: O12 по половине работ находит ту же подделку во всех школах при всех n, честных не отмечая; где есть ГИА — O4 (82–89 % с n = 50). O8 находит её в 10–17 % школ. Гимназии и классы с углублённым изучением признак не получают вовсе.',
  },
  {
    key: 'marker_o3_confirmed',
    marker: 'O3',
    title: 'слишком высокое среднее, не подтверждённое ГИА',
    mechanism: corrected,
    setting: `среднее считается подтверждённым, если ридит на ГИА не упал по правилу O4; ${context}`,
    regions: 200,
    draw: (n, source) =>
      region(source, corrected, (meddle) => {
        const { test, exam } = testAndExam(n, source, meddle)
        const drop = cohortDrop(riditOf(test), riditOf(exam), dropRule)
        return { isFlagged: excessOf(test, !drop.isFlagged) }
      }),
    instead:
      'Исправленные работы слабой школы дают обычное среднее и до d > 0,5 не доходят, сколько бы учеников ни было: такую школу видит O4 (падение на ГИА, 82–89 % с n = 50), а в малых параллелях — перепроверка работ (O12, 100 %). Ложных признак почти не даёт.',
  },
  {
    key: 'marker_o4',
    marker: 'O4',
    title: 'не подтверждено ГИА',
    mechanism: corrected,
    setting: `те же ученики через год на ГИА, рост у всех разный (0,3 σ); ${context}`,
    regions: 200,
    draw: (n, source) =>
      region(source, corrected, (meddle) => {
        const { test, exam } = testAndExam(n, source, meddle)
        const { isFlagged, z } = cohortDrop(riditOf(test), riditOf(exam), dropRule)
        return { isFlagged, p: normalCdf(-z) }
      }),
    instead:
      'Ошибка ридита считает два набора независимыми, хотя ученики те же: критерий осторожен, и при n = 25 с поправкой найдено 35 % школ, по правилу без неё — 78 % (ложных 2,4 %): там читается первая строка и перепроверяются работы (O12 находит ту же подделку и при n = 25). Сам порог 0,15 не даёт отметить малое падение в большой школе.',
  },
  {
    key: 'marker_o5',
    marker: 'O5',
    title: 'скачок той же когорты из класса в класс',
    mechanism: corrected,
    setting: `исправлена работа за 4 класс, работа за 5 — честная; ${context}`,
    regions: 200,
    draw: (n, source) =>
      region(source, corrected, (meddle) => {
        const pupils = abilities(n, levelOf(source), source)
        const earlier = meddle(scoresOf(pupils, source))
        const later = scoresOf(grown(pupils, source), source)
        const { isFlagged, z } = cohortJump(riditOf(earlier), riditOf(later), jumpRule)
        return { isFlagged, p: normalTwoSided(z) }
      }),
    instead:
      'Порог 0,20 ридита близок к самому посаженному сдвигу, и половина случаев до него не доходит: признак оставлен осторожным. Ту же подделку в старших классах находит O4 (82–89 % с n = 50). В 4–5 классах, где ГИА нет, надёжно её находит только перепроверка работ (O12 по половине работ — 100 %), а что перепроверять, подскажут O3 (86–89 %) и федеральный список с двумя признаками (89–92 %): около половины отмеченных ими — честные. O8 находит её в 10–17 % школ, среди слабых — в 32–66 %.',
  },
  {
    key: 'marker_o6',
    marker: 'O6',
    title: 'скачок того же класса из года в год',
    mechanism: corrected,
    setting: `разные наборы учеников, шум набора 0,15 σ оценён по трём прежним годам той же области; ${context}`,
    regions: 100,
    draw: gradeJumps,
    instead:
      'Разные наборы учеников шумят сильнее, чем тот же набор: в малых школах скачок виден редко, а при n = 200 ошибку определяет уже шум набора; с поправкой найдено 12–51 %. Скачок — повод посмотреть: ту же подделку находит O4 там, где есть ГИА (82–89 % с n = 50), а без неё — перепроверка работ (O12, 100 %).',
  },
  {
    key: 'marker_o9',
    marker: 'O9',
    title: 'неправдоподобные хвосты',
    mechanism: rescued,
    setting: `пределы — 5-й и 95-й процентили школ области без признака O7; ${context}`,
    regions: 100,
    draw: tails,
    instead:
      'Пределы по построению оставляют снаружи около пяти процентов честных школ с каждой стороны, а при малых n «двоек» часто нет и без вмешательства: O9 — сито, а не критерий (поправки нет). Подделку «двойки до тройки» O7 с поправкой надёжно видит только при n = 200 (93 %); при n = 100 — 60 %, при 50 — 11 %, при 25 — 1 % (вторая таблица O7). В меньших параллелях её не находит ни один признак: перепроверяются все работы, стоящие ровно на границе «тройки» (в подстроенной школе поднятых среди них около 70 %), а где их единицы — процедура повторяется с наблюдателем.',
  },
  {
    key: 'marker_o12',
    marker: 'O12',
    title: 'расхождение с перепроверкой',
    mechanism: corrected,
    setting:
      'перепроверена половина работ; проверяющие ошибаются на балл в одной работе из пяти; учитель прибавил баллы при проверке',
    regions: 200,
    draw: (n, source) =>
      region(source, corrected, (meddle) => {
        const own = scoresOf(abilities(n, levelOf(source), source), source)
        const given = meddle([...own])
        const works = own
          .map((score, i) => ({
            first: checked(given[i] ?? 0, source),
            second: checked(score, source),
          }))
          .filter((_, i) => i % 2 === 0)
        return recheck(works, HIGHEST, recheckRule)
      }),
    instead: 'При менее чем десяти перепроверенных работах признак не ставится.',
  },
  {
    key: 'marker_o13',
    marker: 'O13',
    title: 'процедура без контроля',
    mechanism: corrected,
    setting:
      'допущение, а не измерение: видео, наблюдатель и внешняя проверка есть у честных школ с вероятностью 0,5, 0,6 и 0,5, у исправлявших — 0,1, 0,2 и 0,1',
    regions: 200,
    draw: (_, source) =>
      region(source, corrected, (_meddle, isPlanted) => {
        const [video, observer, outside] = isPlanted ? [0.1, 0.2, 0.1] : [0.5, 0.6, 0.5]
        return {
          isFlagged: isWithoutControl({
            hasVideo: source.uniform() < video,
            hasObserver: source.uniform() < observer,
            isCheckedOutside: source.uniform() < outside,
          }),
        }
      }),
    instead:
      'Отсутствие контроля — условие, а не след: честных школ без контроля бывает не меньше, чем нечестных. Поэтому вес O13 в ИНО — ноль, сам он ничего не отмечает: следующую процедуру там проводят с наблюдателем, а работы этой перепроверяют (O12).',
  },
  ...([1, 2] as const).map((least): MarkerStudy => ({
    key: least === 1 ? 'marker_f' : 'marker_f_two',
    marker: 'F',
    title: `федеральный список, признаков не меньше ${least}`,
    mechanism: corrected,
    setting: `отмечена школа с ${least === 1 ? 'одним признаком из четырёх и более' : 'двумя признаками из четырёх и более'}; федеральное правило не опубликовано, каждый из четырёх (4 РУ, 4 МА, 5 РУ, 5 МА) здесь ставит O3 без подтверждения; ${context}`,
    regions: 100,
    draw: (n, source) =>
      region(source, corrected, (meddle) => ({
        isFlagged: federal(n, source, meddle) >= least,
      })),
    instead:
      least === 1
        ? 'Четыре попытки отметить школу вместо одной: доля ложных растёт с числом клеток. Список приходит готовым и в ИНО не входит: это повод перепроверить работы (O12 находит ту же подделку во всех школах, честных не отмечая).'
        : 'Требование двух признаков отсеивает случайные, но не сильные честные школы: в 4–5 классах, где ГИА нет, их отличает перепроверка работ (O12).',
  })),
]
