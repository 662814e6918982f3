import {
  difference,
  generationsToCompare,
  type Change,
  type FileChange,
  type Standing,
} from '../warehouse/diff.ts'
import { currentGeneration, listGenerations, readManifest } from '../warehouse/generation.ts'
import type { Home } from '../warehouse/home.ts'
import { defineCommand, type Call } from './command.ts'
import { shortPaths } from './paths.ts'
import { number, plural, schoolYear } from './russian.ts'
import { atHome } from './shell.ts'
import { wholeOption } from './usage.ts'

export const command = defineCommand({
  usage: 'diff [ПОКОЛЕНИЕ] [ПОКОЛЕНИЕ] [--limit N]',
  help: [
    'Показывает, какие числа изменились между двумя поколениями и какие файлы между ними пришли, заменены или отозваны.',
    'Без параметров — опубликованное против того, что было опубликовано до него, а если построено новое, которого ещё',
    'никто не видел, — новое против опубликованного; после возврата к первому — возвращённое против снятого.',
    'С одним — названное против опубликованного до него.',
  ].join('\n'),
  options: {
    limit: { type: 'string', value: 'N', doc: 'сколько изменений показать; по умолчанию 50' },
  },
  positionals: { min: 0, max: 2 },
  examples: ['mera diff', 'mera diff g00001 g00004 --json --limit 100000'],
  run: async (call) => {
    const { positionals, values, terminal, openHome, loadCatalog } = call
    const limit = wholeOption('limit', values.limit, 0, 10_000_000) ?? 50
    const home = await openHome()
    const [from, to] = await generationsToCompare(home, positionals, await currentGeneration(home))
    if (from === undefined || to === undefined) {
      terminal.print(`Сравнивать не с чем: ${await whyAlone(call, home, to)}`)
      return { json: { from: null, to: to ?? null, total: 0, changes: [], files: [], tables: [] } }
    }
    const { sources } = await loadCatalog(home)
    const result = await difference(home, from, to, { limit, sources })
    const { total, changes, files, tables } = result
    terminal.print(
      `${from} → ${to}: ${plural(total, 'число изменилось', 'числа изменились', 'чисел изменилось')}`,
    )
    if (files.length > 0) terminal.print('Файлы')
    const short = shortPaths(files.map(({ path }) => path))
    for (const change of files) {
      const { kind, path, file, source_title: title } = change
      terminal.print(
        `  ${kind === 'added' ? '+' : '−'} ${(short.get(path) ?? '') || file} (${title}, ${rowsText(change)})`,
      )
    }
    if (files.length === 0 && total > 0)
      terminal.print('Файлы те же: изменились параметры или способ расчёта')
    if (changes.length > 0) terminal.print('Числа')
    for (const change of changes) terminal.print(`  ${changeLine(change)}`)
    if (total > changes.length)
      terminal.print(
        `  … и ещё ${plural(total - changes.length, 'число', 'числа', 'чисел')}; все — с --json --limit ${String(total)}`,
      )
    if (total === 0 && tables.length > 0) terminal.print(`Изменились таблицы: ${tables.join(', ')}`)
    return { json: result }
  },
})

const whyAlone = async (
  call: Pick<Call, 'env'>,
  home: Home,
  generation: string | undefined,
): Promise<string> => {
  if (generation === undefined) return 'ещё ничего не построено'
  await readManifest(home, generation)
  const other = (await listGenerations(home)).findLast((id) => id !== generation)
  return [
    `опубликованных до ${generation} поколений в хранилище нет`,
    ...(other === undefined
      ? []
      : [
          `с ${other} его сравнит mera diff ${[generation, other].sort().join(' ')}${atHome(home, call)}`,
        ]),
  ].join('; ')
}

/** «строк с отличиями: 1; таких же, как в другом файле: 1 346». */
export const rowsText = ({ rows, moved }: Pick<FileChange, 'rows' | 'moved'>): string => {
  const same = moved === 0 ? '' : `таких же, как в другом файле: ${number(moved)}`
  if (rows === 0 && moved > 0) return `отличий нет, строк ${same}`
  return `строк с отличиями: ${number(rows)}${same === '' ? '' : `; ${same}`}`
}

const valueOf = (standing: Standing | null): string =>
  standing === null || standing.value_text === '' ? '—' : standing.value_text
/** «50,4 % → 51,0 %»; where both print alike, with as many digits as tell them apart; where both are equal, the interval. */
export const changeText = (before: Standing | null, after: Standing | null): string => {
  const [was, is] = [valueOf(before), valueOf(after)]
  if (was !== is || before?.value == null || after?.value == null) return `${was} → ${is}`
  const isPercent = was.endsWith('%')
  const digits = /,(\d+)/.exec(was)?.[1]?.length ?? 0
  const more = digitsApart([before.value], [after.value], isPercent, digits)
  const [from, to] = [text(before.value, isPercent, more), text(after.value, isPercent, more)]
  if (from !== to) return `${from} → ${to}`
  const enough = digitsApart([before.lo, before.hi], [after.lo, after.hi], isPercent, digits)
  const end = (value: number | null): string =>
    value === null ? '—' : text(value, isPercent, enough)
  const [old, now] = [before, after].map(({ lo, hi }) => `${end(lo)}–${end(hi)}`)
  return old === now ? was : `${was}, интервал ${old ?? ''} → ${now ?? ''}`
}
const text = (value: number, isPercent: boolean, digits: number): string => {
  const shown = (isPercent ? 100 * value : value).toLocaleString('ru-RU', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return isPercent ? `${shown}\u00a0%` : shown
}
/** The fewest digits, from `digits` to 9, that tell one of the pairs apart; `digits` where none do. */
const digitsApart = (
  before: readonly (number | null)[],
  after: readonly (number | null)[],
  isPercent: boolean,
  digits: number,
): number => {
  const shown = (values: typeof before, count: number): string =>
    values.map((value) => (value === null ? '—' : text(value, isPercent, count))).join()
  for (let count = digits; count <= 9; count++)
    if (shown(before, count) !== shown(after, count)) return count
  return digits
}
const countOf = (standing: Standing | null): string =>
  standing === null ? '—' : standing.n === null ? 'не передано' : number(standing.n)

/** «Русский язык» inside a phrase: «русский язык»; an abbreviation stays. */
export const midPhrase = (name: string): string =>
  /^\p{Lu}(?!\p{Lu})/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name

/** «МБОУ «СОШ № 4»: Успеваемость (ВПР, русский язык, 5 класс), 2025/26: 61,0 % → 59,3 % (n 280 → 284), зона: жёлтая → красная». */
export const changeLine = ({ before, after, ...what }: Change): string => {
  const place = [
    [what.procedure, what.procedure_name],
    [what.subject, midPhrase(what.subject_name)],
    [what.grade, what.grade_name],
  ]
    .filter(([key]) => key !== 'all')
    .map(([, name]) => name)
    .join(', ')
  const [was, is] = [before?.zone_label ?? '—', after?.zone_label ?? '—']
  return [
    `${what.unit_name}: ${what.indicator_title}${place === '' ? '' : ` (${place})`}, ${schoolYear(what.school_year)}:`,
    changeText(before, after),
    `(n ${countOf(before)} → ${countOf(after)})${was === is ? '' : `, зона: ${was} → ${is}`}`,
  ].join(' ')
}
