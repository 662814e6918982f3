import { difference, generationsToCompare, type Change } from '../warehouse/diff.ts'
import { currentGeneration } from '../warehouse/generation.ts'
import { defineCommand } from './command.ts'
import { number, plural, schoolYear } from './russian.ts'
import { wholeOption } from './usage.ts'

export const command = defineCommand({
  usage: 'diff [ПОКОЛЕНИЕ] [ПОКОЛЕНИЕ] [--limit N]',
  help: [
    'Показывает, какие числа изменились между двумя поколениями и какие файлы между ними пришли или заменены.',
    'Без параметров — опубликованное против построенного после него, а если такого нет — против предыдущего;',
    'с одним — названное против его предыдущего.',
  ].join('\n'),
  options: {
    limit: { type: 'string', value: 'N', doc: 'сколько изменений показать; по умолчанию 50' },
  },
  positionals: { min: 0, max: 2 },
  examples: ['mera diff', 'mera diff g00001 g00004 --json --limit 100000'],
  run: async ({ positionals, values, terminal, openHome }) => {
    const limit = wholeOption('limit', values.limit, 0, 10_000_000) ?? 50
    const home = await openHome()
    const pair = await generationsToCompare(home, positionals, await currentGeneration(home))
    if (pair === undefined) {
      terminal.print('Сравнивать не с чем: поколение одно или ни одного')
      return { json: { from: null, to: null, total: 0, changes: [], files: [], tables: [] } }
    }
    const result = await difference(home, ...pair, { limit })
    const { from, to, total, changes, files, tables } = result
    terminal.print(
      `${from} → ${to}: ${plural(total, 'число изменилось', 'числа изменились', 'чисел изменилось')}`,
    )
    if (files.length > 0) terminal.print('Файлы')
    for (const file of files)
      terminal.print(
        `  ${file.kind === 'added' ? '+' : '−'} ${file.path === '' ? file.file : file.path} (${file.source}, ${plural(file.rows, 'строка', 'строки', 'строк')})`,
      )
    if (files.length === 0 && total > 0)
      terminal.print('Файлы те же: изменились параметры или способ расчёта')
    if (changes.length > 0) terminal.print('Числа')
    for (const change of changes) terminal.print(`  ${line(change)}`)
    if (total > changes.length)
      terminal.print(
        `  … и ещё ${number(total - changes.length)}; все — с --json --limit ${String(total)}`,
      )
    if (total === 0 && tables.length > 0) terminal.print(`Изменились таблицы: ${tables.join(', ')}`)
    return { json: result }
  },
})

const shown = (value: number | null | undefined): string =>
  value === null || value === undefined ? '—' : number(value, 4)
const line = ({ before, after, ...what }: Change): string => {
  const place = [what.procedure, what.subject, what.grade]
    .filter((part) => part !== 'all')
    .join(' ')
  const zone =
    before?.zone === after?.zone ? '' : `, зона ${before?.zone ?? '—'} → ${after?.zone ?? '—'}`
  return `${what.unit_name}, ${what.indicator}${place === '' ? '' : `, ${place}`}, ${schoolYear(what.school_year)}: ${shown(before?.value)} → ${shown(after?.value)} (n ${shown(before?.n)} → ${shown(after?.n)})${zone}`
}
