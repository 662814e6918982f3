import {
  describeCatalog,
  checksMarkdown,
  describeMarkdown,
  kindTitle,
  meaningOf,
  severityTitle,
  stepOf,
  unitTitle,
  type TableDescription,
} from '../warehouse/describe.ts'
import { finderOf, type Finder } from '../warehouse/found.ts'
import { defineCommand } from './command.ts'
import { quoted } from './shell.ts'
import { table } from './terminal.ts'
import type { Terminal } from './terminal.ts'

export const command = defineCommand({
  usage: 'describe [ТАБЛИЦА|ПРОВЕРКА] [--markdown]',
  help: [
    'Словарь: что значит строка таблицы, её ключ, столбцы, единицы, из чего она сделана и чем проверена.',
    'Без имени — все таблицы и проверки. Имя таблицы можно давать без схемы: fct_result.',
    'О проверке — что она находит, когда это важно, что делать и какой командой увидеть строки.',
  ].join('\n'),
  options: { markdown: { type: 'boolean', doc: 'документ Markdown' } },
  positionals: { min: 0, max: 1 },
  examples: [
    'mera describe',
    'mera describe fct_result',
    'mera describe mark_off_scale',
    'mera describe --markdown > словарь.md',
  ],
  run: async (call) => {
    const { positionals, values, terminal } = call
    const catalog = await call.nearCatalog()
    const [name] = positionals
    const all = describeCatalog(catalog)
    const finder = name === undefined ? undefined : finderOf(catalog, name)
    const id =
      name === undefined || finder !== undefined
        ? undefined
        : stepOf(catalog, name, { isCheckToo: true }).table.id
    const tables =
      finder !== undefined ? [] : all.filter((each) => id === undefined || each.table === id)
    const finders =
      name === undefined ? catalog.checks.flatMap((each) => finderOf(catalog, each.name) ?? []) : []
    const checks = finder === undefined ? finders : [finder]
    if (values.markdown === true) {
      if (tables.length > 0) terminal.print(describeMarkdown(tables))
      if (checks.length > 0) terminal.print(checksMarkdown(checks))
    } else if (name === undefined) {
      terminal.print(
        table(
          ['Таблица', 'Что это', 'Строка'],
          tables.map(({ table: own, kind, doc }) => [own, kindTitle(kind), short(doc)]),
        ),
      )
      terminal.print()
      terminal.print(
        table(
          ['Проверка', 'Что это', 'Находит'],
          checks.map(({ check, severity, title }) => [check, severityTitle(severity), title]),
        ),
      )
    } else {
      for (const each of tables) show(terminal, each)
      for (const each of checks) showCheck(terminal, each)
    }
    return { json: { tables, checks } }
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
    checks.map(({ name, title }) => `${title} (${name})`),
  )
  line('Издания', editions)
}

const showCheck = (
  terminal: Terminal,
  { check, title, severity, what, when, remedy, reads }: Finder,
): void => {
  terminal.print(`${check} — проверка, ${severityTitle(severity)}`)
  terminal.print(title)
  terminal.print(`Что: ${what}`)
  terminal.print(`Когда важно: ${when}`)
  terminal.print(`Что делать: ${remedy}`)
  terminal.print(`На что смотрит: ${reads.join(', ')}`)
  terminal.print(`Какие строки нашла: mera sql --check ${quoted(check)}`)
}
