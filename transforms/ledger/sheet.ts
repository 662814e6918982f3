import { integer, nullable, text } from '../contract/column.ts'
import { defineLedgerTable } from '../contract/ledger.ts'

export const sheet = defineLedgerTable(import.meta.url, {
  doc: 'One row per file, sheet and form that was recognised on it: what was read, loaded and quarantined.',
  grain: ['_file', 'sheet', 'source'],
  columns: {
    _file: text('First 16 hexadecimal digits of the SHA-256 of the file'),
    file_name: text('Name of the file, without folders'),
    sheet: text('Sheet; empty for a text file'),
    source: text('Form; empty: not recognised'),
    source_title: text('Form in Russian'),
    school_year: nullable(integer('Year that the form speaks of')),
    rows_read: integer('Rows of data'),
    rows_loaded: integer('Rows that went into the warehouse'),
    rows_quarantined: integer('Rows that did not'),
    rows_ignored: integer('Lines that are no data: group lines, totals'),
    refused: nullable(text('Russian: why the whole sheet was refused')),
  },
})
