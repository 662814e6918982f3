import { sql } from 'kysely'
import { integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { expectedDelivery } from '../ledger/expected_delivery.ts'
import { sheet } from '../ledger/sheet.ts'

export const martDataQuality = defineModel(import.meta.url, {
  doc: 'Строка — форма и учебный год: что получено и ожидалось ли.',
  grain: ['source', 'school_year'],
  columns: {
    source: text('форма: имя её таблицы'),
    source_title: text('название формы'),
    school_year: integer('год окончания учебного года; 0 — в форме не указан'),
    school_year_label: text('учебный год словами: «2025/26»'),
    files: integer('файлов, из которых прочитаны строки; повторы и заменённые не считаются'),
    rows_read: integer('строк с данными'),
    rows_loaded: integer('строк загружено'),
    rows_quarantined: integer('строк в карантине'),
    sheets_refused: integer('листов отклонено целиком'),
    delivery_state: text(
      'состояние: delivered — получено, not_delivered — не получено, not_required — не требуется, zero — получено без данных',
    ),
    state_label: text('состояние словами'),
    sort: integer('порядок строк'),
  },
  select: () => sql`
    with arrived as (
      select source, min(source_title) as source_title, coalesce(school_year, 0) as school_year,
             count(distinct _file) filter (where rows_read > 0)::integer as files, count(distinct _file)::integer as arrived, sum(rows_read)::integer as rows_read,
             sum(rows_loaded)::integer as rows_loaded, sum(rows_quarantined)::integer as rows_quarantined,
             count(refused)::integer as sheets_refused
      from ${sheet}
      where source <> ''
      group by source, coalesce(school_year, 0)
    ),
    state as (
      select coalesce(a.source, e.source) as source, coalesce(a.source_title, e.source_title) as source_title,
             coalesce(a.school_year, e.school_year) as school_year,
             coalesce(a.files, 0) as files, coalesce(a.rows_read, 0) as rows_read, coalesce(a.rows_loaded, 0) as rows_loaded,
             coalesce(a.rows_quarantined, 0) as rows_quarantined, coalesce(a.sheets_refused, 0) as sheets_refused,
             case when a.rows_loaded > 0 then 'delivered'
                  when a.arrived > 0 then 'zero'
                  when not e.is_required then 'not_required'
                  else 'not_delivered' end as delivery_state
      from arrived as a
      full join ${expectedDelivery} as e on e.source = a.source and e.school_year = a.school_year
    )
    select source, source_title, school_year::integer as school_year,
           case when school_year = 0 then 'год не указан' else (school_year - 1) || '/' || lpad((school_year % 100)::varchar, 2, '0') end as school_year_label,
           files, rows_read, rows_loaded, rows_quarantined, sheets_refused, delivery_state,
           case delivery_state when 'delivered' then 'получено' when 'zero' then 'получено без данных' when 'not_required' then 'не требуется' else 'не получено' end as state_label,
           row_number() over (order by school_year desc, source_title)::integer as sort
    from state`,
})
