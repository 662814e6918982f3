import type { Check } from '../../transforms/contract/check.ts'
import type { Frame } from '../../transforms/contract/computation.ts'
import type { Columns, RowOf } from '../../transforms/contract/column.ts'
import { ParameterTable } from '../../transforms/contract/parameter.ts'
import type { Table } from '../../transforms/contract/table.ts'
import { builder, compileQuery } from '../../warehouse/compile.ts'
import { bind } from '../../warehouse/make.ts'
import {
  loadCatalog,
  parentsOf,
  promisesOf,
  type Catalog,
  type Step,
} from '../../warehouse/catalog.ts'
import { Database, quote, type Row, type Value } from '../../warehouse/database.ts'

let loaded: Promise<Catalog> | undefined
/** The catalog of `transforms/`, read once a process. */
export const catalog = (): Promise<Catalog> => (loaded ??= loadCatalog())

export interface Given {
  readonly table: Table
  readonly rows: readonly Row[]
}
/** Rows of a table: only what matters is named; the rest is null where it may be, else empty text, 0, false or the first of 2000. */
export const given = <C extends Columns>(
  table: Table<C>,
  ...rows: readonly Partial<RowOf<C>>[]
): Given => ({
  table,
  rows: rows.map((row) => ({ ...blank(table), ...(row as Row) })),
})

const blank = (table: Table): Row => ({
  ...Object.fromEntries(
    Object.entries(table.columns).map(([name, { type, nullable }]): [string, Value] => [
      name,
      nullable ? null : type === 'VARCHAR' ? '' : emptyOf(type),
    ]),
  ),
  ...(table instanceof ParameterTable
    ? { scope: 'all', valid_from: null, valid_to: null, source: 'test', tag: 'P' }
    : {}),
})
const emptyOf = (type: string): Value =>
  type === 'BOOLEAN' ? false : type === 'DATE' ? '2000-01-01' : 0

/**
 * Tables in memory: those given hold the rows given, any other is made from its parents when it is asked for, as the build makes it.
 * Sources and the ledger are empty unless given; parameters hold their own rows of the scopes named.
 */
export class Tables {
  readonly #database: Database
  readonly #steps: ReadonlyMap<string, Step>
  readonly #scopes: ReadonlySet<string>
  readonly #made = new Set<string>()

  private constructor(
    database: Database,
    steps: ReadonlyMap<string, Step>,
    scopes: ReadonlySet<string>,
  ) {
    this.#database = database
    this.#steps = steps
    this.#scopes = scopes
  }

  static async of(rows: readonly Given[], scopes: readonly string[] = []): Promise<Tables> {
    const { steps } = await catalog()
    const tables = new Tables(
      await Database.open(':memory:', { threads: 1 }),
      new Map(steps.map((step) => [step.table.id, step])),
      new Set(['all', 'russia', ...scopes]),
    )
    for (const schema of new Set(steps.map(({ table }) => table.schema)))
      await tables.#database.run(`create schema ${quote(schema)}`)
    for (const { table, rows: own } of rows) await tables.#fill(table, own)
    return tables
  }

  /** Rows in the order of the grain. */
  async read<C extends Columns>(table: Table<C>, where = 'true'): Promise<readonly RowOf<C>[]> {
    await this.#make(table.id)
    const step = this.#steps.get(table.id)
    const grain = step === undefined ? [] : (promisesOf(step.table)?.grain ?? [])
    const order = grain.length > 0 ? `order by ${grain.map(quote).join(', ')}` : 'order by all'
    return this.#database.rows<RowOf<C>>(`select * from ${nameOf(table)} where ${where} ${order}`)
  }
  /** How many rows a check finds. */
  async found(check: Check): Promise<number> {
    const { sql, parents } = compileQuery(check.select(builder))
    for (const parent of parents) await this.#make(parent)
    return (await this.#database.rows(sql)).length
  }
  /** Any query; the tables it names must have been read before. */
  async rows(sql: string): Promise<readonly Row[]> {
    return this.#database.rows(sql)
  }
  close(): void {
    this.#database.close()
  }

  async #make(id: string): Promise<void> {
    if (this.#made.has(id)) return
    const step = this.#steps.get(id)
    if (step === undefined) throw new Error(`no file declares ${id}`)
    for (const parent of parentsOf(step)) await this.#make(parent)
    const { table } = step
    if (step.kind === 'sql') {
      const columns = Object.entries(table.columns).map(([name, { type }]) => ({ name, type }))
      await bind(this.#database, id, columns, step.query.sql)
      await this.#database.run(`create table ${nameOf(table)} as ${step.query.sql}`)
      this.#made.add(id)
    } else if (step.kind === 'computation') {
      const frames: Record<string, Frame<object>> = {}
      for (const [name, query] of Object.entries(step.inputs))
        frames[name] = await this.#database.frame(query.sql)
      await this.#fill(table, [...step.table.definition.compute(frames)] as readonly Row[])
    } else
      await this.#fill(
        table,
        step.kind === 'parameter'
          ? (step.rows.filter(({ scope }) => this.#scopes.has(scope)) as readonly Row[])
          : [],
      )
  }

  async #fill(
    table: Pick<Table, 'id' | 'schema' | 'name' | 'columns'>,
    rows: readonly Row[],
  ): Promise<void> {
    const columns = Object.entries(table.columns).map(([name, { type }]) => ({ name, type }))
    await this.#database.run(
      `create table ${nameOf(table)} (${columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')})`,
    )
    await this.#database.append(nameOf(table), columns, rows)
    this.#made.add(table.id)
  }
}
const nameOf = ({ schema, name }: Pick<Table, 'schema' | 'name'>): string =>
  `${quote(schema)}.${quote(name)}`

/** Tables for the length of one piece of work. */
export const withTables = async <T>(
  rows: readonly Given[],
  work: (tables: Tables) => Promise<T>,
  scopes: readonly string[] = [],
): Promise<T> => {
  const tables = await Tables.of(rows, scopes)
  try {
    return await work(tables)
  } finally {
    tables.close()
  }
}
