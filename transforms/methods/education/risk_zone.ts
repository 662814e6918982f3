import {
  dispersion,
  exactSide,
  funnelLevel,
  waldSide,
  type FunnelLevel,
} from '../statistics/funnel.ts'
import { levelOf } from '../statistics/interval.ts'
import { at, sum } from '../statistics/sums.ts'
import { isAbove, isBelow } from './threshold.ts'

export type Better = 'higher' | 'lower'
export type Zone = 'red' | 'yellow' | 'watch' | 'green' | 'grey'
/** What the value was judged by. */
export type ZoneRule = 'norm' | 'funnel' | 'exact' | 'leave_one_out' | 'none'

/** Numbers come from parameters.risk_rule. */
export interface RiskRule {
  readonly warningZ: number
  readonly actionZ: number
  readonly watchZ: number
  readonly minimumN: number
  readonly leaveOneOutBelow: number
  readonly peersMinimum: number
  readonly exactBelowN: number
  readonly exactBelowExpected: number
  readonly winsorShare: number
  /** Of the simulated null distribution of the dispersion. */
  readonly seed: number
  /** Rows that the null distribution is drawn with, 2,000 by default. */
  readonly draws?: number
}
/** A school’s value among those it is compared with; shares 0–1, means in their unit. */
export interface Peer {
  /** `share`: a proportion with binomial limits; `mean`: normal limits from the spread within schools. */
  readonly kind: 'share' | 'mean'
  readonly value: number
  /** Weight in the mean of the group: works, pupils. */
  readonly weight: number
  /** Pupils; null: not delivered. */
  readonly n: number | null
  /** Effective number of independent observations behind a share, ≥ 1; its limits are those of the nearest whole number. */
  readonly size: number
  /** Null: no error can be computed, so no zone either. */
  readonly se: number | null
}
/** A mean from outside the group, for groups too small to be their own measure. */
export interface OutsideTarget {
  readonly value: number
  /** Observations behind it; null: unknown or a great many. */
  readonly rest: number | null
}
export interface Judgement {
  readonly rule: ZoneRule
  readonly target: number | null
  /** Limits on the bad side. */
  readonly warningLimit: number | null
  readonly actionLimit: number | null
  readonly z: number | null
  /** φ, the factor on the variance. */
  readonly dispersion: number | null
  /** Where the value lies on the bad side. */
  readonly position: 'inside' | 'warning' | 'action' | 'unknown'
  readonly reason: 'judged' | 'few pupils' | 'no interval' | 'few peers'
}

const unknown = (reason: Judgement['reason'], target: number | null = null): Judgement => ({
  rule: 'none',
  target,
  warningLimit: null,
  actionLimit: null,
  z: null,
  dispersion: null,
  position: 'unknown',
  reason,
})

/**
 * Peers against the mean of their own group (DOMAIN 3.6, 3.16): from `leaveOneOutBelow` peers with data on the mean of all, below that the mean of
 * the others with √(1 + n/rest) on the error, below `peersMinimum` the target from outside or no judgement. Limits of a share are exact
 * (beta-binomial with over-dispersion) where n < `exactBelowN` or fewer than `exactBelowExpected` successes or failures are expected, else
 * Wald; of a mean z·s/√n with s pooled within schools. φ is common to all groups given.
 *
 * @param groups of peers of one kind: all schools of a municipality, or the clusters of one
 * @returns judgements in the same shape
 */
export const judgePeers = (
  groups: readonly (readonly Peer[])[],
  better: Better,
  rule: RiskRule,
  outside?: OutsideTarget,
): readonly (readonly Judgement[])[] => {
  const judgementOf = peerJudge(groups, better, rule, outside)
  return groups.map((group, g) => group.map((_, i) => judgementOf(g, i)))
}

/** As `judgePeers`, where not every peer’s judgement is asked for: by the number of its group and its own in it. */
export const peerJudge = (
  groups: readonly (readonly Peer[])[],
  better: Better,
  rule: RiskRule,
  outside?: OutsideTarget,
): ((group: number, peer: number) => Judgement) => {
  const spread = pooledVariance(groups, rule.minimumN)
  const aimed = groups.map((group) => aims(group, rule, outside))
  const scores: number[] = []
  groups.forEach((group, g) => {
    group.forEach((peer, i) => {
      const aim = aimed[g]?.[i]
      if (aim === undefined || peer.se === null || peer.n === null || peer.n < rule.minimumN) return
      const error = errorOf(peer, aim, spread, 1)
      if (error > 0) scores.push((peer.value - aim.target) / error)
    })
  })
  const phi =
    scores.length < Math.max(2, rule.peersMinimum)
      ? 1
      : dispersion(scores, { seed: rule.seed, share: rule.winsorShare, draws: rule.draws ?? 2_000 })
          .factor
  let levels: readonly FunnelLevel[] | undefined
  return (g, i) => {
    const peer = groups[g]?.[i]
    if (peer === undefined) throw new RangeError(`no peer ${String(i)} in group ${String(g)}`)
    const aim = aimed[g]?.[i]
    if (peer.n === null || peer.se === null) return unknown('no interval', aim?.target ?? null)
    if (peer.n < rule.minimumN) return unknown('few pupils', aim?.target ?? null)
    if (aim === undefined) return unknown('few peers')
    if (peer.kind === 'mean') return judge(peer, aim, { spread, phi, levels: [] }, better, rule)
    levels ??= [funnelLevel(levelOf(rule.warningZ)), funnelLevel(levelOf(rule.actionZ))]
    return judge(peer, aim, { spread, phi, levels }, better, rule)
  }
}

const isUsable = ({ value, weight, n }: Peer): boolean =>
  Number.isFinite(value) && weight > 0 && n !== null && n > 0

/** Peers with data: the others neither count towards the size of the group nor move its mean. */
export const usablePeers = (group: readonly Peer[]): readonly Peer[] => group.filter(isUsable)

interface Aim {
  /** Never 0 or 1 for a share: the limits need a variance. */
  readonly target: number
  /** As printed. */
  readonly mean: number
  readonly rest: number | null
  readonly isLeaveOneOut: boolean
}

const aims = (
  group: readonly Peer[],
  rule: RiskRule,
  outside: OutsideTarget | undefined,
): readonly (Aim | undefined)[] => {
  const known = usablePeers(group)
  const usable = known.length
  if (usable < rule.peersMinimum)
    return group.map((peer) =>
      outside === undefined
        ? undefined
        : {
            target: inner(peer.kind, outside.value, outside.rest ?? 1e6),
            mean: outside.value,
            rest: outside.rest,
            isLeaveOneOut: false,
          },
    )
  const weight = sum(known.map((peer) => peer.weight))
  const total = sum(known.map((peer) => peer.weight * peer.value))
  const size = sum(known.map(sizeOf))
  return group.map((peer) => {
    const isLeaveOneOut = usable < rule.leaveOneOutBelow
    const isOut = isLeaveOneOut && isUsable(peer)
    const own = isOut ? peer : { weight: 0, value: 0 }
    const rest = size - (isOut ? sizeOf(peer) : 0)
    const left = weight - own.weight
    if (!(left > 0) || !(rest > 0)) return undefined
    const raw = (total - own.weight * own.value) / left
    const mean = peer.kind === 'share' ? Math.min(1, Math.max(0, raw)) : raw
    return {
      target: inner(peer.kind, mean, rest),
      mean,
      rest: isLeaveOneOut ? rest : null,
      isLeaveOneOut,
    }
  })
}

/** A share of 0 or 1 has no variance: half an observation keeps the target inside. */
const inner = (kind: Peer['kind'], mean: number, size: number): number =>
  kind === 'share' ? Math.min(1 - 0.5 / (size + 1), Math.max(0.5 / (size + 1), mean)) : mean
const sizeOf = (peer: Peer): number => (peer.kind === 'share' ? peer.size : (peer.n ?? 0))

/** Variance within schools, pooled: s² = se²·n of those with enough pupils. */
const pooledVariance = (groups: readonly (readonly Peer[])[], minimumN: number): number => {
  const freedoms: number[] = []
  const squares: number[] = []
  for (const group of groups)
    for (const { kind, n, se } of group)
      if (kind === 'mean' && n !== null && se !== null && n >= minimumN) {
        freedoms.push(n - 1)
        squares.push((n - 1) * se * se * n)
      }
  const freedom = sum(freedoms)
  return freedom > 0 ? sum(squares) / freedom : 0
}

const errorOf = (peer: Peer, aim: Aim, spread: number, phi: number): number => {
  const size = sizeOf(peer)
  const factor = phi * (aim.rest === null ? 1 : 1 + size / aim.rest)
  const variance = peer.kind === 'share' ? aim.target * (1 - aim.target) : spread
  return Math.sqrt((variance * factor) / size)
}

/** What peers judged together have in common. */
interface Common {
  readonly spread: number
  readonly phi: number
  /** Of the warning and of the action limit of a share. */
  readonly levels: readonly FunnelLevel[]
}

const judge = (
  peer: Peer,
  aim: Aim,
  { spread, phi, levels }: Common,
  better: Better,
  rule: RiskRule,
): Judgement => {
  const error = errorOf(peer, aim, spread, phi)
  if (!(error > 0)) return unknown('no interval', aim.mean)
  const { target } = aim
  const isExact =
    peer.kind === 'share' &&
    (peer.size < rule.exactBelowN ||
      peer.size * target < rule.exactBelowExpected ||
      peer.size * (1 - target) < rule.exactBelowExpected)
  const [warningLimit, actionLimit] =
    peer.kind === 'mean'
      ? [
          limitOfMean(target, rule.warningZ * error, better),
          limitOfMean(target, rule.actionZ * error, better),
        ]
      : limitsOfShare(peer, aim, { phi, levels }, better, isExact)
  return {
    rule: aim.isLeaveOneOut ? 'leave_one_out' : isExact ? 'exact' : 'funnel',
    target: aim.mean,
    warningLimit,
    actionLimit,
    z: (peer.value - target) / error,
    dispersion: phi,
    position: isBeyond(peer.value, actionLimit, better)
      ? 'action'
      : isBeyond(peer.value, warningLimit, better)
        ? 'warning'
        : 'inside',
    reason: 'judged',
  }
}
const limitOfMean = (target: number, half: number, better: Better): number =>
  better === 'higher' ? target - half : target + half
const limitsOfShare = (
  { size }: Peer,
  { target, rest }: Aim,
  { phi, levels }: Pick<Common, 'phi' | 'levels'>,
  better: Better,
  isExact: boolean,
): readonly [number, number] => {
  const group = {
    target,
    n: Math.max(1, Math.round(size)),
    dispersion: phi,
    ...(rest === null ? {} : { rest }),
  }
  const side = better === 'higher' ? 'lo' : 'hi'
  const limits = (isExact ? exactSide : waldSide)(group, side, levels)
  return [at(limits, 0), at(limits, 1)]
}
const isBeyond = (value: number, bound: number, better: Better): boolean =>
  better === 'higher' ? isBelow(value, bound) : isAbove(value, bound)

/**
 * A value against an approved norm (DOMAIN 3.6, 1): `action` where its 95 % interval lies wholly on the bad side, `warning` where the value
 * does and the interval crosses, else `inside`.
 */
export const judgeNorm = (
  value: {
    readonly value: number
    readonly lo: number | null
    readonly hi: number | null
    readonly se: number | null
    readonly n: number | null
  },
  norm: number,
  better: Better,
  rule: Pick<RiskRule, 'minimumN'>,
): Judgement => {
  const { lo, hi, se, n } = value
  if (n !== null && n < rule.minimumN) return unknown('few pupils', norm)
  if (lo === null || hi === null) return unknown('no interval', norm)
  const isBad = (number: number): boolean =>
    better === 'higher' ? isBelow(number, norm) : isAbove(number, norm)
  return {
    rule: 'norm',
    target: norm,
    warningLimit: null,
    actionLimit: null,
    z: se !== null && se > 0 ? (value.value - norm) / se : null,
    dispersion: null,
    position: isBad(better === 'higher' ? hi : lo)
      ? 'action'
      : isBad(value.value)
        ? 'warning'
        : 'inside',
    reason: 'judged',
  }
}

/**
 * Zone of a judgement: *red* beyond the action limit, or beyond the warning limit in two years running (not by a norm, which has its own
 * rule); *yellow* beyond the warning limit; *watch* a declining trend with z worse than −`watchZ`; *green*; *grey* where there is no
 * judgement.
 */
export const zoneOf = (
  judgement: Judgement,
  before: Judgement | undefined,
  isDeclining: boolean,
  better: Better,
  rule: Pick<RiskRule, 'watchZ'>,
): Zone => {
  if (judgement.position === 'unknown') return 'grey'
  if (judgement.position === 'action') return 'red'
  if (judgement.position === 'warning') return isRepeated(judgement, before) ? 'red' : 'yellow'
  const favourable = better === 'higher' ? judgement.z : judgement.z === null ? null : -judgement.z
  return isDeclining && favourable !== null && favourable < -rule.watchZ ? 'watch' : 'green'
}

/** Beyond the warning limit now and in the year before, both against peers. */
export const isRepeated = (judgement: Judgement, before: Judgement | undefined): boolean =>
  judgement.rule !== 'norm' &&
  judgement.position !== 'inside' &&
  judgement.position !== 'unknown' &&
  before !== undefined &&
  before.rule !== 'norm' &&
  (before.position === 'warning' || before.position === 'action')
