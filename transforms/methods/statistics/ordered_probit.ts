import { normalQuantile } from './distributions.ts'
import { StatisticsError } from './errors.ts'
import { fallingRoot } from './falling_root.ts'
import { cutPoints } from './normal_scores.ts'
import { contributions, type Curve } from './probit_likelihood.ts'
import { requireAnswer, requireFinite, sum, type Numbers } from './sums.ts'

/**
 * - 'estimate': `mean` μ and `sd` σ in standard deviations of the reference with their standard errors (`sdSe` 0 where σ was given),
 *   and the log-likelihood Σn_k·log P_k
 * - 'beyond scale': μ has no finite estimate because all members are in an end category, or some are where only the reference's empty
 *   end lies. `bound` is the one-sided bound of μ at `level` under the spread `sd`: for 'above' μ > bound, for 'below' μ < bound
 * - 'no score': members in an inner category (counted from 0) where the reference has none
 */
export type OrderedProbit =
  | {
      readonly kind: 'estimate'
      readonly mean: number
      readonly meanSe: number
      readonly sd: number
      readonly sdSe: number
      readonly logLikelihood: number
      readonly n: number
    }
  | {
      readonly kind: 'beyond scale'
      readonly side: 'below' | 'above'
      readonly bound: number
      readonly level: number
      readonly sd: number
      readonly n: number
    }
  | { readonly kind: 'no score'; readonly category: number }

type Estimate = Extract<OrderedProbit, { readonly kind: 'estimate' }>

interface Coarse {
  readonly counts: readonly number[]
  readonly cuts: Float64Array
  readonly n: number
  /** Members where the reference's end is empty. */
  readonly outside: 'below' | 'above' | undefined
}

/** The group over the filled categories of the reference; empty ends are joined with their neighbour. */
const coarsen = (
  counts: Numbers,
  referenceShares: Numbers,
): Coarse | { readonly category: number } => {
  if (counts.length !== referenceShares.length) {
    throw new StatisticsError(
      'orderedProbit',
      `${counts.length} categories against ${referenceShares.length}`,
      'pass both over the same categories',
    )
  }
  requireFinite('orderedProbit', counts, 'count')
  const filled = Array.from(referenceShares, (share, k) => (share > 0 ? k : -1)).filter(
    (k) => k >= 0,
  )
  const first = filled[0]
  const last = filled.at(-1)
  if (first === undefined || last === undefined || first === last) {
    throw new StatisticsError(
      'orderedProbit',
      'the reference has fewer than two filled categories',
      'pass a reference that varies',
    )
  }
  const joined = filled.map((k) => counts[k] as number)
  let below = 0
  let above = 0
  for (let k = 0; k < counts.length; k++) {
    const count = counts[k] as number
    if (count < 0)
      throw new StatisticsError('orderedProbit', `a count is ${count}`, 'counts are ≥ 0')
    if (count === 0 || (referenceShares[k] as number) > 0) continue
    if (k < first) below += count
    else if (k > last) above += count
    else return { category: k }
  }
  const n = sum(counts)
  if (!(n > 0))
    throw new StatisticsError('orderedProbit', 'the group is empty', 'pass at least one member')
  joined[0] = (joined[0] as number) + below
  joined[joined.length - 1] = (joined.at(-1) as number) + above
  const cuts = cutPoints(filled.map((k) => referenceShares[k] as number))
  return {
    counts: joined,
    cuts,
    n,
    outside: below > above ? 'below' : above > 0 ? 'above' : undefined,
  }
}

/** The end where all members are, if they are all in one end. */
const allAtOneEnd = ({ counts }: Coarse): 'below' | 'above' | undefined => {
  if (counts.slice(1).every((count) => count === 0)) return 'below'
  return counts.slice(0, -1).every((count) => count === 0) ? 'above' : undefined
}

interface Point {
  readonly a: number
  readonly b: number
}

/** Newton's method with step halving on the concave log-likelihood over b, or over a and b, of z = a·c − b. */
const climb = (group: Coarse, start: Point, free: boolean): { at: Point; curve: Curve } => {
  let point = start
  let curve = contributions(group.counts, group.cuts, point.a, point.b)
  for (let step = 0; step < 200; step++) {
    const { ga, gb, haa, hab, hbb } = curve
    let da = 0
    let db = -gb / hbb
    if (free) {
      const determinant = haa * hbb - hab * hab
      if (determinant > 0) {
        da = -(hbb * ga - hab * gb) / determinant
        db = -(haa * gb - hab * ga) / determinant
      } else {
        da = ga / Math.max(1, Math.abs(haa))
        db = gb / Math.max(1, Math.abs(hbb))
      }
    }
    if (!Number.isFinite(da) || !Number.isFinite(db)) break
    let scale = 1
    let moved = false
    const least =
      (1e-14 * (1 + Math.abs(point.a) + Math.abs(point.b))) / (Math.abs(da) + Math.abs(db))
    for (
      let halving = 0;
      halving < 60 && (halving === 0 || scale >= least);
      halving++, scale /= 2
    ) {
      const next = { a: point.a + scale * da, b: point.b + scale * db }
      if (!(next.a > 0)) continue
      const there = contributions(group.counts, group.cuts, next.a, next.b)
      if (there.value > curve.value || (there.value === curve.value && halving === 0)) {
        moved = next.a !== point.a || next.b !== point.b
        point = next
        curve = there
        break
      }
    }
    if (
      !moved ||
      Math.abs(scale * da) + Math.abs(scale * db) <
        1e-14 * (1 + Math.abs(point.a) + Math.abs(point.b))
    )
      break
  }
  return { at: point, curve }
}

const startOf = ({ counts, cuts, n }: Coarse, a: number): Point => {
  let below = 0
  let weight = 0
  let centre = 0
  for (let k = 0; k < cuts.length; k++) {
    below += counts[k] as number
    const share = (below + 0.5) / (n + 1)
    const information = share * (1 - share)
    centre += information * ((cuts[k] as number) * a - normalQuantile(share))
    weight += information
  }
  return { a, b: centre / weight }
}

const requireSpread = (spread: number): void => {
  if (!(spread > 0 && spread < Infinity)) {
    throw new StatisticsError(
      'orderedProbit',
      `spread is ${spread}`,
      "pass a finite σ > 0 or 'free'",
    )
  }
}

/**
 * Ordered probit of one group against a reference (HETOP): the group is N(μ, σ²) on a latent scale where the reference is N(0, 1), cut at
 * c_k = Φ⁻¹(cumulative reference share); μ, and σ where free, maximise Σn_k·log[Φ((c_k − μ)/σ) − Φ((c_{k−1} − μ)/σ)].
 * The likelihood is concave in (1/σ, μ/σ), so the maximum is the only one. Standard errors by the observed information; the error of
 * the reference's own cut points is not in them.
 *
 * Source: S. Reardon, B. Shear, K. Castellano, A. Ho, J. Educ. Behav. Statist. 42 (2017) 3–45.
 *
 * @param counts members by category, lowest first, ≥ 0
 * @param referenceShares shares, percents or counts of the reference over the same categories
 * @param options `spread` σ or 'free'; for groups of fewer than some 50 members pass one from `commonSpread`. `level` of the one-sided
 *   bound, 0.95; `boundSpread` the σ under which a bound is found when the spread is free, 1
 * @throws StatisticsError for an empty group, a reference of one filled category, or a free spread with fewer than 3 filled categories
 */
export const orderedProbit = (
  counts: Numbers,
  referenceShares: Numbers,
  options: {
    readonly spread: number | 'free'
    readonly level?: number
    readonly boundSpread?: number
  },
): OrderedProbit => {
  const { spread, level = 0.95, boundSpread = 1 } = options
  if (spread !== 'free') requireSpread(spread)
  requireSpread(boundSpread)
  if (!(level > 0.5 && level < 1)) {
    throw new StatisticsError(
      'orderedProbit',
      `level is ${level}`,
      'pass a level between 0.5 and 1',
    )
  }
  const group = coarsen(counts, referenceShares)
  if ('category' in group) return { kind: 'no score', category: group.category }
  const { n, cuts } = group
  const sd = spread === 'free' ? boundSpread : spread
  const side = allAtOneEnd(group)
  if (side !== undefined) {
    const reach = sd * normalQuantile((1 - level) ** (1 / n))
    const bound = side === 'below' ? (cuts[0] as number) - reach : (cuts.at(-1) as number) + reach
    requireAnswer('orderedProbit', [bound])
    return { kind: 'beyond scale', side, bound, level, sd, n }
  }
  if (group.outside !== undefined) {
    const { mean, meanSe } = fixedSpread(group, sd)
    const reach = normalQuantile(level) * meanSe
    const bound = group.outside === 'above' ? mean - reach : mean + reach
    requireAnswer('orderedProbit', [bound])
    return { kind: 'beyond scale', side: group.outside, bound, level, sd, n }
  }
  if (spread !== 'free')
    return answered({ kind: 'estimate', ...fixedSpread(group, spread), sd: spread, sdSe: 0, n })
  if (group.counts.filter((count) => count > 0).length < 3) {
    throw new StatisticsError(
      'orderedProbit',
      'a free spread needs three filled categories',
      'pass a spread, one common to the groups from commonSpread',
    )
  }
  const { at, curve } = climb(group, startOf(group, 1), true)
  const { a, b } = at
  const determinant = curve.haa * curve.hbb - curve.hab ** 2
  const [vaa, vab, vbb] = [
    -curve.hbb / determinant,
    curve.hab / determinant,
    -curve.haa / determinant,
  ]
  return answered({
    kind: 'estimate',
    mean: b / a,
    meanSe: Math.sqrt(Math.max(0, (b * b * vaa) / a ** 4 - (2 * b * vab) / a ** 3 + vbb / a ** 2)),
    sd: 1 / a,
    sdSe: Math.sqrt(vaa) / a ** 2,
    logLikelihood: curve.value,
    n,
  })
}

/** The estimate, or a refusal where the likelihood is too flat or too steep for the doubles. */
const answered = (found: Estimate): Estimate => {
  requireAnswer('orderedProbit', [
    found.mean,
    found.meanSe,
    found.sd,
    found.sdSe,
    found.logLikelihood,
    found.n,
  ])
  return found
}

const fixedSpread = (
  group: Coarse,
  sd: number,
): { mean: number; meanSe: number; logLikelihood: number } => {
  const { at, curve } = climb(group, startOf(group, 1 / sd), false)
  return { mean: at.b * sd, meanSe: sd / Math.sqrt(-curve.hbb), logLikelihood: curve.value }
}

/**
 * - `spread`: the common σ; 1 where there was nothing to estimate it from
 * - `groups`: groups it rests on
 */
export interface CommonSpread {
  readonly spread: number
  readonly groups: number
}

const LEAST_SLOPE = 0.05
const LARGEST_SLOPE = 20

/**
 * One σ within groups, common to all, each group with its own μ: the maximum of the joint likelihood, times √(N/(N − G)) for the G means
 * estimated with it. σ is held to 0.05 … 20.
 *
 * @param groups counts by category of each group; those in one category say nothing of σ and are left out
 * @param referenceShares of the reference over the same categories
 * @throws StatisticsError for counts that are negative or not finite, or a reference of one filled category
 */
export const commonSpread = (
  groups: readonly Numbers[],
  referenceShares: Numbers,
): CommonSpread => {
  const used: Coarse[] = []
  for (const counts of groups) {
    requireFinite('commonSpread', counts, 'count')
    if (counts.every((count: number) => count === 0)) continue
    const group = coarsen(counts, referenceShares)
    if ('category' in group || group.outside !== undefined) continue
    if (group.counts.filter((count) => count > 0).length > 1) used.push(group)
  }
  const members = sum(used.map(({ n }) => n))
  if (used.length === 0 || members <= used.length || (used[0] as Coarse).cuts.length < 2)
    return { spread: 1, groups: 0 }
  const kinds = new Map<string, { group: Coarse; times: number; at: Point | undefined }>()
  for (const group of used) {
    const name = group.counts.join()
    const kind = kinds.get(name)
    if (kind) kind.times++
    else kinds.set(name, { group, times: 1, at: undefined })
  }
  // The maximum of the slope tried before is where the next search starts: at one μ b is in proportion to a.
  const rise = (a: number): number =>
    sum(
      Array.from(kinds.values(), (kind) => {
        const before = kind.at
        const start = before ? { a, b: (before.b * a) / before.a } : startOf(kind.group, a)
        const { at, curve } = climb(kind.group, start, false)
        kind.at = at
        return kind.times * curve.ga
      }),
    )
  const slope = fallingRoot(rise, LEAST_SLOPE, LARGEST_SLOPE)
  const adjusted = Math.sqrt(members / (members - used.length)) / slope
  return {
    spread: Math.min(1 / LEAST_SLOPE, Math.max(1 / LARGEST_SLOPE, adjusted)),
    groups: used.length,
  }
}
