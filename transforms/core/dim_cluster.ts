import { sql } from 'kysely'
import { integer, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { bridgeSchoolCluster } from './bridge_school_cluster.ts'
import { dimSchool } from './dim_school.ts'
import { fctSchoolContext } from './fct_school_context.ts'

/** Named by medians of size and place, never by «good» or «bad» (DOMAIN 3.8). */
export const dimCluster = defineModel(import.meta.url, {
  doc: 'One row per cluster, named by what its schools have in common in the latest year.',
  grain: ['cluster_key'],
  columns: {
    cluster_key: text('Cluster'),
    name: text('Russian name'),
    schools: integer('Schools in the latest year of the cluster'),
  },
  select: () => sql`
    with member as (
      select c.cluster_key, c.cluster_number, c.algorithm, s.is_rural, p.value as pupils,
             x.value / nullif(p.value, 0) as sen_share, n.value / nullif(p.value, 0) as non_native_share
      from ${bridgeSchoolCluster} as c
      join ${dimSchool} as s
        on s.school_key = c.school_key and s.valid_from_year <= c.school_year and c.school_year < s.valid_to_year
      left join ${fctSchoolContext} as p on p.school_key = c.school_key and p.school_year = c.school_year and p.measure = 'pupils'
      left join ${fctSchoolContext} as x on x.school_key = c.school_key and x.school_year = c.school_year and x.measure = 'sen_pupils'
      left join ${fctSchoolContext} as n on n.school_key = c.school_key and n.school_year = c.school_year and n.measure = 'non_native_pupils'
      qualify c.school_year = max(c.school_year) over (partition by c.cluster_key)
    ),
    whole as (
      select quantile_cont(pupils::double, [0.33, 0.67]) as pupils, quantile_cont(sen_share::double, 0.67) as sen, quantile_cont(non_native_share::double, 0.67) as non_native
      from member
    ),
    cluster as (
      select cluster_key, min(cluster_number) as number, min(algorithm) as algorithm, count(*)::integer as schools,
             median(pupils::double) as pupils, sum(is_rural::integer) / nullif(count(is_rural), 0) as rural,
             median(sen_share::double) as sen_share, median(non_native_share::double) as non_native_share
      from member
      group by all
    ),
    named as (
      select cluster_key, number, schools,
             case when algorithm = 'none' then 'Все школы'
                  else case when c.pupils <= w.pupils[1] then 'Малые' when c.pupils <= w.pupils[2] then 'Средние' else 'Крупные' end
                    || case when rural is null then ' школы' when rural >= 0.8 then ' сельские школы' when rural <= 0.2 then ' городские школы' else ' школы города и села' end
                    || case when c.sen_share > w.sen then ', выше доля детей с ОВЗ' else '' end
                    || case when c.non_native_share > w.non_native then ', выше доля детей с неродным русским' else '' end
             end as name
      from cluster as c, whole as w
    )
    select cluster_key,
           name || case when count(*) over (partition by name) > 1 then ' (' || number || ')' else '' end as name,
           schools
    from named`,
})
