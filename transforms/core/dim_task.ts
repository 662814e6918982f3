import { sql } from 'kysely'
import { integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { task } from '../entities/task.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'

export const dimTask = defineModel(import.meta.url, {
  doc: 'Строка — процедура, предмет, класс, учебный год и задание.',
  grain: ['procedure', 'subject', 'grade', 'school_year', 'task_code'],
  partition: ['procedure', 'school_year', 'grade'],
  through: ({ subject }) => ({
    subject: sql`select printed from ${bridgeSubjectName} where subject = ${subject}`,
  }),
  columns: {
    procedure: text('оценочная процедура'),
    subject: text('предмет'),
    grade: text('класс (параллель)'),
    school_year: integer('год окончания учебного года'),
    task_code: text('задание: 9.1, 4К1'),
    task_order: integer('место в работе'),
    max_score: integer('максимальный балл'),
    difficulty: nullable(
      text(
        'сложность: basic — базовая, advanced — повышенная, high — высокая; пусто — в форме не указана',
      ),
    ),
  },
  select: () => sql`
    select t.procedure, subject.subject, t.grade::varchar as grade, t.school_year, t.task_code,
           min(t.task_order) as task_order, max(t.max_score) as max_score, min(t.difficulty) as difficulty
    from ${task} as t
    join ${bridgeSubjectName} as subject on subject.printed = t.subject
    group by all`,
})
