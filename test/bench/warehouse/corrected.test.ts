import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { correctedWorkbook } from '../../../bench/warehouse/corrected.ts'

const cell = (column: string, row: number, value: number): string =>
  `<c r="${column}${row}"><v>${value}</v></c>`
const rowOf = (row: number, tasks: readonly [number, number]): string =>
  `<row r="${row}"><c r="A${row}" t="s"><v>1</v></c>${cell('D', row, 40_000 + row)}${cell('E', row, 1)}${cell('F', row, 2)}${cell('G', row, tasks[0])}${cell('H', row, tasks[1])}${cell('U', row, tasks[0] + tasks[1])}${cell('V', row, 4)}${cell('W', row, 5)}</row>`
const sheetOf = (bytes: Uint8Array): string =>
  strFromU8(unzipSync(bytes)['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
const workbook = (rows: string): Uint8Array =>
  zipSync({ 'xl/worksheets/sheet1.xml': strToU8(`<sheetData>${rows}</sheetData>`) })

describe('a corrected workbook', () => {
  it('takes a point from one task and from the sum of the last pupil who has one', () => {
    const before = workbook(rowOf(10, [1, 2]) + rowOf(11, [0, 2]) + rowOf(12, [0, 0]))
    expect(sheetOf(correctedWorkbook(before))).toBe(
      sheetOf(before)
        .replace('<c r="H11"><v>2</v>', '<c r="H11"><v>1</v>')
        .replace('<c r="U11"><v>2</v>', '<c r="U11"><v>1</v>'),
    )
  })

  it('goes further up when asked, and refuses a sheet without points', () => {
    const before = workbook(rowOf(10, [1, 2]) + rowOf(11, [0, 2]))
    expect(sheetOf(correctedWorkbook(before, 1))).toContain('<c r="G10"><v>0</v>')
    expect(() => correctedWorkbook(workbook(rowOf(10, [0, 0])))).toThrow(RangeError)
  })
})
