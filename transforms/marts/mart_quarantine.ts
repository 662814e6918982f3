import { sql } from 'kysely'
import { integer, nullable, text } from '../contract/column.ts'
import { defineModel } from '../contract/table.ts'
import { quarantine } from '../ledger/quarantine.ts'

export const martQuarantine = defineModel(import.meta.url, {
  doc: 'One row per reason for which a row of a file was not loaded, with the cell to look at.',
  grain: ['_file', 'sheet', 'row_number', 'column_name', 'code'],
  columns: {
    _file: text('First digits of the SHA-256 of the file'),
    file_name: text('File'),
    source: text('Form'),
    source_title: text('Russian name of the form'),
    sheet: text('Sheet'),
    row_number: integer('Row'),
    column_name: text('Column as printed'),
    cell: text('Cell'),
    code: text('Kind of fault'),
    message: text('Russian: what is wrong'),
    shown: nullable(text('The value where it is harmless, else its shape')),
  },
  select: () => sql`
    select _file, file_name, source, source_title, sheet, row_number, column_name, cell, code, message, shown
    from ${quarantine}`,
})
