const rules = new Intl.PluralRules('ru')
const formats = new Map<number, Intl.NumberFormat>()

/** 1234.5 → «1 234,5»; at most `decimals` digits after the comma. */
export const number = (value: number, decimals = 0): string => {
  let format = formats.get(decimals)
  if (format === undefined)
    formats.set(
      decimals,
      (format = new Intl.NumberFormat('ru-RU', { maximumFractionDigits: decimals })),
    )
  return format.format(value)
}

/** The form of a word that goes with a number: 1 файл, 2 файла, 5 файлов; fractions take the second. */
export const form = (value: number, one: string, few: string, many: string): string => {
  const rule = rules.select(value)
  return rule === 'one' ? one : rule === 'many' ? many : few
}
/** The number and its word: «21 файл», «1 002 файла», «11 файлов». */
export const plural = (value: number, one: string, few: string, many: string): string =>
  `${number(value)}\u00a0${form(value, one, few, many)}`

/** Milliseconds as people say them: «0,4 с», «12 с», «3 мин 5 с». */
export const duration = (ms: number): string => {
  const seconds = ms / 1000
  if (seconds < 10) return `${number(seconds, 1)}\u00a0с`
  if (seconds < 60) return `${number(seconds)}\u00a0с`
  const whole = Math.round(seconds)
  return `${number(Math.floor(whole / 60))}\u00a0мин ${number(whole % 60)}\u00a0с`
}

/** An ISO instant in a time zone: «22.11.2025, 08:40». */
export const moment = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat('ru-RU', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(
    new Date(iso),
  )

/** The day that an instant falls on in a time zone, as an ISO date. */
export const isoDay = (instant: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(instant)

/** 2026 → «2025/26»: a school year is known by the year in which it ends. */
export const schoolYear = (year: number): string =>
  `${String(year - 1)}/${String(year % 100).padStart(2, '0')}`
