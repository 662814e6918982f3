import { fileCorrupt, Zip, type Limits } from './zip.ts'
import { type GridRow, type Merge, type Sheet } from './sheet.ts'
import { sheetParser } from './xlsx-sheet.ts'
import { attribute, decodeXml, stringItems, xmlText } from './xml.ts'
import { styleKinds, type StyleKind } from './xlsx-style.ts'

/** Sheets up to this size are unpacked at once, bigger ones in pieces. */
const whole = 8 << 20

/** Reads an XLSX workbook: worksheets only, in the order of their tabs. */
export const readXlsx = async (bytes: Buffer, limits?: Limits): Promise<readonly Sheet[]> => {
  const zip = new Zip(bytes, limits)
  const text = (name: string): string => xmlText(zip.read(name))
  const book = workbookPart(zip, text)
  const folder = book.slice(0, book.lastIndexOf('/') + 1)
  const parts = relations(zip, text, book, folder)
  const workbook = text(book)
  const date1904 = /<workbookPr\b[^>]*\bdate1904="(?:1|true)"/.test(workbook)
  const shared = partOf(parts, 'sharedStrings')
  const strings = shared !== undefined && zip.has(shared) ? stringItems(text(shared)) : []
  const style = partOf(parts, 'styles')
  const styles: readonly StyleKind[] =
    style !== undefined && zip.has(style) ? styleKinds(text(style)) : []
  const sheets: Sheet[] = []
  for (const [tag] of workbook.matchAll(/<sheet\b[^>]*>/g)) {
    const part = parts.get(attribute(tag, '(?:\\w+:)?id') ?? '')
    if (part?.type !== 'worksheet') continue
    const name = decodeXml(attribute(tag, 'name') ?? '')
    const parser = sheetParser({ strings, styles, date1904 })
    if (zip.size(part.target) <= whole) parser.push(text(part.target))
    else {
      const decoder = new TextDecoder()
      for await (const piece of zip.stream(part.target))
        parser.push(decoder.decode(piece, { stream: true }))
    }
    const { rows, merges, hiddenColumns }: ParsedXml = parser.end()
    const hidden = /^(?:hidden|veryHidden)$/.test(attribute(tag, 'state') ?? '')
    sheets.push({ name, hidden, rows, merges, hiddenColumns })
  }
  if (sheets.length === 0) throw fileCorrupt('в книге нет листов')
  return sheets
}

interface ParsedXml {
  readonly rows: readonly GridRow[]
  readonly merges: readonly Merge[]
  readonly hiddenColumns: readonly number[]
}
interface Part {
  readonly type: string
  readonly target: string
}

const workbookPart = (zip: Zip, text: (name: string) => string): string => {
  if (zip.has('_rels/.rels'))
    for (const [tag] of text('_rels/.rels').matchAll(/<(?:\w+:)?Relationship\b[^>]*>/g))
      if (attribute(tag, 'Type')?.endsWith('/officeDocument') === true) {
        const target = (attribute(tag, 'Target') ?? '').replace(/^\//, '')
        if (zip.has(target)) return target
      }
  if (zip.has('xl/workbook.xml')) return 'xl/workbook.xml'
  throw fileCorrupt('это не книга Excel')
}

const relations = (
  zip: Zip,
  text: (name: string) => string,
  book: string,
  folder: string,
): ReadonlyMap<string, Part> => {
  const file = `${folder}_rels/${book.slice(folder.length)}.rels`
  const parts = new Map<string, Part>()
  if (!zip.has(file)) return parts
  for (const [tag] of text(file).matchAll(/<(?:\w+:)?Relationship\b[^>]*>/g)) {
    const target = decodeXml(attribute(tag, 'Target') ?? '')
    parts.set(attribute(tag, 'Id') ?? '', {
      type: (attribute(tag, 'Type') ?? '').replace(/^.*\//, ''),
      target: target.startsWith('/') ? target.slice(1) : resolved(folder + target),
    })
  }
  return parts
}
const partOf = (parts: ReadonlyMap<string, Part>, type: string): string | undefined =>
  [...parts.values()].find((part) => part.type === type)?.target

const resolved = (path: string): string => {
  const out: string[] = []
  for (const step of path.split('/'))
    if (step === '..') out.pop()
    else if (step !== '.') out.push(step)
  return out.join('/')
}
