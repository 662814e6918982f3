import { sql } from 'kysely'
import { text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { clusterRule } from '../parameters/cluster_rule.ts'
import { objectivityRule } from '../parameters/objectivity_rule.ts'
import { riskRule } from '../parameters/risk_rule.ts'
import { smallNumberRule } from '../parameters/small_number_rule.ts'
import { staffRule } from '../parameters/staff_rule.ts'
import { trendRule } from '../parameters/trend_rule.ts'

const rules = [
  [smallNumberRule, 'Малые выборки'],
  [trendRule, 'Динамика'],
  [riskRule, 'Зоны риска'],
  [clusterRule, 'Кластеры'],
  [objectivityRule, 'Объективность'],
  [staffRule, 'Кадры'],
] as const

export const martParameter = defineModel(import.meta.url, {
  doc: 'One row per number that a rule uses: what it is, whose it is, how far to trust it.',
  grain: ['parameter_table', 'name', 'scope'],
  columns: {
    parameter_table: text('Table'),
    table_label: text('Russian: the rule'),
    name: text('Which number'),
    value_text: text('As shown'),
    unit: text('Unit'),
    meaning: text('Russian: what it does'),
    scope: text('Whom it is for'),
    valid_from: text('First day in force; empty: always was'),
    valid_to: text('Last day in force; empty: still is'),
    source: text('Document or reason'),
    tag: text('How far to trust it'),
  },
  select: () =>
    sql`${sql.join(
      rules.map(
        ([table, label]) => sql`
    select ${sql.lit(table.name)} as parameter_table, ${sql.lit(label)} as table_label, name,
           replace(case when value = round(value) then value::bigint::varchar else round(value, 4)::varchar end, '.', ',') as value_text,
           unit, meaning, scope, coalesce(valid_from::varchar, '') as valid_from, coalesce(valid_to::varchar, '') as valid_to, source, tag
    from ${table}`,
      ),
      sql` union all `,
    )}`,
})
