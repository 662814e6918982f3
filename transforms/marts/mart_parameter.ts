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
  doc: 'Строка — число, которым пользуется правило, с первым днём действия: что оно решает, для кого, насколько надёжно.',
  grain: ['parameter_table', 'name', 'scope', 'valid_from'],
  columns: {
    parameter_table: text('таблица параметров'),
    table_label: text('какое правило'),
    name: text('имя числа'),
    value_text: text('значение, как на страницах'),
    unit: text('единица, как в таблице параметров'),
    meaning: text('что оно решает'),
    scope: text('для кого: all — для всех, имя проекта или код муниципалитета'),
    valid_from: text('первый день действия; пусто — действовало всегда'),
    valid_to: text('последний день действия; пусто — действует и сейчас'),
    source: text('документ или обоснование'),
    tag: text('насколько надёжно: S, W, R, G, G?, P (смысл — у столбца tag таблиц parameters)'),
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
