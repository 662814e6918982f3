import { sql } from 'kysely'
import { boolean, integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { subject } from '../parameters/subject.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'

export const dimSubject = defineModel(import.meta.url, {
  doc: 'One row per subject; one that no parameter names is inferred from what is printed.',
  grain: ['subject'],
  columns: {
    subject: text('Code'),
    name: text('Russian name'),
    sort: integer('Order on pages'),
    is_inferred: boolean('Known only as printed'),
  },
  select: () => sql`
    select subject, name, sort, false as is_inferred from ${subject}
    union all
    select subject, min(printed), 90, true from ${bridgeSubjectName} where is_inferred group by subject`,
})
