/** Text of each cell from the left, null where a cell is empty; a row may be shorter than the sheet is wide. */
export type GridRow = readonly (string | null)[]

/** A rectangle of joined cells; rows and columns from 0, the last ones included. */
export interface Merge {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

/**
 * A sheet as text: row i of the grid is row i + 1 of the sheet. Numbers are the shortest decimal text, dates ISO, percent cells «44.33%»,
 * an error or a formula without a stored value is its own text («#REF!», «=A1+B1»). Of joined cells only the first has the value.
 */
export interface Sheet {
  /** Empty for a text file. */
  readonly name: string
  readonly hidden: boolean
  readonly rows: readonly GridRow[]
  readonly merges: readonly Merge[]
  /** From 0; they are read like all others. */
  readonly hiddenColumns: readonly number[]
}

/** «F12» of row and column from 0. */
export const cellName = (row: number, column: number): string =>
  `${columnLetters(column)}${String(row + 1)}`
export const columnLetters = (column: number): string =>
  column < 26
    ? String.fromCharCode(65 + column)
    : columnLetters(Math.floor(column / 26) - 1) + String.fromCharCode(65 + (column % 26))

/** Spaces of all kinds folded to one, edges trimmed; null when nothing is left. */
export const cleanText = (text: string | null | undefined): string | null => {
  if (text === null || text === undefined) return null
  const folded = isFolded(text) ? text : text.replace(/[\s\u00a0\u202f\u200b\ufeff]+/g, ' ').trim()
  return folded === '' ? null : folded
}
const isFolded = (text: string): boolean => {
  let afterSpace = true
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 32 && (code < 0xa0 || (code > 0xa0 && code < 0x1680))) afterSpace = false
    else if (code !== 32 && (code <= 32 || isSpace.test(text.charAt(i)))) return false
    else if (code === 32 && afterSpace) return false
    else afterSpace = code === 32
  }
  return !afterSpace
}
const isSpace = /[\s\u200b\ufeff]/

/** A double as text: no exponent, at most the 15 digits that a spreadsheet shows. */
export const numberText = (value: number): string => {
  const text = String(value)
  const short = text.length > 16 ? String(Number(value.toPrecision(15))) : text
  if (!short.includes('e')) return short
  if (Math.abs(value) >= 1e21) return BigInt(value).toString()
  return value.toFixed(20).replace(/\.?0+$/, '')
}

/** The sheet with the value of cells joined down a column in each of their rows; across a row only the first keeps it. */
export const filledDown = (sheet: Sheet): Sheet => {
  const tall = sheet.merges.filter(({ top, bottom }) => bottom > top)
  if (tall.length === 0) return sheet
  const rows = [...sheet.rows]
  for (const { top, left, bottom } of tall) {
    const value = rows[top]?.[left] ?? null
    if (value === null) continue
    for (let r = top + 1; r <= bottom && r < rows.length; r++) {
      const row = [...(rows[r] ?? [])]
      while (row.length < left) row.push(null)
      row[left] ??= value
      rows[r] = row
    }
  }
  return { ...sheet, rows }
}

/** A row's cells that are not empty, joined: what patterns for lines see. */
export const joined = (row: GridRow): string => {
  let out = ''
  for (const cell of row) {
    const text = cleanText(cell)
    if (text !== null) out = out === '' ? text : `${out} | ${text}`
  }
  return out
}

const lines = new WeakMap<Sheet, string[]>()
/** `joined` of a row, worked out once for all who look at it. */
export const lineOf = (sheet: Sheet, row: number): string => {
  let known = lines.get(sheet)
  if (known === undefined) lines.set(sheet, (known = []))
  return (known[row] ??= joined(sheet.rows[row] ?? []))
}
