/** A share 0–1 as percents with one digit: «95,1 %». */
export const percent = (share: number, digits = 1): string =>
  `${(share * 100).toLocaleString('ru-RU', { minimumFractionDigits: digits, maximumFractionDigits: digits })} %`

export const decimal = (value: number, digits: number): string =>
  value.toLocaleString('ru-RU', { minimumFractionDigits: digits, maximumFractionDigits: digits })

export const whole = (value: number): string => Math.round(value).toLocaleString('ru-RU')

/** Rows of a Markdown table, the first the header; the first column to the left, the others to the right. */
export const markdownTable = (rows: readonly (readonly string[])[]): string => {
  const [header = [], ...body] = rows
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(header),
    line(header.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...body.map(line),
  ].join('\n')
}
