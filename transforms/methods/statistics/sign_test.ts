import { binomialTail } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import { requireCount } from './sums.ts'

/** - `z`: (a − b)/√(a + b); `p`: exact two-sided binomial p-value against equal chances; 0 and 1 where no pair differs. */
export interface SignTest {
  readonly z: number
  readonly p: number
}

/**
 * Sign test of paired differences: `positive` pairs one way, `negative` the other; ties are left out.
 *
 * @throws StatisticsError for a count that is negative or not whole
 */
export const signTest = (positive: number, negative: number): SignTest => {
  requireCount('signTest', positive)
  requireCount('signTest', negative)
  const n = positive + negative
  if (!Number.isSafeInteger(n))
    throw new StatisticsError('signTest', 'the counts are too large', 'pass fewer pairs')
  if (n === 0) return { z: 0, p: 1 }
  return {
    z: (positive - negative) / Math.sqrt(n),
    p: Math.min(1, 2 * binomialTail(Math.max(positive, negative), n, 0.5)),
  }
}
