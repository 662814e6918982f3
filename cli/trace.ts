import { trace, type How, type Trace, type TracedSheet } from '../warehouse/trace.ts'
import { defineCommand } from './command.ts'
import { number, plural } from './russian.ts'
import { assignments, wholeOption } from './usage.ts'

const words: Readonly<Record<How, string>> = {
  asked: 'запрошено',
  grain: 'строки того же ключа',
  part: 'вход вычисления',
  whole: 'вся таблица',
}
const rowsText = (n: number): string => plural(n, 'строка', 'строки', 'строк')
const ofFiles = (n: number): string => plural(n, 'файла', 'файлов', 'файлов')
/** How many of them the row itself is about, where it is not all. */
const ownText = (own: number, rows: number): string =>
  own === rows ? '' : own === 0 ? ', своих нет' : `, своих ${number(own)}`

const sheetText = ({ sheet, rows, own }: TracedSheet): string =>
  [
    ...(sheet === '' ? [] : [`лист «${sheet}»`]),
    rows === 0 ? 'целиком' : `${rowsText(rows)}${ownText(own, rows)}`,
  ].join(', ')

const behind = ({ files, sourceRows, ownRows }: Trace): readonly string[] => {
  if (files.length === 0)
    return ['За этой строкой нет строк файлов: она сделана из параметров или объявлений']
  if (sourceRows === 0)
    return [
      `За ней листы ${ofFiles(files.length)}: она считает их целиком, строк и ячеек не называет`,
    ]
  const all = `За ней ${rowsText(sourceRows)} из ${ofFiles(files.length)}`
  if (ownRows === sourceRows) return [all]
  const own = files.filter(({ sheets }) => sheets.some((sheet) => sheet.own > 0)).length
  return [
    `${all} — весь вход вычисления`,
    ownRows === 0
      ? '  своих строк у неё нет: она целиком зависит от остальных'
      : `  её собственных: ${rowsText(ownRows)} из ${ofFiles(own)}; остальные ${number(sourceRows - ownRows)} — то, с чем её сравнивает вычисление`,
  ]
}

export const command = defineCommand({
  usage: 'trace ТАБЛИЦА СТОЛБЕЦ=ЗНАЧЕНИЕ… [--limit N]',
  help: [
    'Находит файлы, листы и ячейки, из которых получена строка таблицы: через сводное число — строки его ключа, через',
    'вычисление (зона, тренд, кластер) — весь его вход: и те строки, с которыми оно сравнивает. Сначала идут собственные',
    'строки, остальные посчитаны отдельно. Ячейки с данными о людях называются, но их содержание не показывается.',
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
    terminal.print(`${result.table}: ${rowsText(result.rows)} (поколение ${result.generation})`)
    for (const { table, how, rows } of result.tables.slice(1))
      terminal.print(`  ← ${table}: ${rowsText(rows)} (${words[how]})`)
    for (const line of behind(result)) terminal.print(line)
    for (const { file, path, sheets } of result.files.slice(0, 20))
      terminal.print(`  ${path === '' ? file : path}: ${sheets.map(sheetText).join('; ')}`)
    if (result.files.length > 20)
      terminal.print(
        `  … и ещё ${plural(result.files.length - 20, 'файл', 'файла', 'файлов')}; все — с --json`,
      )
    let place = ''
    for (const { path, sheet, row, own, cell, header, value } of result.cells) {
      const here = `${path}, ${sheet === '' ? '' : `лист «${sheet}», `}строка ${String(row)}${own ? '' : ' (не своя)'}`
      if (here !== place) terminal.print(here)
      place = here
      terminal.print(`  ${cell} «${header}»: ${value ?? '(не показывается)'}`)
    }
    if (limit < result.sourceRows)
      terminal.note(
        `Показаны ячейки строк: ${number(limit)} из ${number(result.sourceRows)}; больше — с --limit`,
      )
    return { json: result }
  },
})
