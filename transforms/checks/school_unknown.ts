import { sql } from 'kysely'
import { defineCheck } from '../contract/check.ts'
import { bridgeSchoolRef } from '../core/bridge_school_ref.ts'

export const schoolUnknown = defineCheck(import.meta.url, {
  title: 'Школы нет в справочнике',
  severity: 'warning',
  what: 'В файлах есть код или логин школы, которого нет ни в справочнике, ни среди псевдонимов; её результаты показаны отдельной школой.',
  when: 'Важно всегда: результаты известной школы могут оказаться под чужим именем, а средние — неполными.',
  remedy:
    'Загрузите справочник с этой школой или добавьте строку в settings/school-aliases.json: какому коду справочника она равна.',
  about: bridgeSchoolRef,
  select: () =>
    sql`select school_ref_system, school_ref, school_key from ${bridgeSchoolRef} where is_inferred`,
})
