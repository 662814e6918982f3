import type { Check } from '../transforms/contract/check.ts'
import { promisesOf, type Catalog } from './catalog.ts'
import { builder, compileQuery } from './compile.ts'
import type { Row } from './database.ts'
import { StateError, UsageError } from './errors.ts'
import type { CheckResult } from './generation.ts'
import type { Home } from './home.ts'
import { promiseChecks } from './promise.ts'
import { publishedGeneration, query, type QueryOptions, type QueryResult } from './query.ts'

/** A check, a declared one or a table's promise, as a question that can be put to any generation. */
export interface Finder extends Omit<CheckResult, 'found'> {
  readonly sql: string
  /** Tables that it looks at. */
  readonly reads: readonly string[]
  /** The table in which `trace` goes on from a row that was found, by those of these columns that the row has. */
  readonly about: { readonly table: string; readonly columns: readonly string[] } | null
}

/** By the name of a check, or by that of a promise as checks print it: «core.fct_result:grain». */
export const finderOf = (catalog: Catalog, name: string): Finder | undefined => {
  const check = catalog.checks.find((each) => each.name === name)
  if (check !== undefined) return declared(catalog, check)
  const step = catalog.steps.find(({ table }) => name.startsWith(`${table.id}:`))
  const promise =
    step === undefined
      ? undefined
      : promiseChecks(step.table).find(({ about }) => about.check === name)
  if (step === undefined || promise === undefined) return undefined
  const { id, columns } = step.table
  return {
    ...promise.about,
    sql: promise.sql,
    reads: [id],
    about: { table: id, columns: Object.keys(columns) },
  }
}
const declared = ({ steps }: Catalog, check: Check): Finder => {
  const { name, title, severity, what, when, remedy } = check
  const { sql, parents } = compileQuery(check.select(builder))
  const step = steps.find(({ table }) => table.id === check.about?.id)
  return {
    ...{ check: name, title, severity, what, when, remedy },
    sql,
    reads: parents,
    about:
      step === undefined
        ? null
        : { table: step.table.id, columns: promisesOf(step.table)?.grain ?? [] },
  }
}

/** @throws UsageError that lists the checks there are. */
export const requireFinder = (catalog: Catalog, name: string): Finder => {
  const finder = finderOf(catalog, name)
  if (finder !== undefined) return finder
  throw new UsageError({
    code: 'check-missing',
    message: `проверки «${name}» нет`,
    hint: `бывают: ${catalog.checks.map((check) => check.name).join(', ')}; у таблиц — как названа в сообщении, например "core.fct_result:grain"`,
  })
}

export interface FoundRows extends QueryResult {
  readonly generation: string
}
/** Rows that a check finds in a generation, the published one where none is named, in an order that stays. */
export const rowsFound = async (
  home: Home,
  { sql }: Finder,
  options: Omit<QueryOptions, 'edition'>,
): Promise<FoundRows> => {
  const generation = options.generation ?? (await publishedGeneration(home))
  try {
    const text = `select * from (\n${sql}\n) order by all`
    return { generation, ...(await query(home, text, { ...options, generation })) }
  } catch (error) {
    throw error instanceof UsageError && error.code === 'query-invalid'
      ? new StateError({
          code: 'generation-older',
          message: `поколение ${generation} построено до того, как таблицы изменились: проверить его нельзя`,
          hint: 'постройте новое: mera build',
          cause: error,
        })
      : error
  }
}

/** What to tell `trace`, so that it goes on from a row; empty where the row has nothing to go on by. */
export const traceOf = ({ about }: Pick<Finder, 'about'>, row: Row): readonly string[] => {
  const where = (about?.columns ?? []).flatMap((column) => {
    const value = row[column] ?? null
    return value === null || typeof value === 'object' ? [] : [`${column}=${String(value)}`]
  })
  return about === null || where.length === 0 ? [] : [about.table, ...where]
}
