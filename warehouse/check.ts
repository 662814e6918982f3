import type { Check } from '../transforms/contract/check.ts'
import { Table } from '../transforms/contract/table.ts'
import { promisesOf, type Catalog, type Step } from './catalog.ts'
import { compileQuery, builder } from './compile.ts'
import { quote, type Database } from './database.ts'
import type { CheckResult } from './generation.ts'
import { inLanes } from './lanes.ts'
import type { Parts } from './make.ts'
import { isAmong } from './parts.ts'

/**
 * Declared checks, and what every table promises whose content changed: no missing values, a unique grain, references that resolve. Of a
 * table made in parts the new parts are looked at, if nothing was found in it before.
 */
export const runChecks = async (
  connections: readonly Database[],
  catalog: Catalog,
  steps: readonly Step[],
  changed: ReadonlyMap<string, Parts | undefined>,
  before: readonly CheckResult[],
): Promise<readonly CheckResult[]> => {
  const known = ({ table }: Step): readonly CheckResult[] =>
    before.filter(({ check }) => check.startsWith(`${table.id}:`))
  const proofs = [
    ...steps.map(
      (step) => async (database: Database) =>
        mustProve(step, changed)
          ? await provePromises(database, step, newPartsOf(step, changed, known(step)))
          : known(step),
    ),
    ...catalog.checks.map((check) => async (database: Database) => [
      await runCheck(database, check),
    ]),
  ]
  const results: (readonly CheckResult[])[] = []
  await inLanes([...proofs.entries()], connections, async ([i, prove], database) => {
    results[i] = await prove(database)
  })
  return results.flat()
}

/** A table that changed, or one whose references did. */
const mustProve = ({ table }: Step, changed: ReadonlyMap<string, unknown>): boolean =>
  changed.has(table.id) || referencesOf(table).some((parent) => changed.has(parent.id))

const referencesOf = (table: Step['table']): readonly Table[] =>
  Object.values(promisesOf(table)?.references ?? {}).flatMap((target) => {
    const parent = Array.isArray(target) ? (target[0] as Table | undefined) : target
    return parent instanceof Table ? [parent] : []
  })

/** The parts that can have come to break a promise; undefined: all of the table. */
const newPartsOf = (
  { table }: Step,
  changed: ReadonlyMap<string, Parts | undefined>,
  known: readonly CheckResult[],
): Parts | undefined =>
  known.length > 0 || referencesOf(table).some((parent) => changed.has(parent.id))
    ? undefined
    : changed.get(table.id)

const runCheck = async (database: Database, check: Check): Promise<CheckResult> => {
  const { sql } = compileQuery(check.select(builder))
  const [row] = await database.rows<{ n: number }>(`select count(*)::integer as n from (${sql})`)
  const { title, severity, what, when, remedy } = check
  return { check: check.name, title, severity, found: row?.n ?? 0, what, when, remedy }
}

/** Only broken promises are reported. */
const provePromises = async (
  database: Database,
  { table }: Step,
  parts: Parts | undefined,
): Promise<readonly CheckResult[]> => {
  const promises = promisesOf(table)
  if (promises === undefined) return []
  const all = `${quote(table.schema)}.${quote(table.name)}`
  const among = parts === undefined ? '' : `where ${isAmong(table, parts.column, parts.values)}`
  const name = `(from ${all} ${among})`
  const required = Object.entries(table.columns)
    .filter(([, { nullable }]) => !nullable)
    .map(([column]) => column)
  const grain = promises.grain.map(quote).join(', ')
  // A row of a new part may repeat one of another part, unless the partition is in the grain.
  const akin =
    parts === undefined || promises.grain.includes(parts.column)
      ? name
      : `(from ${all} where hash(${grain}) in (select hash(${grain}) from ${name}))`
  const [row] = await database.rows<Record<string, number>>(
    `select (select (count(*) - count(distinct hash(${grain})))::integer from ${akin}) as repeated${required
      .map((column) => `, count_if(${quote(column)} is null)::integer as ${quote(column)}`)
      .join('')} from ${name}`,
  )
  const results: CheckResult[] = []
  for (const column of required)
    if ((row?.[column] ?? 0) > 0)
      results.push(
        broken(table.id, `not-null ${column}`, `пустой столбец ${column}`, row?.[column] ?? 0),
      )
  if ((row?.['repeated'] ?? 0) > 0) {
    const [exact] = await database.rows<{ n: number }>(
      `select count(*)::integer as n from (select ${grain} from ${akin} group by all having count(*) > 1)`,
    )
    if ((exact?.n ?? 0) > 0)
      results.push(
        broken(table.id, 'grain', `повторяется ключ (${promises.grain.join(', ')})`, exact?.n ?? 0),
      )
  }
  for (const [column, target] of Object.entries(promises.references ?? {})) {
    if (target === undefined) continue
    const [parent, key] = target instanceof Table ? ([target, column] as const) : target
    const [lost] = await database.rows<{ n: number }>(
      `select count(distinct ${quote(column)})::integer as n from ${name} as t where ${quote(column)} is not null and not exists
         (select 1 from ${quote(parent.schema)}.${quote(parent.name)} as p where p.${quote(key)} = t.${quote(column)})`,
    )
    if ((lost?.n ?? 0) > 0)
      results.push(
        broken(
          table.id,
          `reference ${column}`,
          `значения ${column} нет в ${parent.id}`,
          lost?.n ?? 0,
        ),
      )
  }
  return results
}

const broken = (table: string, promise: string, what: string, found: number): CheckResult => ({
  check: `${table}:${promise}`,
  title: `Таблица ${table}: ${what}`,
  severity: 'error',
  found,
  what: `${what} в таблице ${table}`,
  when: 'всегда: показатели по такой таблице неверны',
  remedy:
    'найдите строки запросом mera sql и исправьте файл, из которого они пришли; mera trace называет его',
})
