import { decimalNumber, type Shape } from '../../contract/shape.ts'

const hundred = decimalNumber({ min: 0, max: 100 })

/** Per cent, 0–100, with or without its sign; canonical: without. */
export const percent: Shape = {
  expected: 'процент от 0 до 100',
  wordless: true,
  parse: (cell) => hundred.parse(cell.replace(/\s*%$/, '')),
}
