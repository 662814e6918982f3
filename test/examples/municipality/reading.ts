import { strFromU8, unzipSync } from 'fflate'
import { generateSample, type SampleOptions } from '../../../examples/municipality/generate.ts'

export type Value = string | number | null
export interface ReadSheet {
  readonly name: string
  /** Rows and columns from 0; row 1 of the sheet is `rows[0]`. */
  readonly rows: readonly (readonly Value[])[]
  readonly merges: number
  readonly hidden: number
  readonly formulas: number
}

const unescape = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')

const columnOf = (reference: string): number => {
  let column = 0
  for (const letter of reference.replace(/\d/g, ''))
    column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

/** A reader of its own, as plain as can be: it shares nothing with the writer but the format. */
export const readWorkbook = (bytes: Uint8Array): ReadSheet[] => {
  const parts = unzipSync(bytes)
  const part = (path: string): string => {
    const found = parts[path]
    if (!found) throw new Error(`no ${path}`)
    return strFromU8(found)
  }
  const shared = [...part('xl/sharedStrings.xml').matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map((m) =>
    unescape(m[1] ?? ''),
  )
  const names = [...part('xl/workbook.xml').matchAll(/<sheet name="([^"]*)"/g)].map((m) =>
    unescape(m[1] ?? ''),
  )
  return names.map((name, index): ReadSheet => {
    const xml = part(`xl/worksheets/sheet${index + 1}.xml`)
    const rows: Value[][] = []
    for (const [, number, body] of xml.matchAll(/<row r="(\d+)">(.*?)<\/row>/g)) {
      const row: Value[] = []
      for (const [, at, type, value] of (body ?? '').matchAll(
        /<c r="([A-Z]+\d+)"(?: t="(\w+)")?>(?:<f>[^<]*<\/f>)?<v>([^<]*)<\/v><\/c>/g,
      )) {
        const column = columnOf(at ?? '')
        while (row.length < column) row.push(null)
        row[column] =
          type === 's'
            ? (shared[Number(value)] ?? null)
            : type === 'str'
              ? unescape(value ?? '')
              : Number(value)
      }
      while (rows.length < Number(number) - 1) rows.push([])
      rows[Number(number) - 1] = row
    }
    return {
      name,
      rows,
      merges: [...xml.matchAll(/<mergeCell /g)].length,
      hidden: [...xml.matchAll(/hidden="1"/g)].length,
      formulas: [...xml.matchAll(/<f>/g)].length,
    }
  })
}

export const readCsv = (bytes: Uint8Array): string[][] =>
  new TextDecoder('windows-1251', { fatal: true })
    .decode(bytes)
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(';'))

/** The bytes of every file of a sample by path, with its truth. */
export const sampleOf = (options: SampleOptions) => {
  const sample = generateSample(options)
  const bytes = new Map([...sample.files()].map((file) => [file.path, file.bytes]))
  const read = (path: string): Uint8Array => {
    const found = bytes.get(path)
    if (!found) throw new Error(`no file ${path}`)
    return found
  }
  return { ...sample, bytes, read }
}
