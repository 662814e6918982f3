import { sql, type Expression } from 'kysely'

const isSchool = sql<boolean>`regexp_matches(unit, '^edu\\d{6}$')`

/** Column `unit` of the reports by groups of pupils: which level a row describes. */
export const level: Expression<string> = sql`case
      when ${isSchool} then 'school'
      when regexp_matches(unit, '\\(reg\\d{2}_m\\d{3}\\)$') then 'municipality'
      when lower(unit) in ('вся выборка', 'рф', 'россия', 'российская федерация') then 'country'
      else 'region'
    end`
/** A school’s login, else the name without the code in brackets. */
export const unitRef: Expression<string> = sql`trim(regexp_replace(unit, '\\((?:reg|REG)\\d{2}(?:_m\\d{3})?\\)$', ''))`
export const unitRefSystem: Expression<string> = sql`if(${isSchool}, 'fis_oko', 'name')`
