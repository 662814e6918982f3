import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { bridgeSchoolRef } from '../core/bridge_school_ref.ts'
import { bridgeSubjectName } from '../core/bridge_subject_name.ts'
import { dimSchool } from '../core/dim_school.ts'
import { fctResult } from '../core/fct_result.ts'
import { result } from '../entities/result.ts'

export const resultsDeliveredTwice = defineCheck(import.meta.url, {
  title: 'Работы переданы по двум формам',
  severity: 'warning',
  what: 'Результаты школы по одному предмету, классу программы и учебному году пришли и протоколом, и выгрузкой. Учтён только протокол, иначе каждый ученик считался бы дважды.',
  when: 'Важно, если протокол неполон: учеников, которые есть только в выгрузке, в показателях нет.',
  remedy: 'Сверьте число участников в обоих файлах; лишний файл не загружайте.',
  partition: ['procedure', 'school_year', 'programme_grade'],
  about: fctResult,
  select: () => sql`
    select ref.school_key, s.short_name as school_name, r.procedure, subject.subject, r.programme_grade, r.school_year,
           count(*)::integer as works, list_sort(list(distinct r._file)) as files
    from ${result} as r
    join ${bridgeSchoolRef} as ref using (school_ref_system, school_ref)
    join ${bridgeSubjectName} as subject on subject.printed = r.subject
    left join ${dimSchool} as s on s.school_key = ref.school_key and s.is_current
    group by all
    having min(r.precedence) < max(r.precedence)`,
})
