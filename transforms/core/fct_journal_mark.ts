import { sql } from 'kysely'
import { boolean, integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { journalComparison } from '../entities/journal_comparison.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'
import { dimMunicipality } from './dim_municipality.ts'
import { fctResult } from './fct_result.ts'

export const fctJournalMark = defineModel(import.meta.url, {
  doc: 'Строка — единица, процедура, предмет, класс и учебный год: отметки за работу против отметок по журналу. Строки учеников важнее готовых итогов.',
  grain: ['procedure', 'subject', 'grade', 'school_year', 'level', 'unit_key'],
  partition: ['procedure', 'school_year', 'grade'],
  through: ({ is_delivered, level, unit_key, subject }) =>
    is_delivered
      ? {
          school_key: null,
          subject: sql`select printed from ${bridgeSubjectName} where subject = ${subject}`,
          unit_ref:
            level === 'school'
              ? sql`select school_ref from ${bridgeSchoolRef} where school_key = ${unit_key}`
              : sql`select name from ${dimMunicipality} where municipality_key = ${unit_key} union select ${unit_key}`,
        }
      : { school_key: unit_key, unit_ref: null },
  columns: {
    procedure: text('оценочная процедура'),
    subject: text('предмет'),
    grade: text('класс (параллель)'),
    school_year: integer('год окончания учебного года'),
    level: text(
      'уровень: country — страна, region — регион, municipality — муниципалитет, school — школа',
    ),
    unit_key: text(
      'ключ школы или муниципалитета; у региона — код или название, у страны — название',
    ),
    compared: integer('учеников с обеими отметками'),
    lowered: integer('понизили: отметка за работу ниже, чем по журналу'),
    confirmed: integer('подтвердили: отметки равны'),
    raised: integer('повысили: отметка за работу выше, чем по журналу'),
    gap_2: nullable(
      integer('расходятся на две отметки и больше; пусто, если получены только итоги'),
    ),
    is_delivered: boolean('взято из готового итога'),
  },
  select: () => sql`
    with counted as (
      select procedure, subject, grade, school_year, 'school' as level, school_key as unit_key,
             count(*)::integer                                               as compared,
             count(*) filter (where mark < journal_mark)::integer            as lowered,
             count(*) filter (where mark = journal_mark)::integer            as confirmed,
             count(*) filter (where mark > journal_mark)::integer            as raised,
             count(*) filter (where abs(mark - journal_mark) >= 2)::integer  as gap_2
      from ${fctResult}
      where attempt = 'main' and mark is not null and journal_mark is not null
      group by all
    ),
    delivered as (
      select j.procedure, subject.subject, j.grade::varchar as grade, j.school_year, j.level,
             case j.level when 'school' then ref.school_key when 'municipality' then coalesce(place.municipality_key, j.unit_ref) else j.unit_ref end as unit_key,
             j.participants as compared, j.lowered, j.confirmed, j.raised
      from ${journalComparison} as j
      join ${bridgeSubjectName} as subject on subject.printed = j.subject
      left join ${bridgeSchoolRef} as ref
        on j.level = 'school' and ref.school_ref_system = j.unit_ref_system and ref.school_ref = j.unit_ref
      left join (select name, min(municipality_key) as municipality_key from ${dimMunicipality} group by name) as place
        on j.level = 'municipality' and place.name = j.unit_ref
    )
    select *, false as is_delivered from counted
    union all by name
    select *, null::integer as gap_2, true as is_delivered from delivered
    anti join counted using (procedure, subject, grade, school_year, level, unit_key)`,
})
