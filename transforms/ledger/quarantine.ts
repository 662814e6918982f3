import { integer, nullable, text } from '../contract/column.ts'
import { defineLedgerTable } from '../contract/ledger.ts'

export const quarantine = defineLedgerTable(import.meta.url, {
  doc: 'One row per reason for which a row of a file was not loaded.',
  grain: ['_file', 'sheet', 'row_number', 'column_name', 'code'],
  columns: {
    _file: text('First 16 hexadecimal digits of the SHA-256 of the file'),
    file_name: text('Name of the file, without folders'),
    source: text('Form'),
    source_title: text('Form in Russian'),
    sheet: text('Sheet; empty for a text file'),
    row_number: integer('Row in the sheet, from 1'),
    column_name: text('Column as printed; empty: the row as a whole'),
    cell: text('Cell, «D12»; empty: the row as a whole'),
    code: text('Kind of fault'),
    message: text('Russian: what is wrong'),
    shown: nullable(text('The value where it is harmless, else its shape')),
  },
})
