import { sql, type RawBuilder } from 'kysely'
import { date, integer, nullable, text } from '../contract/column.ts'
import { yearlyThresholds } from '../contract/parameter.ts'
import { defineModel } from '../contract/table.ts'
import { dimSchool } from '../core/dim_school.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
import { fctResult } from '../core/fct_result.ts'
import { fctSchoolContext } from '../core/fct_school_context.ts'
import { contextMeasure } from '../parameters/context_measure.ts'
import { riskRule } from '../parameters/risk_rule.ts'
import { smallNumberRule } from '../parameters/small_number_rule.ts'
import { martEstimate } from './mart_estimate.ts'
import { martIndicator } from './mart_indicator.ts'
import { martRiskSummary } from './mart_risk_summary.ts'
import { martRiskZone } from './mart_risk_zone.ts'

/** The number in force in the last school year; null where there is none, which those that use it say better. */
const number = (
  table: Parameters<typeof yearlyThresholds>[0],
  name: string,
): RawBuilder<string> => sql<string>`(
  select max(value::integer) from (${yearlyThresholds(table)})
  where name = ${sql.lit(name)} and (select coalesce(max(school_year), 9999) from ${dimSchoolYear}) between from_year and to_year)`

const minimum = sql`${number(riskRule, 'minimum_n')}::integer`
/** The first condition of a zone that no school meets, in the order in which a zone needs them. */
const zonesLack = sql<string>`(
  select case
    when exists (from ${martRiskZone} as z join ${martIndicator} as h using (indicator)
                 where h.is_headline and z.grade = 'all' and z.zone <> 'grey' and z.school_year = (select max(school_year) from ${dimSchoolYear}))
      then 'значения, о которых можно судить, скрыты: по ним можно было бы узнать малые группы'
    when count(*) = 0 then 'за последний учебный год нет значений основных показателей по школам'
    when count(e.n) = 0
      then 'в файлах не сказано, сколько учеников стоит за результатом школы, а без этого нельзя посчитать его стандартную ошибку и отличить отставание от случайности'
    when ${minimum} is null then 'не задано, при каком числе учеников можно судить о школе (minimum_n в parameters.risk_rule)'
    when count(*) filter (where e.n >= ${minimum}) = 0
      then 'за результатом каждой школы меньше ' || ${minimum} || ' учеников' || case when count(e.n) < count(*) then ' или их число не передано' else '' end
    when count(e.se) filter (where e.n >= ${minimum}) = 0
      then case when count(e.se) = 0 then 'разброс результатов внутри школ' else 'у школ, где учеников довольно, разброс результатов' end
           || ' не передан, а без него нельзя посчитать их стандартную ошибку и отличить отставание от случайности'
    when count(*) filter (where e.n >= ${minimum} and e.se > 0) = 0
      then 'разброс результатов внутри школ везде нулевой, а по такому нельзя отличить отставание от случайности'
    else 'школ с данными слишком мало, сравнивать не с кем' end
  from ${martEstimate} as e
  join ${martIndicator} as i using (indicator)
  where i.is_headline and i.better in ('higher', 'lower') and e.level = 'school' and e.grade = 'all' and e.value is not null
    and e.school_year = (select max(school_year) from ${dimSchoolYear})
)`

export const martPublication = defineModel(import.meta.url, {
  doc: 'Строка — весь выпуск (единственная): что охватывают числа. Издание добавляет номер выпуска и дату публикации.',
  grain: ['first_year'],
  columns: {
    first_year: nullable(integer('первый учебный год: год окончания')),
    last_year: nullable(integer('последний учебный год: год окончания')),
    last_year_label: text('последний учебный год словами: «2025/26»'),
    schools: integer('школ, открытых в последнем году'),
    pupils: nullable(integer('учеников в последнем году')),
    results: integer('результатов учеников за все годы'),
    data_as_of: nullable(date('день последней работы')),
    small_number_note: text(
      'какие группы малы: пороги parameters.small_number_rule и risk_rule последнего года словами',
    ),
    zones_lack: text(
      'чего не хватило, чтобы оценить зоны риска по основным показателям, словами; пусто — они оценены',
    ),
  },
  select: () => sql`
    select min(school_year) as first_year, max(school_year) as last_year,
           coalesce(max(label) filter (where is_last), '—') as last_year_label,
           (select count(*) from ${dimSchool} where is_current and not is_inferred and closed_on is null)::integer as schools,
           (select sum(value) from ${fctSchoolContext} where measure = 'pupils' and school_year = (select max(school_year) from ${dimSchoolYear}))::integer as pupils,
           (select count(*) from ${fctResult})::integer as results,
           (select max(held_on) from ${fctResult}) as data_as_of,
           coalesce((
             select 'Малая группа — меньше ' || shown || ' человек'
                    || case when has_sensitive then ', для долей детей с ОВЗ, с неродным языком обучения и подобными признаками — меньше ' || sensitive || ' таких детей' else '' end
                    || '. ' || case when low = judged then 'По группам меньше ' || low || ' нет оценки и сравнения.'
                                    else 'По группам меньше ' || low || ' нет сравнения с похожими школами, меньше ' || judged || ' — зоны риска.' end
             from (
               select ${number(smallNumberRule, 'limited_from')} as shown, ${number(smallNumberRule, 'sensitive_from')} as sensitive,
                      ${number(smallNumberRule, 'low_from')} as low, ${number(riskRule, 'minimum_n')} as judged,
                      exists (from ${fctSchoolContext} join ${contextMeasure} using (measure) where is_sensitive) as has_sensitive
             )
           ), '') as small_number_note,
           case when exists (from ${martRiskSummary} where zone <> 'grey') then '' else ${zonesLack} end as zones_lack
    from ${dimSchoolYear}`,
})
