import { integer, nullable, text } from '../contract/column.ts'
import { defineLedgerTable } from '../contract/ledger.ts'

export const quarantine = defineLedgerTable(import.meta.url, {
  doc: 'Строка — причина, по которой строка файла не загружена.',
  grain: ['_file', 'sheet', 'row_number', 'column_name', 'code'],
  columns: {
    _file: text('файл: первые 16 цифр его SHA-256'),
    file_name: text('имя файла, без папок'),
    source: text('форма: имя её таблицы'),
    source_title: text('название формы'),
    sheet: text('лист; пусто у текстового файла'),
    row_number: integer('строка листа, с единицы'),
    column_name: text('столбец, как напечатан; пусто — строка целиком'),
    cell: text('ячейка: «D12»; пусто — строка целиком'),
    code: text('вид ошибки'),
    message: text('что не так'),
    shown: nullable(text('значение, если оно безобидно, иначе его вид («Ааааа 99»)')),
  },
})
