import { sql } from 'kysely'
import { boolean, integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { indicatorPassport } from '../contract/indicator.ts'

export const martIndicator = defineModel(import.meta.url, {
  doc: 'Строка — показатель: его паспорт.',
  grain: ['indicator'],
  columns: {
    indicator: text('показатель: имя его таблицы'),
    catalogue: text('номер в каталоге показателей'),
    title: text('название'),
    definition: text('определение'),
    formula: text('формула'),
    unit: text(
      'единица: share — доля, points — баллы, mark — отметка, count — количество, ratio — отношение',
    ),
    decimals: integer('знаков после запятой (у доли — в её процентах)'),
    better: text(
      'что лучше: higher — больше, lower — меньше, zero — ближе к нулю, neither — не оценивается',
    ),
    section: text(
      'раздел: attainment — результаты, objectivity — объективность, context — контекст, staffing — кадры, talents — таланты',
    ),
    section_label: text('название раздела'),
    direction: text('направление управленческих механизмов: 1.1 … 2.4, ctx — контекст'),
    source_note: text('откуда данные'),
    interval_note: text('как получен интервал или почему его нет'),
    is_headline: boolean('по нему делаются выводы и считаются зоны'),
    is_sensitive: boolean('о чувствительном признаке: скрывается, если детей с ним меньше десяти'),
    counts_schools: boolean('n единицы из нескольких школ — число школ, а не людей'),
    method_version: text('показатель и версия метода'),
    sort: integer('порядок на страницах'),
  },
  select: () => sql`
    select indicator, catalogue, title, definition, formula, unit, decimals, better, section,
           case section when 'attainment' then 'Результаты' when 'objectivity' then 'Объективность' when 'context' then 'Контекст'
                        when 'staffing' then 'Кадры' when 'talents' then 'Таланты' else section end as section_label,
           direction, source_note, interval_note, is_headline = 1 as is_headline, is_sensitive = 1 as is_sensitive,
           counts_schools = 1 as counts_schools, method_version,
           row_number() over (order by case section when 'attainment' then 1 when 'objectivity' then 2 when 'talents' then 3 when 'context' then 4 else 5 end, catalogue)::integer as sort
    from ${indicatorPassport}`,
})
