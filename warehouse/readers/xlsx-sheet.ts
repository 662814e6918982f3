import { numberText, type GridRow, type Merge } from './sheet.ts'
import { serialDate, type StyleKind } from './xlsx-style.ts'
import { attribute, decodeXml, richText, rootPrefix, withoutPrefix } from './xml.ts'
import { fileCorrupt } from './zip.ts'

interface Book {
  readonly strings: readonly string[]
  readonly styles: readonly StyleKind[]
  readonly date1904: boolean
}
interface SheetParser {
  readonly push: (xml: string) => void
  readonly end: () => {
    rows: readonly GridRow[]
    merges: readonly Merge[]
    hiddenColumns: readonly number[]
  }
}

const emptyRow: GridRow = []
/** Excel's own bounds. */
const maxRows = 1_048_576
const maxColumns = 16_384

/** Takes a worksheet's XML in pieces of any size and keeps the rows, so the XML never stands in memory whole. */
export const sheetParser = (book: Book): SheetParser => {
  const rows: GridRow[] = []
  let head = ''
  let rest = ''
  let tail = ''
  let state: 'head' | 'rows' | 'tail' = 'head'
  let prefix: string | undefined
  let cut = ''

  const consume = (): void => {
    let at = 0
    const close = rest.indexOf('</sheetData>')
    for (;;) {
      const open = rest.indexOf('<row', at)
      if (close >= 0 && (open < 0 || close < open)) {
        state = 'tail'
        tail = rest.slice(close)
        rest = ''
        return
      }
      if (open < 0) break
      const tagEnd = rest.indexOf('>', open)
      if (tagEnd < 0) break
      if (rest.charCodeAt(tagEnd - 1) === 47) {
        at = tagEnd + 1
        place(rows, rowNumber(rest, open, tagEnd, rows.length), emptyRow)
        continue
      }
      const end = rest.indexOf('</row>', tagEnd)
      if (end < 0) break
      place(rows, rowNumber(rest, open, tagEnd, rows.length), cells(rest, tagEnd + 1, end, book))
      at = end + 6
    }
    rest = rest.slice(at)
  }

  return {
    push: (piece) => {
      let xml = piece
      if (prefix !== undefined) {
        const joined = cut + piece
        const open = joined.lastIndexOf('<')
        const whole = open > joined.lastIndexOf('>') ? open : joined.length
        cut = joined.slice(whole)
        xml = withoutPrefix(joined.slice(0, whole), prefix)
      }
      if (state === 'head') {
        head += xml
        if (prefix === undefined && (prefix = rootPrefix(head)) !== undefined)
          head = withoutPrefix(head, prefix)
        const empty = head.indexOf('<sheetData/>')
        if (empty >= 0) {
          tail = head.slice(empty + 12)
          head = head.slice(0, empty)
          state = 'tail'
          return
        }
        const start = head.indexOf('<sheetData>')
        const begin = start >= 0 ? start : head.search(/<sheetData\s[^>]*>/)
        if (begin < 0) return
        xml = head.slice(head.indexOf('>', begin) + 1)
        head = head.slice(0, begin)
        state = 'rows'
      } else if (state === 'tail') {
        tail += xml
        return
      }
      rest = rest === '' ? xml : rest + xml
      consume()
    },
    end: () => {
      if (state === 'rows') throw fileCorrupt('лист обрывается')
      if (state === 'head' && !/<worksheet\b/.test(head)) throw fileCorrupt('лист не читается')
      while (rows.length > 0 && (rows.at(-1)?.length ?? 0) === 0) rows.pop()
      return { rows, merges: mergesOf(tail), hiddenColumns: hiddenOf(head) }
    },
  }
}

const place = (rows: GridRow[], index: number, row: GridRow): void => {
  if (index >= maxRows) throw fileCorrupt(`строка ${String(index + 1)}`)
  if (row.length === 0 && index >= rows.length) return
  while (rows.length < index) rows.push(emptyRow)
  rows[index] = row
}
const rowNumber = (xml: string, open: number, end: number, next: number): number => {
  const at = xml.indexOf(' r="', open)
  if (at < 0 || at > end) return next
  return Number.parseInt(xml.slice(at + 4, at + 12), 10) - 1
}

/** The one hot loop of reading: attributes and contents are found by index, nothing is copied but values. */
const cells = (xml: string, from: number, to: number, book: Book): GridRow => {
  const out: (string | null)[] = []
  let at = xml.indexOf('<c', from)
  let next = 0
  while (at >= 0 && at < to) {
    let column = next
    let type = 110
    let long = 0
    let style = 0
    let i = at + 2
    for (;;) {
      let code = xml.charCodeAt(i)
      if (code === 62) break
      if (code <= 32 || code === 47) {
        i++
        continue
      }
      const nameStart = i
      while ((code = xml.charCodeAt(i)) !== 61) {
        if (code === 62 || Number.isNaN(code)) throw fileCorrupt('лист не читается')
        i++
      }
      const quote = xml.charCodeAt(i + 1)
      const valueStart = i + 2
      const valueEnd = xml.indexOf(quote === 39 ? "'" : '"', valueStart)
      if (valueEnd < 0 || valueEnd > to) throw fileCorrupt('лист не читается')
      if (i - nameStart === 1) {
        const name = xml.charCodeAt(nameStart)
        if (name === 114) column = columnOf(xml, valueStart, valueEnd)
        else if (name === 116) {
          type = xml.charCodeAt(valueStart)
          long = valueEnd - valueStart
        } else if (name === 115) style = Number.parseInt(xml.slice(valueStart, valueEnd), 10)
      }
      i = valueEnd + 1
    }
    next = column + 1
    if (column >= maxColumns) throw fileCorrupt(`столбец ${String(column + 1)}`)
    if (xml.charCodeAt(i - 1) === 47) {
      at = xml.indexOf('<c', i)
      continue
    }
    const end = xml.indexOf('</c>', i)
    if (end < 0 || end > to) throw fileCorrupt('лист не читается')
    const value = content(xml, i + 1, end, type, long, style, book)
    if (value !== null) {
      while (out.length < column) out.push(null)
      out[column] = value
    }
    at = xml.indexOf('<c', end + 4)
  }
  return out
}

const columnOf = (xml: string, from: number, to: number): number => {
  let column = 0
  for (let i = from; i < to; i++) {
    const code = xml.charCodeAt(i)
    if (code < 65 || code > 90) break
    column = column * 26 + code - 64
  }
  return column - 1
}

const content = (
  xml: string,
  from: number,
  to: number,
  type: number,
  long: number,
  style: number,
  book: Book,
): string | null => {
  if (type === 105) return textOrNull(richText(xml.slice(from, to)))
  let open = xml.indexOf('<v>', from)
  if (open < 0 || open >= to) {
    const spaced = xml.slice(from, to).search(/<v\s[^>]*>/)
    if (spaced < 0) return formulaOf(xml.slice(from, to))
    open = xml.indexOf('>', from + spaced) - 2
  }
  const close = xml.indexOf('</v>', open)
  if (close < 0 || close > to) return null
  const raw = xml.slice(open + 3, close)
  // t="s" shared, "str" formula's text, "b" boolean, "e" error, "d" ISO date, "n" number
  if (type === 115) {
    if (long > 1) return textOrNull(decodeXml(raw))
    const text = book.strings[Number.parseInt(raw, 10)]
    if (text === undefined) throw fileCorrupt('нет строки в общей таблице')
    return textOrNull(text)
  }
  if (type === 98) return raw === '1' || raw === 'true' ? 'ИСТИНА' : 'ЛОЖЬ'
  if (type === 100) return raw.replace(/T00:00:00(?:\.0+)?Z?$/, '').replace('T', ' ')
  if (type === 101) return raw
  if (raw === '') return null
  const kind = style === 0 ? (book.styles[0] ?? 'number') : (book.styles[style] ?? 'number')
  if (kind === 'number' && raw.length < 16 && plainNumber.test(raw)) return raw
  const number = Number(raw)
  if (Number.isNaN(number)) return decodeXml(raw)
  if (kind === 'date') return serialDate(number, book.date1904)
  return kind === 'percent'
    ? `${numberText(Number((number * 100).toPrecision(15)))}%`
    : numberText(number)
}
const plainNumber = /^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d*[1-9])$/
const textOrNull = (text: string): string | null => (text === '' ? null : text)

const formulaOf = (xml: string): string | null => {
  const formula = /<f\b[^>]*>([^<]+)<\/f>/.exec(xml)?.[1]
  if (formula !== undefined) return `=${decodeXml(formula)}`
  return /<f\b/.test(xml) ? '=' : null
}

const mergesOf = (xml: string): readonly Merge[] =>
  [...xml.matchAll(/<mergeCell\b[^>]*\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"/g)].map(
    ([, left = '', top, right = '', bottom]) => ({
      top: Number(top) - 1,
      left: columnOf(left, 0, left.length),
      bottom: Number(bottom) - 1,
      right: columnOf(right, 0, right.length),
    }),
  )

const hiddenOf = (xml: string): readonly number[] =>
  [...xml.matchAll(/<col\b[^>]*>/g)].flatMap(([tag]) => {
    if (!/^(?:1|true)$/.test(attribute(tag, 'hidden') ?? '')) return []
    const min = Number(attribute(tag, 'min') ?? 0)
    const max = Math.min(Number(attribute(tag, 'max') ?? 0), maxColumns)
    return Array.from({ length: Math.max(max - min + 1, 0) }, (_, i) => min - 1 + i)
  })
