import type { Cell, Row } from '../../warehouse/workbook.ts'

const decoder = new TextDecoder('windows-1251')
const codes = new Map<string, number>()
for (let code = 0; code < 256; code += 1) codes.set(decoder.decode(Uint8Array.of(code)), code)

/** Bytes of a text in windows-1251; a sign it lacks becomes `?`, as office programs do. */
export const windows1251 = (text: string): Uint8Array =>
  Uint8Array.from(text, (sign) => codes.get(sign) ?? 63)

const printed = (cell: Cell): string => {
  if (cell === null) return ''
  const value = typeof cell === 'object' ? cell.value : cell
  if (typeof value === 'number') return String(value).replace('.', ',')
  return /[;"\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

/** A municipal export: windows-1251, semicolons, decimal comma, CRLF; optionally a trailing `;`. */
export const delimited = (rows: readonly Row[], trailing = false): Uint8Array =>
  windows1251(rows.map((row) => `${row.map(printed).join(';')}${trailing ? ';' : ''}\r\n`).join(''))
