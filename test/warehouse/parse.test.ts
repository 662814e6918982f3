import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSheet, type ParsedTable } from '../../warehouse/parse.ts'
import type { GridRow, Sheet } from '../../warehouse/readers/index.ts'
import { recognise } from '../../warehouse/recognise.ts'
import { forms } from './forms.ts'

const sheet = (rows: readonly GridRow[]): Sheet => ({
  name: 'Л',
  hidden: false,
  rows,
  merges: [],
  hiddenColumns: [],
})
const parse = (rows: readonly GridRow[], path = '/in/a.xlsx'): ParsedTable => {
  const table = sheet(rows)
  const found = recognise(table, forms, { facts: {}, path, dropPersonal: new Set() })
  if (found.source === null || found.refused !== undefined)
    throw new Error(found.refused ?? 'not recognised')
  return parseSheet(table, found, (system, values) =>
    createHash('sha256')
      .update(`${system}/${values.join('')}`)
      .digest('hex')
      .slice(0, 8),
  )
}
const head: readonly GridRow[] = [
  ['Результаты 2019'],
  ['Предмет: Физика'],
  [null, null, null, 'Б', 'П'],
  ['Школа', 'Код', 'Итог', '№1', '№2', 'Серия', 'Номер', 'Заметка'],
]
const values = (table: ParsedTable, name: string): readonly (string | null)[] | undefined =>
  table.columns.get(name)

describe('parseSheet(sheet, recognised, pseudonym)', () => {
  it('gives canonical text, told values, deliveries and rows of the sheet', () => {
    const table = parse([
      ...head,
      ['7,0', ' п1 ', '3', '1', '2', '45 06', '123', null],
      ['8', 'п2', null, null, null, null, '-', ' '],
    ])
    expect(Object.fromEntries(table.columns)).toMatchObject({
      year: ['2019', '2019'],
      subject: ['Физика', 'Физика'],
      school: ['7', '8'],
      pupil: ['п1', 'п2'],
      total: ['3', null],
      note: [null, null],
    })
    expect(table.deliveries).toEqual(['2019 | Физика | 7', '2019 | Физика | 8'])
    expect(table.rows).toEqual([5, 6])
  })

  it('hashes people and leaves nobody where cells tell nobody', () => {
    const table = parse([
      ...head,
      ['7', 'п1', null, null, null, '45 06', '123'],
      ['7', 'п2', null, null, null, '-', null],
    ])
    expect(values(table, 'person')).toEqual([expect.stringMatching(/^[\da-f]{8}$/), null])
    expect(JSON.stringify([...table.columns])).not.toContain('45 06')
  })

  it('keeps repeated columns in order, with what stands above them', () => {
    const table = parse([...head, ['7', 'п1', '3', '1', '2']])
    expect(JSON.parse(table.headers[0] ?? '')).toEqual([
      { header: '№1', above: 'Б' },
      { header: '№2', above: 'П' },
    ])
    expect(JSON.parse(table.cells[0] ?? '')).toEqual(['1', '2'])
  })

  it('sends a row to quarantine with each cell that does not fit', () => {
    const table = parse([...head, ['7', null, '99', 'x', '2']])
    expect([table.read, table.loaded, table.quarantined]).toEqual([1, 0, 1])
    expect(table.quarantine).toEqual([
      {
        sheet: 'Л',
        row: 5,
        column: 'Код',
        cell: 'B5',
        code: 'value-missing',
        message: 'обязательная ячейка пуста',
        value: null,
        shape: null,
      },
      {
        sheet: 'Л',
        row: 5,
        column: 'Итог',
        cell: 'C5',
        code: 'value-unfit',
        message: 'ожидалось: целое число от 0 до 50',
        value: '99',
        shape: null,
      },
      {
        sheet: 'Л',
        row: 5,
        column: '№1',
        cell: 'D5',
        code: 'value-unfit',
        message: 'ожидалось: целое число от 0 до 9',
        value: 'x',
        shape: null,
      },
    ])
  })

  it('shows only the shape of a word where a number belongs: it may be a name', () => {
    const table = parse([...head, ['Иванов', 'п1', 'ПЕТРОВ Пётр 12', '1', 'сидоров']])
    expect(table.quarantine.map(({ value, shape }) => [value, shape])).toEqual([
      [null, 'Аааааа'],
      [null, 'АААААА Аааа 99'],
      [null, 'ааааааа'],
    ])
  })

  it('applies row rules and points at their cell', () => {
    const table = parse([...head, ['7', 'п1', '5', '1', '2'], ['7', 'п2', '3', '1', '2']])
    expect(table.quarantine).toMatchObject([
      { code: 'sum', cell: 'C5', message: 'сумма не сходится' },
    ])
    expect(table.loaded).toBe(1)
  })

  it('does not take totals, headers printed again, blank lines and what follows the end for data', () => {
    const table = parse([
      ...head,
      ['7', 'п1', '3', '1', '2'],
      [],
      [' ', null],
      head[3] ?? [],
      ['Итого', null, '3'],
      ['8', 'п2'],
      ['Исполнитель: отдел оценки'],
      ['тел.', '12'],
    ])
    expect([table.read, table.loaded, table.ignored]).toEqual([2, 2, 4])
    expect(table.rows).toEqual([5, 10])
  })

  it('tells an empty delivery from none', () => {
    const graded = parse([['unit', 'Reading Grade', 'Reading Score']], '/nc/2015/spg.csv')
    expect(graded.emptyDelivery).toBe('2015')
    expect(parse([...head]).emptyDelivery).toBeNull()
  })

  it('loads or quarantines every row, whatever is in the cells', () => {
    const cell = fc.option(
      fc.constantFrom('7', '50', '51', 'п1', '', ' ', 'Иванов', '1', '2', 'Итог', '#REF!', '=A1'),
      { nil: null },
    )
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 12 }), (rows) => {
        const table = parse([...head, ...rows])
        const data = rows.filter((row) =>
          row.some((value) => value !== null && value.trim() !== ''),
        )
        expect(table.read).toBe(table.loaded + table.quarantined)
        expect(table.read + table.ignored).toBe(data.length)
        expect(new Set(table.quarantine.map(({ row }) => row)).size).toBe(table.quarantined)
        for (const column of table.columns.values()) expect(column).toHaveLength(table.loaded)
      }),
    )
  })
})
