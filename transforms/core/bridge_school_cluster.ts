import { sql } from 'kysely'
import { double, integer, nullable, text } from '../contract/column.ts'
import { defineComputation, grouped, rowsOf } from '../contract/computation.ts'
import { thresholdsByYear, yearlyThresholds } from '../contract/parameter.ts'
import { groupSchools, keepLabels, type Grouping } from '../methods/education/school_clusters.ts'
import { clusterRule } from '../parameters/cluster_rule.ts'
import { clusterRuleOf } from './context/rule.ts'
import { featuresOf, knownFeatures, type KnownFeature } from './context/feature.ts'
import { dimSchool } from './dim_school.ts'

/** Schools that no feature tells apart: a single school, or one of too little known context. */
const alike = (schools: number): Grouping => ({
  algorithm: 'none',
  labels: new Int32Array(schools),
  clusters: 1,
  silhouette: null,
  stability: null,
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
    features: text('использованные признаки через запятую'),
  },
  inputs: {
    rule: () => yearlyThresholds(clusterRule),
    features: () => sql<KnownFeature>`
      select * from (${knownFeatures()}) where value is not null order by school_year, school_key, feature`,
  },
  compute: ({ rule, features }) => {
    const numbersIn = thresholdsByYear(clusterRule, rowsOf(rule))
    const byYear = grouped(rowsOf(features), ({ school_year }) => school_year)
    let before = new Map<string, number>()
    return [...byYear].flatMap(([year, rows]) => {
      const of = numbersIn(year)
      const schools = [...new Set(rows.map(({ school_key }) => school_key))].sort()
      const contextFeatures = featuresOf(rows, schools, of('missing_share'))
      const grouping =
        contextFeatures.length === 0
          ? alike(schools.length)
          : groupSchools(contextFeatures, clusterRuleOf(of))
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
        features: contextFeatures.map(({ name }) => name).join(','),
      }))
    })
  },
})
