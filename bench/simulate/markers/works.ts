import { random, type Random } from '../../../transforms/methods/statistics/random.ts'
import { seedOf } from '../study.ts'
import { HIGHEST, PLANTED, SCALE, SCHOOLS, markOf, write } from './region.ts'

/** Spreads of the model, in standard deviations of pupils: between schools, within, between cohorts of a school, of one work in a school. */
export const SPREADS = { schools: 0.35, pupils: 0.93, cohorts: 0.15, work: 0.1, growth: 0.3 }

/** What a school does to the scores of a work; most scores make HIGHEST. */
export interface Meddling {
  readonly key: string
  readonly name: string
  readonly apply: (scores: number[], source: Random) => void
}

export const corrected: Meddling = {
  key: 'corrected',
  name: 'учитель исправил работы: 70 % учеников прибавлено по 6 баллов из 24',
  apply: (scores, source) => {
    scores.forEach((score, i) => {
      if (source.uniform() < 0.7) scores[i] = Math.min(HIGHEST, score + 6)
    })
  },
}
export const rescued: Meddling = {
  key: 'rescued',
  name: 'девять «двоек» из десяти дотянуты до «тройки»',
  apply: (scores, source) => {
    scores.forEach((score, i) => {
      if (score < SCALE.from3 && source.uniform() < 0.9) scores[i] = SCALE.from3
    })
  },
}

export const abilities = (n: number, mean: number, source: Random): Float64Array =>
  Float64Array.from({ length: n }, () => source.normal(mean, SPREADS.pupils))

/** Primary scores of pupils in one work of one school; the work suits the school a little more or less than others. */
export const scoresOf = (pupils: ArrayLike<number>, source: Random): number[] => {
  const shift = source.normal(0, SPREADS.work)
  return Array.from(pupils, (ability) =>
    write(ability + shift, source).reduce((sum, score) => sum + score, 0),
  )
}

/** Pupils of marks 2, 3, 4, 5. */
export const markCounts = (scores: readonly number[]): number[] => {
  const counts = [0, 0, 0, 0]
  for (const score of scores) counts[markOf(score) - 2] = (counts[markOf(score) - 2] ?? 0) + 1
  return counts
}

const NATION = 40_000

/** The honest country every work is read against: shares of marks 2–5, mean and standard deviation of the score. */
export const nation = (() => {
  const source = random(seedOf('nation'))
  const spread = Math.hypot(SPREADS.schools, SPREADS.pupils, SPREADS.work)
  const scores = Array.from({ length: NATION }, () =>
    write(source.normal(0, spread), source).reduce((sum, score) => sum + score, 0),
  )
  const mean = scores.reduce((sum, score) => sum + score, 0) / NATION
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
  return {
    n: NATION,
    shares: markCounts(scores).map((count) => count / NATION),
    mean,
    sd: Math.sqrt(squares / NATION),
  }
})()

/** Whether each school of a region does what is planted: the first PLANTED of SCHOOLS. */
export const plantedSchools: readonly boolean[] = Array.from(
  { length: SCHOOLS },
  (_, i) => i < PLANTED,
)
