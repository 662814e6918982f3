import type { YearlyThreshold } from '../../../transforms/contract/parameter.ts'
import type { Computation, Frame } from '../../../transforms/contract/computation.ts'

/** Rows as the columns that a computation receives. */
export const frameOf = (rows: readonly object[]): Frame<object> => ({
  length: rows.length,
  columns: Object.fromEntries(
    Object.keys(rows[0] ?? {}).map((name) => [
      name,
      rows.map((row) => (row as Readonly<Record<string, unknown>>)[name]),
    ]),
  ),
})

/** Numbers of a yearly rule as they hold in every year. */
export const always = (table: {
  readonly definition: {
    readonly rows: readonly { readonly name: string; readonly value: number }[]
  }
}): readonly YearlyThreshold[] =>
  table.definition.rows.map(({ name, value }) => ({ name, value, from_year: 0, to_year: 9999 }))

/** Runs a computation on rows by input; inputs that are not given are empty. */
export const computed = (
  table: Computation,
  inputs: Readonly<Record<string, readonly object[]>>,
): readonly Readonly<Record<string, unknown>>[] => [
  ...table.definition.compute(
    Object.fromEntries(
      Object.keys(table.definition.inputs).map((name) => [name, frameOf(inputs[name] ?? [])]),
    ),
  ),
]
