import { sql } from 'kysely'
import { boolean, integer, nullable, origin, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { task } from '../entities/task.ts'
import { taskResult } from '../entities/task_result.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'
import { dimProcedure } from './dim_procedure.ts'
import { dimSubject } from './dim_subject.ts'

export const fctTaskResult = defineModel(import.meta.url, {
  doc: 'Строка — ученик, процедура, предмет, учебный год, попытка и задание. Строки не хранятся: запрос раскрывает работы entities.task_result.',
  grain: [
    'procedure',
    'subject',
    'grade',
    'school_year',
    'season',
    'attempt',
    'school_key',
    'pupil_key',
    'task_code',
  ],
  partition: ['procedure', 'school_year', 'grade'],
  unfolds: { lists: ['task_code', 'score', 'max_score', 'is_attempted'], present: 'score' },
  references: { procedure: dimProcedure, subject: dimSubject },
  columns: {
    school_key: text('школа'),
    pupil_key: text('ученик, как в core.fct_result'),
    procedure: text('оценочная процедура'),
    subject: text('предмет'),
    grade: text('класс, в котором ученик учится'),
    school_year: integer('год окончания учебного года'),
    season: text('время проведения: spring — весна, autumn — осень'),
    attempt: text('период: main — основной, reserve — резервные дни, september — сентябрь'),
    test_form: nullable(text('вариант')),
    task_code: text('задание: 9.1, 4К1'),
    score: integer('балл; 0, если не приступал'),
    max_score: integer('максимальный балл за задание'),
    is_attempted: boolean('приступал к заданию; false — в форме стоит X'),
    ...origin,
  },
  select: () => sql`
    select ref.school_key,
           case when starts_with(t.procedure, 'vpr') then concat(t.procedure, '-', t.school_year, '-', ref.school_key, '-', t.pupil_ref) else t.pupil_ref end as pupil_key,
           t.procedure,
           subject.subject,
           t.grade::varchar as grade,
           t.school_year,
           t.season,
           t.attempt,
           t.test_form,
           tasks.codes    as task_code,
           t.scores       as score,
           tasks.maxima   as max_score,
           t.attempted    as is_attempted,
           t._file,
           t._sheet,
           t._row
    from ${taskResult} as t
    join (
      select task_list, list(task_code order by task_order) as codes, list(max_score order by task_order) as maxima
      from (select distinct task_list, task_order, task_code, max_score from ${task})
      group by task_list
    ) as tasks using (task_list)
    join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)
    join ${bridgeSubjectName} as subject on subject.printed = t.subject`,
})
