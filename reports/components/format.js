// Numbers and dates as a Russian official writes them.
export const nbsp = '\u00a0'

/** 18286.5 → «18 286,5»; nothing → «—». */
export const number = (value, decimals = 0) =>
  value === null || value === undefined || Number.isNaN(value)
    ? '—'
    : new Intl.NumberFormat('ru-RU', {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      })
        .format(value)
        .replace('-', '−')

/** A share 0–1 → «52,4 %»; anything else by its decimals. */
export const measure = (value, unit, decimals = 1) =>
  value === null || value === undefined || Number.isNaN(value)
    ? '—'
    : unit === 'share'
      ? `${number(value * 100, decimals)}${nbsp}%`
      : number(value, unit === 'count' ? 0 : unit === 'mark' ? 2 : decimals)

/** A change with its sign: a share in percentage points. */
export const signed = (value, unit) => {
  if (value === null || value === undefined || Number.isNaN(value)) return '—'
  const text = unit === 'share' ? number(value * 100, 1) : number(value, unit === 'mark' ? 2 : 1)
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text
}

/** plural(22, 'школа', 'школы', 'школ') → «школы». */
export const plural = (count, one, few, many) => {
  const tens = Math.abs(count) % 100
  const units = tens % 10
  if (tens > 10 && tens < 20) return many
  if (units === 1) return one
  return units >= 2 && units <= 4 ? few : many
}

/** counted(22, 'школа', 'школы', 'школ') → «22 школы». */
export const counted = (count, one, few, many) =>
  `${number(count)}${nbsp}${plural(count, one, few, many)}`

/** What stands under a count: its word in the form the count asks for, then the rest; a word only where there is a count. */
export const noteOf = ({ value, forms, note = '' }) => {
  const word = forms && typeof value === 'number' ? plural(value, ...forms) : ''
  if (!word) return note.replace(/^, /, '')
  return word + (note === '' || note.startsWith(',') ? note : ` ${note}`)
}

/** 2026-11-22 → «22 ноября 2026 г.»; other text as it is. */
export const dateText = (iso) => {
  if (!/^\d{4}-\d{2}-\d{2}/.test(iso ?? '')) return iso ?? '—'
  return new Intl.DateTimeFormat('ru-RU', { dateStyle: 'long', timeZone: 'UTC' })
    .format(new Date(`${iso.slice(0, 10)}T00:00:00Z`))
    .replaceAll(' ', nbsp)
}

/** A value of a kind that nobody named: a truth value and a date in words, nothing as «—», all else as it is. */
export const plain = (value) => {
  if (value === null || value === undefined || value === '') return '—'
  if (typeof value === 'boolean') return value ? 'да' : 'нет'
  return value instanceof Date
    ? new Intl.DateTimeFormat('ru-RU', { timeZone: 'UTC' }).format(value)
    : value
}

/** «Показатель (—, все предметы): …» → «Показатель: …»: an indicator that is of no procedure. */
export const withoutDash = (text) =>
  typeof text === 'string'
    ? text.replace(/ \(—, все предметы\)/g, '').replace(/ \(—, /g, ' (')
    : text

/** What belongs together is not torn at the end of a line: «№ 7», «0,1 п. п.», «4 класс», «n = 84», «↗ Улучшение». */
export const bound = (text) =>
  typeof text === 'string'
    ? text
        .replaceAll('№ ', `№${nbsp}`)
        .replace(/([◆▲◐●○↗↘→≈]) /g, `$1${nbsp}`)
        .replaceAll('п. п.', `п.${nbsp}п.`)
        .replace(/% ДИ/g, `%${nbsp}ДИ`)
        .replace(/ДИ, n\b/g, `ДИ,${nbsp}n`)
        .replace(/\b([np]) ([=<]) /g, `$1${nbsp}$2${nbsp}`)
        .replace(/(\d) (%|п\.|класс)/g, `$1${nbsp}$2`)
    : text

const ofProcedure = ({ procedure, procedure_name }) =>
  procedure !== 'all' && procedure_name && procedure_name !== '—'

/** What a number is about: procedure, subject, grade, as far as each applies; of a procedure that all its subjects are meant. */
export const series = (row) =>
  bound(
    [
      ofProcedure(row) && row.procedure_name,
      row.subject === 'all'
        ? ofProcedure(row) && 'все предметы'
        : row.subject_name?.toLocaleLowerCase('ru'),
      row.grade !== 'all' && row.grade_name?.toLocaleLowerCase('ru'),
      row.basis && row.basis_label?.toLocaleLowerCase('ru'),
    ]
      .filter(Boolean)
      .join(', ') || 'в целом',
  )

/** A column's text; `series` is made of the row. */
export const textOf = (row, column) => (column === 'series' ? series(row) : row?.[column])

/** The rows of a query, whether it was rendered with the page or is asked for now. */
export const rowsOf = (data) => (data && typeof data.length === 'number' ? Array.from(data) : [])

/** Decimals that tell the ticks of an axis apart, each printed exactly; a share's are of its percents. */
export const decimalsOf = (marks, unit) => {
  const scale = unit === 'share' ? 100 : 1
  const isExact = (mark, decimals) =>
    Math.abs(Number((mark * scale).toFixed(decimals)) - mark * scale) < 1e-9
  return [0, 1, 2, 3].find((decimals) => marks.every((mark) => isExact(mark, decimals))) ?? 4
}

/** Round steps for an axis: at most `count` ticks between low and high. */
export const ticks = (low, high, count = 5) => {
  const span = high - low || 1
  const rough = span / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power
  const list = []
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9; at += step)
    list.push(Number(at.toPrecision(12)))
  return list
}

/** Ticks of a small axis: few, but at least two, for one number tells no scale. */
export const marksOf = (low, high) =>
  [3, 5, 8, 12].map((count) => ticks(low, high, count)).find((marks) => marks.length > 1) ?? []

const yearWords = [
  '',
  '',
  'два',
  'три',
  'четыре',
  'пять',
  'шесть',
  'семь',
  'восемь',
  'девять',
  'десять',
]

/** 3 → «три года», 5 → «пять лет», 12 → «12 лет». */
export const yearsText = (count) =>
  `${yearWords[count] || number(count)} ${plural(count, 'год', 'года', 'лет')}`

/** A sentence begins with a capital. */
export const sentence = (text) =>
  typeof text === 'string' ? text.charAt(0).toLocaleUpperCase('ru') + text.slice(1) : text
