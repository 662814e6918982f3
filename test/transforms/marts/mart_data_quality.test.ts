import { describe, expect, it } from 'vitest'
import type { RowOf } from '../../../transforms/contract/column.ts'
import { expectedDelivery } from '../../../transforms/ledger/expected_delivery.ts'
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
      { ...oge, _file: 'b', file_name: 'б.xlsx', is_received: true },
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
      ['', 'unrecognised', 'письмо.xlsx\tЛист1\tни одна известная форма не подходит'],
      ['oge', 'delivered', ''],
    ])
  })
})

describe('files of which nothing was loaded', () => {
  const counts = async (...sheets: readonly object[]) =>
    (await read(...sheets)).map(({ source, files_refused, files_unrecognised, sheets_refused }) => [
      source,
      files_refused,
      files_unrecognised,
      sheets_refused,
    ])
  it('count once each, whatever forms and sheets are in them', async () => {
    const no = { refused: 'лист скрыт' }
    expect(
      await counts(
        { ...oge, _file: 'a', sheet: '1', ...no },
        { ...oge, _file: 'a', sheet: '2', ...no },
        { ...oge, _file: 'a', sheet: '3', source: 'ege', ...no },
        { _file: 'damaged', refused: 'файл повреждён' },
        { _file: 'menu', sheet: '1' },
        { _file: 'menu', sheet: '2' },
      ),
    ).toEqual([
      ['', 1, 1, 2],
      ['ege', 1, 0, 1],
      ['oge', 0, 0, 2],
    ])
  })
  it('are not those that were read in part, nor those without rows', async () => {
    expect(
      await counts(
        { ...oge, _file: 'a', sheet: '1', rows_read: 3, rows_loaded: 3 },
        { ...oge, _file: 'a', sheet: '2', refused: 'лист скрыт' },
        { ...oge, _file: 'empty' },
      ),
    ).toEqual([['oge', 0, 0, 1]])
  })
})

describe('a file of which other files stand for a part', () => {
  it('counts while a row of it stands, with the rows that are replaced', async () => {
    const is_received = true
    const [row] = await read(
      {
        ...oge,
        _file: 'a',
        sheet: '1',
        rows_read: 5,
        rows_loaded: 2,
        rows_replaced: 3,
        is_received,
      },
      { ...oge, _file: 'b', sheet: '1', rows_read: 3, rows_loaded: 3, is_received },
      { ...oge, _file: 'c', sheet: '1', rows_read: 4, rows_replaced: 4 },
    )
    expect(row).toMatchObject({
      ...{ files: 2, delivery_state: 'delivered' },
      ...{ rows_read: 12, rows_loaded: 5, rows_quarantined: 0, rows_replaced: 7 },
    })
  })
})

describe('martDataQuality', () => {
  const arrived = (
    source: string,
    school_year: number | null,
    more: Partial<RowOf<typeof sheet.columns>> = {},
  ) => ({
    _file: `${source}${String(school_year)}`,
    source,
    source_title: `Форма ${source}`,
    school_year,
    sheet: 'Лист1',
    rows_read: 10,
    rows_loaded: 8,
    rows_quarantined: 2,
    is_received: true,
    ...more,
  })
  const expected = (source: string, school_year: number, is_required: boolean) => ({
    source,
    source_title: `Форма ${source}`,
    school_year,
    is_required,
  })

  it('tells apart what arrived, what arrived empty, what is of no known form, what did not arrive and what was not required', async () => {
    const rows = await withTables(
      [
        given(
          sheet,
          arrived('a', 2026),
          arrived('a', 2026, { sheet: 'Лист2', rows_read: 5, rows_loaded: 5, rows_quarantined: 0 }),
          arrived('b', 2026, { rows_read: 0, rows_loaded: 0, rows_quarantined: 0 }),
          arrived('c', null),
          arrived('d', 2026, {
            ...{ refused: 'нет года', is_received: false },
            ...{ rows_read: 0, rows_loaded: 0, rows_quarantined: 0 },
          }),
          arrived('', 2026, {
            ...{ _file: 'unknown', is_received: false },
            ...{ rows_read: 0, rows_loaded: 0, rows_quarantined: 0 },
          }),
        ),
        given(
          expectedDelivery,
          expected('a', 2026, true),
          expected('e', 2026, true),
          expected('f', 2026, false),
        ),
      ],
      (made) => made.read(martDataQuality),
    )
    expect(
      rows.map(
        ({
          source,
          school_year_label,
          files,
          rows_read,
          rows_loaded,
          rows_quarantined,
          sheets_refused,
          delivery_state,
          state_label,
        }) => [
          source,
          school_year_label,
          files,
          rows_read,
          rows_loaded,
          rows_quarantined,
          sheets_refused,
          delivery_state,
          state_label,
        ],
      ),
    ).toEqual([
      ['', '2025/26', 0, 0, 0, 0, 1, 'unrecognised', 'не распознано'],
      ['a', '2025/26', 1, 15, 13, 2, 0, 'delivered', 'получено'],
      ['b', '2025/26', 1, 0, 0, 0, 0, 'zero', 'получено без данных'],
      ['c', 'год не указан', 1, 10, 8, 2, 0, 'delivered', 'получено'],
      ['d', '2025/26', 0, 0, 0, 0, 1, 'zero', 'получено без данных'],
      ['e', '2025/26', 0, 0, 0, 0, 0, 'not_delivered', 'не получено'],
      ['f', '2025/26', 0, 0, 0, 0, 0, 'not_required', 'не требуется'],
    ])
  })
})
