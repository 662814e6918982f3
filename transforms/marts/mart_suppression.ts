import { sql } from 'kysely'
import { integer, text } from '../contract/column.ts'
import { defineComputation, rowsOf, type Frame } from '../contract/computation.ts'
import { thresholdsByYear, yearlyThresholds } from '../contract/parameter.ts'
import { bridgeSchoolUnit } from '../core/bridge_school_unit.ts'
import { smallNumberRule } from '../parameters/small_number_rule.ts'
import { martEstimate } from './mart_estimate.ts'
import { martIndicator } from './mart_indicator.ts'
import { suppressedNumbers, type Member, type Shown } from './suppression/sums.ts'

const columns = {
  indicator: text('показатель: имя его таблицы'),
  level: text(
    'уровень: school — школа, cluster — кластер, municipality — муниципалитет, region — регион',
  ),
  unit_key: text('ключ единицы этого уровня'),
  procedure: text('оценочная процедура или all (не по процедурам)'),
  subject: text('предмет или all (сводно по предметам)'),
  grade: text('класс или all (сводно по классам)'),
  school_year: integer('год окончания учебного года'),
  reason: text(
    'причина: small — людей меньше limited_from, sensitive — с признаком или без него меньше sensitive_from (parameters.small_number_rule), complement — выдало бы скрытое рядом',
  ),
} as const

export const martSuppression = defineComputation(import.meta.url, {
  doc: 'Строка — показатель, единица, процедура, предмет, класс и учебный год, значение которых показывать нельзя: за ним мало людей или оно выдало бы то, за которым их мало.',
  grain: ['indicator', 'level', 'unit_key', 'procedure', 'subject', 'grade', 'school_year'],
  partition: ['school_year'],
  columns,
  inputs: {
    rule: () => yearlyThresholds(smallNumberRule),
    members: () => sql<Member>`
      select school_year, level, unit_key, school_key from ${bridgeSchoolUnit}
      where level <> 'school'
      order by school_year, level, unit_key, school_key`,
    numbers: () => sql<Shown>`
      select e.indicator, i.is_sensitive, e.level, e.unit_key, e.procedure, e.subject, e.grade, e.school_year,
             e.numerator, e.denominator, e.n,
             i.counts_schools and e.level <> 'school' and e.numerator is not null as counts_schools
      from ${martEstimate} as e
      join ${martIndicator} as i using (indicator)
      where e.value is not null and e.level <> 'country'
      order by e.school_year, e.indicator, e.level, e.unit_key, e.procedure, e.subject, e.grade`,
  },
  compute: function* ({ rule, members, numbers }) {
    const numbersIn = thresholdsByYear(smallNumberRule, rowsOf(rule))
    const units = rowsOf(members)
    for (const ofYear of rowsByYear(numbers)) {
      const of = numbersIn(ofYear[0]?.school_year ?? 0)
      const limits = { limitedFrom: of('limited_from'), sensitiveFrom: of('sensitive_from') }
      for (const { number, reason } of suppressedNumbers(ofYear, units, limits))
        yield {
          indicator: number.indicator,
          level: number.level,
          unit_key: number.unit_key,
          procedure: number.procedure,
          subject: number.subject,
          grade: number.grade,
          school_year: number.school_year,
          reason,
        }
    }
  },
})

/** Rows as objects, one year at a time: rows of a year lie together. */
function* rowsByYear(frame: Frame<Shown>): Generator<readonly Shown[]> {
  const columns = Object.entries<ArrayLike<unknown>>(frame.columns)
  const years = frame.columns.school_year
  for (let start = 0, end = 0; start < frame.length; start = end) {
    while (end < frame.length && years[end] === years[start]) end++
    yield Array.from({ length: end - start }, (_, i) => {
      const row: Record<string, unknown> = {}
      for (const [name, values] of columns) row[name] = values[start + i]
      return row as unknown as Shown
    })
  }
}
