import type { Frame } from '../transforms/contract/computation.ts'
import { missingParameterOf } from '../transforms/contract/parameter.ts'
import { foldedRows, promisesOf, type Step } from './catalog.ts'
import { literal, quote, type Database, type Row } from './database.ts'
import { ContractError } from './errors.ts'
import type { Inputs } from './inputs.ts'
import { isAmong, partOf, restricted, type Parts } from './parts.ts'

export interface Manner {
  /** The table stands as declared, by a query that yielded its columns, with its comments: it is filled anew. */
  readonly isThere: boolean
  /** Only these are made; undefined: all of it. */
  readonly parts: Parts | undefined
}

/** Makes the table of a step. @throws MissingParameter where it asks for a number that no parameter row gives */
export const make = async (
  database: Database,
  step: Step,
  inputs: Inputs,
  manner: Manner = { isThere: false, parts: undefined },
): Promise<void> => {
  try {
    await makeRows(database, step, inputs, manner)
  } catch (error) {
    throw (error instanceof Error ? missingParameterOf(error.message) : undefined) ?? error
  }
}

const makeRows = async (
  database: Database,
  step: Step,
  inputs: Inputs,
  { isThere, parts }: Manner,
): Promise<void> => {
  const { table } = step
  const name = `${quote(table.schema)}.${quote(table.name)}`
  const columns = Object.entries(table.columns).map(([column, { type }]) => ({
    name: column,
    type,
  }))
  const create = `create or replace table ${name} (${columns
    .map((column) => `${quote(column.name)} ${column.type}`)
    .join(', ')})`
  const among = parts === undefined ? '' : ` where ${isAmong(table, parts.partition, parts.parts)}`
  const empty = isThere ? `delete from ${name}${among}` : create
  const part = (sql: string): string => (parts === undefined ? sql : restricted(sql, parts))
  switch (step.kind) {
    case 'source': {
      await database.run(empty)
      await inputs.fillSource(database, step.table, name, parts && new Set(parts.parts))
      break
    }
    case 'ledger':
    case 'parameter': {
      await database.run(empty)
      const rows = step.kind === 'ledger' ? inputs.ledgerRows(step.table) : step.rows
      await database.fill(table, columns, rows as readonly Row[])
      break
    }
    case 'sql': {
      const { sql } = step.query
      if (step.folded !== undefined) {
        if (isThere) break
        await database.run(`create or replace view ${name} as ${sql}`)
        await bind(database, table.id, columns, `select * from ${name}`)
        break
      }
      const rows = `select * from (${part(sql)})${among}${orderOf(step)}`
      if (!isThere) {
        await database.run(`create or replace table ${name} as ${rows}`)
        await bind(database, table.id, columns, `select * from ${name}`)
        break
      }
      await database.run(`${empty}; insert into ${name} ${rows}`)
      break
    }
    case 'computation': {
      const frames: Record<string, Frame<object>> = {}
      for (const [input, query] of Object.entries(step.inputs))
        frames[input] = await database.frame(part(query.sql))
      await database.run(empty)
      const rows = step.table.definition.compute(frames) as Iterable<Row>
      await database.fill(table, columns, parts === undefined ? rows : rowsOf(rows, parts))
      break
    }
  }
  if (!isThere) await comment(database, step, name)
}

const rowsOf = function* (rows: Iterable<Row>, { partition, parts }: Parts): Iterable<Row> {
  const wanted = new Set(parts)
  const text = (value: Row[string] = null): string | null =>
    typeof value === 'string' || value === null ? value : JSON.stringify(value)
  for (const row of rows)
    if (wanted.has(partOf(partition.map((column) => text(row[column]))))) yield row
}

const orderOf = ({ table }: Step): string =>
  table.schema === 'marts'
    ? ` order by ${(promisesOf(table)?.grain ?? []).map(quote).join(', ')}`
    : ''

/** The query must yield exactly the declared columns, in order, of the declared types. */
export const bind = async (
  database: Database,
  id: string,
  columns: readonly { readonly name: string; readonly type: string }[],
  query: string,
): Promise<void> => {
  const actual = await database.describe(query)
  const line = (list: typeof actual): string =>
    list.map((column) => `${column.name} ${column.type}`).join(', ')
  if (line(actual) === line(columns)) return
  const drift = [
    ...columns
      .filter((c) => !actual.some((a) => a.name === c.name))
      .map((c) => `${c.name} is missing`),
    ...actual
      .filter((a) => !columns.some((c) => c.name === a.name))
      .map((a) => `${a.name} is not declared`),
    ...columns.flatMap((c) =>
      actual
        .filter((a) => a.name === c.name && a.type !== c.type)
        .map((a) => `${c.name} is ${a.type}, declared ${c.type}`),
    ),
  ]
  throw new ContractError({
    code: 'contract-drift',
    message: `${id}: ${drift.length > 0 ? drift.join('; ') : `order of columns: ${line(actual)}`}`,
    hint: 'make the select yield exactly the declared columns, in their order',
  })
}

/** What a row of the table is, in Russian; of a form, what the office calls it. */
export const meaningOf = ({ kind, table }: Step): string | undefined =>
  promisesOf(table)?.doc ??
  (kind === 'source' ? table.form.title : kind === 'parameter' ? table.definition.doc : undefined)

/** What the declaration says goes into the database, where an analyst's tool shows it. */
const comment = async (database: Database, step: Step, name: string): Promise<void> => {
  const doc = meaningOf(step)
  const statements = Object.entries(step.table.columns).map(
    ([column, { doc: meaning }]) =>
      `comment on column ${name}.${quote(column)} is ${literal(meaning)}`,
  )
  const kind = foldedRows(step) === undefined ? 'table' : 'view'
  if (doc !== undefined) statements.unshift(`comment on ${kind} ${name} is ${literal(doc)}`)
  await database.run(['begin', ...statements, 'commit'].join(';\n'))
}
