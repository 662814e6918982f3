import { sql, type Expression } from 'kysely'

const isSchool = sql<boolean>`regexp_matches(unit, '^edu\\d{6}$')`

/** Column `unit` of the reports by groups of pupils: which level a row describes. */
export const level: Expression<string> = sql`case
      when ${isSchool} then 'school'
      when regexp_matches(unit, '\\(reg\\d{2}_m\\d{3}\\)$') then 'municipality'
      when lower(unit) in ('вся выборка', 'рф', 'россия', 'российская федерация') then 'country'
      else 'region'
    end`
/** The name without the code in brackets; a school’s login. */
export const unitName: Expression<string> = sql`trim(regexp_replace(unit, '\\((?:reg|REG)\\d{2}(?:_m\\d{3})?\\)$', ''))`
/** Digits that the row’s own code, its municipality’s code or its school’s login begins with. */
const code = sql`nullif(regexp_extract(unit, '(?:\\((?:reg|REG)|^edu)(\\d{2})', 1), '')`
const ofSheet = sql`over (partition by _file, _sheet)`
/** A school’s login; a region’s code, as its own row or all the others of the sheet tell it; else the name. */
export const unitRef: Expression<string> = sql`case
      when ${level} <> 'region' then ${unitName}
      when ${code} is not null then ${code}
      when min(${code}) ${ofSheet} = max(${code}) ${ofSheet} then min(${code}) ${ofSheet}
      else ${unitName}
    end`
export const unitRefSystem: Expression<string> = sql`if(${isSchool}, 'fis_oko', 'name')`
