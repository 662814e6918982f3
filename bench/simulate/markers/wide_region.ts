import { identicalVectors } from '../../../transforms/methods/education/identical_vectors.ts'
import type { Random } from '../../../transforms/methods/statistics/random.ts'
import type { Drawn } from './marker_study.ts'
import { identicalRule } from './rules.ts'
import { plantedSchools } from './works.ts'

const TASKS = 12
const maxima = Array.from({ length: TASKS }, () => 1)
const difficulties = maxima.map((_, task) => -2 + (4 * task) / (TASKS - 1))

const work = (source: Random): number[] => {
  const ability = source.normal(0.5, 1.5)
  return difficulties.map((difficulty) =>
    source.uniform() < 1 / (1 + Math.exp(difficulty - ability)) ? 1 : 0,
  )
}

/** Short works of pupils of very different ability; in planted schools 40 % of pupils repeat one of the third to fifth best works. */
export const wideRegion = (n: number, source: Random): Drawn => ({
  planted: plantedSchools,
  findings: plantedSchools.map((isPlanted, i) => {
    const own = Array.from({ length: n }, () => work(source))
    const rawOf = (vector: readonly number[]): number =>
      vector.reduce((all, score) => all + score, 0)
    const best = [...own].sort((a, b) => rawOf(b) - rawOf(a)).filter((v) => rawOf(v) < TASKS)
    const models = best.slice(2, 5)
    const vectors = own.map((vector) =>
      isPlanted && source.uniform() < 0.4 ? (models[source.integer(3)] ?? vector) : vector,
    )
    return identicalVectors(vectors, maxima, { ...identicalRule, seed: 20_000 + i }) ?? undefined
  }),
})
