import { boolean, integer, text } from '../contract/column.ts'
import { defineLedgerTable } from '../contract/ledger.ts'

export const expectedDelivery = defineLedgerTable(import.meta.url, {
  doc: 'One row per form and year that the office said it expects or does not (settings/expected-deliveries.json).',
  grain: ['source', 'school_year'],
  columns: {
    source: text('Form'),
    source_title: text('Form in Russian'),
    school_year: integer('Year in which the school year ends'),
    is_required: boolean('False: not required in that year'),
  },
})
