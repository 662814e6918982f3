import { random } from '../statistics/random.ts'
import { mean, requireFinite } from '../statistics/sums.ts'
import { leastSquaresLine } from './line.ts'
import { atLeast, atMost } from './threshold.ts'

/** Completion of a task by the school and by the reference, 0–1. */
export interface TaskCompletion {
  readonly school: number
  readonly reference: number
}
export interface EasyHardRule {
  readonly minimumPupils: number
  /** Fewest easy and fewest hard tasks. */
  readonly minimumTasks: number
  /** Reference completion from which a task is easy, and up to which it is hard. */
  readonly easyFrom: number
  readonly hardTo: number
  /** Smallest H − E. */
  readonly gapFrom: number
  readonly p: number
  readonly permutations: number
  readonly seed: number
}
export interface EasyHard {
  /** E and H: mean of school − reference over easy and over hard tasks. */
  readonly easy: number
  readonly hard: number
  readonly gap: number
  /** Of school − reference on the reference’s completion. */
  readonly slope: number
  readonly p: number
  readonly isFlagged: boolean
}

/**
 * O8, easy–hard inversion (DOMAIN 3.2): easy tasks done worse and hard ones better than in the reference. Flagged where E < 0, H > 0,
 * H − E ≥ `gapFrom` and the permutation p (the differences dealt at random over the tasks, seeded) is below `p`.
 *
 * @returns null with too few pupils, or too few easy or hard tasks
 * @throws StatisticsError for a completion that is not finite
 */
export const easyHardInversion = (
  tasks: readonly TaskCompletion[],
  pupils: number,
  rule: EasyHardRule,
): EasyHard | null => {
  requireFinite(
    'easyHardInversion',
    tasks.flatMap(({ school, reference }) => [school, reference]),
  )
  const easyAt = indices(tasks, ({ reference }) => atLeast(reference, rule.easyFrom))
  const hardAt = indices(tasks, ({ reference }) => atMost(reference, rule.hardTo))
  if (
    pupils < rule.minimumPupils ||
    easyAt.length < rule.minimumTasks ||
    hardAt.length < rule.minimumTasks
  )
    return null
  const differences = tasks.map(({ school, reference }) => school - reference)
  const at = (values: readonly number[], places: readonly number[]): number =>
    mean(places.map((i) => values[i] ?? 0))
  const easy = at(differences, easyAt)
  const hard = at(differences, hardAt)
  const gap = hard - easy
  const source = random(rule.seed)
  let asLarge = 0
  for (let i = 0; i < rule.permutations; i++) {
    const dealt = source.shuffle(differences)
    if (plainMean(dealt, hardAt) - plainMean(dealt, easyAt) >= gap - 1e-12) asLarge += 1
  }
  const p = (asLarge + 1) / (rule.permutations + 1)
  return {
    easy,
    hard,
    gap,
    slope: leastSquaresLine(
      tasks.map(({ school, reference }) => ({ x: reference, y: school - reference, weight: 1 })),
    ).slope,
    p,
    isFlagged: easy < 0 && hard > 0 && atLeast(gap, rule.gapFrom) && p < rule.p,
  }
}

/** Without the care of `mean`: what it loses is far below what the comparison overlooks. */
const plainMean = (values: readonly number[], places: readonly number[]): number => {
  let total = 0
  for (const place of places) total += values[place] ?? 0
  return total / places.length
}

const indices = <T>(items: readonly T[], holds: (item: T) => boolean): readonly number[] =>
  items.flatMap((item, i) => (holds(item) ? [i] : []))
