import type { Expression } from 'kysely'
import type { Columns, RowOf } from './column.ts'
import { Table, type Database, type Promises } from './table.ts'

/** Columns of equal length; numbers come as Float64Array where no value is missing, else as a plain array with nulls. */
export interface Frame<R> {
  readonly length: number
  readonly columns: { readonly [K in keyof R]: ArrayLike<R[K]> }
}
type RowsOf<Q> = Q extends (db: Database) => Expression<infer R> ? Frame<R> : never
export type Inputs = Readonly<Record<string, (db: Database) => Expression<object>>>

interface ComputationDefinition<C extends Columns, I extends Inputs> extends Promises<C> {
  readonly columns: C
  /** What it reads. Every query must order its rows, so that the result does not depend on threads. */
  readonly inputs: I
  /** Its rows; a generator where they take long, so that other tables are made between them. */
  readonly compute: (inputs: { readonly [K in keyof I]: RowsOf<I[K]> }) => Iterable<RowOf<C>>
}
/** A table whose rows TypeScript computes: what SQL can't say (clusters, shrinkage, exact limits). */
export class Computation<C extends Columns = Columns> extends Table<C> {
  readonly definition: ComputationDefinition<C, Inputs>
  readonly url: string
  constructor(url: string, definition: ComputationDefinition<C, Inputs>) {
    super(url, definition.columns)
    this.definition = definition
    this.url = url
  }
}
export const defineComputation = <const C extends Columns, const I extends Inputs>(
  url: string,
  definition: ComputationDefinition<C, I>,
): Computation<C> => new Computation(url, definition as unknown as ComputationDefinition<C, Inputs>)

/** All rows of a frame as objects. */
export const rowsOf = <R>(frame: Frame<R>): readonly R[] => {
  const columns = Object.entries<ArrayLike<unknown>>(frame.columns)
  return Array.from({ length: frame.length }, (_, i) => {
    const row: Record<string, unknown> = {}
    for (const [name, values] of columns) row[name] = values[i]
    return row as R
  })
}
/** Rows by key, in the order in which keys first appear. */
export const grouped = <R, K>(rows: readonly R[], keyOf: (row: R) => K): ReadonlyMap<K, R[]> => {
  const groups = new Map<K, R[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}
