import type { Value } from '../warehouse/database.ts'

const billion = 1_000_000_000n
/** A day or a moment as DuckDB writes it, in nanoseconds since 1970; undefined where it has no year of four digits. */
export const nanosecondsOf = (text: string): bigint | undefined => {
  const [, day = '', time = '00:00:00', fraction = '', sign = '+', hours = '00', minutes = '00'] =
    /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:([+-])(\d\d)(?::(\d\d))?)?)?$/.exec(
      text,
    ) ?? []
  const milliseconds = Date.parse(`${day}T${time}${sign}${hours}:${minutes}`)
  return Number.isNaN(milliseconds)
    ? undefined
    : (BigInt(milliseconds) / 1000n) * billion + BigInt(fraction.padEnd(9, '0'))
}

/** A decimal as a whole number of its last digits. */
export const unscaled = (value: number | string, scale: number): bigint => {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return BigInt(whole + fraction) * 10n ** BigInt(scale + Number(exponent) - fraction.length)
}

/** The narrowest type that other programs know and that holds all these whole numbers: they know none of 128 bits. */
export const typeOfWhole = (values: readonly Value[]): string => {
  const whole = values.flatMap((value) =>
    value === null ? [] : [BigInt(value as number | string)],
  )
  if (whole.every((value) => BigInt.asIntN(64, value) === value)) return 'BIGINT'
  const limit = 10n ** 38n
  return whole.every((value) => -limit < value && value < limit) ? 'DECIMAL(38,0)' : 'VARCHAR'
}

/** A value as one text. */
export const flat = (value: Value | undefined): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
