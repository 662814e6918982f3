import { gzipSync } from 'node:zlib'
import * as library from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { workbook } from '../../../warehouse/workbook.ts'
import { readWorkbook } from '../../../warehouse/readers/index.ts'
import { rawXlsx, zipped } from './archive.ts'

const grid = [
  ['Код ОО', 'Балл', 'Дата'],
  ['0012', 12.5, { t: 'n', v: 45444, z: 'm/d/yy' }],
]
const expected = [
  ['Код ОО', 'Балл', 'Дата'],
  ['0012', '12.5', '2024-06-01'],
]
const written = (bookType: library.BookType): Buffer => {
  const sheet = library.utils.aoa_to_sheet(grid)
  return library.write(
    { SheetNames: ['Лист'], Sheets: { Лист: sheet } },
    { type: 'buffer', bookType },
  ) as Buffer
}

describe('readWorkbook(input)', () => {
  it.each(['xlsx', 'xlsb', 'biff8', 'ods', 'xlml'] as const)(
    'reads %s by its content',
    async (kind) => {
      const [sheet] = await readWorkbook(written(kind))
      expect(sheet?.rows).toEqual(expected)
    },
  )

  it('reads a web page that goes by the name of a workbook', async () => {
    const page =
      '<html><meta charset="utf-8"><table><tr><td>Код</td><td>Балл</td></tr><tr><td>001</td><td>5</td></tr></table></html>'
    expect((await readWorkbook(Buffer.from(page)))[0]?.rows).toEqual([
      ['Код', 'Балл'],
      ['001', '5'],
    ])
  })

  it('reads a dBASE table with its codepage', async () => {
    const [sheet] = await readWorkbook(written('dbf'))
    expect(sheet?.rows[1]?.slice(0, 2)).toEqual(['0012', '12.5'])
  })

  it('reads what was packed with gzip', async () => {
    expect((await readWorkbook(gzipSync('a;b\n1;2')))[0]?.rows).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
  })

  it.each([
    ['a file', Buffer.alloc(0)],
    ['a packed file', gzipSync('')],
  ])('refuses %s of no bytes and says to have it sent again', async (_what, bytes) => {
    await expect(readWorkbook(bytes)).rejects.toMatchObject({
      code: 'file-empty',
      hint: expect.stringContaining('заново') as string,
    })
  })

  it.each([
    ['a workbook', Buffer.from(workbook({ name: 'Лист1', rows: [] }, { name: 'Лист2', rows: [] }))],
    ['a text', Buffer.from(' ;;\r\n;;\r\n')],
  ])('refuses %s without a filled cell', async (_what, bytes) => {
    await expect(readWorkbook(bytes)).rejects.toMatchObject({ code: 'file-blank' })
  })

  it('reads a workbook of which one sheet is filled', async () => {
    const book = workbook({ name: 'Лист1', rows: [] }, { name: 'Лист2', rows: [['да']] })
    expect((await readWorkbook(Buffer.from(book))).map(({ rows }) => rows.length)).toEqual([0, 1])
  })

  it.each([
    ['%PDF-1.7 …', 'file-not-table'],
    ['\u0000\u0001\u0002\u0003binary\u0000', 'file-corrupt'],
  ])('refuses %j', async (text, code) => {
    await expect(readWorkbook(Buffer.from(text))).rejects.toMatchObject({
      code,
      hint: expect.any(String) as string,
    })
  })

  it('refuses a text document and an archive of files', async () => {
    const document = zipped({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<x/>' })
    await expect(readWorkbook(document)).rejects.toMatchObject({ code: 'file-not-table' })
    await expect(readWorkbook(zipped({ 'Ф1.xlsx': 'x' }))).rejects.toMatchObject({
      code: 'file-archive',
    })
  })

  it('refuses a workbook with a password', async () => {
    const container = library.CFB as {
      utils: {
        cfb_new: () => object
        cfb_add: (file: object, name: string, content: Buffer) => void
      }
      write: (file: object, options: { type: 'buffer' }) => Buffer
    }
    const file = container.utils.cfb_new()
    container.utils.cfb_add(file, '/EncryptedPackage', Buffer.alloc(64))
    await expect(readWorkbook(container.write(file, { type: 'buffer' }))).rejects.toMatchObject({
      code: 'file-encrypted',
    })
  })

  it('refuses a workbook cut at any place and never takes it for text', async () => {
    const whole = Buffer.from(
      workbook({ name: 'А', rows: Array.from({ length: 300 }, (_, i) => [i, `т${String(i)}`]) }),
    )
    for (let part = 1; part < 10; part++)
      await expect(
        readWorkbook(whole.subarray(0, Math.floor((whole.length * part) / 10))),
      ).rejects.toMatchObject({
        code: 'file-corrupt',
      })
  })

  it('refuses a worksheet that ends in the middle, of a cell or of a row', async () => {
    const begin = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    const end = '</row></sheetData></worksheet>'
    for (const cut of [
      '<row r="2"><c r="A2"',
      '<row r="2"><c r="A2"><v>1</v></c>',
      `<row r="2"><c r="A2${end}`,
      `<row r="2"><c r="A2"><v>1${end}`,
      '<row r="2"><c r=</row>',
      '<row r="2"><c r="A2" s=</row>',
      `<row r="2"><c r=</row><row r="3"><c r="A3"><v>1</v></c>${end}`,
      `<row r="2"><c r="A2"><v>1</v></row><row r="3"><c r="A3"><v>1</v></c>${end}`,
    ])
      await expect(readWorkbook(rawXlsx({ sheet: begin + cut }))).rejects.toMatchObject({
        code: 'file-corrupt',
      })
  })
})
