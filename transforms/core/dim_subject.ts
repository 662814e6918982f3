import { sql } from 'kysely'
import { boolean, integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { subject } from '../parameters/subject.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'

export const dimSubject = defineModel(import.meta.url, {
  doc: 'Строка — предмет; предмет, которого нет в parameters.subject_name, заведён по напечатанному названию.',
  grain: ['subject'],
  columns: {
    subject: text('код предмета'),
    name: text('название'),
    sort: integer('порядок на страницах'),
    is_inferred: boolean('известен только по напечатанному названию'),
  },
  select: () => sql`
    select subject, name, sort, false as is_inferred from ${subject}
    union all
    select subject, min(printed), 90, true from ${bridgeSubjectName} where is_inferred group by subject`,
})
