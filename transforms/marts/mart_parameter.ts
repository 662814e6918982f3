import { sql } from 'kysely'
import { boolean, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
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
  aside: [dimSchoolYear],
  columns: {
    parameter_table: text('таблица параметров'),
    table_label: text('какое правило'),
    name: text('имя числа'),
    value_text: text('значение, как на страницах'),
    unit: text('единица, как в таблице параметров'),
    unit_label: text('единица словами: «учеников», «доля»'),
    meaning: text('что оно решает'),
    scope: text('для кого: all — для всех, имя проекта или код муниципалитета'),
    scope_label: text('для кого, словами: «везде» или имя проекта, код муниципалитета'),
    valid_from: text('первый день действия; пусто — действовало всегда'),
    valid_to: text('последний день действия; пусто — действует и сейчас'),
    is_in_force: boolean('действует в последнем учебном году: 31 августа'),
    source: text('документ или обоснование'),
    tag: text('насколько надёжно: S, W, R, G, G?, P (смысл — у столбца tag таблиц parameters)'),
  },
  select: () =>
    sql`${sql.join(
      rules.map(
        ([table, label]) => sql`
    select ${sql.lit(table.name)} as parameter_table, ${sql.lit(label)} as table_label, name,
           replace(case when value = round(value) then value::bigint::varchar else round(value, 4)::varchar end, '.', ',') as value_text,
           unit,
           case unit when 'share' then 'доля' when 'points' then 'баллов' when 'pupils' then 'учеников' when 'schools' then 'школ'
                     when 'z' then 'стандартных ошибок' when 'years' then 'лет' when 'months' then 'месяцев' when 'hours' then 'часов' when 'ratio' then 'отношение' when 'count' then 'число' else unit end as unit_label,
           meaning, scope, case scope when 'all' then 'везде' else scope end as scope_label,
           coalesce(valid_from::varchar, '') as valid_from, coalesce(valid_to::varchar, '') as valid_to,
           coalesce(valid_from <= y.last_day, true) and coalesce(valid_to >= y.last_day, true) as is_in_force, source, tag
    from ${table}
    cross join (select make_date(max(school_year), 8, 31) as last_day from ${dimSchoolYear}) as y`,
      ),
      sql` union all `,
    )}`,
})
