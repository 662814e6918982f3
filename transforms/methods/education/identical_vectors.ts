import { random } from '../statistics/random.ts'

export interface IdenticalRule {
  readonly minimumPupils: number
  readonly minimumTasks: number
  readonly shareFrom: number
  readonly p: number
  readonly simulations: number
  readonly seed: number
}
export interface IdenticalVectors {
  /** Share of pupils who share their full vector of task scores with somebody of the same form, 0–1. */
  readonly share: number
  readonly p: number
  readonly isFlagged: boolean
}

/**
 * O10, identical response vectors (DOMAIN 3.2): the share of pupils with a full vector equal to another’s, against simulated classes
 * whose tasks are independent with the class’s own distributions of scores and abilities left apart. Two perfect works are equal for an
 * honest reason, so full-score and zero vectors are left out.
 *
 * @param vectors task scores of the pupils with one form, all of one length
 * @param maxima greatest score of each task
 * @returns null with fewer pupils or tasks than the rule wants
 */
export const identicalVectors = (
  vectors: readonly (readonly number[])[],
  maxima: readonly number[],
  rule: IdenticalRule,
): IdenticalVectors | null => {
  if (vectors.length < rule.minimumPupils || maxima.length < rule.minimumTasks) return null
  const shared = sharedPupils(vectors, maxima)
  const source = random(rule.seed)
  let asMany = 0
  for (let i = 0; i < rule.simulations; i++) {
    const columns = maxima.map((_, task) =>
      source.shuffle(vectors.map((vector) => vector[task] ?? 0)),
    )
    const simulated = vectors.map((_, pupil) => columns.map((column) => column[pupil] ?? 0))
    if (sharedPupils(simulated, maxima) >= shared) asMany += 1
  }
  const share = shared / vectors.length
  const p = (asMany + 1) / (rule.simulations + 1)
  return { share, p, isFlagged: p < rule.p && share >= rule.shareFrom }
}

const sharedPupils = (
  vectors: readonly (readonly number[])[],
  maxima: readonly number[],
): number => {
  const counts = new Map<string, number>()
  for (const vector of vectors) {
    if (vector.every((score) => score === 0) || vector.every((score, i) => score === maxima[i]))
      continue
    const key = vector.join(',')
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  let shared = 0
  for (const count of counts.values()) if (count > 1) shared += count
  return shared
}
