import { trace, type How } from '../warehouse/trace.ts'
import { defineCommand } from './command.ts'
import { number, plural } from './russian.ts'
import { assignments, wholeOption } from './usage.ts'

const words: Readonly<Record<How, string>> = {
  asked: 'запрошено',
  grain: 'строки того же ключа',
  whole: 'вся таблица',
  computation: 'вычисление: зависит от всего своего входа',
}

export const command = defineCommand({
  usage: 'trace ТАБЛИЦА СТОЛБЕЦ=ЗНАЧЕНИЕ… [--limit N]',
  help: [
    'Находит файлы, листы и ячейки, из которых получена строка таблицы: через сводное число — строки его ключа, через',
    'вычисление — весь его вход, о чём и говорится. Ячейки с данными о людях называются, но их содержание не показывается.',
    'В витринах школу называет unit_key; можно и её кодом: school_code=2110.',
  ].join('\n'),
  options: {
    limit: {
      type: 'string',
      value: 'N',
      doc: 'строк файлов, ячейки которых показать; по умолчанию 10',
    },
    generation: { type: 'string', value: 'ПОКОЛЕНИЕ', doc: 'не опубликованное, а названное' },
  },
  positionals: { min: 2, max: 40, missing: 'таблицы и хотя бы одного условия столбец=значение' },
  examples: [
    'mera trace mart_indicator_value indicator=mean_mark level=school unit_key=2110 school_year=2026',
    'mera trace mart_risk_zone school_code=2110 indicator=pass_rate school_year=2026 --json',
  ],
  run: async (call) => {
    const { positionals, values, terminal } = call
    const [name = '', ...conditions] = positionals
    const where = assignments(conditions, 'условие')
    const limit = wholeOption('limit', values.limit, 0, 1_000_000) ?? 10
    const home = await call.openHome()
    const catalog = await call.loadCatalog(home)
    const result = await trace(home, catalog, name, where, {
      limit,
      generation: values.generation,
    })
    terminal.print(
      `${result.table}: ${plural(result.rows, 'строка', 'строки', 'строк')} (поколение ${result.generation})`,
    )
    for (const { table, how, rows } of result.tables.slice(1))
      terminal.print(`  ← ${table}: ${plural(rows, 'строка', 'строки', 'строк')} (${words[how]})`)
    terminal.print(
      result.files.length === 0
        ? 'За этой строкой нет строк файлов: она сделана из параметров или объявлений'
        : `За ней ${plural(result.sourceRows, 'строка', 'строки', 'строк')} из ${plural(result.files.length, 'файла', 'файлов', 'файлов')}`,
    )
    for (const { file, path, sheets } of result.files.slice(0, 20))
      terminal.print(
        `  ${path === '' ? file : path}: ${sheets.map(({ sheet, rows }) => `${sheet === '' ? '' : `лист «${sheet}», `}${plural(rows, 'строка', 'строки', 'строк')}`).join('; ')}`,
      )
    if (result.files.length > 20)
      terminal.print(
        `  … и ещё ${plural(result.files.length - 20, 'файл', 'файла', 'файлов')}; все — с --json`,
      )
    let place = ''
    for (const { path, sheet, row, cell, header, value } of result.cells) {
      const here = `${path}, ${sheet === '' ? '' : `лист «${sheet}», `}строка ${String(row)}`
      if (here !== place) terminal.print(here)
      place = here
      terminal.print(`  ${cell} «${header}»: ${value ?? '(не показывается)'}`)
    }
    const shown = new Set(
      result.cells.map(({ path, sheet, row }) => `${path}\n${sheet}\n${String(row)}`),
    ).size
    if (shown < result.sourceRows)
      terminal.note(
        `Показаны ячейки строк: ${number(shown)} из ${number(result.sourceRows)}; больше — с --limit`,
      )
    return { json: result }
  },
})
