import {
  describeCatalog,
  describeMarkdown,
  kindTitle,
  meaningOf,
  stepOf,
  unitTitle,
  type TableDescription,
} from '../warehouse/describe.ts'
import { defineCommand } from './command.ts'
import { table } from './terminal.ts'
import type { Terminal } from './terminal.ts'

export const command = defineCommand({
  usage: 'describe [ТАБЛИЦА] [--markdown]',
  help: [
    'Словарь: что значит строка таблицы, её ключ, столбцы, единицы, из чего она сделана и чем проверена.',
    'Без имени — все таблицы. Имя можно давать без схемы: fct_result.',
  ].join('\n'),
  options: { markdown: { type: 'boolean', doc: 'документ Markdown' } },
  positionals: { min: 0, max: 1 },
  examples: ['mera describe', 'mera describe fct_result', 'mera describe --markdown > словарь.md'],
  run: async (call) => {
    const { positionals, values, terminal } = call
    const catalog = await call.nearCatalog()
    const name = positionals[0]
    const all = describeCatalog(catalog)
    const id = name === undefined ? undefined : stepOf(catalog, name).table.id
    const tables = all.filter((each) => id === undefined || each.table === id)
    if (values.markdown === true) terminal.print(describeMarkdown(tables))
    else if (id === undefined)
      terminal.print(
        table(
          ['Таблица', 'Что это', 'Строка'],
          tables.map(({ table: own, kind, doc }) => [own, kindTitle(kind), short(doc)]),
        ),
      )
    else for (const each of tables) show(terminal, each)
    return { json: { tables } }
  },
})

/** What a row is, under a heading that says «Строка» already. */
const short = (doc: string): string => {
  const grain = doc.replace(/^Строка — /, '')
  return grain.length > 90 ? `${grain.slice(0, 89)}…` : grain
}

const show = (
  terminal: Terminal,
  {
    table: id,
    kind,
    doc,
    grain,
    columns,
    parents,
    children,
    checks,
    editions,
    passport,
  }: TableDescription,
): void => {
  terminal.print(`${id} — ${kindTitle(kind)}`)
  terminal.print(doc)
  if (passport !== undefined) {
    terminal.print(`${passport.title} (${passport.catalogue}): ${passport.definition}`)
    terminal.print(
      `Формула: ${passport.formula}; единица: ${unitTitle(passport.unit)}; интервал: ${passport.interval}`,
    )
  }
  if (grain.length > 0) terminal.print(`Ключ: ${grain.join(', ')}`)
  terminal.print()
  terminal.print(
    table(
      ['Столбец', 'Тип', 'Пусто', 'Смысл'],
      columns.map((column) => [
        column.name,
        column.type,
        column.nullable ? 'да' : '',
        meaningOf(column),
      ]),
    ),
  )
  terminal.print()
  const line = (title: string, items: readonly string[]): void => {
    if (items.length > 0) terminal.print(`${title}: ${items.join(', ')}`)
  }
  line('Из чего', parents)
  line('Что из неё', children)
  line(
    'Проверки',
    checks.map(({ title }) => title),
  )
  line('Издания', editions)
}
