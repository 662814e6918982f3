import { boolean, integer, nullable, text } from '../contract/column.ts'
import { defineLedgerTable } from '../contract/ledger.ts'

export const sheet = defineLedgerTable(import.meta.url, {
  doc: 'Строка — файл, лист и распознанная на нём форма: что стало с каждой прочитанной строкой, rows_read = rows_loaded + rows_quarantined + rows_replaced. Файл, который не открылся, — одна строка; пустых листов нет, как и файлов, которые ничего не поставляют: повторов, заменённых целиком и отозванных.',
  grain: ['_file', 'sheet', 'source'],
  columns: {
    _file: text('файл: первые 16 цифр его SHA-256'),
    file_name: text('имя файла, без папок'),
    sheet: text('лист; пусто у текстового файла и у того, который не открылся'),
    source: text('форма: имя её таблицы; пусто — не распознана'),
    source_title: text('название формы'),
    school_year: nullable(
      integer(
        'учебный год, о котором говорит форма; у листа со строками нескольких лет — год первой',
      ),
    ),
    rows_read: integer('строк с данными'),
    rows_loaded: integer('строк загружено: столько строк листа стоит в таблице формы'),
    rows_quarantined: integer('строк в карантине'),
    rows_replaced: integer('строк заменено: за их поставки действуют другие файлы'),
    rows_ignored: integer('строк без данных: заголовки групп, итоги'),
    refused: nullable(text('почему отклонён весь лист; пусто — не отклонён')),
    is_received: boolean(
      'по листу его форма получена: форма распознана, лист не отклонён, и хоть одна его строка действует или строк с данными в нём нет',
    ),
  },
})
