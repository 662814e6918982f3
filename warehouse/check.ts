import type { Check } from '../transforms/contract/check.ts'
import { foldedRows, promisesOf, type Buildable, type Catalog, type Step } from './catalog.ts'
import { compileQuery, builder, type Compiled } from './compile.ts'
import { quote, type Database } from './database.ts'
import { doubtsOf, filled } from './fold.ts'
import type { CheckResult } from './generation.ts'
import {
  grainCheck,
  isLost,
  referenceCheck,
  referencesOf,
  requiredCheck,
  requiredOf,
  type PromiseCheck,
} from './promise.ts'
import { isAmong, restricted, type Parts, type PartedQuery } from './parts.ts'

/** Something to be proved of tables once they are made. */
export interface Proof {
  readonly id: string
  /** Ids of the tables that it looks at. */
  readonly after: readonly string[]
  readonly prove: (database: Database) => Promise<readonly CheckResult[]>
}
/** What a build knows when it proves. */
export interface Known {
  /** Tables whose content changed, with their new parts. */
  readonly changed: ReadonlyMap<string, Parts | undefined>
  /** What was found before. Undefined: nothing was proved yet, or by other rules. */
  readonly before: readonly CheckResult[] | undefined
  /** In which parts tables differ from those that were proved before; undefined: in any. */
  readonly changedPartsFor: (query: PartedQuery) => Parts | undefined
}
/** A check with its query. */
export interface CompiledCheck extends Compiled {
  readonly check: Check
}
export const compileChecks = ({ checks }: Pick<Catalog, 'checks'>): readonly CompiledCheck[] =>
  checks.map((check) => ({ check, ...compileQuery(check.select(builder)) }))

/** The checks that look at their tables part by part. */
export const partedQueries = (checks: readonly CompiledCheck[]): readonly PartedQuery[] =>
  checks.flatMap(({ check: { name, partition }, parents }) =>
    partition === undefined ? [] : [{ name, partition, parents }],
  )

/**
 * What every table promises (no missing values, a unique grain, references that resolve), then declared checks. Looked at is only what
 * changed; of tables made in parts and of checks that name their parts the new parts, if nothing was found before.
 */
export const proofsOf = (
  checks: readonly CompiledCheck[],
  steps: readonly Step[],
  known: Known,
): readonly Proof[] => [
  ...steps.map((step) => promisesProof(step, known)),
  ...checks.map((check) => checkProof(check, known)),
]

const promisesProof = (step: Step, { changed, before }: Known): Proof => {
  const { id } = step.table
  const others = referencesOf(step.table).map(({ parent }) => parent.id)
  return {
    id: `${id}:`,
    after: [id, ...others],
    prove: async (database) => {
      const found = before?.filter(({ check }) => check.startsWith(`${id}:`))
      if (found === undefined) return await provePromises(database, step, undefined)
      const hasOthers = others.some((other) => changed.has(other))
      if (!changed.has(id) && !hasOthers) return found
      const areAllSuspect = found.length > 0 || hasOthers
      return await provePromises(database, step, areAllSuspect ? undefined : changed.get(id))
    },
  }
}

const checkProof = (
  { check, sql, parents }: CompiledCheck,
  { changed, before, changedPartsFor }: Known,
): Proof => {
  const { name, title, severity, what, when, remedy, partition } = check
  return {
    id: name,
    after: parents,
    prove: async (database) => {
      const found = before?.filter((result) => result.check === name)
      if (found !== undefined && !parents.some((parent) => changed.has(parent))) return found
      const wasClean = found?.length === 1 && found[0]?.found === 0
      const parts =
        wasClean && partition !== undefined
          ? changedPartsFor({ name, partition, parents })
          : undefined
      if (found !== undefined && parts?.parts.length === 0) return found
      const rows = parts === undefined ? sql : restricted(sql, parts)
      const [row] = await database.rows<{ n: number }>(
        `select count(*)::integer as n from (${rows})`,
      )
      return [{ check: name, title, severity, found: row?.n ?? 0, what, when, remedy }]
    },
  }
}

/** Only broken promises are reported. */
const provePromises = async (
  database: Database,
  step: Step,
  parts: Parts | undefined,
): Promise<readonly CheckResult[]> => {
  const { table } = step
  const promises = promisesOf(table)
  if (promises === undefined) return []
  const all = `${quote(table.schema)}.${quote(table.name)}`
  const among = parts === undefined ? '' : `where ${isAmong(table, parts.partition, parts.parts)}`
  const required = requiredOf(table)
  // A row of a new part may repeat one of another part, unless the partition is in the grain.
  const areApart =
    parts === undefined || parts.partition.every((column) => promises.grain.includes(column))
  const folded = areApart ? foldedRows(step) : undefined
  if (folded !== undefined) {
    const [row] = await database.rows<{ doubts: number }>(
      doubtsOf(folded, promises.grain, required, among),
    )
    if (row?.doubts === 0) return await proveReferences(database, table, filled(folded), among)
  }
  const name = `(from ${all} ${among})`
  const grain = promises.grain.map(quote).join(', ')
  const akin = areApart
    ? name
    : `(from ${all} where hash(${grain}) in (select hash(${grain}) from ${name}))`
  const repeated = `(count(*) - count(distinct hash(${grain})))::integer`
  const [row] = await database.rows<Record<string, number>>(
    `select ${areApart ? repeated : `(select ${repeated} from ${akin})`} as repeated${required
      .map((column) => `, count_if(${quote(column)} is null)::integer as ${quote(column)}`)
      .join('')} from ${name}`,
  )
  const results: CheckResult[] = []
  for (const column of required) note(results, requiredCheck(table, column), row?.[column])
  if ((row?.['repeated'] ?? 0) > 0) {
    const [exact] = await database.rows<{ n: number }>(
      `select count(*)::integer as n from (select ${grain} from ${akin} group by all having count(*) > 1)`,
    )
    note(results, grainCheck(table), exact?.n)
  }
  return [...results, ...(await proveReferences(database, table, all, among))]
}

const proveReferences = async (
  database: Database,
  table: Buildable,
  rows: string,
  among: string,
): Promise<readonly CheckResult[]> => {
  const references = referencesOf(table)
  if (references.length === 0) return []
  const columns = references.map(({ column }) => quote(column))
  const [lost] = await database.rows<Record<string, number>>(
    `with held as materialized (select distinct ${columns.join(', ')} from (from ${rows} ${among}))
     select ${references
       .map(
         ({ column, parent, key }) =>
           `(select count(distinct ${quote(column)})::integer from held where ${isLost(column, parent, key)}) as ${quote(column)}`,
       )
       .join(', ')}`,
  )
  const results: CheckResult[] = []
  for (const reference of references)
    note(results, referenceCheck(table, reference), lost?.[reference.column])
  return results
}

const note = (results: CheckResult[], { about }: PromiseCheck, found = 0): void => {
  if (found > 0) results.push({ ...about, found })
}
