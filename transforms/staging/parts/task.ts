import { sql, type Expression } from 'kysely'
import type { Source } from '../../contract/source.ts'
import { headers, values } from './cells.ts'

/** «4К1 (3б)» is task 4К1 of 3 points; a criterion’s Latin k is the same as К. */
const code = sql`regexp_replace(
            regexp_replace(cell.header, '\\s*\\(\\s*\\d+\\s*[бБ]\\.?\\s*\\)\\s*$', ''),
            '\\s*[KkКк](\\d+)$', 'К\\1')`
const maximum = sql`cast(regexp_extract(cell.header, '\\(\\s*(\\d+)\\s*[бБ]', 1) as integer)`
/** Letter above the header: basic, advanced, high (базовый, повышенный, высокий). */
const difficulty = sql`case upper(trim(cell.above)) when 'Б' then 'basic' when 'П' then 'advanced' when 'В' then 'high' end`

const taskList = sql`left(md5(_headers), 16)`

/** A form with the list of tasks of each row; headers are looked at once for each table, not for each row. */
export const withTaskList = (form: Source): Expression<unknown> => sql`(
      select form.*, task_list
      from ${form} as form
      join (select _headers, ${taskList} as task_list from (select distinct _headers from ${form})) using (_headers)
    )`

/** Works (procedure, subject, grade, school_year, _headers, _file, _sheet, _row) taken apart into their tasks. */
export const tasksOf = (works: Expression<unknown>): Expression<never> => sql`
    select procedure, subject, grade, school_year, task_list,
           task.place as task_order,
           task.code as task_code,
           task.maximum as max_score,
           task.difficulty as difficulty,
           _file, _sheet, _row
    from (
      select *, ${taskList} as task_list, unnest(list_transform(${headers}, lambda cell, place: {
        'code': ${code},
        'place': cast(place as integer),
        'maximum': ${maximum},
        'difficulty': ${difficulty}
      })) as task
      from (${works})
    )`

/** Not attempted counts as no points (DOMAIN §2.1.2). */
export const taskScores: Expression<unknown> = sql`list_transform(${values}, lambda cell: if(cell = 'X', 0, cast(nullif(cell, 'X') as integer)))`
export const attempted: Expression<unknown> = sql`list_transform(${values}, lambda cell: cell <> 'X')`
