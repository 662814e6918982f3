import { mean, requireFinite } from '../statistics/sums.ts'
import { atLeast, isBelow } from './threshold.ts'
/** Б, П, В of the test description; unknown: no status. */
export type Difficulty = 'basic' | 'advanced' | 'high'
export type LevelStatus = 'sufficient' | 'uncertain' | 'insufficient'
/** Completion, 0–1: sufficient from, insufficient below (ФИОКО 2026: 0.60 and 0.57; 0.30 and 0.285). */
export interface LevelBand {
  readonly sufficientFrom: number
  readonly insufficientBelow: number
}
export type LevelRule = Readonly<Record<Difficulty, LevelBand>>

/**
 * Level rule of ФИОКО 2026 (DOMAIN 3.1) for the completion of tasks of one difficulty by a pupil, class or school.
 *
 * @param completion 0–1
 * @returns null where the difficulty is not known
 * @throws StatisticsError for a completion that is not finite where the difficulty is known
 */
export const levelStatus = (
  completion: number,
  difficulty: Difficulty | null,
  rule: LevelRule,
): LevelStatus | null => {
  if (difficulty === null) return null
  const band = rule[difficulty]
  requireFinite('levelStatus', [completion])
  return atLeast(completion, band.sufficientFrom)
    ? 'sufficient'
    : isBelow(completion, band.insufficientBelow)
      ? 'insufficient'
      : 'uncertain'
}

/** Completion of a task that checks a skill or a planned result. */
export interface SkillTask {
  readonly completion: number
  readonly difficulty: Difficulty | null
}

/**
 * A systemic deficit of a skill: at least `leastTasks` tasks and more than half of them insufficient (DOMAIN 3.1).
 *
 * @throws StatisticsError for a completion that is not finite where the difficulty is known
 */
export const isSystemicDeficit = (
  tasks: readonly SkillTask[],
  rule: LevelRule,
  leastTasks: number,
): boolean => {
  const insufficient = tasks.filter(
    ({ completion, difficulty }) => levelStatus(completion, difficulty, rule) === 'insufficient',
  ).length
  return tasks.length >= leastTasks && insufficient > tasks.length / 2
}

/**
 * Planned result (DOMAIN 3.1): mean completion of its tasks, judged by the difficulty that most of them have; a tie takes the easier one,
 * whose demand is higher.
 *
 * @returns null without tasks
 * @throws StatisticsError for a completion that is not finite
 */
export const plannedResult = (
  tasks: readonly SkillTask[],
  rule: LevelRule,
): { readonly completion: number; readonly status: LevelStatus | null } | null => {
  if (tasks.length === 0) return null
  const completion = mean(tasks.map((task) => task.completion))
  let dominating: Difficulty | null = null
  let most = 0
  for (const difficulty of ['basic', 'advanced', 'high'] as const) {
    const count = tasks.filter((task) => task.difficulty === difficulty).length
    if (count > most) {
      dominating = difficulty
      most = count
    }
  }
  return { completion, status: levelStatus(completion, dominating, rule) }
}
