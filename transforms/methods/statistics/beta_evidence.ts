import { logGamma } from './distributions.ts'

/** A group's count. */
export interface Count {
  readonly successes: number
  readonly n: number
}

/** `groups` of the counts are at or above `from` + `rise`; none is between `from` and that. */
interface Step {
  readonly from: number
  readonly rise: number
  readonly groups: number
}

/** Longer rises are left to the gamma function. */
const LONGEST = 64
/** So many factors of any size in use make no product beyond the doubles. */
const FACTORS = 16

const stepsOf = (counts: readonly number[]): readonly Step[] => {
  const sorted = [...counts].sort((a, b) => a - b)
  const steps: Step[] = []
  let from = 0
  sorted.forEach((count, i) => {
    if (count > from) {
      steps.push({ from, rise: count - from, groups: sorted.length - i })
      from = count
    }
  })
  return steps
}

/** ln Γ(a + rise) − ln Γ(a): of a short whole rise by its factors, which for a great `a` loses no digits. */
const logRise = (a: number, rise: number): number => {
  if (rise > LONGEST || !Number.isInteger(rise)) return logGamma(a + rise) - logGamma(a)
  let log = 0
  for (let done = 0; done < rise; done += FACTORS) {
    const end = Math.min(rise, done + FACTORS)
    let product = 1
    for (let i = done; i < end; i++) product *= a + i
    log += Math.log(product)
  }
  return log
}

/** Σ of `logRise` from a to a + count over the counts: what several have in common is taken once. */
const logRises = (a: number, steps: readonly Step[]): number => {
  let total = 0
  for (const { from, rise, groups } of steps) total += groups * logRise(a + from, rise)
  return total
}

/**
 * The logarithm of the likelihood of K counts whose true shares come from Beta(α, β), up to a constant:
 * Σ ln B(α + x, β + n − x) − ln B(α, β). What does not depend on how a precision α + β is divided is computed once for it.
 *
 * @param counts groups with 0 ≤ successes ≤ n
 */
export const betaEvidence = (
  counts: readonly Count[],
): ((precision: number) => (alpha: number, beta: number) => number) => {
  const successes = stepsOf(counts.map((count) => count.successes))
  const failures = stepsOf(counts.map((count) => count.n - count.successes))
  const sizes = stepsOf(counts.map((count) => count.n))
  return (precision) => {
    const whole = logRises(precision, sizes)
    return (alpha, beta) => logRises(alpha, successes) + logRises(beta, failures) - whole
  }
}
