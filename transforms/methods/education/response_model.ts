import type { Random } from '../statistics/random.ts'
import { squaresAboutMean, sum, sumOf } from '../statistics/sums.ts'

/**
 * Task scores as a Rasch-type model sees them: `levels` are the different scores of each task in ascending order, and a pupil of ability θ
 * reaches level k ≥ 1 with the chance 1/(1 + exp(b − θ)), b that of the level.
 */
export interface ResponseModel {
  readonly levels: readonly Float64Array[]
  /** Level of each task, pupil by pupil, as written. */
  readonly written: readonly Uint16Array[]
  /** A class of the same abilities whose tasks are independent given ability; the rows of `into` are overwritten. */
  readonly draw: (source: Random, into: readonly Uint16Array[]) => void
}

const ROUNDS = 40
/** A total of 0 or of everything has no finite ability: this much of a step is taken or given. */
const EDGE = 0.3
const MOST_STEP = 1
const REFITS = 4
const HALVINGS = 12

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

/**
 * The model by joint maximum likelihood: abilities that give back the totals, difficulties that give back how many reach each level. The
 * abilities, which that spreads too widely, are then drawn in to where drawn totals have the variance of the written ones.
 *
 * Source: G. Rasch (1960); G. Masters, Psychometrika 47 (1982); joint estimation: B. Wright, N. Panchapakesan, Educ. Psychol. Meas. 29 (1969).
 *
 * @param vectors n pupils × tasks, finite scores
 */
export const responseModel = (vectors: readonly (readonly number[])[]): ResponseModel => {
  const tasks = vectors[0]?.length ?? 0
  const levels = Array.from({ length: tasks }, (_, task) =>
    Float64Array.from(new Set(vectors.map((vector) => vector[task] ?? 0))).sort(),
  )
  const written = vectors.map((vector) =>
    Uint16Array.from(vector, (score, task) => (levels[task] as Float64Array).indexOf(score)),
  )
  const steps = levels.flatMap((own, task) =>
    Array.from({ length: own.length - 1 }, (_, k) => ({ task, level: k + 1 })),
  )
  const totals = written.map((row) => row.reduce((all, level) => all + level, 0))
  const kinds = [...new Set(totals)].sort((a, b) => a - b)
  const sizes = kinds.map((total) => totals.filter((other) => other === total).length)
  const reached = steps.map(
    ({ task, level }) => written.filter((row) => (row[task] ?? 0) >= level).length,
  )
  const wanted = kinds.map((total) => Math.min(steps.length - EDGE, Math.max(EDGE, total)))
  const abilities = wanted.map((total) => Math.log(total / (steps.length - total)))
  const difficulties = reached.map((count) => Math.log((vectors.length - count) / count))
  const fitDifficulties = (own: readonly number[]): void => {
    steps.forEach((_, s) => {
      const chances = own.map((ability) => logistic(ability - (difficulties[s] ?? 0)))
      const gap = sumOf(own.length, (i) => (sizes[i] ?? 0) * (chances[i] ?? 0)) - (reached[s] ?? 0)
      difficulties[s] = (difficulties[s] ?? 0) + stepOf(gap, slopeOf(chances, sizes))
    })
  }
  const chancesOf = (ability: number): Float64Array =>
    Float64Array.from(difficulties, (difficulty) => logistic(ability - difficulty))
  for (let round = 0; round < ROUNDS; round++) {
    fitDifficulties(abilities)
    wanted.forEach((total, i) => {
      const chances = chancesOf(abilities[i] ?? 0)
      abilities[i] = (abilities[i] ?? 0) + stepOf(total - sum(chances), slopeOf(chances))
    })
  }
  const n = vectors.length
  const centre = sumOf(kinds.length, (i) => (sizes[i] ?? 0) * (abilities[i] ?? 0)) / n
  const drawnIn = (share: number): readonly number[] =>
    abilities.map((ability) => centre + share * (ability - centre))
  const squares = squaresAboutMean(totals)
  const expectedSquares = (share: number): number => {
    const own = drawnIn(share)
    for (let round = 0; round < REFITS; round++) fitDifficulties(own)
    const rows = own.map(chancesOf)
    const means = rows.map((row) => sum(row))
    const mean = sumOf(kinds.length, (i) => (sizes[i] ?? 0) * (means[i] ?? 0)) / n
    return sumOf(kinds.length, (i) => {
      const within = totalVariance(rows[i] as Float64Array, steps)
      return (sizes[i] ?? 0) * (((means[i] ?? 0) - mean) ** 2 + within)
    })
  }
  let [low, high] = [0, 1]
  for (let round = 0; round < HALVINGS && steps.length > 0; round++) {
    const middle = (low + high) / 2
    if (expectedSquares(middle) > squares) high = middle
    else low = middle
  }
  const chances = drawnIn((low + high) / 2).map(chancesOf)
  const ofPupil = totals.map((total) => chances[kinds.indexOf(total)] as Float64Array)
  const starts = levels.map((_, task) => steps.findIndex((step) => step.task === task))
  return {
    levels,
    written,
    draw: (source, into) => {
      into.forEach((row, pupil) => {
        const own = ofPupil[pupil] as Float64Array
        levels.forEach(({ length }, task) => {
          const start = starts[task] ?? 0
          const chance = source.uniform()
          let level = 0
          while (level < length - 1 && chance < (own[start + level] as number)) level++
          row[task] = level
        })
      })
    },
  }
}

/** Variance of the levels reached in all tasks: the steps of one task are nested, tasks are independent. */
const totalVariance = (
  chances: Float64Array,
  steps: readonly { readonly task: number; readonly level: number }[],
): number =>
  sumOf(steps.length, (s) => {
    const step = steps[s]
    const chance = chances[s] ?? 0
    let below = 0
    for (let other = s - ((step?.level ?? 1) - 1); other < s; other++) below += chances[other] ?? 0
    let own = 0
    for (let other = s - ((step?.level ?? 1) - 1); other <= s; other++) own += chances[other] ?? 0
    // E X² of a nested count is Σ(2k − 1)·P_k; its square of the mean is told apart by the sums up to each step.
    return (2 * (step?.level ?? 1) - 1) * chance - (own ** 2 - below ** 2)
  })

const slopeOf = (chances: ArrayLike<number>, sizes?: readonly number[]): number =>
  sumOf(chances.length, (i) => (sizes?.[i] ?? 1) * (chances[i] ?? 0) * (1 - (chances[i] ?? 0)))
const stepOf = (gap: number, slope: number): number =>
  slope > 0 ? Math.max(-MOST_STEP, Math.min(MOST_STEP, gap / slope)) : 0
