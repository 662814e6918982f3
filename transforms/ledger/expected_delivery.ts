import { boolean, integer, text } from '../contract/column.ts'
import { defineLedgerTable } from '../contract/ledger.ts'

export const expectedDelivery = defineLedgerTable(import.meta.url, {
  doc: 'Строка — форма и учебный год, о которых сказано, ждут их или нет (settings/expected-deliveries.json).',
  grain: ['source', 'school_year'],
  columns: {
    source: text('форма: имя её таблицы'),
    source_title: text('название формы'),
    school_year: integer('год окончания учебного года'),
    is_required: boolean('требуется ли в этом году; false — нет'),
  },
})
