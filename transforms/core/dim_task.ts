import { sql } from 'kysely'
import { integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { taskResult } from '../entities/task_result.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'

export const dimTask = defineModel(import.meta.url, {
  doc: 'One row per procedure, subject, grade, school year and task.',
  grain: ['procedure', 'subject', 'grade', 'school_year', 'task_code'],
  columns: {
    procedure: text('Procedure'),
    subject: text('Subject'),
    grade: text('Grade'),
    school_year: integer('Year in which the school year ends'),
    task_code: text('Task'),
    task_order: integer('Place in the work'),
    max_score: integer('Greatest score'),
    difficulty: nullable(text('basic, advanced, high; null: the form does not say')),
  },
  select: () => sql`
    select procedure, subject, grade, school_year, task.code as task_code,
           min(task.place)::integer as task_order, max(task.maximum)::integer as max_score, min(task.difficulty) as difficulty
    from (
      select procedure, subject, grade, school_year, unnest(tasks) as task
      from (
        select distinct t.procedure, subject.subject, t.grade::varchar as grade, t.school_year, t.tasks
        from ${taskResult} as t
        join ${bridgeSubjectName} as subject on subject.printed = t.subject
      )
    )
    group by all`,
})
