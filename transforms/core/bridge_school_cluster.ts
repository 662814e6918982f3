import { sql } from 'kysely'
import { double, integer, nullable, text } from '../contract/column.ts'
import { defineComputation, grouped, rowsOf } from '../contract/computation.ts'
import { thresholds } from '../contract/parameter.ts'
import {
  groupSchools,
  keepLabels,
  type ContextFeature,
  type Grouping,
} from '../methods/education/school_clusters.ts'
import { matrix } from '../methods/statistics/matrix.ts'
import { clusterRule } from '../parameters/cluster_rule.ts'
import { contextMeasure } from '../parameters/context_measure.ts'
import { dimSchool } from './dim_school.ts'
import { fctSchoolContext } from './fct_school_context.ts'

/** Schools that no feature tells apart: a single school, or one of too little known context. */
const alike = (schools: number): Grouping => ({
  algorithm: 'none',
  labels: new Int32Array(schools),
  clusters: 1,
  silhouette: null,
  stability: null,
  map: matrix(schools, 2),
  neighbours: [],
})

export const bridgeSchoolCluster = defineComputation(import.meta.url, {
  doc: 'Строка — школа и учебный год с известными условиями: кластер школ со сходными условиями. Результаты при этом не учитываются.',
  grain: ['school_key', 'school_year'],
  references: { school_key: dimSchool },
  columns: {
    school_key: text('школа'),
    school_year: integer('год окончания учебного года'),
    cluster_key: text('кластер; номер сохраняется из года в год'),
    cluster_number: integer('номер кластера'),
    algorithm: text(
      'алгоритм: k-medoids — k-медоидов, k-means — k средних, none — кластеры не строились',
    ),
    clusters: integer('кластеров в этом году'),
    silhouette: nullable(double('средний силуэт, от −1 до 1')),
    stability: nullable(double('устойчивость: средний коэффициент Жаккара по бутстрепу, 0–1')),
    agreement: nullable(double('скорректированный индекс Рэнда с прошлым годом')),
    map_x: double('первая ось карты условий'),
    map_y: double('вторая ось карты условий'),
    neighbours: text('ключи самых похожих школ через запятую, ближайшие первыми'),
    features: text('использованные признаки через запятую'),
  },
  inputs: {
    rule: () => sql<{ name: string; value: number }>`
      select name, value from ${clusterRule} order by name`,
    features: () => sql<{
      school_key: string
      school_year: number
      feature: string
      value: number
    }>`
      with context as (
        select c.school_key, c.school_year, c.measure, c.value::double as value, m.divided_by
        from ${fctSchoolContext} as c
        join ${contextMeasure} as m using (measure)
        where m.is_feature and c.value is not null
      ),
      feature as (
        select c.school_key, c.school_year, c.measure as feature,
               case when c.divided_by = '' and c.measure = 'pupils' then ln(greatest(c.value, 1))
                    when c.divided_by = '' then c.value
                    else c.value / nullif(d.value::double, 0) end as value
        from context as c
        left join ${fctSchoolContext} as d
          on d.school_key = c.school_key and d.school_year = c.school_year and d.measure = c.divided_by
        union all
        select c.school_key, c.school_year, 'is_rural', s.is_rural::integer::double
        from (select distinct school_key, school_year from context) as c
        join ${dimSchool} as s
          on s.school_key = c.school_key and s.valid_from_year <= c.school_year and c.school_year < s.valid_to_year
        where s.is_rural is not null
      )
      select * from feature where value is not null order by school_year, school_key, feature`,
  },
  compute: ({ rule, features }) => {
    const of = thresholds(clusterRule, rowsOf(rule))
    const byYear = grouped(rowsOf(features), ({ school_year }) => school_year)
    let before = new Map<string, number>()
    return [...byYear].flatMap(([year, rows]) => {
      const schools = [...new Set(rows.map(({ school_key }) => school_key))].sort()
      const place = new Map(schools.map((school, i) => [school, i]))
      const contextFeatures = [...grouped(rows, ({ feature }) => feature)]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, cells]): ContextFeature => {
          const values = new Float64Array(schools.length).fill(Number.NaN)
          for (const { school_key, value } of cells) values[place.get(school_key) ?? 0] = value
          return { name, kind: 'numeric', values }
        })
        .filter(({ values }) => {
          const known = Array.from(values).filter((value) => !Number.isNaN(value))
          return (
            known.length >= (1 - of('missing_share')) * schools.length && new Set(known).size > 1
          )
        })
      const grouping =
        contextFeatures.length === 0
          ? alike(schools.length)
          : groupSchools(contextFeatures, {
              clusterFrom: of('cluster_from'),
              kmeansFrom: of('kmeans_from'),
              mostClusters: of('most_clusters'),
              smallestCluster: of('smallest_cluster'),
              silhouetteFrom: of('silhouette_from'),
              silhouetteTie: of('silhouette_tie'),
              patternsFrom: of('patterns_from'),
              bootstraps: of('bootstraps'),
              starts: of('starts'),
              neighbours: of('neighbours'),
              winsorShare: of('winsor_share'),
              seed: of('seed'),
            })
      const kept = keepLabels(before, schools, grouping.labels)
      before = new Map(schools.map((school, i) => [school, kept.labels[i] ?? 0]))
      return schools.map((school_key, i) => ({
        school_key,
        school_year: year,
        cluster_key: `cluster-${String((kept.labels[i] ?? 0) + 1)}`,
        cluster_number: (kept.labels[i] ?? 0) + 1,
        algorithm: grouping.algorithm,
        clusters: grouping.clusters,
        silhouette: grouping.silhouette,
        stability: grouping.stability,
        agreement: kept.agreement,
        map_x: grouping.map.values[2 * i] ?? 0,
        map_y: grouping.map.values[2 * i + 1] ?? 0,
        neighbours: (grouping.neighbours[i] ?? []).map((row) => schools[row] ?? '').join(','),
        features: contextFeatures.map(({ name }) => name).join(','),
      }))
    })
  },
})
