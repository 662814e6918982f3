import { sql } from 'kysely'
import { double, text, type RowOf } from '../contract/column.ts'
import { defineComputation, grouped, rowsOf } from '../contract/computation.ts'
import { thresholds } from '../contract/parameter.ts'
import { normalTwoSided } from '../methods/statistics/distributions.ts'
import { benjaminiHochberg } from '../methods/statistics/multiple_testing.ts'
import { trendRule } from '../parameters/trend_rule.ts'
import { martTrend } from './mart_trend.ts'

const columns = {
  indicator: text('показатель: имя его таблицы'),
  level: text('уровень: всегда school — школа'),
  unit_key: text('школа: её ключ'),
  procedure: text('оценочная процедура или all (не по процедурам)'),
  subject: text('предмет или all (сводно по предметам)'),
  grade: text('всегда all: сводно по классам'),
  basis: text(
    'основа: absolute — между одинаковыми работами, relative — относительно эталона того же года',
  ),
  p: double('двустороннее p наклона'),
  q: double(
    'p с поправкой на все школы, процедуры и предметы показателя и основы (Бенджамини — Хохберг)',
  ),
} as const

/** The more schools and subjects are looked at, the more of them look changed by chance. */
export const martTrendEvidence = defineComputation(import.meta.url, {
  doc: 'Строка — показатель, школа, процедура, предмет и основа сравнения, у тренда которых по всем классам есть ошибка: насколько вероятна одна случайность.',
  grain: ['indicator', 'level', 'unit_key', 'procedure', 'subject', 'grade', 'basis'],
  among: ['indicator', 'basis'],
  columns,
  inputs: {
    rule: () => sql<{ name: string; value: number }>`
      select name, value from ${trendRule} order by name`,
    trends: () => sql<Omit<RowOf<typeof columns>, 'p' | 'q'> & { z: number }>`
      select indicator, level, unit_key, procedure, subject, grade, basis, z from ${martTrend}
      where level = 'school' and grade = 'all' and z is not null
      order by indicator, basis, procedure, subject, unit_key`,
  },
  compute: (inputs) => {
    const rate = thresholds(trendRule, rowsOf(inputs.rule))('false_discovery')
    const families = grouped(
      rowsOf(inputs.trends),
      ({ indicator, basis }) => `${indicator} ${basis}`,
    )
    return [...families.values()].flatMap((family) => {
      const p = family.map(({ z }) => normalTwoSided(z))
      const { adjusted } = benjaminiHochberg(p, rate)
      return family.map(({ z: _, ...row }, i) => ({ ...row, p: p[i] ?? 1, q: adjusted[i] ?? 1 }))
    })
  },
})
