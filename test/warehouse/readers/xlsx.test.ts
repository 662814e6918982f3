import { describe, expect, it } from 'vitest'
import { workbook } from '../../../warehouse/workbook.ts'
import { readXlsx } from '../../../warehouse/readers/xlsx.ts'
import { rawXlsx } from './archive.ts'

const rowsOf = async (
  bytes: Buffer,
): Promise<readonly (readonly (string | null)[])[] | undefined> => (await readXlsx(bytes))[0]?.rows

describe('readXlsx(bytes)', () => {
  it('reads texts, numbers and empty cells of every sheet in the order of the tabs', async () => {
    const sheets = await readXlsx(
      Buffer.from(
        workbook(
          { name: 'Первый', rows: [['Код', null, 'Балл'], [], ['001', null, 12.5]] },
          { name: 'Второй', rows: [['х']] },
        ),
      ),
    )
    expect(sheets.map(({ name, rows }) => [name, rows])).toEqual([
      ['Первый', [['Код', null, 'Балл'], [], ['001', null, '12.5']]],
      ['Второй', [['х']]],
    ])
  })

  it('joins the runs of rich text, leaves phonetic hints out and decodes entities', async () => {
    const strings =
      '<si><r><rPr><b/></rPr><t>Код</t></r><r><t xml:space="preserve"> ОО &amp; др.</t></r><rPh sb="0" eb="1"><t>нет</t></rPh></si><si/><si><t>a_x000D_b&#1071;</t></si>'
    const sheet =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
    expect(await rowsOf(rawXlsx({ sheet, strings }))).toEqual([['Код ОО & др.', null, 'a\rbЯ']])
  })

  it('gives dates as ISO text, a time where there is one, and percent cells with their sign', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/><numFmt numFmtId="165" formatCode="#,##0.00&quot; дн.&quot;"/><numFmt numFmtId="166" formatCode="[Red]0.0%"/></numFmts>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="22"/></cellXfs>'
    const cell = (at: string, style: number, value: string): string =>
      `<c r="${at}" s="${String(style)}"><v>${value}</v></c>`
    const sheet = `<row r="1">${cell('A1', 1, '45444')}${cell('B1', 2, '1')}${cell('C1', 3, '7')}${cell('D1', 4, '0.4433')}${cell('E1', 5, '45444.5')}${cell('F1', 1, '61')}</row>`
    expect(await rowsOf(rawXlsx({ sheet, styles }))).toEqual([
      ['2024-06-01', '1900-01-01', '7', '44.33%', '2024-06-01 12:00:00', '1900-03-01'],
    ])
  })

  it('counts dates from 1904 where the workbook says so', async () => {
    const workbookXml =
      '<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="Л" sheetId="1" r:id="rId1"/></sheets></workbook>'
    const styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
    const sheet = '<row r="1"><c r="A1" s="0"><v>43982</v></c></row>'
    expect(await rowsOf(rawXlsx({ sheet, styles, workbook: workbookXml }))).toEqual([
      ['2024-06-01'],
    ])
  })

  it('writes numbers as a spreadsheet shows them: 15 digits, no exponent', async () => {
    const values = [
      '5.0599999999999996',
      '1E-3',
      '1.0E2',
      '12.0',
      '1e21',
      '-0.30000000000000004',
      '123456789012',
    ]
    const cells = values.map((value) => `<c><v>${value}</v></c>`).join('')
    expect(await rowsOf(rawXlsx({ sheet: `<row>${cells}</row>` }))).toEqual([
      ['5.06', '0.001', '100', '12', '1000000000000000000000', '-0.3', '123456789012'],
    ])
  })

  it('reads digits by the kind and the format of their cell, and rows laid out over lines', async () => {
    const styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/></cellXfs>'
    const sheet =
      '<row r="1">\n <c r="A1"><v>0</v></c>\n <c r="B1"><v>007</v></c><c/><c r=\'D1\' s="1"><v>43831</v></c></row><row r="2"><c r="A2" s="2"><v>1</v></c><c r="B2" t="str"><v>042</v></c><c t="e"><v>7</v></c><c t="inlineStr"><v>5</v></c><c><v>12345678901234567</v></c></row>'
    expect(await rowsOf(rawXlsx({ sheet, styles }))).toEqual([
      ['0', '7', null, '2020-01-01'],
      ['100%', '042', '7', null, '12345678901234600'],
    ])
  })

  it('reads inline texts, booleans, errors, text formulas and formulas without a stored value', async () => {
    const sheet =
      '<row r="2"><c r="B2" t="inlineStr"><is><t>здесь</t></is></c><c r="C2" t="b"><v>1</v></c><c r="D2" t="e"><v>#REF!</v></c><c r="E2" t="str"><f>A1&amp;"x"</f><v>итог</v></c><c r="F2"><f>SUM(A1:A2)</f></c><c r="G2"><f>1+1</f><v>2</v></c></row>'
    expect(await rowsOf(rawXlsx({ sheet }))).toEqual([
      [],
      [null, 'здесь', 'ИСТИНА', '#REF!', 'итог', '=SUM(A1:A2)', '2'],
    ])
  })

  it('reads worksheets whose elements have a namespace prefix', async () => {
    const sheet =
      '<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    expect(await rowsOf(rawXlsx({ sheet }))).toEqual([['5']])
  })

  it('keeps hidden columns and sheets, and tells them and merged cells', async () => {
    const book = workbook({
      name: 'А',
      rows: [
        ['Заголовок', null],
        ['а', 'б'],
      ],
      merges: ['A1:B1'],
      hiddenColumns: [2],
    })
    const [sheet] = await readXlsx(Buffer.from(book))
    expect(sheet).toEqual({
      name: 'А',
      hidden: false,
      rows: [['Заголовок'], ['а', 'б']],
      merges: [{ top: 0, left: 0, bottom: 0, right: 1 }],
      hiddenColumns: [1],
    })
  })

  it('reads a sheet too big to unpack at once the same', async () => {
    const row = (i: number): string =>
      `<row r="${String(i)}"><c r="A${String(i)}"><v>${String(i)}</v></c><c r="B${String(i)}" t="inlineStr"><is><t>${'я'.repeat(60)}</t></is></c></row>`
    const count = 60_000
    const sheet = Array.from({ length: count }, (_, i) => row(i + 1)).join('')
    const rows = await rowsOf(rawXlsx({ sheet }))
    expect(rows?.length).toBe(count)
    expect(rows?.at(-1)).toEqual([String(count), 'я'.repeat(60)])
    expect(rows?.every((cells, i) => cells[0] === String(i + 1))).toBe(true)
  })
})
