import { sql } from 'kysely'
import { decimal, integer, nullable, origin, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { resultGroup } from '../entities/result_group.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'
import { dimMunicipality } from './dim_municipality.ts'
import { dimProcedure } from './dim_procedure.ts'
import { dimSubject } from './dim_subject.ts'

/** Counts from shares: the remainder goes to the largest fractions, so that they add up to the number of pupils (DOMAIN 2.11, 1). */
export const fctResultGroup = defineModel(import.meta.url, {
  doc: 'Строка — группа учеников (школа, муниципалитет, регион, страна), процедура, предмет, класс и учебный год: готовые итоги из файлов.',
  grain: ['procedure', 'subject', 'grade', 'school_year', 'level', 'unit_key'],
  references: { procedure: dimProcedure, subject: dimSubject },
  columns: {
    procedure: text('оценочная процедура'),
    subject: text('предмет или all (сводно по предметам)'),
    grade: text('класс или all (сводно по классам)'),
    school_year: integer('год окончания учебного года'),
    level: text(
      'уровень: country — страна, region — регион, municipality — муниципалитет, school — школа',
    ),
    unit_key: text(
      'ключ школы или муниципалитета; у региона — код или название, у страны — название',
    ),
    unit_name: text('Единица, как она напечатана, без кода'),
    schools: nullable(integer('школ в группе')),
    participants: nullable(integer('учеников')),
    count_2: nullable(integer('учеников с отметкой 2, восстановлено по доле')),
    count_3: nullable(integer('учеников с отметкой 3, восстановлено по доле')),
    count_4: nullable(integer('учеников с отметкой 4, восстановлено по доле')),
    count_5: nullable(integer('учеников с отметкой 5, восстановлено по доле')),
    share_2: nullable(decimal('доля отметок 2, как в файле, 0–1', 9, 6)),
    share_3: nullable(decimal('доля отметок 3, 0–1', 9, 6)),
    share_4: nullable(decimal('доля отметок 4, 0–1', 9, 6)),
    share_5: nullable(decimal('доля отметок 5, 0–1', 9, 6)),
    mean_score: nullable(decimal('средний балл', 12, 6)),
    grade_label: nullable(text('буква или категория, присвоенная органом управления')),
    ...origin,
  },
  select: () => sql`
    with known as (
      select g.* exclude (subject, grade), subject.subject, coalesce(g.grade::varchar, 'all') as grade,
             case g.level when 'school' then ref.school_key when 'municipality' then coalesce(place.municipality_key, g.unit_ref) else g.unit_ref end as unit_key
      from ${resultGroup} as g
      join ${bridgeSubjectName} as subject on subject.printed = g.subject
      left join ${bridgeSchoolRef} as ref
        on g.level = 'school' and ref.school_ref_system = g.unit_ref_system and ref.school_ref = g.unit_ref
      left join (select name, min(municipality_key) as municipality_key from ${dimMunicipality} group by name) as place
        on g.level = 'municipality' and place.name = g.unit_ref
    ),
    mark as (
      select procedure, subject, grade, school_year, level, unit_key, participants, mark,
             participants * share / total as expected
      from (
        select *, share_2 + share_3 + share_4 + share_5 as total
        from known
        where participants is not null and share_2 + share_3 + share_4 + share_5 > 0
      )
      unpivot (share for mark in (share_2, share_3, share_4, share_5))
    ),
    counted as (
      select *, floor(expected)
             + (row_number() over (partition by procedure, subject, grade, school_year, level, unit_key order by expected - floor(expected) desc, mark)
                <= participants - sum(floor(expected)) over (partition by procedure, subject, grade, school_year, level, unit_key))::integer as pupils
      from mark
    ),
    count as (
      select procedure, subject, grade, school_year, level, unit_key,
             sum(pupils) filter (where mark = 'share_2')::integer as count_2,
             sum(pupils) filter (where mark = 'share_3')::integer as count_3,
             sum(pupils) filter (where mark = 'share_4')::integer as count_4,
             sum(pupils) filter (where mark = 'share_5')::integer as count_5
      from counted
      group by all
    )
    select procedure, subject, grade, school_year, level, unit_key, unit_name, schools, participants,
           count_2, count_3, count_4, count_5, share_2, share_3, share_4, share_5,
           mean_score, grade_label, _file, _sheet, _row
    from known
    left join count using (procedure, subject, grade, school_year, level, unit_key)`,
})
