import { sql } from 'kysely'
import { integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { expectedDelivery } from '../ledger/expected_delivery.ts'
import { sheet } from '../ledger/sheet.ts'

export const martDataQuality = defineModel(import.meta.url, {
  doc: 'Строка — форма и учебный год: что получено и ожидалось ли.',
  grain: ['source', 'school_year'],
  columns: {
    source: text('форма: имя её таблицы; пусто — не распознана'),
    source_title: text('название формы'),
    school_year: integer('год окончания учебного года; 0 — в форме не указан'),
    school_year_label: text('учебный год словами: «2025/26»'),
    files: integer(
      'файлов получено, без строк данных тоже; отклонённые, повторы и заменённые не считаются',
    ),
    rows_read: integer(
      'строк с данными в файлах, которые действуют хотя бы частью: загруженные, карантин и заменённые вместе',
    ),
    rows_loaded: integer('строк загружено: столько их в таблице формы'),
    rows_quarantined: integer('строк в карантине'),
    rows_replaced: integer('строк заменено: за их поставки действуют другие файлы'),
    files_refused: integer('файлов отклонено: из них ничего не загружено'),
    files_unrecognised: integer('файлов не распознано: ни одна известная форма не подходит'),
    sheets_refused: integer(
      'листов, не прочитанных целиком; файл, который не открылся, — как один лист',
    ),
    refusals: text(
      'не прочитано целиком: на строку файл, лист и причина через табуляцию; пусто — такого нет',
    ),
    delivery_state: text(
      'состояние: delivered — получено, not_delivered — не получено, not_required — не требуется, zero — получено без данных, unrecognised — форма не распознана',
    ),
    state_label: text('состояние словами'),
    sort: integer('порядок строк'),
  },
  select: () => sql`
    with line as materialized (
      select *, row_number() over () as id from ${sheet}
    ),
    file as (
      select _file, bool_or(source <> '') as is_known, bool_or(refused is not null) as is_refused, bool_or(rows_read > 0 and refused is null) as is_loaded,
             first(id order by refused is null, source, school_year, sheet) as first_line, first(id order by sheet) as first_sheet
      from line
      group by _file
    ),
    told as (
      select l.*, coalesce(refused, case when not is_known and not is_refused and id = first_sheet then 'ни одна известная форма не подходит' end) as refusal,
             case when is_loaded then 'loaded' when is_refused then 'refused' when not is_known then 'unrecognised' else 'empty' end as status,
             id = first_line as is_first
      from line as l
      join file using (_file)
    ),
    arrived as (
      select source, min(source_title) as source_title, coalesce(school_year, 0) as school_year,
             count(distinct _file) filter (where is_received)::integer as files, count(distinct _file)::integer as arrived, sum(rows_read)::integer as rows_read,
             sum(rows_loaded)::integer as rows_loaded, sum(rows_quarantined)::integer as rows_quarantined, sum(rows_replaced)::integer as rows_replaced,
             count(*) filter (where is_first and status = 'refused')::integer as files_refused,
             count(*) filter (where is_first and status = 'unrecognised')::integer as files_unrecognised,
             count(refusal)::integer as sheets_refused,
             coalesce(string_agg(concat_ws(chr(9), regexp_replace(file_name, '\\s+', ' ', 'g'), regexp_replace(sheet, '\\s+', ' ', 'g'), regexp_replace(refusal, '\\s+', ' ', 'g')), chr(10) order by file_name, sheet, _file) filter (where refusal is not null), '') as refusals
      from told
      where source <> '' or refusal is not null
      group by source, coalesce(school_year, 0)
    ),
    state as (
      select coalesce(a.source, e.source) as source, coalesce(a.source_title, e.source_title) as source_title,
             coalesce(a.school_year, e.school_year) as school_year,
             coalesce(a.files, 0) as files, coalesce(a.rows_read, 0) as rows_read, coalesce(a.rows_loaded, 0) as rows_loaded,
             coalesce(a.rows_quarantined, 0) as rows_quarantined, coalesce(a.rows_replaced, 0) as rows_replaced,
             coalesce(a.files_refused, 0) as files_refused, coalesce(a.files_unrecognised, 0) as files_unrecognised, coalesce(a.sheets_refused, 0) as sheets_refused, coalesce(a.refusals, '') as refusals,
             case when a.source = '' then 'unrecognised'
                  when a.rows_loaded > 0 then 'delivered'
                  when a.arrived > 0 then 'zero'
                  when not e.is_required then 'not_required'
                  else 'not_delivered' end as delivery_state
      from arrived as a
      full join ${expectedDelivery} as e on e.source = a.source and e.school_year = a.school_year
    )
    select source, case when source = '' then 'Форма не распознана' else source_title end as source_title, school_year::integer as school_year,
           case when school_year = 0 then 'год не указан' else (school_year - 1) || '/' || lpad((school_year % 100)::varchar, 2, '0') end as school_year_label,
           files, rows_read, rows_loaded, rows_quarantined, rows_replaced, files_refused, files_unrecognised, sheets_refused, refusals, delivery_state,
           case delivery_state when 'delivered' then 'получено' when 'zero' then 'получено без данных' when 'not_required' then 'не требуется' when 'unrecognised' then 'не распознано' else 'не получено' end as state_label,
           row_number() over (order by school_year desc, source_title)::integer as sort
    from state`,
})
