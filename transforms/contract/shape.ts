/** How a cell must look. `parse` gives the value in its one canonical text, or undefined when the cell does not fit. */
export interface Shape {
  /** What is expected, in Russian, after «ожидалось»: «целое число от 0 до 50». */
  readonly expected: string
  readonly parse: (cell: string) => string | undefined
  /** Right values are numbers or dates: a cell with words in it may be somebody's name and is not shown. */
  readonly wordless?: boolean
}

const plain = (cell: string): string => cell.replace(/[\s\u00a0\u202f]/g, '')
const numeric = /^[+-]?\d+(?:[.,]\d+)?$/

/** A number with a decimal point or comma and any spaces between thousands; canonical: point, no spaces. */
export const decimalNumber = (options: { min?: number; max?: number } = {}): Shape => ({
  expected: `число${range(options)}`,
  wordless: true,
  parse: (cell) => {
    const compact = plain(cell)
    if (!numeric.test(compact)) return undefined
    const canonical = compact.replace(',', '.').replace(/^\+/, '')
    const value = Number(canonical)
    return within(value, options) ? canonical : undefined
  },
})
/** A whole number; «12,0» and «12.0» are 12, because spreadsheets write so. */
export const wholeNumber = (options: { min?: number; max?: number } = {}): Shape => ({
  expected: `целое число${range(options)}`,
  wordless: true,
  parse: (cell) => {
    const compact = plain(cell).replace(/[.,]0+$/, '')
    if (!/^[+-]?\d+$/.test(compact)) return undefined
    const value = Number(compact)
    return within(value, options) ? String(value) : undefined
  },
})
/** A date as dd.mm.yyyy or yyyy-mm-dd (a time after it is dropped); canonical: ISO. */
export const calendarDate: Shape = {
  expected: 'дата вида 31.12.2025',
  wordless: true,
  parse: (cell) => {
    const russian = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s.*)?$/.exec(cell)
    const iso = /^(\d{4})[-.](\d{2})[-.](\d{2})(?:[T\s].*)?$/.exec(cell)
    const [year, month, day] = russian
      ? [russian[3], russian[2], russian[1]]
      : iso
        ? [iso[1], iso[2], iso[3]]
        : []
    if (year === undefined || month === undefined || day === undefined) return undefined
    const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    const parsed = new Date(`${text}T00:00:00Z`)
    return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text)
      ? text
      : undefined
  },
}
/** One of a list of words, compared without case; canonical: as listed. */
export const oneOf = (...words: readonly string[]): Shape => {
  const canonical = new Map(words.map((word) => [word.toLowerCase(), word]))
  return {
    expected: `одно из: ${words.join(', ')}`,
    parse: (cell) => canonical.get(cell.toLowerCase()),
  }
}
export const matching = (pattern: RegExp, expected: string): Shape => ({
  expected,
  parse: (cell) => (pattern.test(cell) ? cell : undefined),
})
export const anyText: Shape = { expected: 'текст', parse: (cell) => cell }

const within = (value: number, { min, max }: { min?: number; max?: number }): boolean =>
  (min === undefined || value >= min) && (max === undefined || value <= max)
const range = ({ min, max }: { min?: number; max?: number }): string =>
  (min === undefined ? '' : ` от ${String(min)}`) + (max === undefined ? '' : ` до ${String(max)}`)
