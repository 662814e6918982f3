import {
  clusterNames,
  indicators,
  procedures,
  yearLabel,
  years,
  type Row,
  type School,
} from './invented-town.ts'

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
export interface Series {
  readonly values: Row[]
  readonly trends: Row[]
  readonly risks: Row[]
  readonly positions: Row[]
}

/** What every indicator says of every school, with its trend, its zone and its place among the like. */
export const inventSeries = (schools: readonly School[], random: () => number): Series => {
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
          denominator: hidden ? null : n,
          value: hidden ? null : value,
          n: hidden ? null : n,
          se: hidden || value === null ? null : Math.sqrt((value * (1 - value)) / n),
          lo: hidden || n < 10 ? null : lo,
          hi: hidden || n < 10 ? null : hi,
          interval_basis: 'wilson',
          interval_text: hidden || n < 10 || lo === null ? null : range(lo, hi),
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
            /** One series has an approved norm instead of limits. */
            const isNorm = procedure === 'oge' && indicator === 'pass_rate'
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
              limit_95: isNorm ? null : Math.min(1, Math.max(0, target - towards * 1.96 * error)),
              limit_998: isNorm ? null : Math.min(1, Math.max(0, target - towards * 3.09 * error)),
              z,
              dispersion: isNorm ? null : 1.4,
              rule: n < 10 ? 'none' : isNorm ? 'norm' : n < 30 ? 'exact' : 'funnel',
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
  return { values, trends, risks, positions }
}
