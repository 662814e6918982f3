import { requireFinite, sumOf } from './sums.ts'
import { StatisticsError } from './errors.ts'

/** A value at a moment; `t` in any unit of time. */
export interface SeriesPoint {
  readonly t: number
  readonly value: number
}

/**
 * - `s`: Σ_{i<j} sign(t_j − t_i)·sign(x_j − x_i)
 * - `variance`: of S under no trend, corrected for ties in both
 * - `tau`: Kendall's τ_b, 0 where one of the two does not vary
 * - `ties`: whether values or moments repeat
 */
export interface Kendall {
  readonly s: number
  readonly variance: number
  readonly tau: number
  readonly ties: boolean
  readonly n: number
}

const tieSizes = (values: readonly number[]): number[] => {
  const sizes = new Map<number, number>()
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1)
  return [...sizes.values()]
}

/**
 * Kendall's S of values against time.
 *
 * Var S = (v₀ − v_t − v_u)/18 + Σt(t − 1)·Σu(u − 1)/(2n(n − 1)) + Σt(t − 1)(t − 2)·Σu(u − 1)(u − 2)/(9n(n − 1)(n − 2)) with
 * v = Σk(k − 1)(2k + 5), t and u the sizes of ties.
 *
 * Source: M. Kendall, Rank Correlation Methods (1975) ch. 4.
 *
 * @param points ≥ 2, in any order
 * @throws StatisticsError for fewer than 2 points or a number that is not finite
 */
export const kendall = (points: readonly SeriesPoint[]): Kendall => {
  const n = points.length
  if (n < 2) throw new StatisticsError('kendall', `${n} points`, 'at least 2 needed')
  for (const { t, value } of points) requireFinite('kendall', [t, value])
  let s = 0
  for (let j = 1; j < n; j++) {
    const later = points[j] as SeriesPoint
    for (let i = 0; i < j; i++) {
      const earlier = points[i] as SeriesPoint
      s += Math.sign(later.t - earlier.t) * Math.sign(later.value - earlier.value)
    }
  }
  const times = tieSizes(points.map(({ t }) => t))
  const values = tieSizes(points.map(({ value }) => value))
  const over = (sizes: readonly number[], term: (k: number) => number) =>
    sumOf(sizes.length, (i) => term(sizes[i] as number))
  const cubic = (k: number) => k * (k - 1) * (2 * k + 5)
  const pairs = (k: number) => k * (k - 1)
  const triples = (k: number) => k * (k - 1) * (k - 2)
  const variance =
    (cubic(n) - over(times, cubic) - over(values, cubic)) / 18 +
    (over(times, pairs) * over(values, pairs)) / (2 * pairs(n)) +
    (n > 2 ? (over(times, triples) * over(values, triples)) / (9 * triples(n)) : 0)
  const scale = Math.sqrt(pairs(n) - over(times, pairs)) * Math.sqrt(pairs(n) - over(values, pairs))
  return {
    s,
    variance: Math.max(0, variance),
    tau: scale > 0 ? Math.max(-1, Math.min(1, (2 * s) / scale)) : 0,
    ties: times.length < n || values.length < n,
    n,
  }
}

/**
 * The exact null distribution of S without ties, by the recursion over the number of discordant pairs
 * P_n(d) = Σ_{j=0}^{n−1} P_{n−1}(d − j)/n.
 *
 * @param n ≥ 1
 * @returns Float64Array of length n(n − 1)/2 + 1: the probability of d discordant pairs, S = n(n − 1)/2 − 2d
 */
export const discordantPairs = (n: number): Float64Array => {
  let row = Float64Array.of(1)
  for (let size = 2; size <= n; size++) {
    const next = new Float64Array((size * (size - 1)) / 2 + 1)
    for (let d = 0; d < next.length; d++) {
      let total = 0
      for (let j = Math.max(0, d - row.length + 1); j <= Math.min(d, size - 1); j++)
        total += row[d - j] as number
      next[d] = total / size
    }
    row = next
  }
  return row
}

/** P(S ≥ s) without ties for n moments. */
export const kendallTail = (s: number, n: number): number => {
  const distribution = discordantPairs(n)
  const most = Math.floor(((n * (n - 1)) / 2 - s) / 2)
  return Math.min(
    1,
    sumOf(Math.max(0, Math.min(distribution.length, most + 1)), (d) => distribution[d] as number),
  )
}

/**
 * P(|S| ≥ |s|) over all orders of the values, which may repeat, at n different moments. Ties are dealt among the lower values one size after
 * the other: the number of inversions that each adds does not depend on the others, so only the sizes of ties matter.
 *
 * @param values n ≤ 18, so that the orders are counted exactly
 */
export const tiedTwoSided = (s: number, values: readonly number[]): number => {
  let orders = new Map([[0, 1]])
  let placed = 0
  for (const size of tieSizes(values)) {
    const ways = interleavings(size, placed)
    const next = new Map<number, number>()
    for (const [sum, count] of orders)
      ways.forEach((times, inversions) => {
        const shifted = sum + size * placed - 2 * inversions
        next.set(shifted, (next.get(shifted) ?? 0) + count * times)
      })
    orders = next
    placed += size
  }
  let [beyond, all] = [0, 0]
  for (const [sum, count] of orders) {
    all += count
    if (Math.abs(sum) >= s) beyond += count
  }
  return beyond / all
}

/** Ways of 0 … a·b inversions when `a` equal values are dealt among `b` lower ones: the coefficients of Π(1 − q^{b+i})/(1 − q^i), i = 1 … a. */
const interleavings = (a: number, b: number): Float64Array => {
  const ways = new Float64Array(a * b + 1)
  ways[0] = 1
  for (let i = 1; i <= a; i++) {
    for (let d = ways.length - 1; d >= b + i; d--) ways[d] = (ways[d] ?? 0) - (ways[d - b - i] ?? 0)
    for (let d = i; d < ways.length; d++) ways[d] = (ways[d] ?? 0) + (ways[d - i] ?? 0)
  }
  return ways
}
