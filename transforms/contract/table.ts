import {
  AliasNode,
  IdentifierNode,
  TableNode,
  type AliasedExpression,
  type Expression,
  type Kysely,
  type OperationNode,
} from 'kysely'
import type { Columns, RowOf } from './column.ts'

/** A database without a known table: a model can mention only what its file imports. */
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- Kysely's way to say that no table is known
export type NoTables = Record<never, never>
export type Database = Kysely<NoTables>
export type Query<C extends Columns> = (db: Database) => Expression<RowOf<C>>

/** A table as a value: import it, select from it (`.as('r')` in a builder, `${fctResult}` in an sql tag). Nothing else names it. */
export class Table<C extends Columns = Columns> {
  readonly schema: string
  readonly name: string
  readonly columns: C
  /** The path is the name: …/core/fct_result.ts is core.fct_result. */
  constructor(url: string, columns: C) {
    const [, schema, name] = /([^/]+)\/([^/]+)\.ts$/.exec(url) ?? []
    if (schema === undefined || name === undefined) throw new Error(`${url} is not a table's file`)
    this.schema = schema
    this.name = name
    this.columns = columns
  }
  get id(): string {
    return `${this.schema}.${this.name}`
  }
  toOperationNode(): OperationNode {
    return TableNode.createWithSchema(this.schema, this.name)
  }
  as<A extends string>(alias: A): AliasedExpression<RowOf<C>, A> {
    const node = AliasNode.create(this.toOperationNode(), IdentifierNode.create(alias))
    return {
      alias,
      expression: this,
      toOperationNode: () => node,
    } as unknown as AliasedExpression<RowOf<C>, A>
  }
}

/** What every stored table promises: proved on data after each build. */
export interface Promises<C extends Columns> {
  /** Russian, for users; starts with the grain: «Строка — школа, учебный год и предмет: …». */
  readonly doc: string
  readonly grain: readonly (keyof C & string)[]
  /**
   * Columns by whose values the rows fall into parts that do not depend on each other: each is made from the rows of the parents with the same
   * values (of dimensions, parameters and parents without such columns: from all), so a build makes anew only the parts that changed.
   */
  readonly partition?: readonly (keyof C & string)[]
  /** Column → table whose column of the same name (or the named one) must hold its value. */
  readonly references?: { readonly [K in keyof C & string]?: Table | readonly [Table, string] }
  /**
   * Row of this table → what to look for in its parents, where names differ between them; `trace` follows it.
   * Without it, a parent's rows are those that agree in every column of the parent's grain that both tables have. undefined: whatever the parent
   * has there; null: rows without a value; a query: any of its values.
   */
  readonly through?: (row: RowOf<C>) => Readonly<Record<string, unknown>>
  /**
   * Columns in which a row agrees with every row of its parents that it was made from, those of other keys included (a mean, a limit, a rank);
   * `trace` counts them all. Without it, a computation's row is made from its `partition`, a query's from the rows of its own grain.
   */
  readonly among?: readonly (keyof C & string)[]
  /** Column of `among` → values that those rows may have besides the row's own. */
  readonly amongAlso?: { readonly [K in keyof C & string]?: readonly string[] }
  /** Parents that say what may be seen or what else is known of a row, not where its numbers come from: `trace` does not follow them. */
  readonly aside?: readonly Table[]
}

/** How rows unfold from lists. */
export interface Unfolding<C extends Columns> {
  /** Columns that `select` yields as lists, in a row all of a length: each place is a row. One of them is in the grain and tells the places apart. */
  readonly lists: readonly (keyof C & string)[]
  /** Of them the one without whose value a place is no row. */
  readonly present: keyof C & string
}

export interface Definition<C extends Columns> extends Promises<C> {
  readonly columns: C
  /** Kept as a query, not as rows: for what is many times larger than what it unfolds and read seldom. */
  readonly unfolds?: Unfolding<C>
  /** Yields exactly the columns: one missing, misspelt, nullable where a value is promised or from nowhere does not compile. */
  readonly select: Query<C>
}
/** A table made by SQL. */
export class Model<C extends Columns = Columns> extends Table<C> {
  readonly definition: Definition<C>
  constructor(url: string, definition: Definition<C>) {
    super(url, definition.columns)
    this.definition = definition
  }
}
export const defineModel = <const C extends Columns>(
  url: string,
  definition: Definition<C>,
): Model<C> => new Model(url, definition)

/** Lineage is not declared: it is every table that the select mentions, and it can mention only what its file imports. */
export const parents = (node: unknown, found = new Set<string>()): ReadonlySet<string> => {
  if (typeof node !== 'object' || node === null) return found
  const { kind, table } = node as {
    kind?: string
    table?: { schema?: { name: string }; identifier: { name: string } }
  }
  if (kind === 'TableNode' && table?.schema)
    found.add(`${table.schema.name}.${table.identifier.name}`)
  for (const value of Object.values(node)) parents(value, found)
  return found
}
