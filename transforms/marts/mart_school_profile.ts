import { sql } from 'kysely'
import { integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { bridgeSchoolCluster } from '../core/bridge_school_cluster.ts'
import { dimCluster } from '../core/dim_cluster.ts'
import { dimMunicipality } from '../core/dim_municipality.ts'
import { dimSchool } from '../core/dim_school.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
import { dimSubject } from '../core/dim_subject.ts'
import { dimUnit } from '../core/dim_unit.ts'
import { fctSchoolContext } from '../core/fct_school_context.ts'
import { martFinding } from './mart_finding.ts'
import { martRiskSummary } from './mart_risk_summary.ts'
import { martSuppression } from './mart_suppression.ts'
import { flaggedMarkers } from './suppression/flagged_marker.ts'

export const martSchoolProfile = defineModel(import.meta.url, {
  doc: 'Строка — школа, какая она сейчас: кто она и чем выделяется последний год.',
  grain: ['school_key'],
  through: (row) => ({ unit_key: row.school_key }),
  aside: [martSuppression],
  columns: {
    school_key: text('школа'),
    school_name: text('краткое название'),
    full_name: text('полное название'),
    former_names: text('прежние названия; пусто — не было'),
    school_code: text('код в справочнике школ'),
    school_type: text('вид школы, как в core.dim_school'),
    type_label: text('вид школы словами'),
    locality_label: text('город или село; пусто — не указано'),
    belonging: text(
      'чья школа и чей филиал, словами; пусто — муниципальная или учредитель не указан, и не филиал',
    ),
    municipality_key: text('муниципалитет: ключ'),
    municipality_name: text('муниципалитет: название'),
    pupils: nullable(
      integer('учеников в последнем известном году; пусто — школа закрыта или число не известно'),
    ),
    cluster_key: text('кластер последнего года или all (кластера нет)'),
    cluster_name: text('название кластера; «—», если его нет'),
    red_count: integer('основных показателей в красной зоне в последнем году'),
    yellow_count: integer('основных показателей, самая тяжёлая зона которых — жёлтая'),
    improved_count: integer('улучшений среди выводов'),
    declined_count: integer('снижений среди выводов'),
    marker_count: integer('отмеченных признаков необъективности, сводно по классам'),
    status: text(
      'состояние: open — открыта, merged — вошла в состав другой, closed — закрыта, unknown — нет в справочнике',
    ),
    successor_key: nullable(text('школа, в состав которой вошла: её ключ')),
    successor_name: text('её название; пусто — такой нет'),
    status_note: text('состояние словами; пусто — школа открыта'),
    summary: text('коротко о школе: сколько выводов или почему их нет'),
    bias_note: text('признаки необъективности словами, по одному в строке; пусто — их нет'),
    link: text('адрес страницы школы'),
    sort: integer('порядок строк'),
  },
  select: () => sql`
    with last_year as (
      select max(school_year) as last_year from ${dimSchoolYear}
    ),
    school as (
      select * from ${dimSchool} where is_current
    ),
    former as (
      select o.school_key, string_agg(distinct o.short_name, '; ' order by o.short_name) as names
      from ${dimSchool} as o
      join school as s using (school_key)
      where not o.is_current and o.short_name <> s.short_name
      group by all
    ),
    pupils as (
      select school_key, max_by(value, school_year)::integer as pupils
      from ${fctSchoolContext}
      where measure = 'pupils' and value is not null
      group by all
    ),
    cluster as (
      select c.school_key, c.cluster_key, d.name
      from ${bridgeSchoolCluster} as c
      join ${dimCluster} as d using (cluster_key)
      qualify row_number() over (partition by c.school_key order by c.school_year desc) = 1
    ),
    found as (
      select school_key,
             coalesce(max(more + 1) filter (where kind = 'improved'), 0)    as improved,
             coalesce(max(more + 1) filter (where kind = 'declined'), 0)    as declined,
             coalesce(max(more + 1) filter (where kind = 'objectivity'), 0) as markers
      from ${martFinding}
      group by all
    ),
    judged as (
      select unit_key as school_key, count(*) filter (where zone = 'red')::integer as red, count(*) filter (where zone = 'yellow')::integer as yellow
      from ${martRiskSummary}
      where zone <> 'grey'
      group by all
    ),
    marker as (
      select school_key, string_agg(distinct note, chr(10) order by note) as notes
      from (
        select b.school_key, b.school_year, b.marker || ' (' || lower(s.name) || '): ' || b.note as note
        from (${flaggedMarkers()}) as b
        join ${dimSubject} as s on s.subject = b.subject
      ), last_year
      where school_year = last_year
      group by all
    )
    select s.school_key, s.short_name as school_name, s.full_name, coalesce(f.names, '') as former_names, s.school_code, s.school_type,
           case s.school_type when 'primary' then 'начальная школа' when 'lower_secondary' then 'основная школа' when 'secondary' then 'средняя школа'
                              when 'gymnasium' then 'гимназия' when 'lyceum' then 'лицей' when 'advanced' then 'школа с углублённым изучением'
                              when 'elementary' then 'начальная (elementary)' when 'elementary_middle' then 'начальная и средняя ступень' when 'middle' then 'средняя ступень (middle)' when 'middle_high' then 'средняя и старшая ступень' when 'combined' then 'все ступени' when 'high' then 'старшая (high)'
                              when 'unknown' then 'нет в справочнике' else 'другая' end as type_label,
           case when s.is_rural is null then '' when s.is_rural then 'село' else 'город' end as locality_label,
           concat_ws(', ', case s.founder when 'private' then 'частная' when 'federal' then 'федеральная' when 'regional' then 'региональная' end,
                           case when s.is_branch then 'филиал' end) as belonging,
           s.municipality_key, m.name as municipality_name, case when s.closed_on is null then p.pupils end as pupils,
           coalesce(c.cluster_key, 'all') as cluster_key, coalesce(c.name, '—') as cluster_name,
           coalesce(z.red, 0) as red_count, coalesce(z.yellow, 0) as yellow_count,
           coalesce(found.improved, 0) as improved_count, coalesce(found.declined, 0) as declined_count, coalesce(found.markers, 0) as marker_count,
           case when s.is_inferred then 'unknown' when s.closed_on is null then 'open' when s.successor_key is not null then 'merged' else 'closed' end as status,
           s.successor_key, coalesce(next.name, '') as successor_name,
           case when s.is_inferred then 'нет в справочнике' when s.closed_on is null then '' when next.name is null then 'закрыта' else 'вошла в состав: ' || next.name end as status_note,
           case when s.closed_on is not null
                then 'Закрыта ' || strftime(s.closed_on, '%d.%m.%Y') || case when next.name is null then '' else ', вошла в состав другой: ' || next.name end
                     || '. Результаты до закрытия сохранены под её именем; выводы о ней больше не делаются.'
                when s.is_inferred
                then 'Код ' || s.school_code || ' встретился в файлах, но ни в одном справочнике школ его нет: это не указанная в нём школа или ошибка в коде. Показано только то, что пришло под этим кодом; с другими школами оно не сравнивается.'
                else case when z.school_key is null then 'Зоны риска не оценивались'
                          else 'Показателей в красной зоне: ' || z.red || ', в жёлтой: ' || z.yellow end
                     || '; улучшений: ' || coalesce(found.improved, 0) || ', снижений: ' || coalesce(found.declined, 0)
                     || case when coalesce(found.markers, 0) > 0 then '; признаков для проверки объективности: ' || found.markers else '' end || '.' end as summary,
           coalesce(b.notes, '') as bias_note,
           '/schools/' || s.school_key as link,
           u.sort
    from school as s
    join ${dimMunicipality} as m using (municipality_key)
    join ${dimUnit} as u on u.level = 'school' and u.unit_key = s.school_key
    left join ${dimUnit} as next on next.level = 'school' and next.unit_key = s.successor_key
    left join former as f on f.school_key = s.school_key
    left join pupils as p on p.school_key = s.school_key
    left join cluster as c on c.school_key = s.school_key
    left join found on found.school_key = s.school_key
    left join judged as z on z.school_key = s.school_key
    left join marker as b on b.school_key = s.school_key`,
})
