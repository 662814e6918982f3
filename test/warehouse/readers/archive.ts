import { strToU8, zipSync } from 'fflate'

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

export interface RawBook {
  /** Inside of `<sheetData>`, or a whole worksheet. */
  readonly sheet: string
  readonly strings?: string
  readonly styles?: string
  readonly workbook?: string
  readonly name?: string
}

/** A one-sheet XLSX of raw XML, for what spreadsheets write and simple makers do not. */
export const rawXlsx = ({ sheet, strings, styles, workbook, name = 'Лист1' }: RawBook): Buffer => {
  const worksheet = sheet.includes('worksheet')
    ? sheet
    : `<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships><Relationship Id="r" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml':
      workbook ??
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${office}/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': worksheet,
  }
  if (strings !== undefined) parts['xl/sharedStrings.xml'] = `<sst xmlns="${main}">${strings}</sst>`
  if (styles !== undefined)
    parts['xl/styles.xml'] = `<styleSheet xmlns="${main}">${styles}</styleSheet>`
  return zipped(parts)
}
export const zipped = (parts: Readonly<Record<string, string>>): Buffer =>
  Buffer.from(
    zipSync(Object.fromEntries(Object.entries(parts).map(([path, text]) => [path, strToU8(text)]))),
  )
