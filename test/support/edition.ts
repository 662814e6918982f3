import { writeEdition } from '../../reports/structure.ts'
import type { Cell, MartRows } from '../../reports/structure.ts'

type Row = Record<string, Cell>

/** A small seeded generator (mulberry32): the same edition every time. */
const generator = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1).replace('.', ',')} %`
const range = (lo: number, hi: number): string =>
  `${(lo * 100).toFixed(1).replace('.', ',')}–${(hi * 100).toFixed(1).replace('.', ',')} %`

const wilson = (share: number, n: number): [number, number] => {
  const z = 1.96
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half =
    (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}

const tierOf = (n: number): [string, string | null] =>
  n === 0
    ? ['none', 'нет данных']
    : n < 5
      ? ['hidden', 'скрыто: меньше 5 участников']
      : n < 10
        ? ['limited', 'n < 10, выборка мала']
        : n < 20
          ? ['low', null]
          : n < 50
            ? ['approximate', 'распределение приблизительно']
            : ['informative', null]

const zoneLabels: Readonly<Record<string, string>> = {
  red: 'красная зона',
  yellow: 'жёлтая зона',
  watch: 'под наблюдением',
  green: 'зелёная зона',
  grey: 'мало данных',
}

interface School {
  readonly key: string
  readonly name: string
  readonly pupils: number
  readonly rural: boolean
  readonly type: string
  readonly cluster: number
  readonly level: number
  readonly drift: number
}

const indicators = [
  ['pass_rate', 'Успеваемость', 'higher', 'Доля участников с отметкой 3 и выше.', 0.91],
  ['quality_rate', 'Качество обученности', 'higher', 'Доля участников с отметкой 4 или 5.', 0.52],
  ['mark2_share', 'Доля «двоек»', 'lower', 'Доля участников с отметкой 2.', 0.09],
  [
    'journal_lowered_share',
    'Доля понизивших отметку',
    'lower',
    'Доля участников, чья отметка за ВПР ниже отметки в журнале.',
    0.24,
  ],
] as const

const procedures = [
  ['vpr', 'ВПР', 'russian', 'Русский язык', 'all'],
  ['vpr', 'ВПР', 'mathematics', 'Математика', 'all'],
  ['vpr', 'ВПР', 'mathematics', 'Математика', '8'],
  ['oge', 'ОГЭ', 'russian', 'Русский язык', 'all'],
] as const

const years = [2023, 2024, 2025, 2026]
const yearLabel = (year: number): string => `${String(year - 1)}/${String(year).slice(2)}`
const clusterNames = ['Крупные городские', 'Средние городские', 'Малые сельские']

const makeSchools = (random: () => number, count: number): School[] =>
  Array.from({ length: count }, (_, at) => {
    const rural = at % 3 === 2
    const pupils = rural ? Math.round(40 + random() * 190) : Math.round(250 + random() * 950)
    const special = at === 0 ? 'лицей' : at === 1 ? 'гимназия' : ''
    return {
      key: `s${String(at + 1).padStart(3, '0')}`,
      name: special
        ? `${special === 'лицей' ? 'Лицей' : 'Гимназия'} № ${String(at + 1)}`
        : `Школа № ${String(at + 1)}`,
      pupils,
      rural,
      type: special || (pupils < 120 ? 'основная школа' : 'средняя школа'),
      cluster: rural ? 2 : pupils > 700 ? 0 : 1,
      level: (random() - 0.5) * 0.5 + (special ? 0.08 : 0),
      drift: at === 6 || at === 11 ? 0.12 : at === 8 || at === 19 ? -0.12 : 0,
    }
  })

/** Rows of every mart for a municipality of invented schools, made from a seed. */
export const editionRows = (seed = 7, schoolCount = 34): MartRows => {
  const random = generator(seed)
  const schools = makeSchools(random, schoolCount)
  const values: Row[] = []
  const trends: Row[] = []
  const risks: Row[] = []
  const positions: Row[] = []
  let sort = 0

  for (const [indicator, title, better, , base] of indicators) {
    const towards = better === 'higher' ? 1 : -1
    for (const [procedure, procedureName, subject, subjectName, grade] of procedures) {
      sort += 1
      const cell = {
        indicator,
        indicator_title: title,
        procedure,
        procedure_name: procedureName,
        subject,
        subject_name: subjectName,
        grade,
        grade_name: grade === 'all' ? 'все классы' : `${grade} класс`,
        sort,
      }
      const observe = (share: number, n: number): Row => {
        const count = Math.round(share * n)
        const value = n > 0 ? count / n : null
        const [tier, tierNote] = tierOf(n)
        const [lo, hi] = value === null ? [null, null] : wilson(value, n)
        const hidden = tier === 'hidden' || tier === 'none'
        return {
          numerator: hidden ? null : count,
          denominator: n,
          value: hidden ? null : value,
          n,
          se: hidden || value === null ? null : Math.sqrt((value * (1 - value)) / n),
          lo: hidden || n < 10 ? null : lo,
          hi: hidden || n < 10 ? null : hi,
          interval_basis: 'wilson',
          interval_text: hidden || n < 10 || lo === null || hi === null ? null : range(lo, hi),
          value_text: hidden || value === null ? 'скрыто' : percent(value),
          tier,
          tier_note: tierNote,
          unit: 'share',
          better,
          method_version: '1',
          parameter_version: '2026-08',
        }
      }
      const last = new Map<string, Row>()
      const first = new Map<string, Row>()
      for (const year of years) {
        const school_year = { school_year: year, school_year_label: yearLabel(year) }
        let passed = 0
        let wrote = 0
        for (const school of schools) {
          const n = Math.max(2, Math.round((school.pupils / 11) * (0.8 + random() * 0.3)))
          const spread = Math.sqrt((base * (1 - base)) / n) * (random() + random() - 1) * 1.6
          const scale = Math.min(base, 1 - base) * 2
          const share = Math.min(
            1,
            Math.max(
              0,
              base + scale * towards * (school.level + school.drift * (year - 2024)) + spread,
            ),
          )
          const row = observe(share, n)
          wrote += n
          passed += Math.round(share * n)
          const target = base
          const error = Math.sqrt((target * (1 - target)) / n)
          const z = row['value'] === null ? null : (Number(row['value']) - target) / error
          const bad = z === null ? 0 : -z * towards
          const zone =
            n < 10 || z === null
              ? 'grey'
              : bad > 3.09
                ? 'red'
                : bad > 1.96
                  ? 'yellow'
                  : bad > 1 && school.drift < 0
                    ? 'watch'
                    : 'green'
          const unit = { unit_key: school.key, unit_name: school.name }
          const full = {
            ...cell,
            ...unit,
            ...school_year,
            ...row,
            level: 'school',
            zone,
            zone_label: zoneLabels[zone] ?? '',
          }
          values.push(full)
          if (year === years.at(-1)) last.set(school.key, full)
          if (year === 2024) first.set(school.key, full)
          if (year === years.at(-1)) {
            const side = towards > 0 ? 'ниже' : 'выше'
            const distance = (Math.abs(Number(row['value']) - target) * 100)
              .toFixed(1)
              .replace('.', ',')
            risks.push({
              ...cell,
              ...unit,
              ...school_year,
              value: row['value'] ?? null,
              n,
              lo: row['lo'] ?? null,
              hi: row['hi'] ?? null,
              target,
              limit_95: Math.min(1, Math.max(0, target - towards * 1.96 * error)),
              limit_998: Math.min(1, Math.max(0, target - towards * 3.09 * error)),
              z,
              rule: n < 10 ? 'none' : n < 30 ? 'exact' : 'funnel',
              rule_label:
                n < 10
                  ? 'вывод не делается'
                  : n < 30
                    ? 'точные границы'
                    : 'границы воронки около среднего муниципалитета',
              zone,
              zone_label: zoneLabels[zone] ?? '',
              reason:
                zone === 'grey'
                  ? 'Меньше 10 участников.'
                  : zone === 'green'
                    ? 'В пределах ожидаемого.'
                    : `На ${distance} п. п. ${side} среднего по муниципалитету, n = ${String(n)}.`,
              value_text: row['value_text'] ?? null,
            })
          }
        }
        for (const [level, key, name, share, n] of [
          ['municipality', 'm', 'Светлогорский округ', passed / wrote, wrote],
          ['region', 'r', 'Регион', base + 0.01, wrote * 30],
          ['country', 'c', 'Россия', base + 0.02, wrote * 3000],
        ] as const)
          values.push({
            ...cell,
            ...school_year,
            ...observe(share, n),
            level,
            unit_key: key,
            unit_name: name,
            zone: null,
            zone_label: null,
          })
      }
      for (const school of schools) {
        const [a, b] = [first.get(school.key), last.get(school.key)]
        if (!a || !b) continue
        const [v1, v3] = [a['value'], b['value']]
        const enough =
          typeof v1 === 'number' &&
          typeof v3 === 'number' &&
          Number(a['n']) >= 10 &&
          Number(b['n']) >= 10
        const slope = enough ? (v3 - v1) / 2 : null
        const se = enough
          ? Math.sqrt(Number(a['se']) ** 2 + Number(b['se']) ** 2 + 0.0008) / 2
          : null
        const z = slope === null || se === null ? null : slope / se
        const total = slope === null ? null : slope * 2
        const good = (z ?? 0) * towards
        const kind =
          z === null || total === null
            ? 'insufficient'
            : Math.abs(total) >= 0.05 && good >= 1.96
              ? 'improved'
              : Math.abs(total) >= 0.05 && good <= -1.96
                ? 'declined'
                : Math.abs(total) < 0.05 && (se ?? 1) * 2 * 1.96 < 0.1
                  ? 'stable'
                  : 'uncertain'
        const labels: Readonly<Record<string, string>> = {
          improved: 'улучшение',
          declined: 'снижение',
          stable: 'стабильно',
          uncertain: 'неопределённо',
          insufficient: 'мало данных',
        }
        trends.push({
          ...cell,
          level: 'school',
          unit_key: school.key,
          unit_name: school.name,
          basis: 'absolute',
          basis_label: 'абсолютная',
          first_year: 2024,
          last_year: 2026,
          years: 3,
          value_first: v1 ?? null,
          value_last: v3 ?? null,
          total_change: total,
          slope,
          se,
          lo: slope === null || se === null ? null : slope - 1.96 * se,
          hi: slope === null || se === null ? null : slope + 1.96 * se,
          z,
          n_first: Number(a['n']),
          n_last: Number(b['n']),
          trend_class: kind,
          trend_label: labels[kind] ?? '',
          has_curvature: false,
          break_note: null,
          change_text:
            total === null
              ? 'меньше 10 участников'
              : `${total > 0 ? '+' : '−'}${(Math.abs(total) * 100).toFixed(1).replace('.', ',')} п. п.`,
        })
      }
      if (grade === 'all')
        for (const [cluster, clusterName] of clusterNames.entries()) {
          const members = schools
            .filter((school) => school.cluster === cluster)
            .map((school) => ({ school, row: last.get(school.key) }))
            .filter(({ row }) => typeof row?.['value'] === 'number' && Number(row['n']) >= 10)
          const sorted = members.map(({ row }) => Number(row?.['value'])).sort((a, b) => a - b)
          const median = sorted[Math.floor(sorted.length / 2)] ?? null
          for (const { school, row } of members) {
            const value = Number(row?.['value'])
            const below = sorted.filter((other) => other < value).length
            positions.push({
              indicator,
              indicator_title: title,
              procedure,
              procedure_name: procedureName,
              subject,
              subject_name: subjectName,
              sort,
              n: row?.['n'] ?? null,
              interval_text: row?.['interval_text'] ?? null,
              school_key: school.key,
              school_name: school.name,
              cluster_key: `c${String(cluster + 1)}`,
              cluster_name: clusterName,
              school_year: 2026,
              value,
              value_text: percent(value),
              cluster_median: median,
              z: median === null ? null : (value - median) / 0.12,
              percentile: below / Math.max(1, sorted.length - 1),
              cluster_schools: sorted.length,
              position_label: `выше, чем у ${String(below)} из ${String(sorted.length - 1)} похожих`,
            })
          }
        }
    }
  }

  const count = (list: readonly Row[], column: string, value: string, key: string): number =>
    list.filter((row) => row['unit_key'] === key && row['grade'] === 'all' && row[column] === value)
      .length
  const profiles = schools.map((school, at): Row => {
    const red = count(risks, 'zone', 'red', school.key)
    const yellow = count(risks, 'zone', 'yellow', school.key)
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
      municipality_name: 'Светлогорский округ',
      pupils: school.pupils,
      cluster_name: clusterNames[school.cluster] ?? '',
      red_count: red,
      yellow_count: yellow,
      improved_count: improved,
      declined_count: declined,
      status: merged ? 'merged' : 'open',
      successor_name: merged ? 'Школа № 3' : null,
      summary:
        red > 0
          ? `Нужна помощь: в красной зоне показателей — ${String(red)}.`
          : declined > 0
            ? `Есть значимое снижение: показателей — ${String(declined)}.`
            : 'Показатели в пределах ожидаемого.',
      bias_note:
        at === 4
          ? 'Есть признаки завышения отметок у границы «3»; результаты читайте вместе с разделом об объективности.'
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
      sort: at,
    })),
    mart_indicator_value: values,
    mart_trend: trends,
    mart_risk_zone: risks,
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
    mart_parameter: [
      {
        name: 'trend_threshold',
        parameter_table: 'threshold',
        table_label: 'Динамика',
        scope: 'все',
        value_text: '0,05',
        unit: 'доля',
        valid_from: '2019-09-01',
        valid_to: null,
        source: 'Методика, раздел 3.5',
        tag: 'P',
        meaning: 'Наименьшее изменение за период, которое называется ростом или снижением',
      },
      {
        name: 'small_n',
        parameter_table: 'threshold',
        table_label: 'Динамика',
        scope: 'все',
        value_text: '10',
        unit: 'участников',
        valid_from: '2019-09-01',
        valid_to: null,
        source: 'Методика, раздел 3.0.2',
        tag: 'R1',
        meaning: 'Наименьшее число участников для вывода о школе',
      },
    ],
    mart_finding: findings,
  }
}

/** Writes the invented edition to a file; the same seed gives the same rows. */
export const writeFixtureEdition = (file: string, seed = 7): Promise<void> =>
  writeEdition(file, editionRows(seed))
