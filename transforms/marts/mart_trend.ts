import { sql } from 'kysely'
import { boolean, double, integer, nullable, text } from '../contract/column.ts'
import { defineComputation, grouped, rowsOf } from '../contract/computation.ts'
import { thresholds } from '../contract/parameter.ts'
import { bridgeSchoolUnit } from '../core/bridge_school_unit.ts'
import { dimGrade } from '../core/dim_grade.ts'
import { dimProcedure } from '../core/dim_procedure.ts'
import { dimSubject } from '../core/dim_subject.ts'
import { dimTestVersion } from '../core/dim_test_version.ts'
import { dimUnit } from '../core/dim_unit.ts'
import { riditIndex } from '../indicators/ridit_index.ts'
import { breakYears } from '../methods/education/comparability.ts'
import type { ValueUnit } from '../methods/education/wording.ts'
import { Z_95 } from '../methods/statistics/distributions.ts'
import { testBreak } from '../parameters/test_break.ts'
import { trendRule } from '../parameters/trend_rule.ts'
import { martEstimate } from './mart_estimate.ts'
import { martIndicator } from './mart_indicator.ts'
import { martSuppression } from './mart_suppression.ts'
import { named, placeOf, sortOf, sortWithin } from './sort/order.ts'
import { changeOf, trendLabels, trendsOfCell, type Value } from './trend/cell.ts'

/** Measured against a reference of the same year, so that a change of test does not cut the series. */
const relativeIndicators: ReadonlySet<string> = new Set([riditIndex.name])
const methodVersion = 'trend@1'
interface Passport {
  readonly indicator: string
  readonly title: string
  readonly unit: string
  readonly decimals: number
  readonly better: string
}

const columns = {
  indicator: text('показатель: имя его таблицы'),
  indicator_title: text('название показателя'),
  level: text('уровень: school — школа, cluster — кластер, municipality — муниципалитет'),
  unit_key: text('ключ единицы этого уровня'),
  unit_name: text('название единицы'),
  procedure: text('оценочная процедура или all (не по процедурам)'),
  procedure_name: text('название процедуры'),
  subject: text('предмет или all (сводно по предметам)'),
  subject_name: text('название предмета'),
  grade: text('класс или all (сводно по классам)'),
  grade_name: text('название класса'),
  basis: text(
    'основа: absolute — между одинаковыми работами, relative — относительно эталона того же года',
  ),
  basis_label: text('основа словами'),
  first_year: integer('первый год окна с данными'),
  last_year: integer('последний год окна с данными'),
  years: integer('лет с данными в окне'),
  value_first: double('значение в первом году'),
  value_last: double('значение в последнем году'),
  total_change: nullable(double('изменение за окно: наклон, умноженный на его длину')),
  slope: nullable(double('наклон: изменение за год')),
  se: nullable(double('стандартная ошибка наклона, с учётом различий наборов')),
  lo: nullable(double('нижняя граница 95 % ДИ наклона')),
  hi: nullable(double('верхняя граница 95 % ДИ наклона')),
  z: nullable(double('z: наклон, делённый на его ошибку')),
  n_first: nullable(integer('учеников в первом году; пусто — не передано')),
  n_last: nullable(integer('учеников в последнем году; пусто — не передано')),
  trend_class: text(
    'вывод: improved — улучшение, declined — снижение, stable — стабильно, uncertain — неопределённо, insufficient — недостаточно данных, difference — разница двух лет',
  ),
  trend_label: text('вывод словами'),
  has_curvature: boolean('перелом в среднем году, которого наклон не показывает'),
  cohort_sd: nullable(double('разброс наборов от года к году √τ_c², в единицах показателя')),
  break_note: nullable(text('смена модели работы, которая обрезала ряд или попала в окно')),
  change_text: text('изменение словами: «+5,2 п. п. за 2024–2026 (95 % ДИ …)»'),
  slope_all: nullable(double('изменение за год по всем сравнимым годам')),
  years_all: integer('сравнимых лет по последний'),
  theil_sen: nullable(double('медиана попарных наклонов (Тейл — Сен) по всем сравнимым годам')),
  is_suppressed: boolean(
    'одно из значений окна скрыто в издании для руководителей (marts.mart_suppression)',
  ),
  is_history_suppressed: boolean('скрыто одно из значений сравнимых лет'),
  method_version: text('метод и его версия'),
  sort: double('порядок на страницах'),
} as const

export const martTrend = defineComputation(import.meta.url, {
  doc: 'Строка — показатель, у которого есть «лучше» и «хуже», единица, процедура, предмет, класс и основа сравнения: тренд за последние годы.',
  grain: ['indicator', 'level', 'unit_key', 'procedure', 'subject', 'grade', 'basis'],
  partition: ['subject', 'grade'],
  among: ['indicator', 'procedure', 'subject', 'grade'],
  aside: [martSuppression],
  columns,
  inputs: {
    rule: () => sql<{ name: string; value: number }>`
      select name, value from ${trendRule} order by name`,
    passports: () => sql<Passport>`
      select indicator, title, unit, decimals, better from ${martIndicator}
      where better in ('higher', 'lower') order by sort, indicator`,
    procedures: () => sql<{ procedure: string; name: string; is_equated: boolean }>`
      select procedure, name, is_equated from ${dimProcedure} order by sort, procedure`,
    subjects: () => sql<{ key: string; name: string }>`
      select subject as key, name from ${dimSubject} order by sort, subject`,
    grades: () => sql<{ key: string; name: string }>`
      select grade as key, name from ${dimGrade} order by sort, grade`,
    units: () => sql<{ level: string; unit_key: string; name: string }>`
      select level, unit_key, name from ${dimUnit} order by level, unit_key`,
    members: () => sql<{
      level: string
      unit_key: string
      school_year: number
      school_key: string
    }>`
      select level, unit_key, school_year, school_key from ${bridgeSchoolUnit}
      where level in ('cluster', 'municipality')
      order by level, unit_key, school_year, school_key`,
    breaks: () => sql<{
      procedure: string
      subject: string
      grade: string
      year: number
      note: string
    }>`
      select procedure, subject, grade, school_year as year, note from ${testBreak}
      order by procedure, subject, grade, school_year`,
    maxima: () => sql<{
      procedure: string
      subject: string
      grade: string
      year: number
      maximum: number | null
    }>`
      select procedure, subject, grade, school_year as year, max_raw_score::double as maximum from ${dimTestVersion}
      order by procedure, subject, grade, school_year`,
    values: () => sql<Value>`
      select v.indicator, v.procedure, v.subject, v.grade, v.level, v.unit_key, v.school_year, v.value, v.se, v.n,
             h.reason is not null as is_suppressed
      from ${martEstimate} as v
      left join ${martSuppression} as h using (indicator, procedure, subject, grade, level, unit_key, school_year)
      where v.level in ('school', 'cluster', 'municipality') and v.value is not null
        and v.indicator in (select indicator from ${martIndicator} where better in ('higher', 'lower'))
      order by v.indicator, v.procedure, v.subject, v.grade, v.level, v.unit_key, v.school_year`,
  },
  compute: function* (inputs) {
    const rule = rowsOf(inputs.rule)
    const of = thresholds(trendRule, rule)
    const known = new Set(rule.map(({ name }) => name))
    const procedures = rowsOf(inputs.procedures)
    const subjects = named(rowsOf(inputs.subjects))
    const grades = named(rowsOf(inputs.grades))
    const units = named(
      rowsOf(inputs.units).map(({ level, unit_key, name }) => ({
        key: `${level} ${unit_key}`,
        name,
      })),
    )
    const members = grouped(
      rowsOf(inputs.members),
      ({ level, unit_key, school_year }) => `${level} ${unit_key} ${String(school_year)}`,
    )
    const breaks = rowsOf(inputs.breaks)
    const maxima = rowsOf(inputs.maxima)
    const byIndicator = grouped(rowsOf(inputs.values), ({ indicator }) => indicator)
    const procedureOf = new Map(procedures.map((row, place) => [row.procedure, { ...row, place }]))

    const passports = rowsOf(inputs.passports)
    for (const [place, passport] of passports.entries()) {
      // Counts and ratios have no thresholds: nobody said what change of them matters.
      if (!known.has(`material_change_${passport.unit}`)) continue
      const isRelative = relativeIndicators.has(passport.indicator)
      const cells = grouped(
        byIndicator.get(passport.indicator) ?? [],
        ({ procedure, subject, grade }) => `${procedure} ${subject} ${grade}`,
      )
      for (const cell of cells.values()) {
        const head = cell[0]
        if (head === undefined) continue
        const procedure = procedureOf.get(head.procedure)
        if (!isRelative && procedure?.is_equated === false) continue
        const found = trendsOfCell(cell, {
          cuts: breakYears(head, breaks, maxima),
          isRelative,
          windowYears: of('window_years'),
          members,
          rule: {
            significanceZ: of('significance_z'),
            materialChange: of(`material_change_${passport.unit}`),
            stableInterval: of(`stable_interval_${passport.unit}`),
            minimumN: of('minimum_n'),
            better: passport.better === 'lower' ? 'lower' : 'higher',
          },
          minimumSchools: of('cohort_schools_minimum'),
          declaredVariance: of(`cohort_variance_${passport.unit}`),
        })
        const procedureName = procedure?.name ?? head.procedure
        const subjectName = subjects.get(head.subject)?.name ?? head.subject
        const gradeName = grades.get(head.grade)?.name ?? head.grade
        const sortOfCell = sortOf([
          { place, size: passports.length },
          placeOf(procedureOf, head.procedure),
          placeOf(subjects, head.subject),
          placeOf(grades, head.grade),
        ])
        for (const { level, unitKey, trend, variance, note, ...more } of found) {
          const { first, last, slope: line, hasError } = trend
          const se = line === null || !hasError ? null : line.se
          const own = units.get(`${level} ${unitKey}`)
          yield {
            indicator: passport.indicator,
            indicator_title: passport.title,
            level,
            unit_key: unitKey,
            unit_name: own?.name ?? unitKey,
            procedure: head.procedure,
            procedure_name: procedureName,
            subject: head.subject,
            subject_name: subjectName,
            grade: head.grade,
            grade_name: gradeName,
            basis: isRelative ? 'relative' : 'absolute',
            basis_label: isRelative
              ? 'относительно страны (через смену работ)'
              : 'абсолютно (в пределах одной работы)',
            first_year: first.year,
            last_year: last.year,
            years: trend.years,
            value_first: first.value,
            value_last: last.value,
            total_change: line === null ? null : line.total,
            slope: line === null ? null : line.slope,
            se,
            lo: line === null || se === null ? null : line.slope - Z_95 * se,
            hi: line === null || se === null ? null : line.slope + Z_95 * se,
            z: line === null || se === null ? null : line.z,
            n_first: first.n,
            n_last: last.n,
            trend_class: trend.trendClass,
            trend_label: trendLabels[trend.trendClass],
            has_curvature: trend.hasCurvature,
            cohort_sd: Math.sqrt(variance),
            break_note: note,
            change_text: changeOf(trend, se, passport.unit as ValueUnit, passport.decimals),
            slope_all: more.slopeOfAll,
            years_all: more.yearsOfAll,
            theil_sen: more.theilSen,
            is_suppressed: more.isSuppressed,
            is_history_suppressed: more.isHistorySuppressed,
            method_version: methodVersion,
            sort: sortWithin(sortOfCell, own?.place ?? units.size, units.size + 1),
          }
        }
      }
    }
  },
})
