import { writeEdition } from '../../reports/structure.ts'
import type { MartRows } from '../../reports/structure.ts'
import { inventSeries } from './invented-series.ts'
import {
  clusterNames,
  generator,
  indicators,
  makeSchools,
  yearLabel,
  years,
  type Row,
} from './invented-town.ts'

/** [rule, its title, name, value, unit, unit in words, meaning]. */
const parameters = [
  [
    'small_number_rule',
    'Малые выборки',
    'limited_from',
    '5',
    'pupils',
    'учеников',
    'меньше — не показывается',
  ],
  [
    'small_number_rule',
    'Малые выборки',
    'low_from',
    '10',
    'pupils',
    'учеников',
    'меньше — «выборка мала»',
  ],
  ['risk_rule', 'Зоны риска', 'minimum_n', '10', 'pupils', 'учеников', 'меньше — серая зона'],
  [
    'risk_rule',
    'Зоны риска',
    'exact_below_n',
    '30',
    'pupils',
    'учеников',
    'меньше — точные пределы',
  ],
  ['trend_rule', 'Динамика', 'window_years', '3', 'years', 'лет', 'глубина сравнения'],
  [
    'trend_rule',
    'Динамика',
    'stable_interval_share',
    '0,1',
    'share',
    'доля',
    'стабильно, если внутри ± этого',
  ],
  [
    'trend_rule',
    'Динамика',
    'stable_interval_points',
    '10',
    'points',
    'баллов',
    'то же для баллов',
  ],
  [
    'trend_rule',
    'Динамика',
    'stable_interval_mark',
    '0,4',
    'points',
    'баллов',
    'то же для отметки',
  ],
] as const

/** Rows of every mart for a municipality of invented schools, made from a seed. */
export const editionRows = (seed = 7, schoolCount = 34): MartRows => {
  const random = generator(seed)
  const schools = makeSchools(random, schoolCount)
  const { values, trends, risks, positions } = inventSeries(schools, random)

  const summary = summaryOf(risks)
  const count = (list: readonly Row[], column: string, value: string, key: string): number =>
    list.filter(
      (row) =>
        row['unit_key'] === key && (row['grade'] ?? 'all') === 'all' && row[column] === value,
    ).length
  const profiles = schools.map((school, at): Row => {
    const red = count(summary, 'zone', 'red', school.key)
    const yellow = count(summary, 'zone', 'yellow', school.key)
    const improved = count(trends, 'trend_class', 'improved', school.key)
    const declined = count(trends, 'trend_class', 'declined', school.key)
    const merged = at === schoolCount - 1
    return {
      school_key: school.key,
      school_name: school.name,
      full_name: `МБОУ «${school.name}»`,
      school_code: `15${String(1000 + at)}`,
      school_type: school.type,
      type_label: school.type,
      locality_label: school.rural ? 'село' : 'город',
      belonging: '',
      municipality_key: 'm',
      municipality_name: 'Светлогорский округ',
      pupils: school.pupils,
      cluster_name: clusterNames[school.cluster] ?? '',
      red_count: red,
      yellow_count: yellow,
      improved_count: improved,
      declined_count: declined,
      status: merged ? 'merged' : 'open',
      successor_key: merged ? 's003' : null,
      successor_name: merged ? 'Школа № 3' : null,
      status_note: merged ? 'вошла в состав: Школа № 3' : '',
      summary: merged
        ? 'Закрыта 31.08.2025, вошла в состав другой: Школа № 3.'
        : red > 0
          ? `Нужна помощь: в красной зоне показателей — ${String(red)}.`
          : declined > 0
            ? `Есть значимое снижение: показателей — ${String(declined)}.`
            : 'Показатели в пределах ожидаемого.',
      bias_note:
        at === 4
          ? 'O7 (математика): у границы отметки 3 на ней и сразу выше 92,0 % работ, ожидалось 51,9 % (p < 0,0001); n = 83\nO1 (биология): внешняя отметка ниже журнальной у 55,0 % участников, в других школах — у 23,3 %; n = 60'
          : null,
      sort: at,
      link: `/schools/${school.key}`,
    }
  })

  const findings: Row[] = []
  const find = (
    kind: string,
    kindLabel: string,
    list: readonly Row[],
    text: (row: Row) => string,
  ): void => {
    for (const row of list)
      findings.push({
        kind,
        kind_label: kindLabel,
        school_key: row['unit_key'] ?? row['school_key'] ?? null,
        school_name: row['unit_name'] ?? row['school_name'] ?? null,
        text: text(row),
        strength: Number(row['z'] ?? 1),
        sort: findings.length,
      })
  }
  const describe = (row: Row): string =>
    `${String(row['indicator_title'])} (${String(row['procedure_name'])}, ${String(row['subject_name']).toLowerCase()})`
  const byStrength = (a: Row, b: Row): number => Math.abs(Number(b['z'])) - Math.abs(Number(a['z']))
  find(
    'risk',
    'Красная зона',
    risks.filter((row) => row['grade'] === 'all' && row['zone'] === 'red').sort(byStrength),
    (row) => `${describe(row)}: ${String(row['value_text'])}. ${String(row['reason'])}`,
  )
  find(
    'declined',
    'Снижение',
    trends
      .filter((row) => row['grade'] === 'all' && row['trend_class'] === 'declined')
      .sort(byStrength),
    (row) =>
      `${describe(row)}: ${String(row['change_text'])} за три года, n = ${String(row['n_last'])}.`,
  )
  find(
    'improved',
    'Улучшение',
    trends
      .filter((row) => row['grade'] === 'all' && row['trend_class'] === 'improved')
      .sort(byStrength),
    (row) =>
      `${describe(row)}: ${String(row['change_text'])} за три года, n = ${String(row['n_last'])}.`,
  )
  find(
    'objectivity',
    'Объективность',
    profiles.filter((row) => row['bias_note'] !== null),
    (row) => String(row['bias_note']),
  )

  /** Delivered as it is: nobody says of how many pupils. */
  const delivered = years.map((year, at): Row => ({
    indicator: 'delivered_score',
    indicator_title: 'Балл, полученный готовым',
    ...{ level: 'school', unit_key: 's021', unit_name: 'Школа № 21' },
    ...{ procedure: 'vpr', procedure_name: 'ВПР', subject: 'all', subject_name: 'Все предметы' },
    ...{ grade: 'all', grade_name: 'все классы' },
    ...{ school_year: year, school_year_label: yearLabel(year) },
    ...{ value: 60 + at, value_text: `${String(60 + at)},0`, n: null, unit: 'points' },
    ...{
      tier: 'unknown',
      tier_note: 'n не передано',
      zone: 'grey',
      zone_label: 'не оценивается',
      sort: 1_000_000,
    },
  }))

  const clusters = schools.flatMap((school): Row[] =>
    [2025, 2026].map((year) => ({
      school_key: school.key,
      school_name: school.name,
      school_year: year,
      cluster_key: `c${String(school.cluster + 1)}`,
      cluster_name: clusterNames[school.cluster] ?? '',
      algorithm: 'pam',
      algorithm_label: 'k-медоидов по расстоянию Гауэра',
      clusters: 3,
      silhouette: 0.41,
      stability: 0.82,
      stability_label: 'устойчивы',
      map_x: school.cluster * 1.4 + random() * 1.1,
      map_y: Math.log(school.pupils) + random() * 0.4,
      pupils: school.pupils,
      is_rural: school.rural,
      locality_label: school.rural ? 'село' : 'город',
      features_label: 'местность, обучающиеся, доля детей с ОВЗ',
      sort: Number(school.key.slice(1)),
      neighbours: schools
        .filter((other) => other.cluster === school.cluster && other !== school)
        .slice(0, 5)
        .map((other) => other.name)
        .join(', '),
    })),
  )

  const sources = [
    ['vpr_f1', 'ВПР, форма 1'],
    ['vpr_f3', 'ВПР, форма 3'],
    ['oge_protocol', 'ОГЭ, протоколы'],
    ['oo1', 'ОО-1'],
  ] as const
  return {
    mart_publication: [
      {
        generation: '2026-08-28-1',
        published_on: '2026-08-28',
        data_as_of: '2026-08-20',
        office: 'Управление образования Светлогорского округа (вымышленного)',
        schools: schoolCount - 1,
        pupils: schools.reduce((sum, school) => sum + school.pupils, 0),
        first_year: 2023,
        last_year: 2026,
        last_year_label: '2025/26',
        method_note: 'Методика, версия 1; параметры на август 2026 года.',
        zones_lack: '',
        small_number_note:
          'Малая группа — меньше 5 человек. По группам меньше 10 нет оценки и сравнения.',
      },
    ],
    mart_indicator: indicators.map(([indicator, title, better, definition], at) => ({
      indicator,
      title,
      definition,
      unit: 'share',
      better,
      direction: '1.1',
      section: 'attainment',
      section_label: 'Результаты',
      decimals: 1,
      formula: '100 · (число участников с нужной отметкой) / (число участников)',
      source_note: 'Форма 3 ВПР, протоколы ОГЭ',
      interval_note: 'Уилсона, 95 %',
      is_headline: true,
      sort: at,
    })),
    mart_indicator_value: [...values, ...delivered],
    mart_trend: trends,
    mart_risk_zone: risks,
    mart_risk_summary: summary,
    mart_cluster: clusters,
    mart_cluster_position: positions,
    mart_school_profile: profiles,
    mart_data_quality: years.flatMap((year) =>
      sources.map(([source, title], at): Row => {
        const missing = source === 'oo1' && year === 2026
        return {
          source,
          source_title: title,
          school_year: year,
          school_year_label: yearLabel(year),
          files: missing ? 0 : 4,
          rows_read: missing ? 0 : 1200 + at * 31,
          rows_loaded: missing ? 0 : 1195 + at * 31,
          rows_quarantined: missing ? 0 : 5,
          rows_replaced: 0,
          delivery_state: missing ? 'not_delivered' : 'delivered',
          state_label: missing ? 'не поступило' : 'поступило',
          sort: at,
        }
      }),
    ),
    mart_quarantine: Array.from({ length: 12 }, (_, at) => ({
      file_name: 'Отчёт (3).xlsx',
      sheet: 'Лист1',
      row_number: 14 + at,
      column_name: 'Балл',
      cell: `F${String(14 + at)}`,

      code: 'above_maximum',
      message: 'Балл больше максимального (38). Проверьте столбец в исходном файле.',
      source_title: 'ВПР, форма 1',
    })),
    mart_check: [
      {
        check: 'totals_agree',
        title: 'Сумма отметок равна числу участников',
        severity: 'warning',
        severity_label: 'предупреждение',
        found: 3,
        meaning: 'В трёх строках формы 3 доли отметок не складываются в 100 %.',
        remedy: 'Сверьте строки с протоколом школы и загрузите исправленный файл.',
      },
      {
        check: 'unique_school',
        title: 'Школа встречается один раз',
        severity: 'error',
        severity_label: 'ошибка',
        found: 0,
        meaning: 'Код школы повторяется в реестре.',
        remedy: 'Исправьте реестр.',
      },
    ],
    mart_parameter: parameters.map(([rule, label, name, value, unit, unitLabel, meaning]) => ({
      parameter_table: rule,
      table_label: label,
      name,
      value_text: value,
      unit,
      unit_label: unitLabel,
      meaning,
      scope: 'all',
      scope_label: 'везде',
      valid_from: '2019-09-01',
      valid_to: '',
      is_in_force: true,
      source: 'Методика, раздел 3.5',
      tag: 'P',
    })),
    mart_finding: findings,
  }
}

/** Writes the invented edition to a file; the same seed gives the same rows. */
export const writeFixtureEdition = (file: string, seed = 7): Promise<void> =>
  writeEdition(file, editionRows(seed))

/** One row a school and indicator: the worst of its zones over subjects. */
const summaryOf = (risks: readonly Row[]): readonly Row[] => {
  const severity = (row: Row): number =>
    ['red', 'yellow', 'watch', 'green', 'grey'].indexOf(String(row['zone']))
  const chief = new Map<string, Row>()
  for (const row of risks.filter(({ grade }) => grade === 'all')) {
    const key = `${String(row['unit_key'])} ${String(row['indicator'])}`
    const known = chief.get(key)
    if (known === undefined || severity(row) < severity(known)) chief.set(key, row)
  }
  const names = [
    'unit_key',
    'indicator',
    'procedure',
    'subject',
    'school_year',
    'zone',
    'zone_label',
  ]
  return [...chief.values()].map((row) => ({
    ...Object.fromEntries(names.map((name) => [name, row[name] ?? null])),
    also: '',
  }))
}
