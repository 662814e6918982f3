import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { bridgeSchoolRef } from '../core/bridge_school_ref.ts'
import { bridgeSubjectName } from '../core/bridge_subject_name.ts'
import { fctMedalContender } from '../core/fct_medal_contender.ts'
import { fctOlympiad } from '../core/fct_olympiad.ts'
import { fctResult } from '../core/fct_result.ts'
import { fctResultGroup } from '../core/fct_result_group.ts'
import { fctStaff } from '../core/fct_staff.ts'
import { journalComparison } from '../entities/journal_comparison.ts'
import { school } from '../entities/school.ts'
import { sheet } from '../ledger/sheet.ts'

/** Files that tell the same rows and do not know of each other: what a form prints of a delivery differs, what it means does not. */
export const filesClash = defineCheck(import.meta.url, {
  title: 'Два файла об одном и том же, и ни один не заменяет другой',
  severity: 'error',
  what: 'Одни и те же строки (работы учеников, итоги групп, участники олимпиад, претенденты на медаль, педагоги, школы справочника) принесли несколько файлов. Школа, предмет или муниципалитет названы в них по-разному, поэтому позднейший файл не занял место прежнего; какой верен, из файлов не видно.',
  when: 'Всегда: такие строки считались бы дважды, поэтому поколение не публикуется. Столбцы file и other_file называют файлы, repeated — сколько строк повторяется.',
  remedy:
    'Решите, какой файл верен, и загрузите его снова, назвав другой: mera load ВЕРНЫЙ_ФАЙЛ --fact supersedes=ИМЯ_ДРУГОГО (или "supersedes" в delivery.json), затем mera refresh. Если имена одинаковы, вместо имени — знаки в скобках. Если верны оба и строки о разных людях, их свела вместе запись в settings/school-aliases.json или код школы: исправьте там.',
  select: () => sql`
    with shared as (
      select procedure, subject, grade, school_year, season, attempt, school_key from ${fctResult}
      group by all having min(_file) <> max(_file)
    ),
    shared_stage as (
      select school_year, stage, subject, school_key from ${fctOlympiad} group by all having min(_file) <> max(_file)
    ),
    told as (
      select 'работы учеников' as rows_of, school_year, procedure, subject, grade, school_key as unit, concat_ws('|', season, attempt, pupil_key) as key, _file
      from ${fctResult} semi join shared using (procedure, subject, grade, school_year, season, attempt, school_key)
      union all
      select 'итоги групп', school_year, procedure, subject, grade, concat_ws(' ', level, unit_key), '', _file from ${fctResultGroup}
      union all
      select 'сравнение с журналом', j.school_year, j.procedure, subject.subject, j.grade::varchar,
             concat_ws(' ', j.level, coalesce(ref.school_key, j.unit_ref)), '', j._file
      from ${journalComparison} as j
      join ${bridgeSubjectName} as subject on subject.printed = j.subject
      left join ${bridgeSchoolRef} as ref
        on j.level = 'school' and ref.school_ref_system = j.unit_ref_system and ref.school_ref = j.unit_ref
      union all
      select 'участники олимпиад', school_year, stage, subject, 'all', school_key, pupil_key, _file
      from ${fctOlympiad} semi join shared_stage using (school_year, stage, subject, school_key)
      union all
      select 'претенденты на медаль', school_year, 'ege', subject, 'all', school_key, pupil_key, _file from ${fctMedalContender}
      union all
      select 'педагоги', school_year, 'all', 'all', 'all', school_key, concat_ws('|', employee_key, post, snapshot_on), _file from ${fctStaff}
      union all
      select 'справочник школ', year(snapshot_on) + (month(snapshot_on) >= 9)::integer, 'all', 'all', 'all', school_code, snapshot_on::varchar, _file
      from ${school}
    ),
    clash as (
      select rows_of, school_year, procedure, subject, grade, unit, key, min(_file) as one, max(_file) as other
      from told group by all having one <> other
    ),
    name as (
      select _file, concat(min(file_name), ' (', _file, ')') as name
      from ${sheet} where _file in (select unnest([one, other]) from clash) group by _file
    )
    select rows_of, school_year, procedure, subject, grade, least(a.name, b.name) as file, greatest(a.name, b.name) as other_file,
           count(distinct unit)::integer as units, count(*)::integer as repeated
    from clash join name as a on a._file = one join name as b on b._file = other
    group by all`,
})
