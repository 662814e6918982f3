import { sql } from 'kysely'
import { boolean, double, integer, nullable, text } from '../contract/column.ts'
import { defineComputation, grouped, rowsOf } from '../contract/computation.ts'
import { thresholdsByYear, yearlyThresholds } from '../contract/parameter.ts'
import { bridgeSchoolCluster } from '../core/bridge_school_cluster.ts'
import { dimGrade } from '../core/dim_grade.ts'
import { dimProcedure } from '../core/dim_procedure.ts'
import { dimSchool } from '../core/dim_school.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
import { dimSubject } from '../core/dim_subject.ts'
import { dimUnit } from '../core/dim_unit.ts'
import { riditIndex } from '../indicators/ridit_index.ts'
import { isRepeated, zoneOf, type Better } from '../methods/education/risk_zone.ts'
import { valueText, type ValueUnit } from '../methods/education/wording.ts'
import { norm } from '../parameters/norm.ts'
import { riskRule } from '../parameters/risk_rule.ts'
import { martEstimate } from './mart_estimate.ts'
import { martIndicator } from './mart_indicator.ts'
import { martSuppression } from './mart_suppression.ts'
import { martTrend } from './mart_trend.ts'
import {
  judgeYear,
  riskRuleOf,
  type Judged,
  type Norm,
  type Outside,
  type Value,
} from './risk/judge.ts'
import { cellOf, named, placeOf, sortOf, sortWithin } from './sort/order.ts'
import { labelOf, reasonOf, zoneLabels } from './risk/wording.ts'

const methodVersion = 'risk_zone@3'
const columns = {
  indicator: text('показатель: имя его таблицы'),
  indicator_title: text('название показателя'),
  unit_key: text('школа'),
  unit_name: text('название школы'),
  procedure: text('оценочная процедура или all (не по процедурам)'),
  procedure_name: text('название процедуры'),
  subject: text('предмет или all (сводно по предметам)'),
  subject_name: text('название предмета'),
  grade: text('класс или all (сводно по классам)'),
  grade_name: text('название класса'),
  school_year: integer('год окончания учебного года'),
  school_year_label: text('учебный год словами: «2025/26»'),
  value: double('значение: доли от 0 до 1, баллы и отметки как есть'),
  n: nullable(integer('n: учеников за значением; пусто — не передано')),
  lo: nullable(double('нижняя граница 95 % ДИ значения')),
  hi: nullable(double('верхняя граница 95 % ДИ значения')),
  target: nullable(double('норма или среднее, с которым сравнивается')),
  limit_95: nullable(double('граница жёлтой зоны, с плохой стороны')),
  limit_998: nullable(double('граница красной зоны, с плохой стороны')),
  z: nullable(double('отклонение от нормы или среднего в его ошибках')),
  dispersion: nullable(
    double('φ: во сколько раз разброс показанных школ больше случайного (множитель дисперсии)'),
  ),
  rule: text(
    'с чем сравнивается: norm — с нормой, funnel — со средним, воронка; exact — со средним, точные пределы; leave_one_out — со средним остальных школ; none — вывода нет',
  ),
  rule_label: text('с чем сравнивается, словами'),
  zone: text(
    'зона: red — красная, yellow — жёлтая, watch — под наблюдением, green — в пределах ожидаемого, grey — вывода нет',
  ),
  zone_label: text('зона словами'),
  zone_in_cluster: nullable(
    text(
      'зона против среднего школ со сходными условиями (те же значения); пусто — таких школ мало',
    ),
  ),
  zone_in_cluster_label: nullable(text('зона среди похожих школ словами')),
  reason: text('обоснование словами: насколько и от чего отклоняется; интервал и n — у значения'),
  value_text: text('значение, как на страницах'),
  is_suppressed: boolean('значение скрыто в издании для руководителей (marts.mart_suppression)'),
  is_target_suppressed: boolean(
    'скрыто в издании для руководителей среднее, с которым сравнивается (marts.mart_suppression): с ним скрываются границы, отклонение и обоснование',
  ),
  method_version: text('метод и его версия'),
  sort: double('порядок на страницах'),
} as const

export const martRiskZone = defineComputation(import.meta.url, {
  doc: 'Строка — показатель, у которого есть «лучше» и «хуже», школа, процедура, предмет, класс и учебный год: зона риска. Где ни у одной школы нет стандартной ошибки, зон нет.',
  grain: ['indicator', 'unit_key', 'procedure', 'subject', 'grade', 'school_year'],
  partition: ['subject', 'grade'],
  through: (row) => ({ level: 'school', school_key: row.unit_key }),
  among: ['indicator', 'procedure', 'subject', 'grade'],
  // A school that declines against the reference stays in sight with its other attainment; said of zones of other sections too, where it is not read.
  amongAlso: { indicator: [riditIndex.name] },
  aside: [martSuppression],
  columns,
  inputs: {
    rule: () => yearlyThresholds(riskRule),
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
    hidden: () => sql<{
      indicator: string
      level: string
      unit_key: string
      procedure: string
      subject: string
      grade: string
      school_year: number
    }>`
      select indicator, level, unit_key, procedure, subject, grade, school_year from ${martSuppression}
      where level in ('municipality', 'region')
      order by indicator, level, unit_key, procedure, subject, grade, school_year`,
    outside: () => sql<Outside>`
      select indicator, level, unit_key, procedure, subject, grade, school_year, value, n from ${martEstimate}
      where level in ('region', 'country') and value is not null
        and indicator in (select indicator from ${martIndicator} where better in ('higher', 'lower'))
      order by indicator, level, unit_key, procedure, subject, grade, school_year`,
    values: () => sql<Value>`
      select v.indicator, v.procedure, v.subject, v.grade, v.school_year, v.unit_key, s.municipality_key, s.region_key, c.cluster_key,
             v.numerator, v.denominator, v.value, v.n, v.se, v.lo, v.hi, v.interval_basis in ('wilson', 'z') as is_share, h.reason is not null as is_suppressed
      from ${martEstimate} as v
      join ${dimSchool} as s
        on s.school_key = v.unit_key and s.valid_from_year <= v.school_year and v.school_year < s.valid_to_year
      left join ${bridgeSchoolCluster} as c on c.school_key = v.unit_key and c.school_year = v.school_year
      left join ${martSuppression} as h
        on h.level = v.level and h.unit_key = v.unit_key and h.indicator = v.indicator and h.procedure = v.procedure
       and h.subject = v.subject and h.grade = v.grade and h.school_year = v.school_year
      where v.level = 'school' and v.value is not null
        and v.indicator in (select indicator from ${martIndicator} where better in ('higher', 'lower'))
      order by v.indicator, v.procedure, v.subject, v.grade, v.school_year, v.unit_key`,
  },
  compute: function* (inputs) {
    const numbersIn = thresholdsByYear(riskRule, rowsOf(inputs.rule))
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
    const declining = byCellYear(
      rowsOf(inputs.declining),
      ({ last_year }) => last_year,
      ({ unit_key }) => unit_key,
    )
    const outside = byCellYear(
      rowsOf(inputs.outside),
      ({ school_year }) => school_year,
      ({ level, unit_key }) => (level === 'country' ? 'country' : unit_key),
    )
    const hidden = byCellYear(
      rowsOf(inputs.hidden),
      ({ school_year }) => school_year,
      ({ level, unit_key }) => `${level} ${unit_key}`,
    )
    const byIndicator = grouped(rowsOf(inputs.values), ({ indicator }) => indicator)

    const rules = new Map([...years.keys()].map((year) => [year, riskRuleOf(numbersIn(year))]))
    const latest = [...years.keys()].at(-1) ?? 0
    const earliest = [...years.keys()][0] ?? 0

    const passports = rowsOf(inputs.passports)
    for (const [place, passport] of passports.entries()) {
      const better: Better = passport.better === 'lower' ? 'lower' : 'higher'
      const unit = passport.unit as ValueUnit
      const values = byIndicator.get(passport.indicator) ?? []
      for (const [key, cell] of grouped(values, cellOf)) {
        const head = cell[0]
        if (head === undefined || cell.every(({ se }) => se === null)) continue
        const { procedure, subject, grade } = head
        const [procedureName, subjectName, gradeName] = [
          procedures.get(procedure)?.name ?? procedure,
          subjects.get(subject)?.name ?? subject,
          grades.get(grade)?.name ?? grade,
        ]
        const sortOfCell = sortOf([
          { place, size: passports.length },
          placeOf(procedures, procedure),
          placeOf(subjects, subject),
          placeOf(grades, grade),
        ])
        let before = new Map<string, Judged>()
        let yearBefore = -Infinity
        for (const [year, ofYear] of grouped(cell, ({ school_year }) => school_year)) {
          const rule = rules.get(year) ?? riskRuleOf(numbersIn(year))
          const outsideNow = outside.get(`${passport.indicator} ${key} ${String(year)}`)
          const hiddenNow = hidden.get(`${passport.indicator} ${key} ${String(year)}`)
          const fallen = [
            passport.indicator,
            ...(passport.section === 'attainment' ? [riditIndex.name] : []),
          ].map((indicator) => declining.get(`${indicator} ${key} ${String(year)}`))
          const judged = judgeYear(ofYear, better, rule, norms, (value, level) =>
            outsideNow?.get(level === 'country' ? 'country' : value.region_key),
          )
          const label = years.get(year) ?? String(year)
          const sortOfYear = sortWithin(sortOfCell, latest - year, latest - earliest + 1)
          for (const found of judged) {
            const { value, judgement, inCluster } = found
            const last = yearBefore === year - 1 ? before.get(value.unit_key) : undefined
            const isDeclining = fallen.some((rows) => rows?.has(value.unit_key))
            const zone = zoneOf(judgement, last?.judgement, isDeclining, better, rule)
            const clusterZone =
              inCluster === undefined || inCluster.reason === 'few peers'
                ? null
                : zoneOf(inCluster, last?.inCluster, isDeclining, better, rule)
            const school = schools.get(value.unit_key)
            yield {
              indicator: passport.indicator,
              indicator_title: passport.title,
              unit_key: value.unit_key,
              unit_name: school?.name ?? value.unit_key,
              procedure,
              procedure_name: procedureName,
              subject,
              subject_name: subjectName,
              grade,
              grade_name: gradeName,
              school_year: year,
              school_year_label: label,
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
                isRepeated: isRepeated(judgement, last?.judgement),
                isWatched: zone === 'watch',
                minimumN: rule.minimumN,
              }),
              value_text: valueText(value.value, unit, passport.decimals),
              is_suppressed: value.is_suppressed,
              is_target_suppressed:
                judgement.target !== null &&
                hiddenNow !== undefined &&
                isTargetAmong(hiddenNow, found),
              method_version: methodVersion,
              sort: sortWithin(sortOfYear, school?.place ?? schools.size, schools.size + 1),
            }
          }
          before = new Map(judged.map((found) => [found.value.unit_key, found]))
          yearBefore = year
        }
      }
    }
  },
})

/** Rows of an indicator, procedure, subject, grade and year by the unit they speak of. */
const byCellYear = <
  R extends {
    readonly indicator: string
    readonly procedure: string
    readonly subject: string
    readonly grade: string
  },
>(
  rows: readonly R[],
  yearOf: (row: R) => number,
  unitOf: (row: R) => string,
): ReadonlyMap<string, ReadonlyMap<string, R>> => {
  const found = new Map<string, Map<string, R>>()
  for (const row of rows) {
    const key = `${row.indicator} ${cellOf(row)} ${String(yearOf(row))}`
    const known = found.get(key)
    if (known === undefined) found.set(key, new Map([[unitOf(row), row]]))
    else known.set(unitOf(row), row)
  }
  return found
}

/** The mean that a school is compared with is that of its municipality (or gives it away) or of its region. */
const isTargetAmong = (
  hidden: ReadonlyMap<string, unknown>,
  { value, target }: Judged,
): boolean => {
  if (target === 'norm' || target === 'country') return false
  return hidden.has(
    target === 'region' ? `region ${value.region_key}` : `municipality ${value.municipality_key}`,
  )
}
