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
  readonly n: number
  readonly se: number | null
  readonly lo: number | null
  readonly hi: number | null
  readonly interval_basis: string
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
  readonly n: number
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
  const clusters = [
    ...grouped(
      values.filter(({ cluster_key }) => cluster_key !== null),
      ({ cluster_key }) => cluster_key,
    ).values(),
  ]
  const inCluster = new Map<string, Judgement>()
  judgeGroups(clusters, better, rule).forEach((judgements, g) => {
    judgements.forEach((judgement, i) => {
      const key = clusters[g]?.[i]?.unit_key
      if (key !== undefined) inCluster.set(key, judgement)
    })
  })
  return [...grouped(values, ({ municipality_key }) => municipality_key).values()].flatMap(
    (group): readonly Judged[] => {
      const head = group[0]
      if (head === undefined) return []
      const approved = normFor(norms, head)
      const known = usablePeers(group.map(peerOf)).length
      const wider = known < rule.peersMinimum ? widerOf(head, outsideOf) : undefined
      const peers =
        approved === undefined ? judgeGroups([group], better, rule, wider?.target)[0] : []
      return group.flatMap((value, i): readonly Judged[] => {
        const judgement =
          approved === undefined
            ? peers?.[i]
            : judgeNorm(
                { ...value, n: value.n === 0 ? null : value.n },
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
  groups: readonly (readonly Value[])[],
  better: Better,
  rule: RiskRule,
  outside?: OutsideTarget,
): readonly (readonly Judgement[])[] => {
  const shown = peerJudge(
    groups.map((group) => group.map((value) => shownPeerOf(value, rule))),
    better,
    rule,
    outside,
  )
  const all = groups.some((group) => group.some((value) => isHiddenFrom(value, rule)))
    ? peerJudge(
        groups.map((group) => group.map(peerOf)),
        better,
        rule,
        outside,
      )
    : shown
  return groups.map((group, g) =>
    group.map((value, i) => (isHiddenFrom(value, rule) ? all : shown)(g, i)),
  )
}
/** Hidden, and with enough pupils to be judged. */
const isHiddenFrom = ({ is_suppressed, n, se }: Value, { minimumN }: RiskRule): boolean =>
  is_suppressed && n >= minimumN && se !== null
/** A peer as the judgements of others may know it: of a hidden one its share of the sum and n. */
const shownPeerOf = (value: Value, rule: RiskRule): Peer => ({
  ...peerOf(value),
  ...(value.is_suppressed ? { size: Math.max(1, value.n) } : {}),
  ...(isHiddenFrom(value, rule) ? { se: null } : {}),
})

const widerOf = (
  value: Value,
  outsideOf: (value: Value, level: 'region' | 'country') => Outside | undefined,
): { readonly level: 'region' | 'country'; readonly target: OutsideTarget } | undefined => {
  for (const level of ['region', 'country'] as const) {
    const row = outsideOf(value, level)
    if (row !== undefined)
      return { level, target: { value: row.value, rest: row.n > 0 ? row.n : null } }
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
  const kind = value.interval_basis === 'wilson' || value.interval_basis === 'z' ? 'share' : 'mean'
  return {
    kind,
    value: value.value,
    weight: value.denominator ?? (value.n > 0 ? value.n : 1),
    n: value.n > 0 ? value.n : null,
    size: kind === 'share' ? effectiveSize(value) : value.n,
    se: value.se,
  }
}

/** Several works of one pupil are fewer observations than works: the number that the standard error of the share speaks of. */
const effectiveSize = ({ numerator, denominator, n, se }: Value): number => {
  if (numerator === null || denominator === null || se === null || !(se > 0)) return Math.max(1, n)
  const p = (numerator + 0.5) / (denominator + 1)
  return Math.max(1, Math.min(Math.round(denominator), Math.round((p * (1 - p)) / (se * se))))
}
