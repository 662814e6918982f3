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

  const consume = (from: number): void => {
    let at = from
    const close = rest.indexOf('</sheetData>', at)
    const lastEnd = rest.lastIndexOf('</row>')
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
      if (lastEnd < tagEnd) break
      const row: (string | null)[] = []
      at = cells(rest, tagEnd + 1, book, row) + 6
      place(rows, rowNumber(rest, open, tagEnd, rows.length), row)
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
        state = 'rows'
        rest = head
        head = head.slice(0, begin)
        consume(rest.indexOf('>', begin) + 1)
        return
      } else if (state === 'tail') {
        tail += xml
        return
      }
      rest = rest === '' ? xml : rest + xml
      consume(0)
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

/** Reads the cells of a row that is there whole; gives the place of its end. The one hot loop of reading: nothing is copied but values. */
const cells = (xml: string, from: number, book: Book, out: (string | null)[]): number => {
  let at = from
  let to = -1
  let next = 0
  for (;;) {
    if (xml.charCodeAt(at) !== 60 || xml.charCodeAt(at + 1) !== 99) {
      if (to < at) to = rowEnd(xml, at)
      if (to === at) return to
      at = xml.indexOf('<c', at)
      if (at < 0 || at > to) return to
    }
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
      if (quote !== 34 && quote !== 39) throw fileCorrupt('лист не читается')
      const valueStart = i + 2
      let valueEnd = valueStart
      while ((code = xml.charCodeAt(valueEnd)) !== quote) {
        if (code === 60 || Number.isNaN(code)) throw fileCorrupt('лист не читается')
        valueEnd++
      }
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
      at = i + 1
      continue
    }
    const digits = i + 4
    let end = digits
    let number = 0
    if (type !== 105 && xml.startsWith('<v>', i + 1))
      for (let code; (code = xml.charCodeAt(end)) >= 48 && code <= 57; end++)
        number = number * 10 + code - 48
    let value: string | null
    if (end > digits && xml.startsWith('</v></c>', end)) {
      value = whole(xml, digits, end, number, type, long, style, book)
      end += 4
    } else {
      if (to < i) to = rowEnd(xml, i)
      end = xml.indexOf('</c>', i)
      if (end < 0 || end > to) throw fileCorrupt('лист не читается')
      value = content(xml, i + 1, end, type, long, style, book)
    }
    if (value !== null) {
      while (out.length < column) out.push(null)
      out[column] = value
    }
    at = end + 4
  }
}

const rowEnd = (xml: string, from: number): number => {
  const end = xml.indexOf('</row>', from)
  if (end < 0) throw fileCorrupt('лист не читается')
  return end
}

const wholes: readonly string[] = Array.from({ length: 1000 }, (_, number) => String(number))
/** What most cells are: digits alone, of a shared text or of a number. */
const whole = (
  xml: string,
  from: number,
  to: number,
  number: number,
  type: number,
  long: number,
  style: number,
  book: Book,
): string | null => {
  if (type === 115 && long === 1) return sharedText(number, book)
  const isPlain = xml.charCodeAt(from) !== 48 || to - from === 1
  if (type === 110 && isPlain && to - from < 16 && (book.styles[style] ?? 'number') === 'number')
    return wholes[number] ?? xml.slice(from, to)
  return valueOf(xml.slice(from, to), type, long, style, book)
}
const sharedText = (index: number, { strings }: Book): string | null => {
  const text = strings[index]
  if (text === undefined) throw fileCorrupt('нет строки в общей таблице')
  return textOrNull(text)
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
  return valueOf(xml.slice(open + 3, close), type, long, style, book)
}

const valueOf = (
  raw: string,
  type: number,
  long: number,
  style: number,
  book: Book,
): string | null => {
  // t="s" shared, "str" formula's text, "b" boolean, "e" error, "d" ISO date, "n" number
  if (type === 115) {
    if (long > 1) return textOrNull(decodeXml(raw))
    return sharedText(Number.parseInt(raw, 10), book)
  }
  if (type === 98) return raw === '1' || raw === 'true' ? 'ИСТИНА' : 'ЛОЖЬ'
  if (type === 100) return raw.replace(/T00:00:00(?:\.0+)?Z?$/, '').replace('T', ' ')
  if (type === 101) return raw
  if (raw === '') return null
  const kind = book.styles[style] ?? 'number'
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
