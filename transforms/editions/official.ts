import { defineEdition, disclose } from '../contract/edition.ts'
import { martCluster } from '../marts/mart_cluster.ts'
import { martClusterPosition } from '../marts/mart_cluster_position.ts'
import { martDataQuality } from '../marts/mart_data_quality.ts'
import { martFinding } from '../marts/mart_finding.ts'
import { martIndicator } from '../marts/mart_indicator.ts'
import { martIndicatorValue } from '../marts/mart_indicator_value.ts'
import { martParameter } from '../marts/mart_parameter.ts'
import { martQuarantine } from '../marts/mart_quarantine.ts'
import { martRiskSummary } from '../marts/mart_risk_summary.ts'
import { martRiskZone } from '../marts/mart_risk_zone.ts'
import { martSchoolProfile } from '../marts/mart_school_profile.ts'
import { martTrend } from '../marts/mart_trend.ts'

/**
 * Officials see values from as many pupils on as parameters.small_number_rule says, and none that would give away a hidden one
 * (marts.mart_suppression); pupils’ and employees’ rows are in no edition (DOMAIN 4.3, 4.4).
 */
export const official = defineEdition(import.meta.url, {
  title: 'Для должностных лиц управления образования',
  audience: 'official',
  note: 'Значения по малым группам скрыты вместе с теми, по которым их можно вычислить вычитанием.',
  tables: [
    disclose({ mart: martIndicator, without: ['is_sensitive'] }),
    disclose({
      mart: martIndicatorValue,
      mask: {
        when: "suppression <> ''",
        columns: {
          numerator: null,
          denominator: null,
          value: null,
          n: null,
          se: null,
          lo: null,
          hi: null,
          weight: null,
          value_text: 'скрыто',
          interval_text: '',
          tier: 'hidden',
          tier_note: { column: 'suppression_note' },
          zone: 'grey',
          zone_label: 'не оценивается',
        },
      },
      without: ['suppression_note'],
    }),
    disclose({
      mart: martTrend,
      keep: 'not is_suppressed',
      mask: { when: 'is_history_suppressed', columns: { slope_all: null, theil_sen: null } },
      without: ['is_suppressed', 'is_history_suppressed'],
    }),
    disclose({
      mart: martRiskZone,
      keep: 'not is_suppressed',
      mask: {
        when: 'is_target_suppressed',
        columns: {
          target: null,
          limit_95: null,
          limit_998: null,
          z: null,
          dispersion: null,
          reason: 'среднее, с которым сравнивается, не показывается',
        },
      },
      without: ['is_suppressed', 'is_target_suppressed'],
    }),
    disclose({ mart: martRiskSummary }),
    disclose({
      mart: martCluster,
      mask: {
        when: 'is_sensitive_suppressed',
        columns: { sen_share: null, non_native_share: null },
      },
      without: ['is_sensitive_suppressed'],
    }),
    disclose({ mart: martClusterPosition, keep: 'not is_suppressed', without: ['is_suppressed'] }),
    disclose({ mart: martSchoolProfile }),
    disclose({ mart: martFinding }),
    disclose({ mart: martDataQuality }),
    disclose({ mart: martQuarantine, without: ['shown'] }),
    disclose({ mart: martParameter }),
  ],
})
