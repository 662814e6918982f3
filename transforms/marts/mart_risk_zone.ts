import { sql } from 'kysely'
import { double, integer, nullable, text, type RowOf } from '../contract/column.ts'
import { defineComputation, grouped, rowsOf } from '../contract/computation.ts'
import { everyIndicator } from '../contract/indicator.ts'
import { thresholds } from '../contract/parameter.ts'
import { bridgeSchoolCluster } from '../core/bridge_school_cluster.ts'
import { dimGrade } from '../core/dim_grade.ts'
import { dimProcedure } from '../core/dim_procedure.ts'
import { dimSchool } from '../core/dim_school.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
import { dimSubject } from '../core/dim_subject.ts'
import { dimUnit } from '../core/dim_unit.ts'
import { riditIndex } from '../indicators/ridit_index.ts'
import {
  judgeNorm,
  judgePeers,
  isRepeated,
  zoneOf,
  type Better,
  type Judgement,
  type OutsideTarget,
  type Peer,
  type RiskRule,
  type Zone,
  type ZoneRule,
} from '../methods/education/risk_zone.ts'
import {
  intervalText,
  russianNumber,
  sizeText,
  valueText,
  type ValueUnit,
} from '../methods/education/wording.ts'
import { norm } from '../parameters/norm.ts'
import { riskRule } from '../parameters/risk_rule.ts'
import { martIndicator } from './mart_indicator.ts'
import { martTrend } from './mart_trend.ts'

const methodVersion = 'risk_zone@1'
/** Of the simulated null distribution of φ: any will do, but always the same. */
const seed = 20260901
const zoneLabels: Readonly<Record<Zone, string>> = {
  red: 'красная зона',
  yellow: 'жёлтая зона',
  watch: 'под наблюдением',
  green: 'в пределах ожидаемого',
  grey: 'мало данных',
}
const ruleLabels: Readonly<Record<ZoneRule, string>> = {
  norm: 'утверждённая норма',
  funnel: 'среднее по муниципалитету, воронка',
  exact: 'среднее по муниципалитету, точные пределы',
  leave_one_out: 'среднее по остальным школам муниципалитета',
  none: 'вывода нет',
}

interface Value {
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
}
interface Outside {
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
interface Norm {
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
interface Judged {
  readonly value: Value
  readonly judgement: Judgement
  readonly inCluster: Judgement | undefined
  readonly target: 'norm' | 'municipality' | 'others' | 'region' | 'country'
  readonly document: string
}

const columns = {
  indicator: text('Indicator'),
  indicator_title: text('Its Russian title'),
  unit_key: text('School'),
  unit_name: text('Its name'),
  procedure: text('Procedure, or all'),
  procedure_name: text('Its Russian name'),
  subject: text('Subject, or all'),
  subject_name: text('Its Russian name'),
  grade: text('Grade, or all'),
  grade_name: text('Its Russian name'),
  school_year: integer('Year in which the school year ends'),
  school_year_label: text('«2025/26»'),
  value: double('Value'),
  n: integer('Pupils behind it; 0: not delivered'),
  lo: nullable(double('Lower 95 % limit of the value')),
  hi: nullable(double('Upper 95 % limit of the value')),
  target: nullable(double('Norm or mean that it is compared with')),
  limit_95: nullable(double('Limit of the yellow zone, on the bad side')),
  limit_998: nullable(double('Limit of the red zone, on the bad side')),
  z: nullable(double('Distance from the target in its error')),
  dispersion: nullable(double('φ, the factor on the variance')),
  rule: text('norm, funnel, exact, leave_one_out, none'),
  rule_label: text('Russian'),
  zone: text('red, yellow, watch, green, grey'),
  zone_label: text('Russian'),
  zone_in_cluster: nullable(
    text('The same against the mean of schools of like context; null: too few of them'),
  ),
  zone_in_cluster_label: nullable(text('Russian')),
  reason: text('Russian: how far from what, with interval and n'),
  value_text: text('Russian: the value in its unit'),
  method_version: text('Method and its version'),
  sort: integer('Order on pages'),
} as const

export const martRiskZone = defineComputation(import.meta.url, {
  doc: 'One row per indicator with a good direction, school, procedure, subject, grade and school year: its zone (DOMAIN 3.6, 3.16).',
  grain: ['indicator', 'unit_key', 'procedure', 'subject', 'grade', 'school_year'],
  through: (row) => ({ school_key: row.unit_key }),
  columns,
  inputs: {
    rule: () => sql<{ name: string; value: number }>`
      select name, value from ${riskRule} order by name`,
    norms: () => sql<Norm>`
      select indicator, procedure, subject, grade, from_year, to_year, value, document from ${norm}
      order by indicator, procedure, subject, grade, from_year`,
    passports: () => sql<{
      indicator: string
      title: string
      unit: string
      decimals: number
      better: string
      section: string
    }>`
      select indicator, title, unit, decimals, better, section from ${martIndicator}
      where better in ('higher', 'lower') order by sort, indicator`,
    procedures: () => sql<{ key: string; name: string }>`
      select procedure as key, name from ${dimProcedure} order by sort, procedure`,
    subjects: () => sql<{ key: string; name: string }>`
      select subject as key, name from ${dimSubject} order by sort, subject`,
    grades: () => sql<{ key: string; name: string }>`
      select grade as key, name from ${dimGrade} order by sort, grade`,
    schools: () => sql<{ key: string; name: string }>`
      select unit_key as key, name from ${dimUnit} where level = 'school' order by sort, unit_key`,
    years: () => sql<{ school_year: number; label: string }>`
      select school_year, label from ${dimSchoolYear} order by school_year`,
    declining: () => sql<{
      indicator: string
      unit_key: string
      procedure: string
      subject: string
      grade: string
      last_year: number
    }>`
      select indicator, unit_key, procedure, subject, grade, last_year from ${martTrend}
      where level = 'school' and trend_class = 'declined'
      order by indicator, unit_key, procedure, subject, grade, basis`,
    outside: () => sql<Outside>`
      select indicator, level, unit_key, procedure, subject, grade, school_year, value, n from ${everyIndicator}
      where level in ('region', 'country') and value is not null
        and indicator in (select indicator from ${martIndicator} where better in ('higher', 'lower'))
      order by indicator, level, unit_key, procedure, subject, grade, school_year`,
    values: () => sql<Value>`
      select v.indicator, v.procedure, v.subject, v.grade, v.school_year, v.unit_key, s.municipality_key, s.region_key, c.cluster_key,
             v.numerator, v.denominator, v.value, v.n, v.se, v.lo, v.hi, v.interval_basis
      from ${everyIndicator} as v
      join ${dimSchool} as s
        on s.school_key = v.unit_key and s.valid_from_year <= v.school_year and v.school_year < s.valid_to_year
      left join ${bridgeSchoolCluster} as c on c.school_key = v.unit_key and c.school_year = v.school_year
      where v.level = 'school' and v.value is not null
        and v.indicator in (select indicator from ${martIndicator} where better in ('higher', 'lower'))
      order by v.indicator, v.procedure, v.subject, v.grade, v.school_year, v.unit_key`,
  },
  compute: (inputs) => {
    const of = thresholds(riskRule, rowsOf(inputs.rule))
    const rule: RiskRule = {
      warningZ: of('warning_z'),
      actionZ: of('action_z'),
      watchZ: of('watch_z'),
      minimumN: of('minimum_n'),
      leaveOneOutBelow: of('leave_one_out_below'),
      peersMinimum: of('peers_minimum'),
      exactBelowN: of('exact_below_n'),
      exactBelowExpected: of('exact_below_expected'),
      winsorShare: of('winsor_share'),
      seed,
    }
    const norms = rowsOf(inputs.norms)
    const [procedures, subjects, grades, schools] = [
      named(rowsOf(inputs.procedures)),
      named(rowsOf(inputs.subjects)),
      named(rowsOf(inputs.grades)),
      named(rowsOf(inputs.schools)),
    ]
    const years = new Map(
      rowsOf(inputs.years).map(({ school_year, label }) => [school_year, label]),
    )
    const declining = new Set(
      rowsOf(inputs.declining).map(
        (row) => `${row.indicator} ${cellOf(row)} ${row.unit_key} ${String(row.last_year)}`,
      ),
    )
    const outside = new Map(
      rowsOf(inputs.outside).map((row) => [
        `${row.indicator} ${cellOf(row)} ${String(row.school_year)} ${row.level === 'country' ? 'country' : row.unit_key}`,
        row,
      ]),
    )
    const byIndicator = grouped(rowsOf(inputs.values), ({ indicator }) => indicator)

    const rows: Omit<RowOf<typeof columns>, 'sort'>[] = []
    for (const passport of rowsOf(inputs.passports)) {
      const better: Better = passport.better === 'lower' ? 'lower' : 'higher'
      const unit = passport.unit as ValueUnit
      for (const cell of grouped(byIndicator.get(passport.indicator) ?? [], cellOf).values()) {
        const before = new Map<string, Judged>()
        for (const [year, values] of grouped(cell, ({ school_year }) => school_year)) {
          const judged = judgeYear(values, better, rule, norms, (value, level) =>
            outside.get(
              `${value.indicator} ${cellOf(value)} ${String(year)} ${level === 'country' ? 'country' : value.region_key}`,
            ),
          )
          for (const found of judged) {
            const { value, judgement, inCluster } = found
            const last = before.get(value.unit_key)
            const lastYear = last?.value.school_year === year - 1 ? last : undefined
            const fell = (indicator: string): boolean =>
              declining.has(`${indicator} ${cellOf(value)} ${value.unit_key} ${String(year)}`)
            const isDeclining =
              fell(passport.indicator) ||
              (passport.section === 'attainment' && fell(riditIndex.name))
            const zone = zoneOf(judgement, lastYear?.judgement, isDeclining, better, rule)
            const clusterZone =
              inCluster === undefined || inCluster.reason === 'few peers'
                ? null
                : zoneOf(inCluster, lastYear?.inCluster, isDeclining, better, rule)
            rows.push({
              indicator: passport.indicator,
              indicator_title: passport.title,
              unit_key: value.unit_key,
              unit_name: schools.get(value.unit_key)?.name ?? value.unit_key,
              procedure: value.procedure,
              procedure_name: procedures.get(value.procedure)?.name ?? value.procedure,
              subject: value.subject,
              subject_name: subjects.get(value.subject)?.name ?? value.subject,
              grade: value.grade,
              grade_name: grades.get(value.grade)?.name ?? value.grade,
              school_year: year,
              school_year_label: years.get(year) ?? String(year),
              value: value.value,
              n: value.n,
              lo: value.lo,
              hi: value.hi,
              target: judgement.target,
              limit_95: judgement.warningLimit,
              limit_998: judgement.actionLimit,
              z: judgement.z,
              dispersion: judgement.dispersion,
              rule: judgement.rule,
              rule_label: labelOf(found),
              zone,
              zone_label: zoneLabels[zone],
              zone_in_cluster: clusterZone,
              zone_in_cluster_label: clusterZone === null ? null : zoneLabels[clusterZone],
              reason: reasonOf(found, {
                unit,
                decimals: passport.decimals,
                isRepeated: isRepeated(judgement, lastYear?.judgement),
                isWatched: zone === 'watch',
                minimumN: rule.minimumN,
              }),
              value_text: valueText(value.value, unit, passport.decimals),
              method_version: methodVersion,
            })
          }
          for (const found of judged) before.set(found.value.unit_key, found)
        }
      }
    }
    return placed(rows, [
      ({ indicator }) => indicator,
      ({ procedure }) => procedures.get(procedure)?.place ?? procedures.size,
      ({ subject }) => subjects.get(subject)?.place ?? subjects.size,
      ({ grade }) => grades.get(grade)?.place ?? grades.size,
      ({ school_year }) => -school_year,
      ({ unit_key }) => schools.get(unit_key)?.place ?? schools.size,
    ])
  },
})

/** Judgements of one indicator, procedure, subject, grade and year. */
const judgeYear = (
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
  judgePeers(
    clusters.map((group) => group.map(peerOf)),
    better,
    rule,
  ).forEach((judgements, g) => {
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
      const wider = group.length < rule.peersMinimum ? widerOf(head, outsideOf) : undefined
      const peers =
        approved === undefined
          ? judgePeers([group.map(peerOf)], better, rule, wider?.target)[0]
          : []
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
        (key) => row[key] === 'all' || row[key] === value[key],
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

const labelOf = ({ judgement, target }: Judged): string =>
  judgement.rule === 'none' || judgement.rule === 'norm'
    ? ruleLabels[judgement.rule]
    : target === 'region'
      ? 'среднее по региону: школ муниципалитета мало'
      : target === 'country'
        ? 'среднее по стране: школ муниципалитета мало'
        : ruleLabels[judgement.rule]

const targetNames = {
  norm: ['нормы', 'на уровне нормы'],
  municipality: ['среднего по муниципалитету', 'на уровне среднего по муниципалитету'],
  others: ['среднего по остальным школам', 'на уровне среднего по остальным школам'],
  region: ['среднего по региону', 'на уровне среднего по региону'],
  country: ['среднего по стране', 'на уровне среднего по стране'],
} as const

const reasonOf = (
  { value, judgement, target, document }: Judged,
  shown: {
    readonly unit: ValueUnit
    readonly decimals: number
    readonly isRepeated: boolean
    readonly isWatched: boolean
    readonly minimumN: number
  },
): string => {
  const { unit, decimals } = shown
  if (judgement.reason === 'few pupils')
    return `n = ${russianNumber(value.n, 0)}: меньше ${russianNumber(shown.minimumN, 0)}, вывод не делается`
  if (judgement.reason === 'no interval' || judgement.target === null)
    return judgement.reason === 'few peers'
      ? 'слишком мало школ с данными, сравнить не с чем'
      : 'интервал не вычислим, вывод не делается'
  const gap = value.value - judgement.target
  const [name, level] = targetNames[target]
  const size = sizeText(gap, unit, decimals)
  const place = /[1-9]/.test(size) ? `${gap < 0 ? 'ниже' : 'выше'} ${name} на ${size}` : level
  const interval =
    value.lo === null || value.hi === null
      ? ''
      : ` (${intervalText(value.lo, value.hi, unit, decimals)})`
  return [
    `${place}${interval}, n = ${value.n === 0 ? 'не передано' : russianNumber(value.n, 0)}`,
    ...(shown.isRepeated ? ['второй год подряд за границей'] : []),
    ...(shown.isWatched ? ['снижение за последние годы'] : []),
    ...(document === '' ? [] : [document]),
  ].join('; ')
}

const cellOf = (row: {
  readonly procedure: string
  readonly subject: string
  readonly grade: string
}): string => `${row.procedure} ${row.subject} ${row.grade}`
const named = (rows: readonly { readonly key: string; readonly name: string }[]) =>
  new Map(rows.map(({ key, name }, place) => [key, { name, place }]))

/** Rows in the order of pages, numbered; indicators keep the order in which they come. */
const placed = <R extends object>(
  rows: readonly R[],
  keys: readonly ((row: R) => number | string)[],
): (R & { sort: number })[] => {
  const firstSeen = new Map<string, number>()
  const keyed = rows.map((row) => ({
    row,
    keys: keys.map((key) => {
      const value = key(row)
      if (typeof value === 'number') return value
      const seen = firstSeen.get(value) ?? firstSeen.size
      firstSeen.set(value, seen)
      return seen
    }),
  }))
  keyed.sort((a, b) => {
    for (const [i, value] of a.keys.entries()) {
      const gap = value - (b.keys[i] ?? 0)
      if (gap !== 0) return gap
    }
    return 0
  })
  return keyed.map(({ row }, i) => ({ ...row, sort: i + 1 }))
}
