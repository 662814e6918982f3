import { strToU8, zipSync } from 'fflate'

export interface Formula {
  readonly formula: string
  readonly value: string | number
}
/** A day, or a moment of one, as sheets count it: days since 30 December 1899. */
export interface Moment {
  readonly serial: number
  readonly hasTime: boolean
}
export type Cell = string | number | null | Formula
export type TypedCell = Cell | boolean | Moment
export type Row = readonly Cell[]

export interface Sheet<C extends TypedCell = Cell> {
  readonly name: string
  readonly rows: readonly (readonly C[])[]
  /** Ranges as `A1:D1`. */
  readonly merges?: readonly string[]
  /** Columns counted from 1. */
  readonly hiddenColumns?: readonly number[]
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}
/** XML has no place for control characters and non-characters: a spreadsheet calls a file that has one damaged. */
const escape = (text: string): string =>
  text
    .replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign)
    .replace(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu, '')

/** Letters of a column counted from 1. */
export const columnName = (column: number): string =>
  column > 26
    ? columnName(Math.floor((column - 1) / 26)) + columnName(((column - 1) % 26) + 1)
    : String.fromCharCode(64 + column)

/** Excel allows 31 characters in the name of a sheet; downloads are cut there without mercy. */
export const sheetName = (text: string): string => text.slice(0, 31)

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaged = 'http://schemas.openxmlformats.org/package/2006'
const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** The formats of cells, by the index that a cell names: by itself, a day, a moment; built in, so that each program writes them its user's way. */
const formats = [
  '<xf/>',
  '<xf numFmtId="14" applyNumberFormat="1"/>',
  '<xf numFmtId="22" applyNumberFormat="1"/>',
]
const styles = (count: number): string =>
  `${head}<styleSheet xmlns="${main}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="${count}">${formats.slice(0, count).join('')}</cellXfs></styleSheet>`
/** A day that is wider than its column is shown as ####. */
const widthOf = ({ hasTime }: Moment): number => (hasTime ? 17 : 11)

const isMoment = (cell: TypedCell): cell is Moment =>
  typeof cell === 'object' && cell !== null && 'serial' in cell
const hasMoments = ({ rows }: Sheet<TypedCell>): boolean => rows.some((row) => row.some(isMoment))

const columnsXml = ({ hiddenColumns = [], rows }: Sheet<TypedCell>): string => {
  const columns = new Map(
    hiddenColumns.map((c) => [c, `<col min="${c}" max="${c}" width="9" hidden="1"/>`]),
  )
  for (const row of rows)
    row.forEach((cell, j) => {
      if (!isMoment(cell) || columns.has(j + 1)) return
      const at = `min="${j + 1}" max="${j + 1}"`
      columns.set(j + 1, `<col ${at} width="${widthOf(cell)}" customWidth="1"/>`)
    })
  const sorted = [...columns].sort(([a], [b]) => a - b).map(([, column]) => column)
  return sorted.length === 0 ? '' : `<cols>${sorted.join('')}</cols>`
}

const sheetXml = (sheet: Sheet<TypedCell>, shared: Map<string, number>): string => {
  const letters: string[] = []
  const out: string[] = [`${head}<worksheet xmlns="${main}">`, columnsXml(sheet)]
  out.push('<sheetData>')
  sheet.rows.forEach((row, index) => {
    const number = index + 1
    let cells = ''
    row.forEach((cell, column) => {
      if (cell === null) return
      const at = `${(letters[column] ??= columnName(column + 1))}${number}`
      if (typeof cell === 'boolean') cells += `<c r="${at}" t="b"><v>${Number(cell)}</v></c>`
      else if (isMoment(cell))
        cells += `<c r="${at}" s="${cell.hasTime ? 2 : 1}"><v>${cell.serial}</v></c>`
      else if (typeof cell === 'number') cells += `<c r="${at}"><v>${cell}</v></c>`
      else if (typeof cell === 'string') {
        let place = shared.get(cell)
        if (place === undefined) shared.set(cell, (place = shared.size))
        cells += `<c r="${at}" t="s"><v>${place}</v></c>`
      } else {
        const type = typeof cell.value === 'number' ? '' : ' t="str"'
        cells += `<c r="${at}"${type}><f>${escape(cell.formula)}</f><v>${escape(String(cell.value))}</v></c>`
      }
    })
    if (cells !== '') out.push(`<row r="${number}">${cells}</row>`)
  })
  out.push('</sheetData>')
  if (sheet.merges) {
    const merges = sheet.merges.map((range) => `<mergeCell ref="${range}"/>`)
    out.push(`<mergeCells count="${merges.length}">${merges.join('')}</mergeCells>`)
  }
  out.push('</worksheet>')
  return out.join('')
}

/** An XLSX file whose bytes depend on the sheets alone: fixed order of parts, fixed dates. */
export const workbook = (...sheets: readonly Sheet<TypedCell>[]): Uint8Array => {
  const shared = new Map<string, number>()
  const bodies = sheets.map((sheet) => sheetXml(sheet, shared))
  const numbers = sheets.map((_, index) => index + 1)
  const parts: [string, string][] = [
    [
      '[Content_Types].xml',
      `${head}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/>${numbers.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${kind}.worksheet+xml"/>`).join('')}<Override PartName="/xl/styles.xml" ContentType="${kind}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="${kind}.sharedStrings+xml"/></Types>`,
    ],
    [
      '_rels/.rels',
      `${head}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheets.map((sheet, i) => `<sheet name="${escape(sheet.name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${head}<Relationships xmlns="${packaged}/relationships">${numbers.map((n) => `<Relationship Id="rId${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`).join('')}<Relationship Id="rId${sheets.length + 1}" Type="${office}/styles" Target="styles.xml"/><Relationship Id="rId${sheets.length + 2}" Type="${office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    ],
    ['xl/styles.xml', styles(sheets.some(hasMoments) ? formats.length : 1)],
    ...bodies.map((body, i): [string, string] => [`xl/worksheets/sheet${i + 1}.xml`, body]),
    [
      'xl/sharedStrings.xml',
      `${head}<sst xmlns="${main}" uniqueCount="${shared.size}">${[...shared.keys()].map((text) => `<si><t xml:space="preserve">${escape(text)}</t></si>`).join('')}</sst>`,
    ],
  ]
  return zipSync(Object.fromEntries(parts.map(([path, text]) => [path, strToU8(text)])), {
    level: 1,
    mtime: new Date(2020, 0, 1),
  })
}
