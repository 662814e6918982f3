import { sql } from 'kysely'
import { boolean, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { journalComparison } from '../entities/journal_comparison.ts'
import { medalContender } from '../entities/medal_contender.ts'
import { olympiad } from '../entities/olympiad.ts'
import { result } from '../entities/result.ts'
import { resultGroup } from '../entities/result_group.ts'
import { subjectName } from '../parameters/subject_name.ts'

export const bridgeSubjectName = defineModel(import.meta.url, {
  doc: 'Строка — название, под которым предмет стоит в форме.',
  grain: ['printed'],
  through: (row) => ({ subject: row.printed }),
  columns: {
    printed: text('название, как напечатано'),
    subject: text('предмет: код'),
    is_inferred: boolean('названия нет в parameters.subject_name'),
  },
  select: () => sql`
    with used as (
      select subject as printed from ${result}
      union
      select subject from ${resultGroup}
      union
      select subject from ${journalComparison}
      union
      select subject from ${olympiad}
      union
      select subject from ${medalContender}
    )
    select used.printed, coalesce(known.subject, 'x-' || lower(used.printed)) as subject, known.subject is null as is_inferred
    from used
    left join ${subjectName} as known on known.printed = lower(trim(used.printed))`,
})
