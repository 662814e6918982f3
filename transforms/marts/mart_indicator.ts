import { sql } from 'kysely'
import { boolean, integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { indicatorPassport } from '../contract/indicator.ts'

export const martIndicator = defineModel(import.meta.url, {
  doc: 'One row per indicator: its passport.',
  grain: ['indicator'],
  columns: {
    indicator: text('Name of its table'),
    catalogue: text('Identifier in the catalogue of indicators'),
    title: text('Russian title'),
    definition: text('Russian: what it is'),
    formula: text('Formula'),
    unit: text('share, points, mark, count, ratio'),
    decimals: integer('Decimals shown (of a share: of its percent)'),
    better: text('higher, lower, zero, neither'),
    section: text('attainment, objectivity, context, staffing, talents'),
    section_label: text('Russian'),
    direction: text('Direction of management mechanisms'),
    source_note: text('Russian: where the data come from'),
    interval_note: text('Russian: how the interval is made, or why there is none'),
    is_headline: boolean('Findings and counts of zones are made of it'),
    is_sensitive: boolean('Fewer than ten children with the trait are hidden from officials'),
    method_version: text('Indicator and version of its method'),
    sort: integer('Order on pages'),
  },
  select: () => sql`
    select indicator, catalogue, title, definition, formula, unit, decimals, better, section,
           case section when 'attainment' then 'Результаты' when 'objectivity' then 'Объективность' when 'context' then 'Контекст'
                        when 'staffing' then 'Кадры' when 'talents' then 'Таланты' else section end as section_label,
           direction, source_note, interval_note, is_headline = 1 as is_headline, is_sensitive = 1 as is_sensitive, method_version,
           row_number() over (order by case section when 'attainment' then 1 when 'objectivity' then 2 when 'talents' then 3 when 'context' then 4 else 5 end, catalogue)::integer as sort
    from ${indicatorPassport}`,
})
