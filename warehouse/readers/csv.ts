import { decodeText } from './encoding.ts'
import type { GridRow, Sheet } from './sheet.ts'
import { fileCorrupt } from './zip.ts'

const separators = [';', '\t', ',', '|'] as const

/** Reads delimited text: encoding and separator are found, quotes may hold separators, quotes and line ends. */
export const readCsv = (bytes: Buffer): Sheet => {
  const { text } = decodeText(bytes)
  if (text.includes('\0')) throw fileCorrupt('в тексте двоичные данные')
  const declared = /^sep=(.)\r?\n/.exec(text)
  const body = declared ? text.slice(declared[0].length) : text
  const rows = records(body, declared?.[1] ?? separatorOf(body))
  const all = declared ? [[], ...rows] : rows
  while (all.length > 0 && (all.at(-1) ?? []).every((cell) => cell === null)) all.pop()
  return { name: '', hidden: false, rows: all, merges: [], hiddenColumns: [] }
}

/**
 * The separator that cuts most of the first records alike; a semicolon before a comma, because commas also stand in numbers. A record in
 * which something stands between a closing quote and the separator speaks thrice against it.
 */
const separatorOf = (text: string): string => {
  let best = ';'
  let most = 0
  for (const separator of separators) {
    const widths = new Map<number, number>()
    const torn = new Set<number>()
    records(text, separator, 60, torn).forEach(({ length }, i) => {
      if (length > 1 && !torn.has(i)) widths.set(length, (widths.get(length) ?? 0) + 1)
    })
    const alike = Math.max(0, ...widths.values()) - 3 * torn.size
    if (alike > most) {
      most = alike
      best = separator
    }
  }
  return best
}

const records = (
  text: string,
  separator: string,
  limit = Infinity,
  torn?: Set<number>,
): GridRow[] => {
  const code = separator.charCodeAt(0)
  const rows: GridRow[] = []
  let row: (string | null)[] = []
  let at = 0
  const { length } = text
  while (at < length && rows.length < limit) {
    const start = at
    let cell: string | undefined
    if (text.charCodeAt(at) === 34) {
      const [inside, next] = quoted(text, at)
      at = next
      while (at < length && text.charCodeAt(at) === 32) at++
      if (at >= length || isEnd(text.charCodeAt(at), code)) cell = inside
      else torn?.add(rows.length)
    }
    if (cell === undefined) {
      while (at < length && !isEnd(text.charCodeAt(at), code)) at++
      cell = text.slice(start, at)
    }
    row.push(cell === '' ? null : cell)
    const mark = text.charCodeAt(at)
    if (at < length && mark === code) {
      at++
      if (at === length) row.push(null)
      continue
    }
    if (mark === 13 && text.charCodeAt(at + 1) === 10) at++
    at++
    rows.push(row.length === 1 && row[0] === null ? [] : row)
    row = []
  }
  if (row.length > 0) rows.push(row)
  return rows
}
const isEnd = (mark: number, separator: number): boolean =>
  mark === separator || mark === 10 || mark === 13

/** The cell that opens with a quote at `from`, and where it ends; without a closing quote the quote is a letter of the cell. */
const quoted = (text: string, from: number): [string, number] => {
  let end = text.indexOf('"', from + 1)
  while (end >= 0 && text.charCodeAt(end + 1) === 34) end = text.indexOf('"', end + 2)
  if (end < 0) {
    const line = text.slice(from).search(/[\r\n]/)
    const stop = line < 0 ? text.length : from + line
    return [text.slice(from, stop), stop]
  }
  return [text.slice(from + 1, end).replaceAll('""', '"'), end + 1]
}
