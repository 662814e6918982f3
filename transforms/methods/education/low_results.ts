import { betaTail } from '../statistics/distributions.ts'
import { StatisticsError } from '../statistics/errors.ts'
import { sum } from '../statistics/sums.ts'
import { atLeast } from './threshold.ts'

/** Participants of one procedure in one year and those with a low result (mark 2, below the minimum). */
export interface LowCount {
  readonly procedure: string
  readonly year: number
  readonly low: number
  readonly n: number
}
export interface LowResultsRule {
  /** A procedure is low from this share (0.30). */
  readonly shareFrom: number
  /** Near: from this share (0.25). */
  readonly nearFrom: number
  /** Fewest participants. */
  readonly minimumN: number
  /** Low procedures in each of the years (2). */
  readonly procedures: number
  /** Posterior probability of a procedure: listed and confident (0.5, 0.9). */
  readonly listedFrom: number
  readonly confidentFrom: number
}
/** Prior Beta(α, β) of the share of low results in a procedure. */
export interface LowPrior {
  readonly alpha: number
  readonly beta: number
}
export interface LowProcedure extends LowCount {
  readonly share: number
  readonly isLow: boolean
  /** P(share ≥ `shareFrom`) by Beta(α + x, β + n − x). */
  readonly probability: number
  readonly certainty: 'confident' | 'listed' | 'not listed'
}
export interface LowResults {
  /** By the federal rule; null where a year has fewer procedures than the rule needs. */
  readonly isLow: boolean
  readonly isNear: boolean
  /** Posterior probability that both years have enough procedures whose true share is low. */
  readonly probability: number
  /** The two years used, later first; `hasGap`: not the two before `year`. */
  readonly years: readonly [number, number] | null
  readonly hasGap: boolean
  /** Share of the procedures available in the two years that are low, 0–1: the second view for schools without ЕГЭ. */
  readonly availableShare: number | null
  readonly procedures: readonly LowProcedure[]
}

/**
 * ШНОР by the rule of ФИОКО (DOMAIN 3.7): low results in at least two procedures in each of the two preceding years; near: not so, but one
 * year alone satisfies it, or a share lies just below the limit in enough procedures of both. A year without data (2020) is passed over
 * and marked.
 *
 * The probability takes procedures for independent given their counts: P(N₁ ≥ 2)·P(N₂ ≥ 2), N the number of truly low ones.
 *
 * @param year the year for which the list is made; the two latest years before it with data are used
 * @throws StatisticsError for counts that are not whole with low ≤ n
 */
export const lowResults = (
  counts: readonly LowCount[],
  year: number,
  prior: (procedure: string) => LowPrior,
  rule: LowResultsRule,
): LowResults => {
  const judged = counts
    .filter((count) => count.year < year && !(count.n === 0 && count.low === 0))
    .map((count) => judge(count, prior(count.procedure), rule))
  const known = [...new Set(judged.map((count) => count.year))].sort((a, b) => b - a)
  const [last, previous] = known
  if (last === undefined || previous === undefined)
    return {
      isLow: false,
      isNear: false,
      probability: 0,
      years: null,
      hasGap: known.length > 0,
      availableShare: null,
      procedures: judged,
    }
  const used = judged.filter((count) => count.year === last || count.year === previous)
  const of = (wanted: number): readonly LowProcedure[] =>
    used.filter((count) => count.year === wanted)
  const satisfied = (wanted: number): boolean =>
    of(wanted).filter(({ isLow }) => isLow).length >= rule.procedures
  const almost = (wanted: number): boolean =>
    of(wanted).filter(({ n, share }) => n >= rule.minimumN && atLeast(share, rule.nearFrom))
      .length >= rule.procedures
  const isLow = satisfied(last) && satisfied(previous)
  return {
    isLow,
    isNear:
      !isLow && (satisfied(last) || satisfied(previous) || (almost(last) && almost(previous))),
    probability:
      chanceOfAtLeast(of(last), rule.procedures) * chanceOfAtLeast(of(previous), rule.procedures),
    years: [last, previous],
    hasGap: last !== year - 1 || previous !== year - 2,
    availableShare: used.filter(({ isLow: low }) => low).length / used.length,
    procedures: used,
  }
}

const judge = (count: LowCount, prior: LowPrior, rule: LowResultsRule): LowProcedure => {
  const { low, n } = count
  if (!Number.isInteger(low) || !Number.isInteger(n) || low < 0 || low > n)
    throw new StatisticsError(
      'lowResults',
      `${String(low)} low results of ${String(n)}`,
      'pass whole counts with low ≤ n',
    )
  const share = low / n
  const probability = betaTail(rule.shareFrom, prior.alpha + low, prior.beta + n - low)
  return {
    ...count,
    share,
    isLow: n >= rule.minimumN && atLeast(share, rule.shareFrom),
    probability,
    certainty: atLeast(probability, rule.confidentFrom)
      ? 'confident'
      : atLeast(probability, rule.listedFrom)
        ? 'listed'
        : 'not listed',
  }
}

/** P(at least `least` of independent events). */
const chanceOfAtLeast = (procedures: readonly LowProcedure[], least: number): number => {
  let chances = [1]
  for (const { probability } of procedures) {
    const next = Array.from({ length: chances.length + 1 }, () => 0)
    chances.forEach((chance, count) => {
      next[count] = (next[count] ?? 0) + chance * (1 - probability)
      next[count + 1] = (next[count + 1] ?? 0) + chance * probability
    })
    chances = next
  }
  return Math.min(1, sum(chances.slice(least)))
}
