import { sql } from 'kysely'
import { boolean, integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { journalComparison } from '../entities/journal_comparison.ts'
import { bridgeSchoolRef } from './bridge_school_ref.ts'
import { bridgeSubjectName } from './bridge_subject_name.ts'
import { dimMunicipality } from './dim_municipality.ts'
import { fctResult } from './fct_result.ts'

export const fctJournalMark = defineModel(import.meta.url, {
  doc: 'One row per unit, procedure, subject, grade and school year: external marks against journal marks. Pupils’ rows stand over delivered totals.',
  grain: ['procedure', 'subject', 'grade', 'school_year', 'level', 'unit_key'],
  through: (row) => (row.level === 'school' ? { school_key: row.unit_key } : {}),
  columns: {
    procedure: text('Procedure'),
    subject: text('Subject'),
    grade: text('Grade'),
    school_year: integer('Year in which the school year ends'),
    level: text('country, region, municipality, school'),
    unit_key: text('Unit'),
    compared: integer('Pupils with both marks'),
    lowered: integer('External mark below the journal’s'),
    confirmed: integer('Equal'),
    raised: integer('External mark above the journal’s'),
    gap_2: nullable(integer('Differ by two marks or more; null where only totals were delivered')),
    is_delivered: boolean('Taken from a delivered total'),
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
