import { sql } from 'kysely'
import { double, integer, text } from '../contract/column.ts'
import { defineComputation, grouped, rowsOf } from '../contract/computation.ts'
import { thresholdIn, thresholdsByYear, yearlyThresholds } from '../contract/parameter.ts'
import { bridgeSchoolCluster } from '../core/bridge_school_cluster.ts'
import { featuresOf, knownFeatures, type KnownFeature } from '../core/context/feature.ts'
import { clusterRuleOf } from '../core/context/rule.ts'
import { dimSchoolYear } from '../core/dim_school_year.ts'
import { senShare } from '../indicators/sen_share.ts'
import { mapSchools } from '../methods/education/school_clusters.ts'
import { quantile } from '../methods/statistics/sums.ts'
import { clusterRule } from '../parameters/cluster_rule.ts'
import { smallNumberRule } from '../parameters/small_number_rule.ts'
import { martSuppression } from './mart_suppression.ts'

interface Feature extends KnownFeature {
  readonly cluster_key: string
  /** Not for officials, as in marts.mart_cluster: of the shares shown there, none where one is of few children or would tell another. */
  readonly is_hidden: boolean
}

/**
 * Distances on a map of the features themselves give a hidden share away: whoever knows a school’s other features fits the shares of the other
 * schools on the coordinates and reads it off. So a hidden share stands on the map, and among the nearest, as the median of those shown in the
 * school’s cluster: of what is hidden both say no more than the cluster does.
 */
export const martContextMap = defineComputation(import.meta.url, {
  doc: 'Строка — школа и учебный год: место на карте условий и самые похожие школы. Скрытые доли детей с особым признаком заменены обычными для кластера.',
  grain: ['school_key', 'school_year'],
  partition: ['school_year'],
  aside: [martSuppression],
  columns: {
    school_key: text('школа'),
    school_year: integer('год окончания учебного года'),
    map_x: double('первая ось карты условий'),
    map_y: double('вторая ось карты условий'),
    neighbours: text('ключи самых похожих школ через запятую, ближайшие первыми'),
  },
  inputs: {
    rule: () => yearlyThresholds(clusterRule),
    features: () => sql<Feature>`
      select f.*, c.cluster_key,
             f.is_sensitive and (
               f.is_few or coalesce(bool_or(f.is_few or h.reason is not null) filter (where f.feature in ('sen_pupils', 'non_native_pupils')) over school, false)
             ) as is_hidden
      from (
        select k.*, coalesce(k.fewest between 0.5 and r.few - 0.5, false) as is_few
        from (${knownFeatures()}) as k
        join (
          select school_year, ${thresholdIn(smallNumberRule, 'sensitive_from', sql`school_year`)} as few
          from ${dimSchoolYear}
        ) as r using (school_year)
        where k.value is not null
      ) as f
      join ${bridgeSchoolCluster} as c using (school_key, school_year)
      left join ${martSuppression} as h
        on h.indicator = ${sql.lit(senShare.name)} and h.level = 'school' and h.unit_key = f.school_key and h.school_year = f.school_year
      window school as (partition by f.school_key, f.school_year)
      order by f.school_year, f.school_key, f.feature`,
  },
  compute: (inputs) => {
    const numbersIn = thresholdsByYear(clusterRule, rowsOf(inputs.rule))
    return [...grouped(rowsOf(inputs.features), ({ school_year }) => school_year)].flatMap(
      ([school_year, rows]) => {
        const of = numbersIn(school_year)
        const schools = [...new Set(rows.map(({ school_key }) => school_key))].sort()
        const features = featuresOf(withoutHidden(rows), schools, of('missing_share'))
        const { map, neighbours } =
          features.length === 0
            ? { map: undefined, neighbours: [] }
            : mapSchools(features, clusterRuleOf(of))
        return schools.map((school_key, i) => ({
          school_key,
          school_year,
          map_x: map?.values[2 * i] ?? 0,
          map_y: map?.values[2 * i + 1] ?? 0,
          neighbours: (neighbours[i] ?? []).map((row) => schools[row] ?? '').join(','),
        }))
      },
    )
  },
})

/** A hidden value is the median of those shown in the cluster, or else of all shown; where none is, there is no such feature. */
const withoutHidden = (rows: readonly Feature[]): readonly KnownFeature[] =>
  [...grouped(rows, ({ feature }) => feature).values()].flatMap((own) => {
    const shown = own.filter(({ is_hidden }) => !is_hidden)
    if (shown.length === 0) return []
    const medianOf = (of: readonly Feature[]): number =>
      quantile(
        of.map(({ value }) => value),
        0.5,
      )
    const inCluster = new Map(
      [...grouped(shown, ({ cluster_key }) => cluster_key)].map(([key, of]) => [key, medianOf(of)]),
    )
    const everywhere = medianOf(shown)
    return own.map((row) =>
      row.is_hidden ? { ...row, value: inCluster.get(row.cluster_key) ?? everywhere } : row,
    )
  })
