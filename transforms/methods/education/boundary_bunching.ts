import { betaBinomialMasses, binomialPmf, binomialTail } from '../statistics/distributions.ts'
import { StatisticsError } from '../statistics/errors.ts'
import { fitLogPolynomial, type LogPolynomial } from './log_polynomial.ts'
import { sum } from '../statistics/sums.ts'
import { atLeast } from './threshold.ts'

/** Lowest primary scores of the marks. */
export interface MarkScale {
  readonly from3: number
  readonly from4: number
  readonly from5: number
}
export type BoundaryMark = 3 | 4 | 5
/** What a smooth distribution of scores puts on the upper half of the window {b−2, b−1, b, b+1} of each boundary b. */
export interface BoundaryExpectation {
  readonly mark: BoundaryMark
  readonly boundary: number
  /** q, 0–1. */
  readonly share: number
  /** Variance of q: the reference is an estimate too. 0: known exactly. */
  readonly variance: number
}
/** One boundary of one histogram. */
export interface BoundaryCount extends BoundaryExpectation {
  /** a = n_b + n_{b+1}. */
  readonly above: number
  /** N = all four scores of the window. */
  readonly window: number
}

const marks = [3, 4, 5] as const
const boundaryOf = (scale: MarkScale, mark: BoundaryMark): number =>
  mark === 3 ? scale.from3 : mark === 4 ? scale.from4 : scale.from5
const windowOf = (boundary: number): readonly number[] => [
  boundary - 2,
  boundary - 1,
  boundary,
  boundary + 1,
]

/** A reference distribution smoothed without its windows; a boundary without a curve has its bare counts only. */
export interface SmoothReference {
  readonly scale: MarkScale
  readonly counts: ArrayLike<number>
  readonly curves: ReadonlyMap<BoundaryMark, LogPolynomial | undefined>
}

/** Scores of a window. */
const windowWidth = 4

/**
 * Smooths a reference histogram by a log-polynomial that does not see the windows of the boundaries (DOMAIN 3.2, O7). Where windows touch,
 * so that a curve would have to guess more than one window, each boundary has a curve of its own that does not see its own window only.
 *
 * @param reference counts by primary score 0 … X of the federal distribution, else of other schools
 */
export const smoothReference = (
  reference: ArrayLike<number>,
  scale: MarkScale,
  degree: number,
): SmoothReference => {
  const size = reference.length
  const inside = marks.filter((mark) => {
    const boundary = boundaryOf(scale, mark)
    return boundary - 2 >= 0 && boundary + 1 < size
  })
  const without = (hiddenMarks: readonly BoundaryMark[]): boolean[] => {
    const hidden = new Set(hiddenMarks.flatMap((mark) => windowOf(boundaryOf(scale, mark))))
    return Array.from({ length: size }, (_, score) => !hidden.has(score))
  }
  const all = without(inside)
  const common =
    longestHidden(all) > windowWidth ? undefined : fitLogPolynomial(reference, all, degree)
  return {
    scale,
    counts: reference,
    curves: new Map(
      inside.map((mark) => [mark, common ?? fitLogPolynomial(reference, without([mark]), degree)]),
    ),
  }
}
const longestHidden = (used: readonly boolean[]): number => {
  let longest = 0
  let run = 0
  for (const isUsed of used) {
    run = isUsed ? 0 : run + 1
    longest = Math.max(longest, run)
  }
  return longest
}

/**
 * What a school is expected to have at each boundary: the smooth reference tilted to the school’s own mean and variance (else every strong
 * school would be flagged at «5» and every weak one at «3»: their scores rise or fall through the window); without a smooth reference the
 * line from b−3 to b+2.
 *
 * @param histogram the school’s counts by primary score; absent: the reference as it is
 * @returns boundaries whose window lies within 0 … X; empty where the reference says nothing
 */
export const boundaryExpectations = (
  reference: SmoothReference,
  histogram?: ArrayLike<number>,
): readonly BoundaryExpectation[] => {
  const everything = Array.from({ length: reference.counts.length }, () => true)
  const tilts = new Map<LogPolynomial, LogPolynomial | undefined>()
  const tiltOf = (curve: LogPolynomial): LogPolynomial | undefined => {
    if (histogram === undefined) return undefined
    if (!tilts.has(curve))
      tilts.set(
        curve,
        fitLogPolynomial(histogram, everything, tiltDegree, curve.mean.map(Math.log)),
      )
    return tilts.get(curve)
  }
  return [...reference.curves].flatMap(([mark, curve]): readonly BoundaryExpectation[] => {
    const boundary = boundaryOf(reference.scale, mark)
    if (curve === undefined) {
      const line = interpolated(reference.counts, boundary)
      return line === undefined ? [] : [{ mark, boundary, ...line }]
    }
    const tilted = tiltOf(curve)
    const share = shareAt((tilted ?? curve).mean, boundary)
    const variance =
      (logitVariance(curve, boundary) +
        (tilted === undefined ? 0 : logitVariance(tilted, boundary))) *
      (share * (1 - share)) ** 2
    return [{ mark, boundary, share, variance }]
  })
}

/** Mean and variance. */
const tiltDegree = 2

const shareAt = (mean: ArrayLike<number>, boundary: number): number => {
  const [a = 0, b = 0, c = 0, d = 0] = windowOf(boundary).map((score) => mean[score] ?? 0)
  return (c + d) / (a + b + c + d)
}

/** Variance of logit q by the covariance of the curve. */
const logitVariance = ({ mean, basis, covariance }: LogPolynomial, boundary: number): number => {
  const terms = basis[0]?.length ?? 0
  const averaged = (scores: readonly number[], term: number): number => {
    let total = 0
    let weighted = 0
    for (const score of scores) {
      total += mean[score] ?? 0
      weighted += (mean[score] ?? 0) * (basis[score]?.[term] ?? 0)
    }
    return weighted / total
  }
  const gradient = Float64Array.from(
    { length: terms },
    (_, term) =>
      averaged([boundary, boundary + 1], term) - averaged([boundary - 2, boundary - 1], term),
  )
  let variance = 0
  for (let i = 0; i < terms; i++)
    for (let j = 0; j < terms; j++)
      variance += (gradient[i] ?? 0) * (covariance[i * terms + j] ?? 0) * (gradient[j] ?? 0)
  return variance
}

const interpolated = (
  reference: ArrayLike<number>,
  boundary: number,
): { readonly share: number; readonly variance: number } | undefined => {
  const low = reference[boundary - 3]
  const high = reference[boundary + 2]
  if (low === undefined || high === undefined || !(low + high > 0)) return undefined
  const at = (step: number): number => low + ((high - low) * step) / 5
  const share = (at(3) + at(4)) / (at(1) + at(2) + at(3) + at(4))
  // The line’s ends are counts: q depends on the share of the upper one, w, by dq/dw = 1/5.
  const weight = high / (low + high)
  return { share, variance: (weight * (1 - weight)) / (low + high) / 25 }
}

/** Counts of a histogram at the boundaries; windows with fewer than `minimumWindow` works are left out. */
export const boundaryCounts = (
  histogram: ArrayLike<number>,
  expectations: readonly BoundaryExpectation[],
  minimumWindow: number,
): readonly BoundaryCount[] =>
  expectations.flatMap((expectation) => {
    const [a = 0, b = 0, c = 0, d = 0] = windowOf(expectation.boundary).map(
      (score) => histogram[score] ?? 0,
    )
    const window = a + b + c + d
    return window < minimumWindow ? [] : [{ ...expectation, above: c + d, window }]
  })

/**
 * One-sided p-value of works piled at or just above a boundary: P(X ≥ Σa), X the sum of Binomial(N, q) over histograms, beta-binomial
 * where q itself is an estimate. One histogram and a known q make it the exact binomial test of O7.
 *
 * @param counts of one boundary mark in one or more histograms (grades)
 * @throws StatisticsError for no counts, more above the boundary than in the window, a window that is not a whole number or a share outside
 * 0–1
 */
export const bunchingP = (
  counts: readonly Pick<BoundaryCount, 'above' | 'window' | 'share' | 'variance'>[],
): number => {
  if (counts.length === 0)
    throw new StatisticsError('bunchingP', 'no histogram', 'pass at least one boundary count')
  for (const { above, window } of counts)
    if (!(above >= 0 && above <= window))
      throw new StatisticsError(
        'bunchingP',
        `${String(above)} above the boundary of ${String(window)} works`,
        'pass 0 ≤ above ≤ window',
      )
  const above = sum(counts.map((count) => count.above))
  const [only] = counts
  if (counts.length === 1 && only !== undefined && !(only.variance > 0))
    return binomialTail(above, only.window, only.share)
  const masses = counts.map(massesOf).reduce(convolved)
  let tail = 0
  for (let x = masses.length - 1; x >= above; x--) tail += masses[x] ?? 0
  return Math.min(1, tail)
}

const massesOf = ({
  window,
  share,
  variance,
}: Pick<BoundaryCount, 'window' | 'share' | 'variance'>): Float64Array => {
  const precision = variance > 0 ? (share * (1 - share)) / variance - 1 : Infinity
  return precision > 0 && precision < 1e9
    ? betaBinomialMasses(window, share * precision, (1 - share) * precision)
    : Float64Array.from({ length: window + 1 }, (_, x) => binomialPmf(x, window, share))
}
const convolved = (a: Float64Array, b: Float64Array): Float64Array => {
  const result = new Float64Array(a.length + b.length - 1)
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < b.length; j++)
      result[i + j] = (result[i + j] ?? 0) + (a[i] ?? 0) * (b[j] ?? 0)
  return result
}

/** Numbers come from parameters.objectivity_rule. */
export interface BunchingRule {
  /** p smaller than this at one boundary, or … */
  readonly pOne: number
  /** … smaller than this at two. */
  readonly pTwo: number
}
export interface Bunching {
  /** By boundary, smallest p first. */
  readonly boundaries: readonly (BoundaryCount & { readonly p: number })[]
  /** Smallest p over the boundaries times their number, at most 1. */
  readonly p: number
  /** max(−log₁₀ p) over the boundaries (IND-OBJ-13). */
  readonly strength: number
  readonly isFlagged: boolean
}

/** Bunching at the boundaries of one or several histograms (grades) of one school and subject; undefined where no window is filled. */
export const bunching = (
  counts: readonly BoundaryCount[],
  rule: BunchingRule,
): Bunching | undefined => {
  const boundaries = marks
    .flatMap((mark) => {
      const own = counts.filter((count) => count.mark === mark)
      const [head] = own
      if (head === undefined) return []
      const window = sum(own.map((count) => count.window))
      if (window === 0) return []
      return [
        {
          ...head,
          above: sum(own.map((count) => count.above)),
          window,
          share: sum(own.map((count) => count.share * count.window)) / window,
          p: bunchingP(own),
        },
      ]
    })
    .sort((a, b) => a.p - b.p || a.mark - b.mark)
  const [first, second] = boundaries
  if (first === undefined) return undefined
  return {
    boundaries,
    p: Math.min(1, first.p * boundaries.length),
    strength: Math.max(0, -Math.log10(Math.max(first.p, Number.MIN_VALUE))),
    isFlagged: first.p < rule.pOne || (second !== undefined && second.p < rule.pTwo),
  }
}

/** A strong sign (DOMAIN 3.2): nobody just below the boundary though at least `times` the mean count (3) stands on it. */
export const hasBoundaryGap = (
  histogram: ArrayLike<number>,
  boundary: number,
  times = 3,
): boolean => {
  const total = sum(Array.from(histogram))
  return (
    (histogram[boundary - 1] ?? 0) === 0 &&
    total > 0 &&
    atLeast(histogram[boundary] ?? 0, (times * total) / histogram.length)
  )
}
