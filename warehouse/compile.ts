import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  type CompiledQuery,
  type Expression,
} from 'kysely'
import { parents, type Database as Builder } from '../transforms/contract/table.ts'
import { literal, type Parameter } from './database.ts'

/** Compiles and never runs: DuckDB understands PostgreSQL's `$1` and quoted names. */
export const builder: Builder = new Kysely({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

export interface Compiled {
  /** Complete SQL without parameters: what `mera sql --show` prints and what is hashed. */
  readonly sql: string
  /** `schema.table` of everything it reads. */
  readonly parents: readonly string[]
}

export const compileQuery = (expression: Expression<unknown>): Compiled => {
  const compiled: CompiledQuery = sql`${expression}`.compile(builder)
  const isBuilder = expression.toOperationNode().kind === 'SelectQueryNode'
  const text = isBuilder ? compiled.sql.slice(1, -1) : compiled.sql
  return {
    sql: dedent(inline(text, compiled.parameters as readonly Parameter[])),
    parents: [...parents(compiled.query)].sort(),
  }
}

/** Puts literals in the place of `$n`; values come from our own models, never from a user. */
const inline = (text: string, parameters: readonly Parameter[]): string =>
  parameters.length === 0
    ? text
    : text.replace(/'(?:[^']|'')*'|\$(\d+)/g, (whole, index: string | undefined) => {
        if (index === undefined) return whole
        const value = parameters[Number(index) - 1] ?? null
        return typeof value === 'string' ? literal(value) : String(value)
      })

const dedent = (text: string): string => {
  const lines = text.replace(/^\s*\n|\s+$/g, '').split('\n')
  const indents = lines
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => /^\s*/.exec(line)?.[0].length ?? 0)
  const indent = Math.min(...indents, Number.MAX_SAFE_INTEGER)
  return lines
    .map((line, i) =>
      i === 0 ? line.trimStart() : line.slice(Math.min(indent, line.search(/\S|$/))),
    )
    .join('\n')
}
