/** Units of indicators; shares are stored as 0–1 and shown in percent. */
export type ValueUnit = 'share' | 'points' | 'mark' | 'count' | 'ratio'

const NBSP = '\u00A0'

/** A number as ru-RU prints it: decimal comma, no-break thousands, a true minus; never «−0». */
export const russianNumber = (value: number, decimals: number): string => {
  const text = Math.abs(value).toFixed(decimals)
  const point = text.indexOf('.')
  const whole = point < 0 ? text : text.slice(0, point)
  const grouped = whole.length > 3 ? whole.replace(/\B(?=(\d{3})+$)/g, NBSP) : whole
  const shown = point < 0 ? grouped : `${grouped},${text.slice(point + 1)}`
  return value < 0 && /[1-9]/.test(shown) ? `−${shown}` : shown
}

/** «42,3 %», «57,1», «3,62»: a value in its unit; decimals of a share are those of its percent. */
export const valueText = (value: number, unit: ValueUnit, decimals: number): string =>
  unit === 'share'
    ? `${russianNumber(100 * value, decimals)}${NBSP}%`
    : russianNumber(value, decimals)

/** A difference without its unit: «+5,2», «−0,3», «0,0». */
const signed = (value: number, unit: ValueUnit, decimals: number): string => {
  const shown = russianNumber(unit === 'share' ? 100 * value : value, decimals)
  return value > 0 && /[1-9]/.test(shown) ? `+${shown}` : shown
}
/** A limit of a change, with up to two digits more where it would be printed as zero: its side says whether the change is significant. */
const limitText = (value: number, unit: ValueUnit, decimals: number): string =>
  [decimals, decimals + 1, decimals + 2]
    .map((each) => signed(value, unit, each))
    .find((text) => /[1-9]/.test(text)) ?? signed(value, unit, decimals)
const unitOfDifference: Readonly<Record<ValueUnit, string>> = {
  share: `${NBSP}п.${NBSP}п.`,
  points: `${NBSP}балла`,
  mark: `${NBSP}отметки`,
  count: '',
  ratio: '',
}

/** «5,2 п. п.», «3,1 балла»: the size of a difference, without its sign. */
export const sizeText = (value: number, unit: ValueUnit, decimals: number): string =>
  `${russianNumber(Math.abs(unit === 'share' ? 100 * value : value), decimals)}${unitOfDifference[unit]}`

/** «+5,2 п. п. за 2024–2026 (95 % ДИ от +1,0 до +9,4)»; without limits: «95 % ДИ не вычислим». */
export const changeText = (change: {
  readonly total: number
  readonly lo: number | null
  readonly hi: number | null
  readonly firstYear: number
  readonly lastYear: number
  readonly unit: ValueUnit
  readonly decimals: number
}): string => {
  const { total, lo, hi, firstYear, lastYear, unit, decimals } = change
  const interval =
    lo === null || hi === null
      ? `95${NBSP}% ДИ не вычислим`
      : `95${NBSP}% ДИ от ${limitText(lo, unit, decimals)} до ${limitText(hi, unit, decimals)}`
  return `${signed(total, unit, decimals)}${unitOfDifference[unit]} за ${String(firstYear)}–${String(lastYear)} (${interval})`
}

/** «95 % ДИ 40,1–62,3 %»: an interval of a value. */
export const intervalText = (lo: number, hi: number, unit: ValueUnit, decimals: number): string =>
  `95${NBSP}% ДИ ${unit === 'share' ? russianNumber(100 * lo, decimals) : russianNumber(lo, decimals)}–${valueText(hi, unit, decimals)}`
