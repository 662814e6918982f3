import { sql } from 'kysely'
import { defineStaging } from '../contract/entity.ts'
import { schoolContext } from '../entities/school_context.ts'
import { oo1Extract } from '../sources/oo1_extract.ts'
import { cells } from './parts/cells.ts'
import { oo1Cells } from './parts/oo1_measures.ts'

const meaning = sql.join(
  oo1Cells.map(
    ({ section, line, column, measure, factor }) =>
      sql`(${sql.lit(section)}, ${sql.lit(line)}, ${sql.lit(column)}, ${sql.lit(measure)}, ${sql.lit(factor)})`,
  ),
  sql`,\n        `,
)

export const stgOo1Extract = defineStaging(import.meta.url, {
  yields: schoolContext,
  select: () => sql`
    select
      school_code as school_ref,
      'register' as school_ref_system,
      cast(autumn as integer) + 1 as school_year,
      measure as measure,
      cast(sum(cast(cell.value as decimal(12,3)) * factor) as decimal(18,6)) as value,
      _file,
      _sheet,
      min(_row) as _row
    from (
      select
        *,
        unnest(${cells}) as cell
      from ${oo1Extract}
    )
    join (
      values
        ${meaning}
    ) as meaning (in_section, in_line, in_column, measure, factor)
      on section = in_section
      and lpad(line_code, 2, '0') = in_line
      and cell.header = in_column
    where cell.value is not null
    group by all`,
})
