import { describe, expect, it } from 'vitest'
import { sheet } from '../../../transforms/ledger/sheet.ts'
import { martDataQuality } from '../../../transforms/marts/mart_data_quality.ts'
import { given, withTables } from '../../support/tables.ts'

const read = (...sheets: readonly object[]) =>
  withTables([given(sheet, ...sheets)], (tables) => tables.read(martDataQuality))
const oge = { source: 'oge', source_title: 'ОГЭ', school_year: 2026 }

describe('what was not read as a whole', () => {
  it('is told by file, sheet and reason in the row of its form and year', async () => {
    const [row] = await read(
      { ...oge, _file: 'a', file_name: 'огэ.xlsx', sheet: '9А', refused: 'нет столбца\n«Балл»' },
      { ...oge, _file: 'a', file_name: 'огэ.xlsx', sheet: '9Б', refused: 'лист скрыт' },
      { ...oge, _file: 'b', file_name: 'б.xlsx', rows_read: 7, rows_loaded: 7 },
    )
    expect(row).toMatchObject({ source: 'oge', sheets_refused: 2, files: 1 })
    expect(row?.refusals).toBe('огэ.xlsx\t9А\tнет столбца «Балл»\nогэ.xlsx\t9Б\tлист скрыт')
  })

  it('names a file whose form nobody knows once, and no cover sheet of a file that was read', async () => {
    const rows = await read(
      { _file: 'x', file_name: 'письмо.xlsx', sheet: 'Лист1' },
      { _file: 'x', file_name: 'письмо.xlsx', sheet: 'Лист2' },
      { ...oge, _file: 'b', file_name: 'б.xlsx', sheet: 'Итоги', rows_read: 7, rows_loaded: 7 },
      { _file: 'b', file_name: 'б.xlsx', sheet: 'Титул' },
    )
    expect(rows.map((row) => [row.source, row.delivery_state, row.refusals])).toEqual([
      ['', 'unrecognised', 'письмо.xlsx\tЛист1\tформа не узнана'],
      ['oge', 'delivered', ''],
    ])
  })
})
