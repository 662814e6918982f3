import { sql, type Expression } from 'kysely'

/** Column `cell` of (header, above, value): «4К1 (3б)» is task 4К1 of 3 points; a criterion’s Latin k is the same as К. */
export const taskCode: Expression<string> = sql`regexp_replace(
      regexp_replace(cell.header, '\\s*\\(\\s*\\d+\\s*[бБ]\\.?\\s*\\)\\s*$', ''),
      '\\s*[KkКк](\\d+)$', 'К\\1')`
export const taskMaximum: Expression<number> = sql`cast(regexp_extract(cell.header, '\\(\\s*(\\d+)\\s*[бБ]', 1) as integer)`
/** Letter above the header: basic, advanced, high (базовый, повышенный, высокий). */
export const taskDifficulty: Expression<string | null> = sql`case upper(trim(cell.above))
      when 'Б' then 'basic'
      when 'П' then 'advanced'
      when 'В' then 'high'
    end`
/** Not attempted counts as no points (DOMAIN §2.1.2). */
export const taskScore: Expression<number> = sql`if(cell.value = 'X', 0, cast(nullif(cell.value, 'X') as integer))`
export const isAttempted: Expression<boolean> = sql`cell.value <> 'X'`
