import { writeFile } from 'node:fs/promises'
import { sqlOf, stepOf } from '../warehouse/describe.ts'
import { finderOf, requireFinder, rowsFound, traceOf } from '../warehouse/found.ts'
import { query, type QueryResult } from '../warehouse/query.ts'
import { saidBySystem } from '../warehouse/system.ts'
import { defineCommand, type Call } from './command.ts'
import { formats, formatted, isBinary, type Format } from './format.ts'
import { form, plural } from './russian.ts'
import { atHome, quoted } from './shell.ts'
import { usageError, wholeOption } from './usage.ts'

const mostForPeople = 1_000
const most = 1_000_000

export const command = defineCommand({
  usage: 'sql "ЗАПРОС"|--check ПРОВЕРКА [--format table|csv|json|xlsx|parquet|arrow] [--out ФАЙЛ]',
  help: [
    'Запрос к опубликованным таблицам: только чтение, ничего вне файла хранилища. Таблицы: mera describe.',
    'С --check ПРОВЕРКА вместо запроса — строки, которые она находит, и как пойти от них к ячейкам файлов; проверки: mera describe.',
    'Поколение, которое проверка не пустила к публикации, называет --generation.',
    'С --show ТАБЛИЦА или ПРОВЕРКА печатает её запрос: его можно вставить в любую оболочку DuckDB.',
  ].join('\n'),
  options: {
    format: { type: 'string', value: 'ВИД', doc: `${formats.join(', ')}; по умолчанию table` },
    out: { type: 'string', value: 'ФАЙЛ', doc: 'записать в файл' },
    check: { type: 'string', value: 'ПРОВЕРКА', doc: 'строки, которые она находит' },
    show: { type: 'string', value: 'ИМЯ', doc: 'напечатать запрос таблицы или проверки' },
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
    'mera sql --check mark_off_scale',
    'mera sql --show core.fct_result',
  ],
  run: async (call) => {
    const { positionals, values, terminal, signal } = call
    const [text] = positionals
    const { check, show, generation, edition } = values
    if ([text, check, show].filter((each) => each !== undefined).length > 1)
      throw usageError('нужно что-то одно: запрос, --check или --show', 'mera help sql')
    if (show !== undefined) return shown(call, show)
    const format = formatOf(values.format)
    const limit =
      wholeOption('limit', values.limit, 1, most) ?? (format === 'table' ? mostForPeople : most)
    if (isBinary(format) && values.out === undefined && process.stdout.isTTY)
      throw usageError(`вид ${format} не для экрана`, `добавьте --out ответ.${format}`)
    const output: Output = { format, out: values.out }
    const home = await call.openHome()
    if (check === undefined) {
      const result = await query(home, text ?? '', { limit, signal, generation, edition })
      await put(call, result, output)
      const { rows, columns, truncated } = result
      return { json: { rows, columns, truncated } }
    }
    if (edition !== undefined)
      throw usageError('проверки смотрят на всё хранилище, а не на издание', 'уберите --edition')
    const finder = requireFinder(await call.loadCatalog(home), check)
    const result = await rowsFound(home, finder, { limit, signal, generation })
    const { rows, columns, truncated } = result
    terminal.note(
      `${finder.title}: ${rows.length === 0 ? 'ничего не найдено' : `${truncated ? 'больше, чем ' : ''}${plural(rows.length, 'строка', 'строки', 'строк')}`} (поколение ${result.generation})`,
    )
    await put(call, result, output)
    const way = rows[0] === undefined ? [] : traceOf(finder, rows[0])
    if (way.length > 0)
      terminal.note(
        `Ячейки первой строки: mera trace ${way.map(quoted).join(' ')}${generation === undefined ? '' : ` --generation ${generation}`}${atHome(home, call)}`,
      )
    return {
      json: {
        check: finder.check,
        title: finder.title,
        generation: result.generation,
        ...{ rows, columns, truncated },
        about: finder.about,
      },
    }
  },
})

const shown = async (call: Pick<Call, 'terminal' | 'nearCatalog'>, name: string) => {
  const catalog = await call.nearCatalog()
  const finder = finderOf(catalog, name)
  if (finder !== undefined) {
    call.terminal.print(finder.sql)
    return { json: { check: finder.check, sql: finder.sql } }
  }
  const step = stepOf(catalog, name, { isCheckToo: true })
  const sql = sqlOf(step)
  call.terminal.print(sql)
  return { json: { table: step.table.id, sql } }
}

interface Output {
  readonly format: Format
  readonly out: string | undefined
}
const put = async (
  { terminal }: Pick<Call, 'terminal'>,
  result: QueryResult,
  { format, out }: Output,
): Promise<void> => {
  const { length } = result.rows
  const count = plural(length, 'строка', 'строки', 'строк')
  if (out !== undefined) {
    await written(out, await formatted(result, format))
    terminal.note(`${out}: ${count}`)
  } else if (!terminal.json) await terminal.raw(await formatted(result, format))
  if (result.truncated)
    terminal.note(
      `${form(length, 'Показана', 'Показаны', 'Показано')} ${count}, есть ещё: увеличьте --limit`,
    )
}

const written = async (file: string, content: string | Uint8Array): Promise<void> => {
  try {
    await writeFile(file, content)
  } catch (error) {
    const said = saidBySystem(error)
    if (said === undefined) throw error
    throw usageError(`файл «${file}» записать нельзя: ${said}`, 'проверьте папку и права в --out')
  }
}

const formatOf = (text: string | undefined): Format => {
  const format = formats.find((each) => each === (text ?? 'table'))
  if (format !== undefined) return format
  throw usageError(`--format ${text ?? ''}: такого вида нет`, `бывают: ${formats.join(', ')}`)
}
