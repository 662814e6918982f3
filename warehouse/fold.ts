import type { Columns } from '../transforms/contract/column.ts'
import type { Promises, Table, Unfolding } from '../transforms/contract/table.ts'
import { quote } from './database.ts'
import { ContractError } from './errors.ts'

/** Rows that hold in lists what a table has in rows: of a work the scores of its tasks. */
export interface Folded extends Unfolding<Columns> {
  readonly sql: string
  /** The list whose values tell the rows of a place apart. */
  readonly item: string
}

export const foldedOf = (
  table: Table & { readonly definition: Promises<Columns> },
  unfolding: Unfolding<Columns>,
  sql: string,
): Folded => {
  const { grain, partition = [], references = {} } = table.definition
  const { lists, present } = unfolding
  const [item, ...others] = lists.filter((list) => grain.includes(list))
  if (item === undefined || others.length > 0)
    throw new ContractError({
      code: 'unfolding',
      message: `${table.id} unfolds ${lists.join(', ')}, of which not one alone is in its grain`,
      hint: 'put the column that tells the places of a list apart into the grain',
    })
  const plain = [...partition, ...Object.keys(references)].filter((name) => lists.includes(name))
  if (!lists.includes(present) || plain.length > 0)
    throw new ContractError({
      code: 'unfolding',
      message: `${table.id} unfolds ${lists.join(', ')}, ${plain.length > 0 ? `so ${plain.join(', ')} can be neither of its partition nor a reference` : `but not ${present}`}`,
      hint: 'name in `present` one of the lists, in `partition` and `references` columns that are none',
    })
  return { ...unfolding, sql, item }
}

/** The query of the rows themselves. */
export const unfolded = (
  { columns }: Pick<Table, 'columns'>,
  { sql, lists, present }: Folded,
): string =>
  `select *
from (
  select ${Object.keys(columns)
    .map((name) =>
      lists.includes(name) ? `unnest(${quote(name)}) as ${quote(name)}` : quote(name),
    )
    .join(', ')}
  from (
${sql}
  )
)
where ${quote(present)} is not null`

/** Folded rows that have at least one row in them. */
export const filled = ({ sql, present }: Folded): string =>
  `(from (${sql}) where list_count(${quote(present)}) > 0)`

/**
 * Counts folded rows of which it is not plain that what they unfold to misses nothing and repeats nothing. With none, every required column has its
 * values and the grain is unique; with any, only the unfolded rows can tell. Costs a third of asking those.
 */
export const doubtsOf = (
  { sql, lists, present, item }: Folded,
  grain: readonly string[],
  required: readonly string[],
  among: string,
): string => {
  const rows = `(from (${sql}) ${among})`
  const doubts = [
    ...required.filter((name) => !lists.includes(name)).map((name) => `${quote(name)} is null`),
    ...lists
      .filter((name) => name !== present)
      .map((name) => `len(${quote(name)}) is distinct from len(${quote(present)})`),
    ...lists
      .filter((name) => name !== present && required.includes(name))
      .map((name) => `list_count(${quote(name)}) < len(${quote(name)})`),
  ]
  const own = ['0', ...grain.filter((name) => name !== item).map(quote)]
  return `select (count(*) - count(distinct hash(${own.join(', ')})) + count_if(${doubts.join(' or ')})
       + (select count_if(list_unique(items) < len(items)) from (select distinct ${quote(item)} as items from ${rows})))::integer as doubts
from ${rows}`
}
