import { betaBinomialTail, binomialTail } from '../statistics/distributions.ts'
import { StatisticsError } from '../statistics/errors.ts'
import { multiplierOf, wilson } from '../statistics/interval.ts'
import { intraclassSpread, type SpreadOptions } from '../statistics/intraclass_spread.ts'
import { signTest } from '../statistics/sign_test.ts'
import { weightedKappa } from '../statistics/kappa.ts'
import { requireCount, requireLevel } from '../statistics/sums.ts'
import { atLeast, atMost, isAbove, isBelow } from './threshold.ts'

/** External marks against journal marks of the same pupils. */
export interface JournalCounts {
  readonly compared: number
  /** External mark below the journal’s. */
  readonly lowered: number
  /** External mark above it. */
  readonly raised: number
  /** Two marks apart or more; null where only totals are known. */
  readonly gap2: number | null
}
export interface JournalRule {
  readonly minimumN: number
  readonly loweredShare: number
  readonly gap2Share: number
  /** Coverage of the interval whose lower limit must lie above the reference; an over-dispersed count must be as rare (0.95). */
  readonly level?: number
}

/** Below it the beta-binomial is the binomial to nine digits. */
const LEAST_SPREAD = 1e-12
const SPREAD_SEED = 101

/**
 * How much the schools of one cell (procedure, subject, grade, year) differ in strictness of their journals without anybody inflating
 * marks: the intraclass correlation ρ of «lowered», 0–0.99, from all schools of the cell, each against its own reference, by their spread
 * below the centre, which inflation does not reach. 0 with fewer than five schools.
 *
 * @throws StatisticsError for counts that are not whole or exceed those compared, or a reference share outside 0–1
 */
export const journalSpread = (
  schools: readonly {
    readonly counts: JournalCounts
    /** Share lowered in the reference, 0–1. */
    readonly referenceShare: number
  }[],
  options: Partial<SpreadOptions> = {},
): number => {
  for (const { counts } of schools) requireCounts(counts)
  return intraclassSpread(
    schools.map(({ counts, referenceShare }) => ({
      successes: counts.lowered,
      n: counts.compared,
      target: referenceShare,
    })),
    { seed: SPREAD_SEED, ...options },
  )
}

/**
 * O1, journal inflation: L = lowered/compared; flagged where L ≥ `loweredShare` and the lower Wilson limit of L lies above L of the
 * reference, and, where schools differ in strictness (`spread` > 0), the chance of as many under that difference is at most (1 − level)/2.
 * `z` is that of the sign test, `p` the chance of as many lowered marks at the reference’s rate: binomial, with a spread
 * beta-binomial of that intraclass correlation. It speaks of the school’s own marks, not of how the work was held (DOMAIN 3.2).
 */
export interface JournalInflation {
  readonly share: number
  readonly z: number
  readonly p: number
  readonly isFlagged: boolean
}
/**
 * O1 of one school, see `JournalInflation`.
 *
 * @throws StatisticsError for counts that are not whole or exceed those compared, a reference share or level outside 0–1, or a spread
 * outside 0 ≤ ρ < 1
 */
export const journalInflation = (
  counts: JournalCounts,
  referenceShare: number,
  rule: JournalRule,
  spread = 0,
): JournalInflation => {
  requireCounts(counts)
  if (!(spread >= 0 && spread < 1))
    throw new StatisticsError('journalInflation', `spread is ${String(spread)}`, 'pass 0 ≤ ρ < 1')
  const level = rule.level ?? 0.95
  requireLevel('journalInflation', level)
  const { compared, lowered, raised } = counts
  const share = lowered / compared
  const p = chanceOfAsMany(lowered, compared, referenceShare, spread)
  return {
    share,
    z: signTest(lowered, raised).z,
    p,
    isFlagged:
      compared >= rule.minimumN &&
      atLeast(share, rule.loweredShare) &&
      isAbove(wilson(lowered, compared, multiplierOf(level)).lo, referenceShare) &&
      (spread === 0 || atMost(p, (1 - level) / 2)),
  }
}

const chanceOfAsMany = (count: number, n: number, rate: number, spread: number): number => {
  if (spread < LEAST_SPREAD || rate === 0 || rate === 1) return binomialTail(count, n, rate)
  const precision = 1 / spread - 1
  return betaBinomialTail(count, n, rate * precision, (1 - rate) * precision)
}

/**
 * O2: share of pupils whose two marks differ by two or more; `p` against the rate of the reference.
 *
 * @throws StatisticsError for counts that are not whole or exceed those compared, or a reference share outside 0–1
 */
export const gapOfTwo = (
  counts: JournalCounts,
  referenceShare: number,
  rule: JournalRule,
): { readonly share: number; readonly p: number; readonly isFlagged: boolean } | undefined => {
  requireCounts(counts)
  if (counts.gap2 === null) return undefined
  const share = counts.gap2 / counts.compared
  return {
    share,
    p: binomialTail(counts.gap2, counts.compared, referenceShare),
    isFlagged: counts.compared >= rule.minimumN && atLeast(share, rule.gap2Share),
  }
}

/**
 * O1′, too good agreement: fewer than `mostDiffering` of pupils differ while more than `referenceFrom` do elsewhere, and the exact
 * binomial chance of so few is below `p`: marks copied from the journal.
 *
 * @throws StatisticsError for counts that are not whole or exceed those compared, or a reference share outside 0–1
 */
export const tooGoodAgreement = (
  counts: JournalCounts,
  referenceShare: number,
  rule: {
    readonly minimumN: number
    readonly mostDiffering: number
    readonly referenceFrom: number
    readonly p: number
  },
): { readonly share: number; readonly p: number; readonly isFlagged: boolean } => {
  requireCounts(counts)
  const differing = counts.lowered + counts.raised
  const share = differing / counts.compared
  const p = binomialTail(counts.compared - differing, counts.compared, 1 - referenceShare)
  return {
    share,
    p,
    isFlagged:
      counts.compared >= rule.minimumN &&
      isBelow(share, rule.mostDiffering) &&
      isAbove(referenceShare, rule.referenceFrom) &&
      p < rule.p,
  }
}

/**
 * - `lowered`, `confirmed`, `raised`, `gap2`: shares of pupils
 * - `meanGap`: mean(external − journal), in marks
 * - `kappa`: quadratic weights; null where one mark only occurs
 */
export interface JournalMatrix {
  readonly n: number
  readonly lowered: number
  readonly confirmed: number
  readonly raised: number
  readonly gap2: number
  readonly meanGap: number
  readonly kappa: number | null
  readonly z: number
}

/**
 * Agreement of two marks from their cross table: rows are the journal’s marks 2…5, columns the external ones.
 *
 * @throws StatisticsError for a table that is not square, a count that is not whole and ≥ 0, or no pupils
 */
export const journalMatrix = (table: readonly (readonly number[])[]): JournalMatrix => {
  let n = 0
  let lowered = 0
  let raised = 0
  let gap2 = 0
  let gap = 0
  table.forEach((row, journal) => {
    if (row.length !== table.length)
      throw new StatisticsError('journalMatrix', 'the table is not square', 'pass 4 × 4 counts')
    row.forEach((count, external) => {
      requireCount('journalMatrix', count)
      n += count
      gap += count * (external - journal)
      if (external < journal) lowered += count
      if (external > journal) raised += count
      if (Math.abs(external - journal) >= 2) gap2 += count
    })
  })
  if (!(n > 0)) throw new StatisticsError('journalMatrix', 'no pupils', 'pass a filled table')
  return {
    n,
    lowered: lowered / n,
    confirmed: (n - lowered - raised) / n,
    raised: raised / n,
    gap2: gap2 / n,
    meanGap: gap / n,
    kappa: kappaOf(table),
    z: signTest(lowered, raised).z,
  }
}
const kappaOf = (table: readonly (readonly number[])[]): number | null => {
  try {
    return weightedKappa(table).kappa
  } catch (error) {
    if (error instanceof StatisticsError) return null
    throw error
  }
}

const requireCounts = ({ compared, lowered, raised, gap2 }: JournalCounts): void => {
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0
  if (
    !isCount(compared) ||
    compared < 1 ||
    !isCount(lowered) ||
    !isCount(raised) ||
    lowered + raised > compared ||
    (gap2 !== null && (!isCount(gap2) || gap2 > lowered + raised))
  )
    throw new StatisticsError(
      'journalMarker',
      `${String(lowered)} lowered, ${String(raised)} raised, ${String(gap2)} apart of ${String(compared)}`,
      'pass whole counts with lowered + raised ≤ compared',
    )
}
