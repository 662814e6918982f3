import { defineEdition, disclose } from '../contract/edition.ts'
import { martCluster } from '../marts/mart_cluster.ts'
import { martClusterPosition } from '../marts/mart_cluster_position.ts'
import { martDataQuality } from '../marts/mart_data_quality.ts'
import { martFinding } from '../marts/mart_finding.ts'
import { martIndicator } from '../marts/mart_indicator.ts'
import { martIndicatorValue } from '../marts/mart_indicator_value.ts'
import { martParameter } from '../marts/mart_parameter.ts'
import { martQuarantine } from '../marts/mart_quarantine.ts'
import { martRiskZone } from '../marts/mart_risk_zone.ts'
import { martSchoolProfile } from '../marts/mart_school_profile.ts'
import { martTrend } from '../marts/mart_trend.ts'

/** Splits by a sensitive trait: fewer than ten of either kind are hidden (DOMAIN 4.3). */
const sensitive = "indicator = 'sen_share'"

/** Officials see values from five pupils on; pupils’ and employees’ rows are in no edition (DOMAIN 4.3, 4.4). */
export const official = defineEdition(import.meta.url, {
  title: 'Для должностных лиц управления образования',
  audience: 'official',
  note: 'Значения по группам меньше 5 человек скрыты; по группам меньше 10 — без оценки и сравнения. Доли детей с ОВЗ и с неродным русским скрыты, где таких детей меньше 10.',
  tables: [
    disclose({ mart: martIndicator }),
    disclose({
      mart: martIndicatorValue,
      mask: {
        when: `tier = 'hidden' or ${sensitive} and (numerator between 1 and 9 or denominator - numerator between 1 and 9)`,
        columns: {
          numerator: null,
          denominator: null,
          value: null,
          se: null,
          lo: null,
          hi: null,
          weight: null,
          value_text: 'скрыто',
          interval_text: '',
        },
      },
    }),
    disclose({ mart: martTrend, keep: 'least(n_first, n_last) >= 5 or n_first = 0' }),
    disclose({ mart: martRiskZone, keep: 'n >= 5 or n = 0' }),
    disclose({
      mart: martCluster,
      mask: {
        when: 'sen_share * pupils between 0.5 and 9.5 or non_native_share * pupils between 0.5 and 9.5',
        columns: { sen_share: null, non_native_share: null },
      },
    }),
    disclose({ mart: martClusterPosition, keep: `not (${sensitive})` }),
    disclose({ mart: martSchoolProfile }),
    disclose({ mart: martFinding }),
    disclose({ mart: martDataQuality }),
    disclose({ mart: martQuarantine, without: ['shown'] }),
    disclose({ mart: martParameter }),
  ],
})
