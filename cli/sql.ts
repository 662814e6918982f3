import { writeFile } from 'node:fs/promises'
import { sqlOf, stepOf } from '../warehouse/describe.ts'
import { query } from '../warehouse/query.ts'
import { defineCommand } from './command.ts'
import { formats, formatted, isBinary, type Format } from './format.ts'
import { plural } from './russian.ts'
import { usageError, wholeOption } from './usage.ts'

const mostForPeople = 1_000
const most = 1_000_000

export const command = defineCommand({
  usage: 'sql "ЗАПРОС" [--format table|csv|json|xlsx|parquet|arrow] [--out ФАЙЛ]',
  help: [
    'Запрос к опубликованным таблицам: только чтение, ничего вне файла хранилища. Таблицы: mera describe.',
    'С --show ТАБЛИЦА печатает запрос, которым таблица сделана: его можно вставить в любую оболочку DuckDB.',
  ].join('\n'),
  options: {
    format: { type: 'string', value: 'ВИД', doc: `${formats.join(', ')}; по умолчанию table` },
    out: { type: 'string', value: 'ФАЙЛ', doc: 'записать в файл' },
    show: { type: 'string', value: 'ТАБЛИЦА', doc: 'напечатать запрос таблицы' },
    limit: {
      type: 'string',
      value: 'N',
      doc: `не больше стольких строк; по умолчанию ${String(mostForPeople)} для table, ${String(most)} для остальных`,
    },
    edition: { type: 'string', value: 'ИМЯ', doc: 'не всё хранилище, а издание: official' },
    generation: { type: 'string', value: 'ПОКОЛЕНИЕ', doc: 'не опубликованное, а названное' },
  },
  positionals: { min: 0, max: 1 },
  examples: [
    'mera sql "from marts.mart_indicator_value where level = \'municipality\' limit 20"',
    'mera sql "from core.dim_school" --format xlsx --out школы.xlsx',
    'mera sql --show core.fct_result',
  ],
  run: async (call) => {
    const { positionals, values, terminal, signal } = call
    if (values.show !== undefined) {
      const step = stepOf(await call.nearCatalog(), values.show)
      const text = sqlOf(step)
      terminal.print(text)
      return { json: { table: step.table.id, sql: text } }
    }
    const [text = ''] = positionals
    const format = formatOf(values.format)
    const limit =
      wholeOption('limit', values.limit, 1, most) ?? (format === 'table' ? mostForPeople : most)
    if (isBinary(format) && values.out === undefined && process.stdout.isTTY)
      throw usageError(`вид ${format} не для экрана`, `добавьте --out ответ.${format}`)
    const home = await call.openHome()
    const result = await query(home, text, {
      limit,
      signal,
      generation: values.generation,
      edition: values.edition,
    })
    if (values.out !== undefined) {
      await written(values.out, await formatted(result, format))
      terminal.note(`${values.out}: ${plural(result.rows.length, 'строка', 'строки', 'строк')}`)
    } else if (!terminal.json) await terminal.raw(await formatted(result, format))
    if (result.truncated)
      terminal.note(
        `Показано ${plural(result.rows.length, 'строка', 'строки', 'строк')}, есть ещё: увеличьте --limit`,
      )
    const { rows, columns, truncated } = result
    return { json: { rows, columns, truncated } }
  },
})

const written = async (file: string, content: string | Uint8Array): Promise<void> => {
  try {
    await writeFile(file, content)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw usageError(`файл «${file}» записать нельзя (${code})`, 'проверьте папку и права в --out')
  }
}

const formatOf = (text: string | undefined): Format => {
  const format = formats.find((each) => each === (text ?? 'table'))
  if (format !== undefined) return format
  throw usageError(`--format ${text ?? ''}: такого вида нет`, `бывают: ${formats.join(', ')}`)
}
