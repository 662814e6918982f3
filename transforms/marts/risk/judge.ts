import { grouped } from '../../contract/computation.ts'
import {
  judgeNorm,
  peerJudge,
  usablePeers,
  type Better,
  type Judgement,
  type OutsideTarget,
  type Peer,
  type RiskRule,
} from '../../methods/education/risk_zone.ts'

export interface Value {
  readonly indicator: string
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  readonly school_year: number
  readonly unit_key: string
  readonly municipality_key: string
  readonly region_key: string
  readonly cluster_key: string | null
  readonly numerator: number | null
  readonly denominator: number | null
  readonly value: number
  readonly n: number | null
  readonly se: number | null
  readonly lo: number | null
  readonly hi: number | null
  /** A proportion with an interval of its own; else a mean. */
  readonly is_share: boolean
  /** Not for officials. */
  readonly is_suppressed: boolean
}
export interface Outside {
  readonly indicator: string
  readonly level: string
  readonly unit_key: string
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  readonly school_year: number
  readonly value: number
  readonly n: number | null
}
export interface Norm {
  readonly indicator: string
  readonly procedure: string
  readonly subject: string
  readonly grade: string
  readonly from_year: number
  readonly to_year: number | null
  readonly value: number
  readonly document: string
}
/** A school’s value of one year with what it is judged by. */
export interface Judged {
  readonly value: Value
  readonly judgement: Judgement
  readonly inCluster: Judgement | undefined
  readonly target: 'norm' | 'municipality' | 'others' | 'region' | 'country'
  readonly document: string
}

/** The rule of zones from the single numbers of a school year (parameters.risk_rule). */
export const riskRuleOf = (of: (name: string) => number): RiskRule => ({
  warningZ: of('warning_z'),
  actionZ: of('action_z'),
  watchZ: of('watch_z'),
  minimumN: of('minimum_n'),
  leaveOneOutBelow: of('leave_one_out_below'),
  peersMinimum: of('peers_minimum'),
  exactBelowN: of('exact_below_n'),
  exactBelowExpected: of('exact_below_expected'),
  winsorShare: of('winsor_share'),
  seed: of('seed'),
})

/**
 * Judgements of one indicator, procedure, subject, grade and year.
 *
 * Where officials may not see some peers, those that they see are judged without them: hidden peers count in the mean (a sum that is published,
 * or masked with everything that follows from it) and by n, but neither in φ nor in the spread within schools. Each of these would be an
 * equation more than the sums that suppression reckons with, and two hidden peers would follow from two. φ of the shown peers estimates the
 * same dispersion, and the zone can be found again from what is published. A hidden peer, whose judgement only analysts see, is judged with all.
 */
export const judgeYear = (
  values: readonly Value[],
  better: Better,
  rule: RiskRule,
  norms: readonly Norm[],
  outsideOf: (value: Value, level: 'region' | 'country') => Outside | undefined,
): readonly Judged[] => {
  const members = values.map((value) => memberOf(value, rule))
  const clusters = [
    ...grouped(
      members.filter(({ value }) => value.cluster_key !== null),
      ({ value }) => value.cluster_key,
    ).values(),
  ]
  const inCluster = new Map<string, Judgement>()
  judgeGroups(clusters, better, rule).forEach((judgements, g) => {
    judgements.forEach((judgement, i) => {
      const member = clusters[g]?.[i]
      if (member !== undefined) inCluster.set(member.value.unit_key, judgement)
    })
  })
  return [...grouped(members, ({ value }) => value.municipality_key).values()].flatMap(
    (group): readonly Judged[] => {
      const head = group[0]?.value
      if (head === undefined) return []
      const approved = normFor(norms, head)
      const known = usablePeers(group.map(({ peer }) => peer)).length
      const wider = known < rule.peersMinimum ? widerOf(head, outsideOf) : undefined
      const peers =
        approved === undefined ? judgeGroups([group], better, rule, wider?.target)[0] : []
      return group.flatMap(({ value, peer }, i): readonly Judged[] => {
        const judgement =
          approved === undefined
            ? peers?.[i]
            : judgeNorm(
                { value: value.value, lo: value.lo, hi: value.hi, se: value.se, n: peer.n },
                approved.value,
                better,
                rule,
              )
        if (judgement === undefined) return []
        const target =
          approved !== undefined
            ? 'norm'
            : (wider?.level ?? (judgement.rule === 'leave_one_out' ? 'others' : 'municipality'))
        return [
          {
            value,
            judgement,
            inCluster: inCluster.get(value.unit_key),
            target,
            document: approved?.document ?? '',
          },
        ]
      })
    },
  )
}

const judgeGroups = (
  groups: readonly (readonly Member[])[],
  better: Better,
  rule: RiskRule,
  outside?: OutsideTarget,
): readonly (readonly Judgement[])[] => {
  const shown = peerJudge(
    groups.map((group) => group.map((member) => member.shown)),
    better,
    rule,
    outside,
  )
  const all = groups.some((group) => group.some(({ isHidden }) => isHidden))
    ? peerJudge(
        groups.map((group) => group.map(({ peer }) => peer)),
        better,
        rule,
        outside,
      )
    : shown
  return groups.map((group, g) => group.map(({ isHidden }, i) => (isHidden ? all : shown)(g, i)))
}

/** A value as a peer. */
interface Member {
  readonly value: Value
  readonly peer: Peer
  /** As the judgements of others may know it: of a hidden one its share of the sum and n. */
  readonly shown: Peer
  /** Hidden, and with enough pupils to be judged. */
  readonly isHidden: boolean
}
const memberOf = (value: Value, rule: RiskRule): Member => {
  const peer = peerOf(value)
  if (!value.is_suppressed) return { value, peer, shown: peer, isHidden: false }
  const isHidden = value.n !== null && value.n >= rule.minimumN && value.se !== null
  return {
    value,
    peer,
    shown: { ...peer, size: Math.max(1, value.n ?? 1), se: isHidden ? null : peer.se },
    isHidden,
  }
}

const widerOf = (
  value: Value,
  outsideOf: (value: Value, level: 'region' | 'country') => Outside | undefined,
): { readonly level: 'region' | 'country'; readonly target: OutsideTarget } | undefined => {
  for (const level of ['region', 'country'] as const) {
    const row = outsideOf(value, level)
    if (row !== undefined) return { level, target: { value: row.value, rest: row.n } }
  }
  return undefined
}

/** The norm in force that names the cell most closely. */
const normFor = (norms: readonly Norm[], value: Value): Norm | undefined => {
  let best: Norm | undefined
  let closeness = -1
  for (const row of norms) {
    const fits =
      row.indicator === value.indicator &&
      row.from_year <= value.school_year &&
      (row.to_year === null || value.school_year <= row.to_year) &&
      (['procedure', 'subject', 'grade'] as const).every(
        (key) => row[key] === 'any' || row[key] === value[key],
      )
    if (!fits) continue
    const close = (['procedure', 'subject', 'grade'] as const).filter(
      (key) => row[key] === value[key],
    ).length
    if (close >= closeness) {
      best = row
      closeness = close
    }
  }
  return best
}

const peerOf = (value: Value): Peer => {
  const kind = value.is_share ? 'share' : 'mean'
  return {
    kind,
    value: value.value,
    weight: value.denominator ?? value.n ?? 1,
    n: value.n,
    size: kind === 'share' ? effectiveSize(value) : (value.n ?? 0),
    se: value.se,
  }
}

/** Several works of one pupil are fewer observations than works: the number that the standard error of the share speaks of. */
const effectiveSize = ({ numerator, denominator, n, se }: Value): number => {
  if (numerator === null || denominator === null || se === null || !(se > 0))
    return Math.max(1, n ?? 1)
  const p = (numerator + 0.5) / (denominator + 1)
  return Math.max(1, Math.min(Math.round(denominator), Math.round((p * (1 - p)) / (se * se))))
}
