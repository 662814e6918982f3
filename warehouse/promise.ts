import { Table } from '../transforms/contract/table.ts'
import { promisesOf, type Buildable } from './catalog.ts'
import { quote } from './database.ts'
import type { CheckResult } from './generation.ts'

/** A column whose values must stand in a column of another table. */
export interface Reference {
  readonly column: string
  readonly parent: Table
  readonly key: string
}
export const referencesOf = (table: Buildable): readonly Reference[] =>
  Object.entries(promisesOf(table)?.references ?? {}).flatMap(([column, target]) => {
    if (target === undefined) return []
    const [parent, key] = target instanceof Table ? ([target, column] as const) : target
    return [{ column, parent, key }]
  })
export const requiredOf = ({ columns }: Buildable): readonly string[] =>
  Object.entries(columns).flatMap(([name, { nullable }]) => (nullable ? [] : [name]))

/** What every table promises, as a check that finds the rows which break it. */
export interface PromiseCheck {
  readonly about: Omit<CheckResult, 'found'>
  /** What breaks it: keys, values or rows, each with what `trace` needs to find its cells. */
  readonly sql: string
}
export const grainCheck = (table: Buildable): PromiseCheck => {
  const grain = grainOf(table)
  const keys = grain.map(quote).join(', ')
  return {
    about: {
      ...broken(table, 'grain', `повторяется ключ (${grain.join(', ')})`),
      remedy:
        'одно и то же сказано дважды, в одном файле или в двух: где, назовёт mera trace. Исправьте файл и загрузите снова; если файлов два, верный загрузите снова с --fact supersedes=ИМЯ_ДРУГОГО',
    },
    sql: `select ${keys}, count(*)::integer as "rows" from ${nameOf(table)} group by ${keys} having count(*) > 1`,
  }
}
export const requiredCheck = (table: Buildable, column: string): PromiseCheck => {
  const shown = new Set([...grainOf(table), column, ...origin.filter((o) => o in table.columns)])
  return {
    about: broken(table, `not-null ${column}`, `пустой столбец ${column}`),
    sql: `select ${[...shown].map(quote).join(', ')} from ${nameOf(table)} where ${quote(column)} is null`,
  }
}
export const referenceCheck = (
  table: Buildable,
  { column, parent, key }: Reference,
): PromiseCheck => ({
  about: broken(table, `reference ${column}`, `значения ${column} нет в ${parent.id}`),
  sql: `select ${quote(column)}, count(*)::integer as "rows" from ${nameOf(table)} where ${isLost(column, parent, key)} group by ${quote(column)}`,
})
/** The condition on a value that stands nowhere in the other table. */
export const isLost = (column: string, parent: Table, key: string): string =>
  `${quote(column)} not in (select ${quote(key)} from ${nameOf(parent)} where ${quote(key)} is not null)`

export const promiseChecks = (table: Buildable): readonly PromiseCheck[] =>
  promisesOf(table) === undefined
    ? []
    : [
        grainCheck(table),
        ...requiredOf(table).map((column) => requiredCheck(table, column)),
        ...referencesOf(table).map((reference) => referenceCheck(table, reference)),
      ]

const origin = ['_file', '_sheet', '_row']
const grainOf = (table: Buildable): readonly string[] => promisesOf(table)?.grain ?? []
const nameOf = ({ schema, name }: Pick<Table, 'schema' | 'name'>): string =>
  `${quote(schema)}.${quote(name)}`

const broken = (table: Buildable, promise: string, what: string): PromiseCheck['about'] => ({
  check: `${table.id}:${promise}`,
  title: `Таблица ${table.id}: ${what}`,
  severity: 'error',
  what: `${what} в таблице ${table.id}`,
  when: 'всегда: показатели по такой таблице неверны',
  remedy:
    'файл, из которого пришли такие строки, назовёт mera trace; исправьте его и загрузите снова',
})
