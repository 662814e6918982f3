import { StatisticsError } from '../statistics/errors.ts'
import { random } from '../statistics/random.ts'
import { requireCount } from '../statistics/sums.ts'
import { responseModel, type ResponseModel } from './response_model.ts'
import { atLeast } from './threshold.ts'

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

/** So many simulated classes as alike as this one settle that p is not small (J. Besag, P. Clifford, Biometrika 78 (1991) 301–304). */
const ENOUGH = 20

/**
 * O10, identical response vectors (DOMAIN 3.2): the share of pupils with a full vector equal to another’s, against simulated classes of
 * the same abilities and tasks (`responseModel`): strong pupils agree because they solve the same, not because they copy. Two perfect
 * works are equal for an honest reason, so full-score and zero vectors are left out.
 *
 * @param vectors task scores of the pupils with one form, all of one length
 * @param maxima greatest score of each task
 * @returns null with fewer pupils or tasks than the rule wants
 * @throws StatisticsError for vectors of other lengths or scores outside 0 … maximum
 */
export const identicalVectors = (
  vectors: readonly (readonly number[])[],
  maxima: readonly number[],
  rule: IdenticalRule,
): IdenticalVectors | null => {
  if (vectors.length < rule.minimumPupils || maxima.length < rule.minimumTasks) return null
  for (const vector of vectors) {
    if (
      vector.length !== maxima.length ||
      vector.some((score, task) => !(score >= 0 && score <= (maxima[task] ?? 0)))
    )
      throw new StatisticsError(
        'identicalVectors',
        `the vector ${vector.join(' ')} does not fit the maxima`,
        'pass one score from 0 to the maximum a task',
      )
  }
  requireCount('identicalVectors', rule.simulations, 1, 'simulations')
  const model = responseModel(vectors)
  const shared = sharedAmong(model, maxima)
  const found = shared(model.written)
  const source = random(rule.seed)
  const drawn = model.written.map((row) => new Uint16Array(row.length))
  let [asMany, made] = [0, 0]
  while (made < rule.simulations && asMany < ENOUGH) {
    model.draw(source, drawn)
    made += 1
    if (shared(drawn) >= found) asMany += 1
  }
  const share = found / vectors.length
  const p = asMany === ENOUGH ? ENOUGH / made : (asMany + 1) / (made + 1)
  return { share, p, isFlagged: p < rule.p && atLeast(share, rule.shareFrom) }
}

/** Pupils who share their vector with somebody, as a function of the levels of the class. */
const sharedAmong = (
  { levels }: ResponseModel,
  maxima: readonly number[],
): ((rows: readonly Uint16Array[]) => number) => {
  const none = levels.map((own) => own.indexOf(0))
  const full = levels.map((own, task) => own.indexOf(maxima[task] ?? 0))
  const isTrivial = (row: Uint16Array): boolean =>
    row.every((level, task) => level === none[task]) ||
    row.every((level, task) => level === full[task])
  const hasNumber = levels.reduce((all, { length }) => all * length, 1) < Number.MAX_SAFE_INTEGER
  const keyOf = (row: Uint16Array): number | string =>
    hasNumber
      ? row.reduce((key, level, task) => key * (levels[task]?.length ?? 1) + level, 0)
      : row.join(',')
  return (rows) => {
    const counts = new Map<number | string, number>()
    for (const row of rows) {
      if (isTrivial(row)) continue
      const key = keyOf(row)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    let shared = 0
    for (const count of counts.values()) if (count > 1) shared += count
    return shared
  }
}
