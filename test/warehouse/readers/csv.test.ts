import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsv } from '../../../warehouse/readers/csv.ts'
import { windows1251 } from './windows-1251.ts'

const text = 'Код;Школа\n001;Лицей № 1'
const grid = [
  ['Код', 'Школа'],
  ['001', 'Лицей № 1'],
]

describe('readCsv(bytes)', () => {
  it('reads UTF-8 with and without a mark, windows-1251 and UTF-16 of both orders alike', () => {
    const big = Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`),
      windows1251(text),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(text, 'utf16le'),
      big,
    ])
      expect(readCsv(bytes).rows).toEqual(grid)
  })

  it.each([';', ',', '\t', '|'])('finds the separator %j', (separator) => {
    const line = (...cells: string[]): string => cells.join(separator)
    const rows = readCsv(Buffer.from([line('a', 'b', 'c'), line('1', '2', '3')].join('\r\n'))).rows
    expect(rows).toEqual([
      ['a', 'b', 'c'],
      ['1', '2', '3'],
    ])
  })

  it('takes a semicolon before the comma of decimal numbers', () => {
    expect(readCsv(Buffer.from('а;б\n1,5;2,5\n3,5;4,5')).rows[1]).toEqual(['1,5', '2,5'])
  })

  it('is not misled by title lines above the table', () => {
    const { rows } = readCsv(
      Buffer.from('Реестр на 01.10.2025, выгрузка, копия\nКод;Балл;Школа\n1;2;3\n4;5;6\n'),
    )
    expect(rows[1]).toEqual(['Код', 'Балл', 'Школа'])
  })

  it('keeps a trailing separator as an empty last cell', () => {
    expect(readCsv(Buffer.from('а;б;\n1;2;\n')).rows).toEqual([
      ['а', 'б', null],
      ['1', '2', null],
    ])
  })

  it('keeps separators, doubled quotes and line ends inside quotes', () => {
    expect(readCsv(Buffer.from('а;б;в\n"x;y";"он ""там""";"1\n2"\n')).rows[1]).toEqual([
      'x;y',
      'он "там"',
      '1\n2',
    ])
  })

  it('loses nothing that stands after a closing quote', () => {
    expect(
      readCsv(Buffer.from('Код;Школа;Балл\n1;"Лицей" имени поэта;5\n2;"СОШ "№1"";4\n')).rows.slice(
        1,
      ),
    ).toEqual([
      ['1', '"Лицей" имени поэта', '5'],
      ['2', '"СОШ "№1""', '4'],
    ])
  })

  it('obeys a line that names the separator', () => {
    expect(readCsv(Buffer.from('sep=,\nа,б\n')).rows).toEqual([[], ['а', 'б']])
  })

  it('gives no rows for an empty file', () => {
    expect(readCsv(Buffer.from('\n\n')).rows).toEqual([])
  })

  it('is not misled by commas and line ends inside quotes', () => {
    const rows = [
      ['я', 'я', '\n'],
      [',\nя', ',я', 'я\n,\n,я'],
    ]
    const written = rows.map((row) => row.map((value) => `"${value}"`).join(';')).join('\r\n')
    expect(readCsv(Buffer.from(written)).rows).toEqual(rows)
  })

  it('reads back any table that was quoted', () => {
    const cell = fc.string({
      unit: fc.constantFrom('я', 'b', ';', '"', ',', '\n', '5', ' '),
      minLength: 1,
    })
    const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), {
      minLength: 2,
      maxLength: 8,
    })
    fc.assert(
      fc.property(table, (rows) => {
        const written = rows
          .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(';'))
          .join('\r\n')
        expect(readCsv(Buffer.from(written)).rows).toEqual(rows)
      }),
    )
  })
})
